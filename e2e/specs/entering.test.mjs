// Reports are dropped into empty programmes and read while one watches.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { dropFiles, launchBrowser, newPage, screenshot } from "../lib/browser.mjs";
import { addByDropping, chooseProgramme, documentRows, overviewTotals, signIn } from "../lib/ledger.mjs";
import { articles, root, startServer } from "../lib/server.mjs";

const files = (folder) => readdirSync(folder).sort().map((name) => path.join(folder, name));

describe("documents are dropped in and read", () => {
  let server, browser, page;
  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    page = await newPage(browser, server.url);
    await signIn(page);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const programmes = [["invented", path.join(root, "examples/invented/reports")]];
  if (articles) {
    programmes.push(["xinjiang", articles]);
  }
  for (const [programme, folder] of programmes) {
    test(`the reports of ${programme} go from the drop zone to the list`, async () => {
      await chooseProgramme(page, programme);
      await addByDropping(page, programme, files(folder));
      assert.equal(await documentRows(page).count(), files(folder).length);
      await screenshot(page, `documents-${programme}`);
    });

    test(`the same reports of ${programme} again change nothing`, async () => {
      await page.goto(`/p/${programme}/documents`);
      const [first] = files(folder);
      await dropFiles(page, "[data-drop]", [first]);
      await page.getByText(path.basename(first), { exact: false }).first().waitFor();
      await page.reload();
      assert.equal(await documentRows(page).count(), files(folder).length);
    });
  }

  test("a claim alone is not a figure: nothing is totalled before somebody accepts", async () => {
    const totals = await overviewTotals(page, "invented");
    assert.equal([...totals.values()].filter((text) => /[1-9]/.test(text)).length, 0);
  });

  test("no page complained", () => assert.deepEqual(page.complaints, []));
});
