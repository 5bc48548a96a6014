// From the regions to a pairing to an office, by clicks; a chart is drawn from its table, and the table says the same.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { PHONE, launchBrowser, newPage, overflowX } from "../lib/browser.mjs";
import { signIn, until } from "../lib/ledger.mjs";
import { startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const t = words("zh-CN");

describe("regions", () => {
  let server, browser;
  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("from the index over a region and a pairing to an office", async () => {
    const page = await newPage(browser, server.url);
    await signIn(page);
    await page.goto("/p/invented/regions");
    await page.getByRole("searchbox", { name: t("regions_filter") }).fill("沧澜州");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=/);
    await page.locator("main").getByRole("link", { name: "沧澜州", exact: true }).click();
    await page.waitForURL(/\/regions\/[^/]+$/);
    await page.locator("#pairings th a").first().click();
    await page.waitForURL(/\/records\/JD-/);
    await page.locator("#around a[href*='/records/JG-']").first().click();
    await page.waitForURL(/\/records\/JG-/);
    assert.ok(await page.locator("#around").isVisible());
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test("a chart is drawn from its table, which one click shows", async () => {
    const page = await newPage(browser, server.url);
    await signIn(page);
    await page.goto("/p/invented");
    const box = page.locator(".chart-box[data-chart='funnel']");
    const drawn = box.locator(".chart svg");
    await until(async () => assert.ok(await drawn.isVisible()));
    const table = box.locator("table");
    assert.equal(await table.isVisible(), false);
    const stages = await box.locator("tbody tr").evaluateAll((rows) =>
      rows.map((row) => [row.cells[0].textContent.trim(), row.querySelector("[data-value]").dataset.value]),
    );
    const labels = await drawn.locator("text").allTextContents();
    for (const [stage, value] of stages) {
      assert.ok(labels.includes(stage) && labels.includes(value), `${stage} ${value} in ${labels}`);
    }
    await box.getByRole("button").click();
    await until(async () => assert.ok(await table.isVisible()));
    const shown = await box.locator("tbody tr").evaluateAll((rows) =>
      rows.map((row) => [row.cells[0].textContent.trim(), row.querySelector("[data-value] a").textContent.trim()]),
    );
    assert.deepEqual(shown, stages);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test("no page of them scrolls sideways on a phone", async () => {
    const page = await newPage(browser, server.url, { viewport: PHONE });
    await signIn(page);
    for (const path of ["regions", "regions/X10100", "records/JD-2026-000001", "records/JG-2026-000002"]) {
      await page.goto(`/p/invented/${path}`);
      assert.equal(await overflowX(page), 0, path);
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
});
