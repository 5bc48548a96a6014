// A deal goes from an opportunity to a signed contract, through users of different regions.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage, screenshot } from "../lib/browser.mjs";
import { enterRecord, moveRecord, saveRecord, signInWith } from "../lib/ledger.mjs";
import { startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");
const base = "/p/invented";
const ENTERPRISE = "岚阳沐风纺织有限公司";
const CREDIT_CODE = "91993010MA0LE90037";

describe("an opportunity becomes a contract", () => {
  let server, browser, host, supporter, rival;
  const codes = {};

  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    host = await newPage(browser, server.url);
    supporter = await newPage(browser, server.url);
    rival = await newPage(browser, server.url);
    await signInWith(host, "demo-zaotan");
    await signInWith(supporter, "demo-lanyang");
    await signInWith(rival, "demo-jiangyu");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const record = (code) => `${base}/records/${code}`;
  const main = (page) => page.locator("main").innerText();

  const total = (page, measure) => page.locator(`main a[href*="/totals?measure=${measure}&"]`);

  /** What the overview counts of a measure, in yuan; nothing is none. */
  async function counted(measure) {
    await supporter.goto(base);
    const [exact] = await total(supporter, measure).locator(".amt").evaluateAll((all) => all.map((of) => of.title));
    return exact ? Number(exact.replace(/[^\d]/g, "")) : 0;
  }

  test("the host region offers an opportunity that the other side sees", async () => {
    codes.opportunity = await enterRecord(host, `${base}/lists/opportunity/new`, {
      title: "枣滩家纺面料项目",
      status: "open",
      region: "枣滩县",
      land: "120.5",
      amount: "1.8",
      amount_unit: "yi",
    });
    await supporter.goto(record(codes.opportunity));
    assert.match(await main(supporter), /枣滩家纺面料项目[^]*1\.8\s*亿元/);
  });

  test("the supporting region enters what an enterprise needs", async () => {
    await enterRecord(supporter, `${base}/lists/organisation/new`, {
      title: ENTERPRISE,
      kind: "enterprise",
      uscc: CREDIT_CODE,
      region: "岚阳市",
      aliases: "沐风纺织",
    });
    codes.need = await enterRecord(supporter, `${base}/lists/need/new`, {
      title: "沐风纺织家纺面料基地",
      status: "open",
      organisation: ENTERPRISE,
      region: "枣滩县",
      amount: "1.5",
      amount_unit: "yi",
    });
    await host.goto(record(codes.need));
    assert.match(await main(host), /沐风纺织家纺面料基地[^]*1\.5\s*亿元/);
  });

  test("a registered lead is its team's alone", async () => {
    codes.lead = await enterRecord(supporter, `${base}/lists/lead/new`, {
      title: "沐风纺织—枣滩",
      organisation: ENTERPRISE,
      opportunity: codes.opportunity,
      need: codes.need,
      region: "枣滩县",
      registered_on: "2026-10-01",
    });
    assert.ok((await main(supporter)).includes(zh("record_protected")));
    for (const page of [host, rival]) {
      assert.equal((await page.goto(record(codes.lead))).status(), 404);
      await page.goto(`${base}/lists/lead`);
      assert.doesNotMatch(await main(page), /沐风纺织—枣滩/);
    }
  });

  test("another team that enters the enterprise learns that it is registered, since when, and whom to ask", async () => {
    const form = `${base}/lists/lead/new`;
    for (const entered of [ENTERPRISE, CREDIT_CODE, "沐风纺织"]) {
      await rival.goto(form);
      await saveRecord(rival, { title: "抢先登记", organisation: entered, registered_on: "2026-11-21" });
      const told = rival.getByRole("alert").filter({ hasText: "2026-10-01" });
      await told.waitFor();
      const text = await main(rival);
      assert.match(text, zh("form_protected"));
      assert.match(await told.innerText(), /岚阳市协作工作分指挥部/);
      assert.doesNotMatch(text, /沐风纺织—枣滩|SL-\d|1\.[58]\s*亿元/);
    }
    await screenshot(rival, "lead-taken");
  });

  test("an intent is signed, and both sides see the same record", async () => {
    codes.before = [await counted("signed_intent"), await counted("signed_contract")];
    codes.intent = await enterRecord(supporter, `${base}/lists/agreement/new`, {
      title: "枣滩家纺意向协议",
      kind: "intent",
      status: "draft",
      party: [[ENTERPRISE, "investor"], ["枣滩县人民政府", "host"]],
      region: "枣滩县",
      supporting: "岚阳市",
      amount: "2",
      amount_unit: "yi",
    });
    await moveRecord(supporter, record(codes.intent), "signed", { signed_on: "2026-10-18" });
    await host.goto(record(codes.intent));
    assert.match(await main(host), /枣滩家纺意向协议[^]*2\s*亿元/);
    assert.deepEqual(await counted("signed_intent"), codes.before[0] + 200_000_000);
    await supporter.goto(record(codes.lead));
    assert.ok(!(await main(supporter)).includes(zh("record_protected")), "what is signed needs no protection");
  });

  test("its upgrade to a contract keeps both and counts once", async () => {
    await supporter.goto(record(codes.intent));
    await supporter.getByRole("link", { name: zh("agreement_upgrade") }).click();
    await supporter.waitForURL(/\/lists\/agreement\/new/);
    codes.contract = await saveRecord(supporter, {
      title: "枣滩家纺投资协议",
      kind: "investment",
      status: "signed",
      signed_on: "2026-11-12",
      amount: "1.8",
      amount_unit: "yi",
    });
    await screenshot(supporter, "upgraded");
    await host.goto(record(codes.contract));
    const seen = await main(host);
    assert.match(seen, /枣滩家纺投资协议[^]*1\.8\s*亿元/);
    assert.match(seen, /枣滩家纺意向协议/);
    await host.goto(record(codes.intent));
    assert.match(await main(host), /已升级[^]*2\s*亿元/);
    const [intents, contracts] = codes.before;
    assert.deepEqual([await counted("signed_intent"), await counted("signed_contract")], [intents, contracts + 180_000_000]);
  });

  test("the total opens to the contract and says why the intent is left out", async () => {
    await host.goto(base);
    await total(host, "signed_intent").first().click();
    await host.waitForURL(/totals/);
    assert.ok((await main(host)).includes(zh("left_out_upgraded")));
  });

  test("no page complained", () => {
    // What is not there is answered with 404 and a taken lead with 409, which the browser reports by itself.
    const known = (complaint) => /Failed to load resource.* 4(04|09|22) /.test(complaint);
    const complaints = [host, supporter, rival].flatMap((page) => page.complaints);
    assert.deepEqual(complaints.filter((complaint) => !known(complaint)), []);
  });
});
