// Small helpers around the document.

/** The closest ancestor of an event's target (or itself) that matches, if any. */
export function closest<T extends Element = HTMLElement>(event: Event, selector: string): T | null {
  return event.target instanceof Element ? event.target.closest<T>(selector) : null;
}

/** The first match in the page. */
export function one<T extends Element = HTMLElement>(selector: string): T | null {
  return document.querySelector<T>(selector);
}

/** Whether a key event is typed into something that takes text. */
export function isTyping(event: Event): boolean {
  return closest(event, "input, textarea, select, [contenteditable]") !== null;
}

/** A new element with a class and text. */
export function make(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

let hideToast = 0;

/** Shows one line at the foot of the page and reads it out. */
export function toast(text: string): void {
  const box = one("#toast");
  if (!box || !text) return;
  box.textContent = text;
  box.hidden = false;
  window.clearTimeout(hideToast);
  hideToast = window.setTimeout(() => (box.hidden = true), 6000);
}
