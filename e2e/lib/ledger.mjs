// What a person does in Luodi, step by step. Labels come from the locale files; the rest of the knowledge about the
// markup is kept here, out of the specs.

import assert from "node:assert/strict";

import { dropFiles } from "./browser.mjs";
import { words } from "./words.mjs";

const zh = words("zh-CN");
const PASSWORD = "luodi-demo";
/** The demo users that the specs sign in as. */
export const OFFICE = "office";

/** Waits until a check passes; the last failure is the error. */
export async function until(check, limitMs = 60_000) {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

export async function signIn(page, login = OFFICE) {
  await page.goto("/login");
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", PASSWORD);
  await page.locator("form:has(input[name=password]) button[type=submit]").click();
  await page.waitForURL((url) => url.pathname !== "/login");
}

/** Leaves the start page for a programme, as a person does: by its card. */
export async function chooseProgramme(page, programme) {
  await page.goto("/");
  await page.locator(`main a[href^="/p/${programme}"]`).first().click();
  await page.waitForURL((url) => url.pathname.replace(/\/$/, "") === `/p/${programme}`);
}

/** Drops files on the documents page and waits until every one of them is read. */
export async function addByDropping(page, programme, files) {
  await page.goto(`/p/${programme}/documents`);
  const before = await documentRows(page).count();
  await dropFiles(page, "[data-drop]", files);
  await until(async () => assert.equal(await documentRows(page).count(), before + files.length));
  await waitUntilRead(page, programme);
}

/** One row a document, in the table that refreshes itself. */
export function documentRows(page) {
  return page.locator("main tbody tr:has(a[href*='/documents/'])");
}

/** Waits until no document is queued or being read. The page is looked at afresh, as by somebody who came later. */
export async function waitUntilRead(page, programme) {
  const { pathname } = new URL(page.url());
  if (pathname !== `/p/${programme}/documents`) {
    await page.goto(`/p/${programme}/documents`);
  }
  await until(async () => {
    const rows = await documentRows(page).allInnerTexts();
    assert.ok(rows.length > 0, "no documents are listed");
    const unread = rows.filter((row) => !row.includes(zh("documents_ready")));
    assert.deepEqual(unread, [], "documents not yet read");
  });
}

/** Addresses of all documents of a programme. */
export async function documentAddresses(page, programme) {
  await page.goto(`/p/${programme}/documents`);
  return addresses(documentRows(page).locator("a[href*='/documents/']"));
}

/** The different addresses that links lead to, in order. */
export async function addresses(links) {
  const found = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  return [...new Set(found)];
}

/** The numbers of a document's claims by state, as the page shows them. */
export async function claimCounts(page) {
  const text = await page.locator("main").innerText();
  const count = (key) => {
    const words = zh(key).source.replace(".*", "\\s*(\\d+)\\s*");
    return Number(text.match(new RegExp(words))?.[1] ?? 0);
  };
  const [open, accepted, corrected, rejected] = ["open", "accepted", "corrected", "rejected"].map((state) =>
    count(`reader_counts_${state}`),
  );
  return { open, accepted, corrected, rejected };
}

/** The texts of all totals on the overview, by the address that opens them. */
export async function overviewTotals(page, programme) {
  await page.goto(`/p/${programme}`);
  const links = page.locator("main a[href*='/totals?']");
  const pairs = await links.evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.innerText]));
  return new Map(pairs);
}
