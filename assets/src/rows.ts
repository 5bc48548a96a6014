// Forms of fields: rows that are added and removed, a warning before unsaved input is left, errors in sight.
import { closest, one } from "./dom";

function addRow(button: HTMLElement): void {
  const rows = button.closest("[data-rows]")?.querySelectorAll<HTMLElement>("[data-row]");
  const model = rows?.[rows.length - 1];
  if (!model) return;
  const row = model.cloneNode(true) as HTMLElement;
  row.classList.remove("wrong");
  for (const part of row.querySelectorAll(".field-error, .picker-list")) part.remove();
  for (const input of row.querySelectorAll("input")) input.value = "";
  for (const select of row.querySelectorAll("select")) select.selectedIndex = 0;
  model.after(row);
  row.querySelector("input")?.focus();
}

/** The last row is only emptied: it is the model of new ones. */
function removeRow(button: HTMLElement): void {
  const row = button.closest<HTMLElement>("[data-row]");
  const rows = button.closest("[data-rows]")?.querySelectorAll("[data-row]").length ?? 0;
  if (!row) return;
  if (rows > 1) row.remove();
  else for (const input of row.querySelectorAll("input")) input.value = "";
}

let unsaved = false;

function click(event: MouseEvent): void {
  const add = closest(event, "[data-row-add]");
  const remove = closest(event, "[data-row-remove]");
  if (add) addRow(add);
  if (remove) removeRow(remove);
  if (remove && remove.closest("form[data-guard]")) unsaved = true;
}

/** Leaving a form that was typed into would lose it. */
function warn(event: BeforeUnloadEvent): void {
  if (!unsaved) return;
  event.preventDefault();
  event.returnValue = "";
}

export function startRows(): void {
  document.addEventListener("click", click);
  document.addEventListener("input", (event) => {
    if (closest(event, "form[data-guard]")) unsaved = true;
  });
  document.addEventListener("submit", () => (unsaved = false));
  window.addEventListener("beforeunload", warn);
  one("[data-focus]")?.focus();
}
