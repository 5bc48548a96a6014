// What may be swapped into a page: fragments. A full page in their place (sign-in after the session ended, an
// error page) never lands inside a panel or a table.
import { toast } from "./dom";

interface SwapContext {
  text?: string;
  response?: { status: number; raw: Response };
  select?: string;
}

function context(event: Event): SwapContext {
  return ((event as CustomEvent).detail as { ctx?: SwapContext } | null)?.ctx ?? {};
}

function titleOf(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("main h1")?.textContent ?? page.title;
}

export function startSwaps(): void {
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = context(event);
    const isPage = /^\s*<!doctype/i.test(ctx.text ?? "");
    if (!isPage || ctx.select) return;
    event.preventDefault();
    const status = ctx.response?.status ?? 0;
    if (ctx.response?.raw.redirected || status === 401) {
      window.location.reload();
    } else {
      toast(titleOf(ctx.text ?? ""));
    }
  });
}
