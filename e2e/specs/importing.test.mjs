// A ledger is filled in, brought in, decided upon, written, followed back to its cells, and undone.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { DESKTOP, PHONE, launchBrowser, newPage, overflowX, screenshot } from "../lib/browser.mjs";
import { signIn, until } from "../lib/ledger.mjs";
import { startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");
const imports = "/p/invented/imports";

const LEDGER = `2026年6月在建项目调度表,,,,,
,,,,,单位：万元
序号,项目名称,落地县市,投资主体,计划总投资,累计完成投资
1,砾石光伏与储能一体化综合利用示范基地一期,芦滩县,戈壁新能源有限公司,12000,3000
2,芦滩纺纱厂,芦滩县,远帆纺织有限公司,约3亿,500
3,全域光伏合计,芦滩县,,800,
4,无处可去,没有的县,,100,
,合计,,,42000,3500
注：金额为不含税数,,,,,
`;

describe("a ledger is brought in", () => {
  let server, browser, page, scratch;
  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    page = await newPage(browser, server.url);
    scratch = mkdtempSync(path.join(tmpdir(), "luodi-e2e-sheets-"));
    await signIn(page);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const button = (name) => page.getByRole("button", { name: zh(name) });
  const row = (text) => page.locator("table.import-rows tr", { hasText: text });

  async function upload(name, bytes) {
    const file = path.join(scratch, name);
    writeFileSync(file, bytes);
    await page.goto(imports);
    await page.locator("#import-file").setInputFiles(file);
    await button("imports_upload").click();
  }

  /** The page loads itself again while the server is at work. */
  const settled = (locator) => until(() => locator.waitFor({ timeout: 2_000 }));

  test("what is no spreadsheet is refused by name, with what would be right", async () => {
    await upload("说明.xlsx", "PK\x03\x04 cut off");
    assert.match(await page.locator(".flash.bad").innerText(), zh("refusal_not_sheet"));
    await upload("旧表.xls", '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>');
    assert.match(await page.locator(".flash.bad").innerText(), zh("refusal_old_xml"));
  });

  test("its columns are understood, its rows shown before anything is written", async () => {
    await upload("六月调度.csv", LEDGER);
    assert.equal(await page.locator('select[name="t4"]').inputValue(), "amount");
    assert.equal(await page.locator('select[name="u4"]').inputValue(), "CNY*10000");
    assert.equal(await page.locator('select[name="k5"]').inputValue(), "cumulative");
    assert.equal(await page.locator('input[name="to"]').inputValue(), "2026-06-30");
    await page.locator('input[name="register"]').check();
    await screenshot(page, "import-mapping", { fullPage: true });
    await button("import_read").click();
    await settled(row("芦滩纺纱厂"));
    assert.match(await row("没有的县").innerText(), new RegExp(zh("import_row_wrong")));
    assert.match(await row("全域光伏合计").innerText(), new RegExp(zh("problem_total_like")));
    assert.equal(await button("import_commit").count(), 0, "nothing is written while a row is undecided");
    await screenshot(page, "import-preview", { fullPage: true });
  });

  test("the pages of an import fit a phone, in both languages", async () => {
    const address = new URL(page.url()).pathname;
    for (const [viewport, locale] of [[PHONE, "zh-CN"], [PHONE, "en"], [DESKTOP, "en"]]) {
      const other = await newPage(browser, server.url, { viewport, locale });
      await signIn(other);
      for (const [name, to] of Object.entries({
        list: imports,
        preview: address,
        mapping: `${address}?state=columns`,
        cell: `${address}/rows/4?column=4`,
      })) {
        await other.goto(to);
        await screenshot(other, `import-${name}-${locale}-${viewport.width}`, { fullPage: true });
        assert.equal(await overflowX(other), 0, `${name} in ${locale} scrolls sideways at ${viewport.width}`);
      }
      assert.deepEqual(other.complaints, []);
      await other.context().close();
    }
  });

  test("who decided writes it, twice clicked once, and a value opens at its cell", async () => {
    await row("全域光伏合计").getByRole("button", { name: zh("import_decide_skip") }).click();
    await button("import_commit").dblclick();
    await settled(page.getByText(zh("import_done")));
    await screenshot(page, "import-done", { fullPage: true });
    await row("砾石光伏与储能").getByRole("link", { name: "砾石光伏" }).click();
    await page.locator("#facts .source", { hasText: "D4" }).first().click();
    assert.match(await page.locator("td.meant").innerText(), /戈壁新能源有限公司/);
    await screenshot(page, "import-cell", { fullPage: true });
  });

  test("it is undone as a whole, with a reason", async () => {
    await page.goto(imports);
    await page.getByRole("link", { name: "六月调度.csv" }).click();
    await page.locator("#undo-import").fill("传错了表");
    await button("import_undo").click();
    await page.goto("/p/invented/lists/project?q=砾石光伏与储能");
    assert.equal(await page.locator("main table.list tbody tr").count(), 0);
    // The browser notes that two files were refused.
    assert.deepEqual(page.complaints.filter((complaint) => !complaint.includes("status of 422")), []);
  });
});
