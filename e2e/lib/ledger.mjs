// What a person does in Luodi, step by step. What must be known about the markup is kept here, out of the specs.

import assert from "node:assert/strict";

import { dropFiles } from "./browser.mjs";
import { words } from "./words.mjs";

const zh = words("zh-CN");
/** The demo user that the specs sign in as: may add documents, review claims and undo. */
export const OFFICE = "office";

/** Waits until a check passes; its last failure is the error. */
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

/** Signs in as a demo user by the button that the sign-in page offers. */
export async function signIn(page, login = OFFICE) {
  await page.goto("/login");
  await page.locator("button.demo-user", { has: page.locator(`code:text-is("${login}")`) }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
}

/** Signs in as one of a programme's own demo users, by the form. */
export async function signInWith(page, login, password = "luodi-demo") {
  await page.goto("/login");
  await page.getByLabel(zh("login_user")).fill(login);
  await page.getByLabel(zh("login_password")).fill(password);
  await page.getByRole("button", { name: zh("login_submit"), exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
}

/** Opens the form for a new record, fills it in by the names of its controls and saves it. Returns the record's code. */
export async function enterRecord(page, address, fields) {
  await page.goto(address);
  const code = await saveRecord(page, fields);
  assert.ok(code, await page.locator("main").innerText());
  return code;
}

/**
 * Fills in the form that is open and saves it. A field of links takes a list of [record, role]. Returns the code of the
 * record whose page follows; none where the form comes back.
 */
export async function saveRecord(page, fields) {
  const form = page.locator("main form.form");
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) {
      await fillLinks(form, name, value);
      continue;
    }
    const control = form.locator(`[name="${name}"]`);
    const isSelect = await control.evaluate((element) => element.tagName === "SELECT");
    await (isSelect ? control.selectOption(value) : control.fill(value));
  }
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await form.locator(".form-foot button.primary").click();
  if ((await answered).status() === 303) {
    await page.waitForURL(/\/records\//);
  }
  await page.waitForLoadState();
  return page.url().match(/\/records\/([A-Z]{2}-\d{4}-\d{6})$/)?.[1];
}

async function fillLinks(form, name, rows) {
  for (const [index, [record, role]] of rows.entries()) {
    if ((await form.locator(`[name="${name}"]`).count()) <= index) {
      await form.locator(".field", { has: form.page().locator(`[name="${name}"]`) }).locator("[data-row-add]").click();
    }
    await form.locator(`[name="${name}"]`).nth(index).fill(record);
    await form.locator(`[name="${name}_role"]`).nth(index).selectOption(role);
  }
}

/** Moves a record to another status by the small form on its page. */
export async function moveRecord(page, address, status, fields = {}) {
  await page.goto(address);
  const small = page.locator(`#move-${status}`);
  await small.locator("summary").click();
  for (const [name, value] of Object.entries(fields)) {
    await small.locator(`[name="${name}"]`).fill(value);
  }
  await small.locator("form button").click();
  await page.locator(".flash.good").waitFor();
}

/** Leaves the start page for a programme, as a person does: by its card. */
export async function chooseProgramme(page, programme) {
  await page.goto("/");
  await page.locator(`main a.programme[href="/p/${programme}"]`).click();
  await page.waitForURL((url) => url.pathname === `/p/${programme}`);
}

/** Drops files on the documents page and returns what it says about each. */
export async function drop(page, programme, files) {
  await page.goto(`/p/${programme}/documents`);
  await dropFiles(page, "[data-upload]", files);
  const results = page.locator("#upload-results li");
  await until(async () => assert.equal(await results.count(), files.length));
  await until(async () => assert.equal(await results.locator("progress").count(), 0));
  return results.evaluateAll((all) =>
    all.map((item) => ({ ok: item.classList.contains("good"), text: item.textContent.trim() })),
  );
}

/** One row a document, in the table that refreshes itself. */
export function documentRows(page) {
  return page.locator("#documents tbody tr[data-code]");
}

/**
 * Watches the documents page that is open until nothing is queued or being read and every document is. `documents` is
 * how many there must be: a table from before the last file would also show none at work.
 */
export async function watchUntilRead(page, documents) {
  if (documents !== undefined) {
    await until(async () => assert.equal(await documentRows(page).count(), documents));
  }
  await page.locator('#documents[data-running="0"]').waitFor({ timeout: 120_000 });
  const rows = await documentRows(page).allInnerTexts();
  assert.ok(rows.length > 0, "no documents are listed");
  assert.deepEqual(rows.filter((row) => !row.includes(zh("documents_ready"))), [], "documents not read");
}

/** The same, from wherever one is. */
export async function waitUntilRead(page, programme) {
  await page.goto(`/p/${programme}/documents`);
  await watchUntilRead(page);
}

/** Addresses of all documents of a programme. */
export async function documentAddresses(page, programme) {
  await page.goto(`/p/${programme}/documents`);
  return addresses(documentRows(page).locator("td.title a"));
}

/** The different addresses that links lead to, in order. */
export async function addresses(links) {
  const found = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  return [...new Set(found)];
}

/** The numbers of a document's claims by state, as the page shows them; a state that is not shown has none. */
export function claimCounts(page) {
  return page.locator("#claim-counts").evaluate((counts) => {
    const count = (state) => Number(counts.querySelector(`.c-${state}`)?.textContent.match(/\d+/)?.[0] ?? 0);
    const [open, accepted, corrected, rejected] = ["open", "accepted", "corrected", "rejected"].map(count);
    return { open, accepted, corrected, rejected };
  });
}

/** Waits until the counts are these. */
export function claimCountsBecome(page, expected) {
  return until(async () => assert.deepEqual(await claimCounts(page), expected), 20_000);
}

/** Presses j until the panel shows a claim that is still open. */
export async function nextOpenClaim(page) {
  await until(async () => {
    if ((await page.locator('#claim-panel [data-state="open"]').count()) === 0) {
      await page.keyboard.press("j");
      assert.fail("no open claim is shown yet");
    }
  }, 20_000);
}

/** Accepts all that is certain in the document that is open; does nothing where nothing is. */
export async function acceptCertain(page) {
  const button = page.locator("form[action$='/accept-certain'] button");
  if ((await button.count()) > 0) {
    const { open } = await claimCounts(page);
    await button.click();
    await until(async () => assert.ok((await claimCounts(page)).open < open), 20_000);
  }
}

/** The codes of all figures of a list, over all its pages, with its other cells as they are shown. */
export async function listedFigures(page, address) {
  const listed = [];
  for (let next = address; next; ) {
    await page.goto(next);
    const rows = page.locator("main table.figures tbody tr");
    listed.push(...(await rows.evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.innerText.trim())))));
    next = (await addresses(page.locator(".pager a[rel=next]")))[0];
  }
  return listed;
}

/** The texts of all totals on the overview, by the address that opens them. */
export async function overviewTotals(page, programme) {
  await page.goto(`/p/${programme}`);
  const links = page.locator("main a[href*='/totals?']");
  const pairs = await links.evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.innerText]));
  return new Map(pairs);
}
