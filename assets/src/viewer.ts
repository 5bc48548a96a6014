// Marking a rectangle on a scan: dragged with the pointer or typed as numbers; the fields are what is sent.
import { closest, one } from "./dom";

const FIELDS = ["x", "y", "width", "height"] as const;
type Box = Record<(typeof FIELDS)[number], number>;

let start: { x: number; y: number } | null = null;

function field(name: string): HTMLInputElement | null {
  return one<HTMLInputElement>(`[data-viewer] .rectangle input[name="${name}"]`);
}

function show(box: Box): void {
  const drawing = one<SVGRectElement>("#drawing");
  for (const name of FIELDS) drawing?.setAttribute(name, `${box[name]}%`);
}

function write(box: Box): void {
  for (const name of FIELDS) {
    const input = field(name);
    if (input) input.value = box[name].toFixed(2);
  }
}

function read(): Box {
  const value = (name: string): number => Number(field(name)?.value ?? "") || 0;
  return { x: value("x"), y: value("y"), width: value("width"), height: value("height") };
}

/** The pointer's place in percent of the page, kept inside it. */
function place(event: PointerEvent, page: Element): { x: number; y: number } {
  const box = page.getBoundingClientRect();
  const percent = (at: number, from: number, size: number): number =>
    Math.min(100, Math.max(0, ((at - from) / Math.max(size, 1)) * 100));
  return { x: percent(event.clientX, box.left, box.width), y: percent(event.clientY, box.top, box.height) };
}

function down(event: PointerEvent): void {
  const page = closest<SVGSVGElement>(event, "[data-viewer] .scan-marks");
  if (!page || event.button !== 0 || closest(event, ".scan-marks a") || !field("x")) return;
  event.preventDefault();
  page.setPointerCapture(event.pointerId);
  start = place(event, page);
}

function move(event: PointerEvent): void {
  const page = one<SVGSVGElement>("[data-viewer] .scan-marks");
  if (!start || !page) return;
  const here = place(event, page);
  const box = {
    x: Math.min(start.x, here.x),
    y: Math.min(start.y, here.y),
    width: Math.abs(here.x - start.x),
    height: Math.abs(here.y - start.y),
  };
  show(box);
  write(box);
}

function clear(event: Event): void {
  if (!closest(event, "[data-clear-rectangle]")) return;
  for (const name of FIELDS) {
    const input = field(name);
    if (input) input.value = "";
  }
  show(read());
}

export function startViewer(): void {
  if (!one("[data-viewer]")) return;
  document.addEventListener("pointerdown", down);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", () => (start = null));
  document.addEventListener("pointercancel", () => (start = null));
  document.addEventListener("click", clear);
  document.addEventListener("input", (event) => {
    if (closest(event, ".rectangle")) show(read());
  });
  show(read());
}
