// A round of reporting: sent out, filled in by four units in four ways, compiled into a table whose cells open to filings.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage } from "../lib/browser.mjs";
import { enterRecord, signIn, signInWith } from "../lib/ledger.mjs";
import { startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");
const base = "/p/invented";
const PARK = "枣滩岚阳产业园";
const FIRM = "江屿云舫新材料股份有限公司";
const TEAM = "岚阳市协作工作分指挥部";
const LATE = "汐港市协作工作队";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

describe("a round goes from sending out to the compiled table", () => {
  let server, browser;
  const pages = {};
  const filings = {};
  let round;

  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    for (const login of ["office", "reviewer", "approver", "demo-park", "demo-firm", "demo-lanyang"]) {
      pages[login] = await newPage(browser, server.url);
      await (login.startsWith("demo-") ? signInWith : signIn)(pages[login], login);
    }
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const flash = (page) => page.locator(".flash.good").first().innerText();
  const button = (page, key) => page.locator("main").getByRole("button", { name: zh(key), exact: true });

  /** Opens a filing from the page of all rounds, where its unit finds it. */
  async function open(login, unit) {
    const page = pages[login];
    await page.goto(`${base}/reporting`);
    await page.locator("tr", { hasText: "2026年1月端到端月报" }).getByRole("link", { name: unit }).first().click();
    await page.waitForURL(/\/filings\//);
    filings[unit] = new URL(page.url()).pathname;
    return page;
  }

  async function fill(page, value, key) {
    await page.locator(".filing-value input").first().fill(value);
    await button(page, key).click();
    await page.locator(".flash.good").waitFor();
  }

  async function verify(login, unit, key) {
    const page = pages[login];
    await page.goto(filings[unit]);
    await button(page, key).click();
    await page.locator(".flash.good").waitFor();
  }

  test("an office makes the form, names the units and sends it out", async () => {
    const page = pages.office;
    const owner = "江屿省协作工作前方指挥部";
    const days = { date_from: "2026-01-01", date_to: "2026-01-31", due_on: "2026-02-05" };
    const fields = { title: "2026年1月端到端月报", status: "draft", owner, ...days };
    const code = await enterRecord(page, `${base}/lists/reporting_task/new`, fields);
    round = `${base}/reporting/${code}`;
    await page.goto(round);
    await button(page, "reporting_send").click();
    assert.match(await page.locator("main").innerText(), new RegExp(zh("problem_no_lines")));
    await page.goto(`${round}#line`);
    const line = page.locator("details#line");
    await line.locator("summary").click();
    await line.locator('[name="measure"]').selectOption("works_completed");
    await line.locator("button.primary").click();
    await page.locator(".flash.good").waitFor();
    await page.locator("summary", { hasText: zh("reporting_unit_add") }).click();
    await page.locator('textarea[name="units"]').fill([PARK, FIRM, TEAM, LATE].join("\n"));
    await page.locator("form", { has: page.locator('textarea[name="units"]') }).locator("button.primary").click();
    await page.locator(".flash.good").waitFor();
    await button(page, "reporting_send").click();
    assert.equal(await flash(page), zh("reporting_sent"));
  });

  test("a park fills it in on the page", async () => {
    const page = await open("demo-park", PARK);
    await fill(page, "百二", "reporting_submit").catch(() => {});
    assert.match(await page.locator("main").innerText(), new RegExp(zh("problem_number")));
    await fill(page, "120", "reporting_submit");
    assert.equal(await flash(page), zh("reporting_submitted"));
  });

  test("an enterprise hands in the sheet, and looks at it before it submits", async () => {
    const page = await open("demo-firm", FIRM);
    await fill(page, "300", "reporting_save");
    const sheet = await page.request.get(`${filings[FIRM]}/sheet.xlsx`);
    assert.equal(sheet.status(), 200);
    await fill(page, "1", "reporting_save");
    await page.locator("details#upload summary").click();
    const file = { name: "月报.xlsx", mimeType: KIND, buffer: await sheet.body() };
    await page.locator('details#upload input[type="file"]').setInputFiles(file);
    await page.locator("details#upload button.primary").click();
    await page.locator(".flash.good").waitFor();
    assert.equal(await page.locator(".filing-value input").first().inputValue(), "300");
    assert.match(await page.locator("table.filing").innerText(), /D6/);
    await button(page, "reporting_submit").click();
    assert.equal(await flash(page), zh("reporting_submitted"));
  });

  test("a team's filing is returned with a reason and filed again", async () => {
    const page = await open("demo-lanyang", TEAM);
    await fill(page, "88", "reporting_submit");
    const reviewer = pages.reviewer;
    await reviewer.goto(filings[TEAM]);
    await reviewer.locator("details#return summary").click();
    await reviewer.locator('details#return [name="reason"]').fill("少写一位");
    await reviewer.locator("details#return button.primary").click();
    assert.equal(await flash(reviewer), zh("reporting_returned"));
    await page.goto(filings[TEAM]);
    assert.match(await page.locator("main").innerText(), /少写一位/);
    await fill(page, "880", "reporting_submit");
  });

  test("what was filed is reviewed by one and approved by another", async () => {
    for (const unit of [PARK, FIRM, TEAM]) {
      await verify("reviewer", unit, "reporting_review");
      await verify("approver", unit, "reporting_approve");
    }
  });

  test("the table adds what was filed, calls the late unit late, and each cell opens to its filing", async () => {
    const page = pages.office;
    await page.goto(round);
    await button(page, "reporting_remind_all").click();
    await page.locator(".flash.good").waitFor();
    const table = page.locator('[data-test="compiled"]');
    const late = table.locator("tbody tr", { hasText: LATE });
    assert.match(await late.innerText(), new RegExp(`${zh("reporting_state_open")}[\\s\\S]*${zh("reporting_late")}`));
    assert.match(await table.locator("tfoot").innerText(), /1,300/);
    await table.locator("tbody tr", { hasText: TEAM }).locator("td.n a").first().click();
    await page.waitForURL(new RegExp(filings[TEAM]));
    await page.locator("table.filing td.n a").first().click();
    await page.waitForURL(/\/figures\//);
    assert.match(await page.locator("main").innerText(), new RegExp(filings[TEAM].split("/").pop()));
  });
});
