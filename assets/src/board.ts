// The board: a card that is dropped on another stage opens that stage's gate in place. What the gate still asks for is
// a form of the server; where it asks for nothing the form is sent at once.
import { closest, one, toast } from "./dom";

let dragged: HTMLElement | null = null;

function column(event: Event): HTMLElement | null {
  return closest(event, ".board-column");
}

function mark(at: HTMLElement | null): void {
  for (const other of document.querySelectorAll(".board-column.over")) other.classList.toggle("over", other === at);
  at?.classList.add("over");
}

function dragstart(event: DragEvent): void {
  dragged = closest(event, ".board-card[data-action]");
  if (!dragged || !event.dataTransfer) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.textContent ?? "");
  dragged.classList.add("dragged");
}

function dragover(event: DragEvent): void {
  const at = column(event);
  if (!dragged || !at) return;
  event.preventDefault();
  mark(at);
}

function dragend(): void {
  dragged?.classList.remove("dragged");
  dragged = null;
  mark(null);
}

function drop(event: DragEvent): void {
  const at = column(event);
  const card = dragged;
  dragend();
  if (!card || !at) return;
  event.preventDefault();
  if (card.closest(".board-column") !== at) void gate(card, at.dataset.stage ?? "");
}

/** Fetches the gate and shows its form; sends it where nothing is missing. */
async function gate(card: HTMLElement, stage: string): Promise<void> {
  const board = one("[data-board]");
  const dialog = one<HTMLDialogElement>("#board-dialog");
  if (!board || !dialog || !card.dataset.action) return;
  const query = new URLSearchParams({ to: stage, next: board.dataset.board ?? "" });
  const address = `${card.dataset.action}?${query}`;
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector(".form-page");
    const form = part?.querySelector("form");
    if (!answer.ok || !part || !form) {
      window.location.assign(address);
      return;
    }
    dialog.replaceChildren(document.adoptNode(part));
    if (form.querySelector(".field")) {
      dialog.showModal();
      form.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
    } else {
      form.submit();
    }
  } catch {
    toast(dialog.dataset.failed ?? "");
  }
}

function click(event: MouseEvent): void {
  const cancel = closest(event, "#board-dialog .form-foot a");
  if (!cancel) return;
  event.preventDefault();
  one<HTMLDialogElement>("#board-dialog")?.close();
}

export function startBoard(): void {
  document.addEventListener("dragstart", dragstart);
  document.addEventListener("dragover", dragover);
  document.addEventListener("dragend", dragend);
  document.addEventListener("drop", drop);
  document.addEventListener("click", click);
}
