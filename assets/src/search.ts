// Search from anywhere: Ctrl-K opens the dialog, the arrows walk through the hits, Enter opens one. The hits come from
// the server as one types; without script the same link leads to the search page.
import { closest, one } from "./dom";

const dialog = (): HTMLDialogElement | null => one<HTMLDialogElement>("#search-dialog");
const field = (): HTMLInputElement | null => one<HTMLInputElement>("#search-dialog input");

function options(): HTMLElement[] {
  return Array.from(document.querySelectorAll<HTMLElement>("#search-hits .hits > li"));
}

function open(): void {
  const [box, input] = [dialog(), field()];
  if (!box || !input) return;
  if (!box.open) box.showModal();
  input.select();
}

function marked(): HTMLElement | undefined {
  return options().find((option) => option.getAttribute("aria-selected") === "true");
}

function mark(option: HTMLElement | undefined): void {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) field()?.setAttribute("aria-activedescendant", option.id);
  else field()?.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

/** Hits become options of the field; the first is what Enter opens. */
function arrived(box: HTMLElement): void {
  const list = box.querySelector(".hits");
  list?.setAttribute("role", "listbox");
  list?.setAttribute("aria-label", box.dataset.label ?? "");
  if (list) list.id = "search-options";
  options().forEach((option, at) => {
    option.setAttribute("role", "option");
    option.id = `search-option-${at}`;
    option.querySelector("a")?.setAttribute("tabindex", "-1");
  });
  field()?.setAttribute("aria-expanded", String(list !== null));
  mark(options()[0]);
}

function keydown(event: KeyboardEvent): void {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    if (!dialog()) return;
    event.preventDefault();
    open();
    return;
  }
  if (!field() || event.target !== field()) return;
  const all = options();
  const at = all.findIndex((option) => option === marked());
  if (event.key === "ArrowDown") mark(all[(at + 1) % all.length]);
  else if (event.key === "ArrowUp") mark(all[at <= 0 ? all.length - 1 : at - 1]);
  else if (event.key === "Enter" && marked()) marked()?.querySelector("a")?.click();
  // By itself a search field would only be emptied.
  else if (event.key === "Escape") dialog()?.close();
  else return;
  event.preventDefault();
}

function click(event: MouseEvent): void {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (plain && dialog() && closest(event, "[data-search]")) {
    event.preventDefault();
    open();
  } else if (event.target === dialog()) {
    dialog()?.close();
  }
}

export function startSearch(): void {
  const [box, input] = [one("#search-hits"), field()];
  if (!box || !input) return;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "search-options");
  input.setAttribute("aria-expanded", "false");
  // What is marked belongs to what was typed before.
  input.addEventListener("input", () => mark(undefined));
  new MutationObserver(() => arrived(box)).observe(box, { childList: true });
  document.addEventListener("keydown", keydown);
  document.addEventListener("click", click);
}
