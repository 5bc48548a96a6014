// Reports are dropped into empty programmes and read while one watches; what cannot be read is named.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage, screenshot } from "../lib/browser.mjs";
import {
  chooseProgramme,
  documentAddresses,
  documentRows,
  drop,
  overviewTotals,
  signIn,
  waitUntilRead,
  watchUntilRead,
} from "../lib/ledger.mjs";
import { articles, reportsOf, startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");

describe("documents are dropped in and read", () => {
  let server, browser, page, scratch;
  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    page = await newPage(browser, server.url);
    scratch = mkdtempSync(path.join(tmpdir(), "luodi-e2e-files-"));
    await signIn(page);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const write = (name, bytes) => {
    writeFileSync(path.join(scratch, name), bytes);
    return path.join(scratch, name);
  };

  for (const programme of articles ? ["invented", "xinjiang"] : ["invented"]) {
    const reports = reportsOf(programme);
    test(`the reports of ${programme} go from the drop zone to the list`, async () => {
      await chooseProgramme(page, programme);
      const results = await drop(page, programme, reports);
      assert.deepEqual(results.filter(({ ok }) => !ok), []);
      await watchUntilRead(page, reports.length);
      await screenshot(page, `dropped-${programme}`);
    });

    test(`a report of ${programme} dropped again is named and changes nothing`, async () => {
      const [first] = reports;
      const [result] = await drop(page, programme, [first]);
      assert.ok(result.text.includes(path.basename(first)), result.text);
      await page.goto(`/p/${programme}/documents`);
      assert.equal(await documentRows(page).count(), reports.length);
    });
  }

  test("before anybody accepts a claim, what only reports state is not totalled", async () => {
    const measures = [...(await overviewTotals(page, "invented")).keys()].join(" ");
    assert.doesNotMatch(measures, /signed_unspecified|aid_unspecified|landed_unspecified/);
  });

  test("what cannot be read is refused by name with the reason, and the good file beside it is read", async () => {
    await page.goto("/p/invented/documents");
    const before = await documentRows(page).count();
    const ole = Buffer.from("d0cf11e0a1b11ae1", "hex");
    const refused = [
      [write("空白.txt", ""), "refusal_empty"],
      [write("程序.txt", Buffer.from("7f454c46020101000000000000000000", "hex")), "refusal_binary_as_text"],
      [write("旧稿.doc", Buffer.concat([ole, Buffer.alloc(2048)])), "refusal_save_as"],
      [write("坏.docx", "PK\x03\x04 cut off"), "refusal_broken_docx"],
      [write("空壳.html", "<html><head><style>p{}</style></head><body><div></div></body></html>"), "refusal_only_markup"],
      [write("密件.txt", "机密★五年\n海澜州今年签约项目3个。"), "refusal_secrecy_mark"],
    ];
    const good = write("会议纪要.txt", "海澜州今年签约项目3个，投资额1.5亿元。");
    const results = await drop(page, "invented", [...refused.map(([file]) => file), good]);
    const said = new Map(results.map(({ ok, text }) => [text, ok]));
    for (const [file, reason] of refused) {
      const name = path.basename(file);
      const text = [...said.keys()].find((text) => text.startsWith(name));
      assert.equal(said.get(text), false, `${name} is refused: ${text}`);
      assert.match(text, zh(reason), name);
    }
    assert.equal(results.filter(({ ok }) => ok).length, 1);
    await watchUntilRead(page, before + 1);
    await screenshot(page, "refused");
  });

  test("a text of one line of 500,000 characters is read while the page says so", async () => {
    await page.goto("/p/invented/documents");
    const before = await documentRows(page).count();
    const line = "岚湖省在乌泽市签约项目12个，总投资3.5亿元；".repeat(23_000).slice(0, 500_000);
    const [result] = await drop(page, "invented", [write("长行.txt", line)]);
    assert.ok(result.ok, result.text);
    await page.locator("#documents .progress-line").waitFor();
    await watchUntilRead(page, before + 1);
  });

  test("pasted text becomes a document", async () => {
    await page.goto("/p/invented/documents");
    const before = await documentRows(page).count();
    await page.getByText(zh("documents_paste"), { exact: true }).click();
    await page.fill("input[name=title]", "电话记录");
    await page.fill("textarea[name=text]", "截至六月底，到位资金2亿元。");
    await page.getByRole("button", { name: zh("documents_paste_submit") }).click();
    await waitUntilRead(page, "invented");
    assert.equal(await documentRows(page).count(), before + 1);
  });

  test("a photo is kept as evidence, and a figure entered by hand points to its rectangle", async () => {
    const photo = write("照片.png", await page.screenshot());
    const before = await documentAddresses(page, "invented");
    assert.deepEqual((await drop(page, "invented", [photo])).map(({ ok }) => ok), [true]);
    const added = (await documentAddresses(page, "invented")).filter((address) => !before.includes(address));
    assert.equal(added.length, 1);
    await page.goto(added[0]);
    await markRectangle();
    assert.ok(Number(await page.inputValue("input[name=width]")) > 0, "dragging fills the rectangle in");
    await page.selectOption("select[name=measure]", "signed_contract");
    await page.selectOption("select[name=unit]", "CNY");
    await page.fill("input[name=value]", "120000000");
    await page.getByRole("button", { name: zh("viewer_submit"), exact: true }).click();
    const figure = page.locator("table.figures tbody td.code a").first();
    await figure.waitFor();
    await screenshot(page, "photo");
    await figure.click();
    await page.locator(".scan-quote rect").waitFor({ state: "attached" });
  });

  async function markRectangle() {
    const box = await page.locator("svg.scan-marks").boundingBox();
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.4, { steps: 5 });
    await page.mouse.up();
  }

  test("no page complained", () => {
    // A refused file is answered with an error status, which the browser reports by itself.
    const refused = (complaint) => /documents: console error: Failed to load resource.* 4\d\d /.test(complaint);
    assert.deepEqual(page.complaints.filter((complaint) => !refused(complaint)), []);
  });
});
