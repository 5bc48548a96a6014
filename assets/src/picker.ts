// Record picker: a text field that suggests records while it is typed into. The field holds what is sent, `title ·
// code`; a typed code or exact name is as good, so nothing is lost without script.
import { closest } from "./dom";

const PAUSE_MS = 150;
let list: HTMLUListElement | null = null;
let field: HTMLInputElement | null = null;
let waiting = 0;
let asked = 0;

function picker(input: EventTarget | null): HTMLElement | null {
  return input instanceof HTMLInputElement ? input.closest<HTMLElement>("[data-picker]") : null;
}

function options(): HTMLElement[] {
  return Array.from(list?.querySelectorAll<HTMLElement>('[role="option"]') ?? []);
}

function close(): void {
  window.clearTimeout(waiting);
  asked += 1;
  list?.remove();
  list = null;
  field?.setAttribute("aria-expanded", "false");
  field?.removeAttribute("aria-activedescendant");
}

function choose(option: HTMLElement): void {
  if (field) {
    field.value = option.dataset.value ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  close();
}

function mark(option: HTMLElement | undefined): void {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (!option) return;
  field?.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function show(html: string, input: HTMLInputElement): void {
  list?.remove();
  field = input;
  list = document.createElement("ul");
  list.className = "picker-list";
  list.id = "picker-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent?.trim() ?? "");
  // The fragment is the server's own, escaped there.
  list.innerHTML = html;
  options().forEach((option, at) => (option.id = `picker-${at}`));
  picker(input)?.append(list);
  input.setAttribute("aria-expanded", "true");
}

async function ask(input: HTMLInputElement): Promise<void> {
  const address = picker(input)?.dataset.picker;
  if (!address) return;
  const turn = (asked += 1);
  const url = new URL(address, window.location.href);
  url.searchParams.set("q", input.value.trim());
  try {
    const answer = await fetch(url.toString(), { headers: { "HX-Request": "true" } });
    const html = answer.ok && !answer.redirected ? await answer.text() : "";
    if (turn === asked && html && document.activeElement === input) show(html, input);
  } catch {
    // Without an answer the field stays a plain field.
  }
}

function typed(event: Event): void {
  const input = event.target;
  if (!picker(input) || !(input instanceof HTMLInputElement) || (event as InputEvent).isComposing) return;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void ask(input), PAUSE_MS);
}

function entered(event: FocusEvent): void {
  const input = event.target;
  if (!picker(input) || !(input instanceof HTMLInputElement)) return;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-haspopup", "listbox");
  input.setAttribute("aria-controls", "picker-list");
  if (!list) input.setAttribute("aria-expanded", "false");
  if (input.value) input.select();
}

function step(by: 1 | -1): void {
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  mark(all[(at + by + all.length) % all.length] ?? all[by === 1 ? 0 : all.length - 1]);
}

/** In a form that writes, Enter looks a record up; a filter is sent by it. */
function entering(input: EventTarget | null): input is HTMLInputElement {
  return input instanceof HTMLInputElement && input.form?.method === "post";
}

function keydown(event: KeyboardEvent): void {
  if (!picker(event.target) || event.isComposing) return;
  const chosen = options().find((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" && !list && event.target instanceof HTMLInputElement) void ask(event.target);
  else if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp" && list) step(-1);
  else if (event.key === "Enter" && chosen) choose(chosen);
  else if (event.key === "Enter" && list && entering(event.target)) step(1);
  else if (event.key === "Enter" && entering(event.target)) void ask(event.target);
  else if (event.key === "Escape" && list) close();
  else return;
  event.preventDefault();
}

/** The pointer chooses before the field loses focus. */
function pressed(event: MouseEvent): void {
  const option = closest(event, ".picker-list [role='option']");
  if (!closest(event, ".picker-list")) return;
  event.preventDefault();
  if (option) choose(option);
}

export function startPicker(): void {
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);
  document.addEventListener("focusin", entered);
  document.addEventListener("focusout", (event) => {
    if (picker(event.target)) close();
  });
  document.addEventListener("keydown", keydown);
  document.addEventListener("mousedown", pressed);
}
