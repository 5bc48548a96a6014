// A project is followed: a report tells of it, a task is given to a colleague, whose day shows it until it is done.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage } from "../lib/browser.mjs";
import { signIn, signInWith, waitUntilRead } from "../lib/ledger.mjs";
import { startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");
const base = "/p/invented";
const TEXT = "2025年6月18日，年产6万吨尼龙切片项目在芦滩县开工，总投资4.5亿元。";
/** Where the programme is. */
const tomorrow = new Date(Date.now() + 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
const COLLEAGUE = "岚阳队 · 冯六";

describe("a project is followed", () => {
  let server, browser, office, colleague;
  const made = {};
  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    office = await newPage(browser, server.url);
    colleague = await newPage(browser, server.url);
    await signIn(office);
    await signInWith(colleague, "demo-lanyang");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("what a report tells of a project becomes the project, and its page opens to the sentence", async () => {
    await office.goto(`${base}/documents`);
    await office.getByText(zh("documents_paste"), { exact: true }).click();
    await office.fill("input[name=title]", "芦滩见闻");
    await office.fill("textarea[name=text]", TEXT);
    await office.getByRole("button", { name: zh("documents_paste_submit") }).click();
    await waitUntilRead(office, "invented");

    await office.goto(`${base}/claims`);
    await office.locator(`.tabs a[href="${base}/news"]`).click();
    await office.locator("main tbody tr td.context a", { hasText: "尼龙切片项目" }).click();
    const panel = office.locator("[data-claim-panel^='news-']");
    assert.match(await panel.innerText(), /2025-06-18|2025年6月18日/);
    await panel.getByRole("button", { name: zh("news_new") }).click();
    await office.waitForURL(/\/lists\/project\/new/);
    assert.equal(await office.inputValue("main form [name=started_on]"), "2025-06-18");
    const form = office.locator("main form.form");
    await form.locator("[name=title]").fill("尼龙切片项目");
    await form.locator("[name=supporting]").fill("岚阳市");
    await form.locator("[name=stage]").selectOption("started");
    await form.locator(".form-foot button.primary").click();
    await office.waitForURL(/\/news\//);
    await office.locator(`[data-claim-panel] a[href^="${base}/records/XM-"]`).first().click();
    await office.waitForURL(/\/records\/XM-/);
    made.project = office.url().split("/").pop();
    await office.locator(`main a[href^="${base}/news/"]`).first().click();
    assert.match(await office.locator("p", { has: office.locator("[data-told]") }).innerText(), /尼龙切片项目/);
  });

  test("a task is due in the colleague's day until it is done", async () => {
    await office.goto(`${base}/records/${made.project}`);
    const add = office.locator("#tasks details");
    await add.locator("summary").click();
    await add.locator("[name=title]").fill("催办用地批复");
    await add.locator("[name=owner]").selectOption({ label: COLLEAGUE });
    await add.locator("[name=due]").fill(tomorrow);
    await add.locator("form button.primary").click();
    await office.locator("#tasks li", { hasText: "催办用地批复" }).waitFor();

    await colleague.goto(`${base}/day`);
    const due = colleague.locator("#week li", { hasText: "催办用地批复" });
    assert.match(await due.innerText(), /尼龙切片项目/);
    await due.getByRole("button", { name: zh("task_done") }).click();
    await colleague.locator(".flash.good").waitFor();
    assert.equal(await due.count(), 0);
    await office.goto(`${base}/records/${made.project}`);
    await office.locator("#tasks li.done", { hasText: "催办用地批复" }).waitFor();
  });
});
