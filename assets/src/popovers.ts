// Popovers are <details>: they open and close by themselves. What is added: one at a time, closed by Escape and by
// a click elsewhere; and the current entry of the navigation in sight, its groups as the reader left them.
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

/** A group of the navigation that was opened or closed stays so on other pages: `.code.code` in a cookie that the server reads. */
function keepGroups(event: MouseEvent): void {
  const group = closest(event, ".nav summary")?.parentElement;
  if (!(group instanceof HTMLDetailsElement) || !group.dataset.nav) return;
  const kept = /(?:^|; )nav=([^;]*)/.exec(document.cookie)?.[1];
  const shown = Array.from(document.querySelectorAll<HTMLElement>("details.nav-group[open]"), (of) => of.dataset.nav);
  const codes = new Set(kept === undefined ? shown : kept.split("."));
  // The click comes before the group turns.
  if (group.open) codes.delete(group.dataset.nav);
  else codes.add(group.dataset.nav);
  codes.delete("");
  document.cookie = `nav=.${[...codes].join(".")}; path=/; max-age=31536000; samesite=lax`;
}

export function startPopovers(): void {
  document.addEventListener("click", click);
  document.addEventListener("click", keepGroups);
  document.addEventListener("keydown", keydown);
  const current = one(".nav [aria-current]");
  const nav = current?.closest(".nav");
  if (current && nav && nav.scrollHeight > nav.clientHeight) current.scrollIntoView({ block: "nearest" });
}
