// Drives the machine's own Chromium and watches what its pages complain about.

import { accessSync, constants } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";

import { root } from "./server.mjs";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
const out = path.join(root, "e2e", "out");

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

function executable() {
  const exists = (file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  const found = process.env.CHROMIUM || CANDIDATES.find(exists);
  if (!found) {
    throw new Error("no Chromium found; install it with: sudo apt-get install chromium fonts-noto-cjk");
  }
  return found;
}

export function launchBrowser() {
  return chromium.launch({ executablePath: executable(), args: [...FLAGS, "--disable-component-update"] });
}

/**
 * A page in a fresh session. `page.complaints` collects what no page may cause: console errors (violations of the
 * content policy are among them), uncaught exceptions, answers of 500 and more, and requests to other hosts.
 */
export async function newPage(browser, url, { viewport = DESKTOP, locale = "zh-CN" } = {}) {
  const context = await browser.newContext({ baseURL: url, viewport, locale, timezoneId: "Asia/Shanghai" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  const complain = (what) => page.complaints.push(`${new URL(page.url(), url).pathname}: ${what}`);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      complain(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complain(`exception: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob|about):/.test(request.url())) {
      complain(`request to another host: ${request.url()}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 500) {
      complain(`${response.status()} for ${response.url()}`);
    }
  });
  return page;
}

/** Writes e2e/out/NAME.png. */
export async function screenshot(page, name, options = {}) {
  await mkdir(out, { recursive: true });
  await page.screenshot({ path: path.join(out, `${name}.png`), ...options });
}

/** Drops files on an element as a person does from a file manager. */
export async function dropFiles(page, selector, files) {
  const given = [];
  for (const file of files) {
    given.push({ name: path.basename(file), base64: (await readFile(file)).toString("base64") });
  }
  const transfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, given);
  for (const type of ["dragenter", "dragover", "drop"]) {
    await page.dispatchEvent(selector, type, { dataTransfer: transfer });
  }
}

/** How far the page is wider than the window, in CSS pixels; 0 means no scrolling sideways. */
export function overflowX(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}
