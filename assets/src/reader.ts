// The reader: claims in the text are chosen by pointer or keys, the panel comes from the server, and what the
// panel says about a claim's state is shown on its mark.
import htmx from "htmx.org";
import { closest, isTyping, one } from "./dom";

type Mark = HTMLElement;

/** Marks of numbers, and of what is told of projects: those know the address of their panel. */
const MARKS = "[data-reader] mark[data-claim], [data-reader] mark[data-told]";

function idOf(mark: Mark): string | undefined {
  return mark.dataset.claim ?? mark.dataset.told;
}

function reader(): HTMLElement | null {
  return one("[data-reader]");
}

/** One mark a claim: a claim that spans several runs of text has more, its first is the one to go to. */
function marks(): Mark[] {
  const seen = new Set<string>();
  return Array.from(document.querySelectorAll<Mark>(MARKS)).filter((mark) => {
    const id = idOf(mark) ?? "";
    return !seen.has(id) && seen.add(id);
  });
}

function panel(): HTMLElement | null {
  return one("#claim-panel");
}

function currentId(): string | undefined {
  const mark = one<Mark>(".reader mark.current");
  return mark ? idOf(mark) : undefined;
}

function setCurrent(id: string | undefined): void {
  for (const mark of document.querySelectorAll<Mark>(MARKS)) {
    const isCurrent = id !== undefined && idOf(mark) === id;
    mark.classList.toggle("current", isCurrent);
    const link = mark.querySelector("a");
    if (isCurrent) link?.setAttribute("aria-current", "true");
    else link?.removeAttribute("aria-current");
  }
}

/** How much of the window's foot the panel covers: nothing beside the text, its height as a sheet. */
function sheetHeight(): number {
  const sheet = panel();
  return sheet && getComputedStyle(sheet).position === "fixed" ? sheet.offsetHeight : 0;
}

/** Scrolls only when the mark is out of sight or under the sheet. */
function bringIntoView(mark: Mark): void {
  const box = mark.getBoundingClientRect();
  const visible = window.innerHeight - sheetHeight();
  if (box.top < 64 || box.bottom > visible - 24) {
    window.scrollBy({ top: box.top - visible / 3, behavior: "auto" });
  }
}

function choose(mark: Mark): void {
  const id = idOf(mark);
  const base = reader()?.dataset.claims;
  const target = panel();
  if (!id || !base || !target) return;
  setCurrent(id);
  target.setAttribute("data-open", "");
  bringIntoView(mark);
  mark.querySelector("a")?.focus({ preventScroll: true });
  const told = mark.dataset.panel;
  const address = new URL(told ?? mark.querySelector("a")?.href ?? "", window.location.href);
  address.hash = "";
  window.history.replaceState(null, "", address);
  void htmx.ajax("GET", told ?? base + id, { source: "#claim-panel", target: "#claim-panel", swap: "innerHTML" });
}

function step(by: 1 | -1, wanted: (mark: Mark) => boolean = () => true): void {
  const all = marks();
  const at = all.findIndex((mark) => idOf(mark) === currentId());
  const start = at === -1 && by === -1 ? all.length : at;
  for (let index = start + by; index >= 0 && index < all.length; index += by) {
    const mark = all[index];
    if (mark && wanted(mark)) {
      choose(mark);
      return;
    }
  }
}

/** The next open mark of a kind: of a number, or of what is told of a project. */
function nextOpen(kind: "claim" | "told"): void {
  const isOpen = (mark: Mark): boolean => mark.classList.contains("open") && kind in mark.dataset;
  const before = currentId();
  step(1, isOpen);
  if (currentId() === before) {
    const first = marks().find(isOpen);
    if (first && idOf(first) !== before) choose(first);
  }
}

function press(key: "a" | "r"): void {
  one<HTMLButtonElement>(`#claim-panel form[data-key="${key}"] button`)?.click();
}

function toggleCorrection(): void {
  const form = one<HTMLFormElement>("#claim-form");
  if (!form) return;
  form.hidden = !form.hidden;
  one("#claim-panel .claim-actions [data-correct]")?.setAttribute("aria-expanded", String(!form.hidden));
  if (!form.hidden) form.querySelector<HTMLInputElement>('[name="value"]')?.focus();
}

function close(): void {
  panel()?.removeAttribute("data-open");
  one<HTMLElement>("mark.current a")?.focus({ preventScroll: true });
}

function showKeys(): void {
  const dialog = one<HTMLDialogElement>("#keys");
  if (dialog && !dialog.open) dialog.showModal();
}

const KEYS: Record<string, () => void> = {
  j: () => step(1),
  k: () => step(-1),
  n: () => nextOpen("claim"),
  p: () => nextOpen("told"),
  a: () => press("a"),
  r: () => press("r"),
  e: toggleCorrection,
  "?": showKeys,
};

function keydown(event: KeyboardEvent): void {
  if (!reader() || event.isComposing) return;
  if (event.key === "Escape") {
    const form = one<HTMLFormElement>("#claim-form");
    if (form && !form.hidden && closest(event, "#claim-panel")) toggleCorrection();
    else if (!one<HTMLDialogElement>("#keys")?.open) close();
    return;
  }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const action = KEYS[event.key];
  if (!plain || !action || isTyping(event) || one<HTMLDialogElement>("#keys")?.open) return;
  event.preventDefault();
  action();
}

function click(event: MouseEvent): void {
  if (closest(event, "[data-show-keys]")) showKeys();
  if (closest(event, "[data-close-panel]")) close();
  if (closest(event, "#claim-panel [data-correct]")) toggleCorrection();
  const mark = closest<Mark>(event, MARKS);
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (mark && !elsewhere) {
    event.preventDefault();
    choose(mark);
  }
}

/** The panel that was just swapped in knows the claim's state; its marks follow. */
function followPanel(): void {
  const claim = one("#claim-panel [data-claim-panel]");
  if (!claim) return;
  const id = claim.dataset.claimPanel ?? "";
  const state = claim.dataset.state ?? "";
  for (const mark of document.querySelectorAll<Mark>(MARKS)) {
    if (idOf(mark) !== id) continue;
    mark.classList.remove("open", "accepted", "corrected", "rejected");
    mark.classList.add(state);
  }
  const current = one<Mark>("mark.current");
  if (current && sheetHeight() > 0) bringIntoView(current);
}

export function startReader(): void {
  document.addEventListener("keydown", keydown);
  document.addEventListener("click", click);
  document.addEventListener("htmx:after:swap", followPanel);
  const opened = one("#claim-panel [data-claim-panel]")?.dataset.claimPanel;
  if (opened) {
    setCurrent(opened);
    const mark = one<Mark>("mark.current");
    if (mark) window.requestAnimationFrame(() => bringIntoView(mark));
  }
}
