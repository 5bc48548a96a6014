// Forms: buttons that need a reason, and one submission a click.
import { closest } from "./dom";

function askForReason(event: Event): void {
  const button = closest<HTMLButtonElement>(event, "button[data-needs-reason]");
  const field = button?.form?.elements.namedItem("reason");
  if (!button || !(field instanceof HTMLInputElement)) return;
  const missing = field.value.trim() === "";
  field.setCustomValidity(missing ? (button.dataset.needsReason ?? "") : "");
  if (missing) {
    event.preventDefault();
    field.reportValidity();
    field.focus();
  }
}

function clearValidity(event: Event): void {
  if (event.target instanceof HTMLInputElement && event.target.name === "reason") event.target.setCustomValidity("");
}

/** Plain forms are sent once; those of htmx queue by themselves. */
function sendOnce(event: Event): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
}

/** A page restored by the back button takes its forms as unsent. */
function forgetSent(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
}

export function startForms(): void {
  document.addEventListener("click", askForReason);
  document.addEventListener("input", clearValidity);
  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", forgetSent);
}
