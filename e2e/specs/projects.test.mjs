// A project with two phases goes from lead to full capacity, through two users: the host's task force and the supporting office.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage, screenshot } from "../lib/browser.mjs";
import { enterRecord, signInWith, until } from "../lib/ledger.mjs";
import { startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");
const base = "/p/invented";
const INVESTOR = "岚阳纺织控股有限公司";
const TEAM = "岚阳市协作工作分指挥部";

describe("a project goes from lead to full capacity", () => {
  let server, browser, supporter, host;
  const codes = {};

  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    supporter = await newPage(browser, server.url);
    host = await newPage(browser, server.url);
    await signInWith(supporter, "demo-lanyang");
    await signInWith(host, "demo-zaotan");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const record = (code) => `${base}/records/${code}`;
  const main = (page) => page.locator("main").innerText();

  /** Moves a project by its gate: fills in what it asks for and sends it. */
  async function move(page, code, to, facts = {}) {
    await page.goto(`${record(code)}/stage?to=${to}`);
    const form = page.locator("main form.form");
    for (const [name, value] of Object.entries(facts)) {
      const control = form.locator(`[name="${name}"]`);
      const isSelect = await control.evaluate((element) => element.tagName === "SELECT");
      await (isSelect ? control.selectOption(value) : control.fill(value));
    }
    await form.locator(".form-foot button.primary").click();
    await page.waitForURL((url) => url.pathname === record(code));
    await page.locator(".flash.good").waitFor();
  }

  /** The stage that a project's page says it is at. */
  async function stage(page, code) {
    await page.goto(record(code));
    return page.locator(".steps li.current b").innerText();
  }

  test("the supporting team enters a whole with two phases, which nobody else sees before it is signed", async () => {
    const fields = { region: "枣滩县", supporting: "岚阳市", owner: TEAM, investor: INVESTOR };
    codes.whole = await enterRecord(supporter, `${base}/lists/project/new`, { title: "枣滩家纺产业园", ...fields });
    for (const [phase, title] of [["first", "枣滩家纺产业园一期"], ["second", "枣滩家纺产业园二期"]]) {
      codes[phase] = await enterRecord(supporter, `${base}/lists/project/new`, { title, parent: codes.whole, ...fields });
    }
    assert.equal((await host.goto(record(codes.first))).status(), 404);
  });

  test("a card that is dropped on a stage opens the missing facts in place, and they are saved with the move", async () => {
    await supporter.goto(`${base}/lists/project?view=board&q=枣滩家纺产业园一期`);
    const card = supporter.locator(".board-card", { hasText: "枣滩家纺产业园一期" });
    await card.dragTo(supporter.locator('.board-column[data-stage="to_sign"]'));
    const dialog = supporter.locator("#board-dialog[open]");
    await dialog.locator('[name="content"]').fill("十万锭纺纱及家纺面料");
    await dialog.locator('[name="amount"]').fill("2.5");
    await dialog.locator('[name="amount_unit"]').selectOption("yi");
    await screenshot(supporter, "project-gate-on-the-board");
    await dialog.locator(".form-foot button.primary").click();
    await supporter.locator(".flash.good").waitFor();
    const moved = supporter.locator('.board-column[data-stage="to_sign"] .board-card', { hasText: "枣滩家纺产业园一期" });
    assert.match(await moved.innerText(), /2\.5\s*亿元/);
  });

  test("from signing on the host side sees it and carries it on", async () => {
    codes.agreement = await enterRecord(supporter, `${base}/lists/agreement/new`, {
      title: "枣滩家纺产业园投资协议",
      kind: "investment",
      status: "draft",
      party: [[INVESTOR, "investor"], ["枣滩县人民政府", "host"]],
      region: "枣滩县",
      owner: TEAM,
    });
    await move(supporter, codes.first, "signed", { agreement: codes.agreement, signed_on: "2026-03-02" });
    assert.equal(await stage(host, codes.first), "签约");
    assert.equal(await stage(supporter, codes.whole), "签约", "the whole follows its furthest phase");
    assert.equal((await host.goto(record(codes.second))).status(), 404, "the second phase is not signed");
  });

  test("a gate that is not satisfied says at each field what it wants, and saves nothing", async () => {
    await host.goto(`${record(codes.first)}/stage?to=landed`);
    await host.locator("main form.form .form-foot button.primary").click();
    await host.locator(".error-summary").waitFor();
    assert.match(await main(host), new RegExp(zh("problem_missing")));
    assert.equal(await stage(host, codes.first), "签约");
  });

  test("landed, started, completed, in production, at capacity: each with its facts", async () => {
    codes.company = await enterRecord(host, `${base}/lists/organisation/new`, {
      title: "沐川服饰（枣滩）有限公司",
      kind: "enterprise",
      region: "枣滩县",
    });
    await move(host, codes.first, "landed", {
      company: codes.company,
      permit_filing: "2026-03-20",
      permit_filing_number: "枣发改备〔2026〕3号",
      permit_land: "2026-04-02",
    });
    await move(host, codes.first, "started", { permit_construction: "2026-04-20", started_on: "2026-04-21" });
    await move(host, codes.first, "completed", { completed_on: "2026-09-30", permit_acceptance: "2026-10-09" });
    await move(host, codes.first, "production", { production_on: "2026-10-20" });
    await move(host, codes.first, "capacity", {
      capacity_on: "2026-11-10",
      figure_output: "1.2",
      figure_output_unit: "yi",
      figure_output_on: "2026-11-10",
    });
    assert.equal(await stage(supporter, codes.whole), "达产达效");
    assert.ok(!(await main(supporter)).includes(zh("stage_of_gate")), "what a whole lacks is asked of its phases");
    await supporter.goto(record(codes.first));
    const page = await main(supporter);
    assert.match(page, /产值[^]*1\.2\s*亿元/);
    assert.ok(!page.includes(zh("stage_of_gate")), "nothing that its gates asked for is missing");
    await screenshot(supporter, "project-at-capacity");
  });

  test("who drags a card that somebody else moved is told where it is now", async () => {
    await move(supporter, codes.second, "on_hold", { reason: "等待用地指标" });
    await supporter.goto(`${record(codes.second)}/stage?to=ended`);
    const other = await newPage(browser, server.url);
    await signInWith(other, "demo-lanyang");
    await other.goto(`${record(codes.second)}/stage?to=ended`);
    for (const page of [other, supporter]) {
      await page.locator('main form.form [name="reason"]').fill("投资方调整");
      await page.locator("main form.form .form-foot button.primary").click();
      await page.waitForLoadState();
    }
    await until(async () => assert.equal(await stage(other, codes.second), "终止"));
  });

  test("the schedule sheet has a line for each phase and none for the whole", async () => {
    await supporter.goto(`${base}/schedule?q=枣滩家纺产业园`);
    const lines = await supporter.locator("main tbody tr th").allInnerTexts();
    assert.deepEqual(lines.map((line) => line.trim()).sort(), ["枣滩家纺产业园一期", "枣滩家纺产业园二期"]);
  });

  test("no page complained", () => {
    // What is not there is answered with 404 and what is missing with 422, which the browser reports by itself.
    const known = (complaint) => /Failed to load resource.* 4(04|22) /.test(complaint);
    const complaints = [supporter, host].flatMap((page) => page.complaints);
    assert.deepEqual(complaints.filter((complaint) => !known(complaint)), []);
  });
});
