// Popovers are <details>: they open and close by themselves. What is added: one at a time, closed by Escape and by
// a click elsewhere, and the current entry of the navigation in sight.
import { closest, one } from "./dom";

function open(): HTMLDetailsElement[] {
  return Array.from(document.querySelectorAll<HTMLDetailsElement>("details.pop[open]"));
}

function click(event: MouseEvent): void {
  for (const details of open()) {
    if (!(event.target instanceof Node) || !details.contains(event.target)) details.open = false;
  }
  if (closest(event, "[data-print]")) window.print();
}

function keydown(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  for (const details of open()) {
    const inside = details.contains(document.activeElement);
    details.open = false;
    if (inside) details.querySelector("summary")?.focus();
  }
}

export function startPopovers(): void {
  document.addEventListener("click", click);
  document.addEventListener("keydown", keydown);
  const current = one(".nav [aria-current]");
  const nav = current?.closest(".nav");
  if (current && nav && nav.scrollHeight > nav.clientHeight) current.scrollIntoView({ block: "nearest" });
}
