// Ctrl-K from anywhere: hits while one types, the keyboard through them, and the same without a dialog.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage } from "../lib/browser.mjs";
import { signIn, until } from "../lib/ledger.mjs";
import { startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const t = words("zh-CN");

describe("search", () => {
  let server, browser;
  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function opened() {
    const page = await newPage(browser, server.url);
    await signIn(page);
    await page.goto("/p/invented");
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: t("search_field") });
    await until(async () => assert.ok(await field.isVisible()));
    return { page, field, hits: page.locator("#search-hits").getByRole("option") };
  }

  test("by the keyboard, from initials to the record", async () => {
    const { page, field, hits } = await opened();
    await field.pressSequentially("qhsp", { delay: 20 });
    await until(async () => assert.match(await hits.first().textContent(), /青禾食品/));
    assert.equal(await hits.first().getAttribute("aria-selected"), "true");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/records\/DW-/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test("the arrows go round, Escape closes, Enter without hits leads to the page", async () => {
    const { page, field, hits } = await opened();
    await field.fill("DW-2026-00000");
    await until(async () => assert.ok((await hits.count()) > 2));
    await page.keyboard.press("ArrowUp");
    assert.equal(await hits.last().getAttribute("aria-selected"), "true");
    await page.keyboard.press("ArrowDown");
    assert.equal(await hits.first().getAttribute("aria-selected"), "true");
    assert.equal(await field.getAttribute("aria-activedescendant"), await hits.first().getAttribute("id"));
    await page.keyboard.press("Escape");
    await until(async () => assert.ok(await field.isHidden()));
    await page.keyboard.press("Control+k");
    await field.fill("没有这样的词");
    await until(async () => assert.equal(await hits.count(), 0));
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?q=/);
    assert.match(await page.locator("main").textContent(), t("search_none"));
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
});
