// Adding documents: files dropped anywhere on the page or chosen go one a request, two at a time, and each
// gets its own line with what became of it. Without script the plain form sends them all at once.
import htmx from "htmx.org";
import { closest, make, one } from "./dom";

interface Answer {
  ok: boolean;
  code?: string;
  href?: string;
  message: string;
}

interface Job {
  file: File;
  line: HTMLElement;
  kind: string;
}

const AT_ONCE = 2;
const waiting: Job[] = [];
let sending = 0;

function form(): HTMLFormElement | null {
  return one<HTMLFormElement>("form[data-upload]");
}

function addLine(file: File, text: string): HTMLElement {
  const line = make("li", "sending");
  const bar = document.createElement("progress");
  bar.max = Math.max(file.size, 1);
  bar.value = 0;
  line.append(make("b", "", file.name), make("span", "", text), bar);
  one("#upload-results")?.append(line);
  return line;
}

function finish(line: HTMLElement, answer: Answer): void {
  line.className = answer.ok ? "good" : "bad";
  line.querySelector("progress")?.remove();
  const message = line.querySelector("span");
  if (!message) return;
  if (answer.href) {
    const link = document.createElement("a");
    link.href = answer.href;
    link.textContent = answer.message;
    message.replaceChildren(link);
  } else {
    message.textContent = answer.message;
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && typeof (value as Answer).message === "string";
}

/** XMLHttpRequest rather than fetch: it reports how much has been sent. */
function send(job: Job, target: HTMLFormElement): Promise<Answer> {
  return new Promise((resolve) => {
    const failed: Answer = { ok: false, message: target.dataset.interrupted ?? "" };
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("class", job.kind);
    body.append("file", job.file, job.file.name);
    request.open("POST", target.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      const bar = job.line.querySelector("progress");
      if (bar && event.lengthComputable) {
        bar.max = event.total;
        bar.value = event.loaded;
      }
    };
    request.onload = () => resolve(parse(request.responseText) ?? failed);
    request.onerror = () => resolve(failed);
    request.onabort = () => resolve(failed);
    request.send(body);
  });
}

function parse(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text);
    return isAnswer(value) ? value : null;
  } catch {
    return null;
  }
}

/** Into what holds the table, not in the table's place: the table replaces itself while documents are read, and an answer
 * for a table that is gone would be lost, with the news that there is more to read. */
function refreshTable(target: HTMLFormElement): void {
  const address = target.dataset.refresh;
  if (address) void htmx.ajax("GET", address, { target: "#documents-live", swap: "innerHTML" });
}

async function pump(target: HTMLFormElement): Promise<void> {
  while (sending < AT_ONCE) {
    const job = waiting.shift();
    if (!job) return;
    sending += 1;
    void send(job, target).then((answer) => {
      finish(job.line, answer);
      sending -= 1;
      refreshTable(target);
      return pump(target);
    });
  }
}

function take(files: Iterable<File>): void {
  const target = form();
  if (!target) return;
  const kind = target.querySelector<HTMLSelectElement>("select[name=class]")?.value ?? "";
  for (const file of files) {
    waiting.push({ file, kind, line: addLine(file, target.dataset.uploading ?? "") });
  }
  void pump(target);
}

function hasFiles(event: DragEvent): boolean {
  return form() !== null && Array.from(event.dataTransfer?.types ?? []).includes("Files");
}

function drag(event: DragEvent): void {
  if (!hasFiles(event)) return;
  event.preventDefault();
  const leaving = event.type === "dragleave" && event.relatedTarget === null;
  form()?.classList.toggle("over", !leaving && event.type !== "drop");
  if (event.type === "drop") take(Array.from(event.dataTransfer?.files ?? []));
}

function chosen(event: Event): void {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !closest(event, "form[data-upload]")) return;
  take(Array.from(input.files ?? []));
  input.value = "";
}

/** Leaving while files are on their way would lose them. */
function warn(event: BeforeUnloadEvent): void {
  if (sending + waiting.length > 0) {
    event.preventDefault();
    event.returnValue = "";
  }
}

export function startUpload(): void {
  for (const name of ["dragenter", "dragover", "dragleave", "drop"] as const) {
    document.addEventListener(name, drag);
  }
  document.addEventListener("change", chosen);
  window.addEventListener("beforeunload", warn);
}
