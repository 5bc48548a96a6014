// Lists: choosing rows opens the bar that changes them together; the filter writes a short address.
import { closest, one } from "./dom";

function boxes(): HTMLInputElement[] {
  return Array.from(document.querySelectorAll<HTMLInputElement>('input[name="record"][form="bulk"]'));
}

function bar(): HTMLFormElement | null {
  return one<HTMLFormElement>("[data-bulk]");
}

/** Shows how many are chosen, the value of the chosen field alone, and marks the rows. */
function refresh(): void {
  const form = bar();
  if (!form) return;
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  const page = one<HTMLInputElement>("[data-select-page]");
  if (page) {
    page.checked = chosen > 0 && chosen === all.length;
    page.indeterminate = chosen > 0 && chosen < all.length;
  }
  for (const box of all) box.closest("tr")?.classList.toggle("selected", box.checked);
  form.toggleAttribute("data-open", chosen > 0 || "wrong" in form.dataset);
  const count = one("[data-bulk-count]");
  const words = chosen === 1 ? count?.dataset.one : count?.dataset.many?.replace("#", String(chosen));
  if (count && words && chosen > 0) count.textContent = words;
  const field = one<HTMLSelectElement>("[data-bulk] [name='field']")?.value;
  for (const value of form.querySelectorAll<HTMLElement>("[data-bulk-field]")) {
    value.toggleAttribute("data-open", value.dataset.bulkField === field);
  }
}

function change(event: Event): void {
  const page = closest<HTMLInputElement>(event, "[data-select-page]");
  if (page) for (const box of boxes()) box.checked = page.checked;
  if (page || closest(event, "input[name='record'], [data-bulk] [name='field']")) refresh();
}

let last: HTMLInputElement | null = null;

/** With the shift key all rows between the last box and this one follow it. */
function click(event: MouseEvent): void {
  if (closest(event, "[data-bulk-clear]")) {
    for (const box of boxes()) box.checked = false;
    refresh();
  }
  const box = closest<HTMLInputElement>(event, "input[name='record'][form='bulk']");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last) {
    const ends = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const each of all.slice(ends[0], (ends[1] ?? 0) + 1)) each.checked = box.checked;
    refresh();
  }
  last = box;
}

type Part = HTMLInputElement | HTMLSelectElement;

function isPart(element: Element): element is Part {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
}

/** What is not filled in stays out of the address, so that people can read and share it. */
function leaveOutEmpty(event: Event): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "get") return;
  const parts = Array.from(form.elements).filter(isPart);
  const empty = (part: Part): boolean => {
    const base = part.name.endsWith("_by") ? parts.find((other) => `${other.name}_by` === part.name) : undefined;
    return (base ?? part).value === "";
  };
  for (const part of parts.filter((each) => each.name !== "" && empty(each))) {
    part.disabled = true;
    part.dataset.leftOut = "";
  }
}

/** A page restored by the back button takes its fields as they were. */
function restoreFields(): void {
  for (const part of document.querySelectorAll<Part>("[data-left-out]")) {
    part.disabled = false;
    delete part.dataset.leftOut;
  }
}

export function startLists(): void {
  document.addEventListener("submit", leaveOutEmpty);
  window.addEventListener("pageshow", restoreFields);
  document.addEventListener("change", change);
  document.addEventListener("click", click);
  window.addEventListener("pageshow", refresh);
  refresh();
}
