// From an opportunity to a signed contract, through two users of different regions.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage } from "../lib/browser.mjs";
import { startServer } from "../lib/server.mjs";

const base = "/p/invented";
const PASSWORD = "luodi-demo";

describe("an opportunity becomes a contract", () => {
  let server, browser, host, supporter, other;
  const made = {};

  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    [host, supporter, other] = await Promise.all(
      ["demo-zaotan", "demo-lanyang", "demo-jiangyu"].map(async (login) => {
        const page = await newPage(browser, server.url);
        await page.goto("/login");
        await page.locator("input[name=login]").fill(login);
        await page.locator("input[name=password]").fill(PASSWORD);
        await page.locator("input[name=password]").press("Enter");
        await page.waitForURL((url) => url.pathname !== "/login");
        return page;
      }),
    );
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Fills a form of the one kind and saves it; returns the code of the record. */
  async function enter(page, kind, fields, prefill = "") {
    await page.goto(`${base}/lists/${kind}/new${prefill}`);
    await fill(page, fields);
    await page.locator("form.record-form button[type=submit], main form button.primary").first().click();
    await page.waitForURL(/\/records\/[A-Z]{2}-\d{4}-\d{6}/);
    return new URL(page.url()).pathname.split("/").pop();
  }

  async function fill(page, fields) {
    for (const [name, value] of Object.entries(fields)) {
      const control = page.locator(`main [name="${name}"]`).first();
      const tag = await control.evaluate((element) => element.tagName);
      await (tag === "SELECT" ? control.selectOption(value) : control.fill(value));
    }
  }

  const listed = async (page, kind) => {
    await page.goto(`${base}/lists/${kind}`);
    return (await page.locator("main table.list tbody").innerText().catch(() => "")) ?? "";
  };
  const status = async (page, code) => (await page.goto(`${base}/records/${code}`)).status();

  test("the host region enters what it seeks, with the investment as a figure", async () => {
    made.opportunity = await enter(host, "opportunity", {
      title: "枣滩家纺面料项目",
      status: "open",
      region: "X12921",
      land: "120.5",
      amount: "18000",
    });
    const page = await host.locator("main").innerText();
    assert.match(page, /1\.8\s*亿元/);
    assert.equal(await status(supporter, made.opportunity), 200, "open to the other side");
  });

  test("the supporting region enters an enterprise's need", async () => {
    made.need = await enter(supporter, "need", {
      title: "岚阳纺织家纺面料基地",
      status: "open",
      organisation: "岚阳纺织控股有限公司",
      region: "X12921",
      amount: "1.5",
      amount_unit: "yi",
    });
    assert.match(await supporter.locator("main").innerText(), /1\.5\s*亿元/);
  });

  test("a registered lead is seen by its team alone; another team learns since when and whom to ask", async () => {
    made.lead = await enter(supporter, "lead", {
      title: "云舫新材—枣滩",
      status: "registered",
      organisation: "江屿云舫新材料股份有限公司",
      owner: "岚阳市协作工作分指挥部",
      registered_on: "2026-11-20",
    });
    assert.equal(await status(supporter, made.lead), 200);
    for (const page of [host, other]) {
      assert.equal(await status(page, made.lead), 404);
      assert.doesNotMatch(await listed(page, "lead"), /云舫新材—枣滩/);
    }
    await other.goto(`${base}/lists/lead/new`);
    await fill(other, {
      title: "云舫抢先",
      status: "registered",
      organisation: "江屿云舫新材料股份有限公司",
      owner: "江屿省协作工作前方指挥部",
      registered_on: "2026-11-21",
    });
    await other.locator("form.record-form button[type=submit], main form button.primary").first().click();
    const said = await other.locator("main").innerText();
    assert.match(said, /2026-11-20/);
    assert.match(said, /岚阳市协作工作分指挥部/);
    assert.doesNotMatch(said, /云舫新材—枣滩|SL-/);
  });

  test("an intent becomes a contract: both stay, one counts", async () => {
    const parties = { party: "岚阳纺织控股有限公司" };
    const intent = await enter(supporter, "agreement", {
      title: "枣滩家纺意向协议",
      kind: "intent",
      status: "draft",
      region: "X12921",
      supporting: "X30100",
      signed_on: "2026-10-08",
      amount: "2",
      amount_unit: "yi",
      ...parties,
    });
    const contract = await enter(supporter, "agreement", {
      title: "枣滩家纺投资协议",
      kind: "investment",
      status: "draft",
      region: "X12921",
      supporting: "X30100",
      signed_on: "2026-11-12",
      upgrades: intent,
      amount: "1.8",
      amount_unit: "yi",
      ...parties,
    });
    assert.equal(await status(host, contract), 200, "both sides see the same record");
    assert.match(await host.locator("main").innerText(), /1\.8\s*亿元/);
    await host.goto(`${base}/records/${intent}`);
    assert.match(await host.locator("main").innerText(), /已升级/);
    await host.goto(`${base}/figures?record=${intent}`);
    await host.locator("main table tbody tr td.code a").first().click();
    const figure = await host.locator("main").innerText();
    assert.match(figure, /SJ-\d{4}-\d{6}/, "the intent's figure names the one that took its place");
  });
});
