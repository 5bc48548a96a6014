// Several people at once, and people who may not: nothing is decided twice, nothing is offered in vain.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage } from "../lib/browser.mjs";
import {
  acceptCertain,
  addresses,
  claimCounts,
  documentAddresses,
  drop,
  listedFigures,
  nextOpenClaim,
  signIn,
  until,
  watchUntilRead,
} from "../lib/ledger.mjs";
import { reportsOf, startServer } from "../lib/server.mjs";

const base = "/p/invented";

describe("several people at once", () => {
  let server, browser, office, reviewer, document;
  before(async () => {
    server = await startServer({ reports: false });
    browser = await launchBrowser();
    office = await newPage(browser, server.url);
    reviewer = await newPage(browser, server.url);
    await signIn(office);
    await signIn(reviewer, "reviewer");
    const reports = reportsOf("invented");
    await drop(office, "invented", reports);
    await watchUntilRead(office, reports.length);
    [document] = await documentAddresses(office, "invented");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const figures = (page) => listedFigures(page, `${base}/figures`);
  const shownClaim = (page) => page.locator("#claim-panel [data-claim-panel]").getAttribute("data-claim-panel");
  const panelOf = (page, claim, state) => page.locator(`[data-claim-panel="${claim}"][data-state="${state}"]`);

  test("a double click on accept makes one figure", async () => {
    await office.goto(document);
    const { open, accepted } = await claimCounts(office);
    const before = (await figures(office)).length;
    await office.goto(document);
    await nextOpenClaim(office);
    const claim = await shownClaim(office);
    await office.locator('#claim-panel form[data-key="a"] button').dblclick();
    await panelOf(office, claim, "accepted").waitFor();
    const counts = await claimCounts(office);
    assert.deepEqual([counts.open, counts.accepted], [open - 1, accepted + 1]);
    assert.equal((await figures(office)).length, before + 1);
  });

  test("two decide the same claim: the second is told and shown what the first did", async () => {
    await office.goto(document);
    await nextOpenClaim(office);
    const claim = await shownClaim(office);
    await reviewer.goto(`${document}?claim=${claim}`);
    await panelOf(reviewer, claim, "open").waitFor();
    const before = (await figures(office)).length;
    await office.goto(`${document}?claim=${claim}`);
    await office.keyboard.press("a");
    await panelOf(office, claim, "accepted").waitFor();
    await reviewer.keyboard.press("r");
    await panelOf(reviewer, claim, "accepted").waitFor();
    await reviewer.locator("#claim-panel .flash").waitFor();
    await until(async () => assert.deepEqual(await claimCounts(reviewer), await claimCounts(office)));
    assert.equal((await figures(office)).length, before + 1);
  });

  test("who only reads sees everything and is offered nothing to change", async () => {
    await office.goto(document);
    await acceptCertain(office);
    const reader = await newPage(browser, server.url);
    await signIn(reader, "reader");
    await reader.goto(document);
    await reader.keyboard.press("j");
    await reader.locator("#claim-panel [data-claim-panel]").waitFor();
    const [figure] = await addressesOn(reader, `${base}/figures`, "table.figures td.code a");
    for (const address of [reader.url(), base, `${base}/documents`, `${base}/claims`, figure]) {
      await reader.goto(address);
      const forms = await reader.locator("main form[method=post]").evaluateAll((all) => all.map((form) => form.action));
      assert.deepEqual(forms, [], `${address} offers changes`);
    }
    const answer = await reader.goto(`${base}/records/${figure.split("/").pop()}/audit`);
    if (answer.ok()) {
      assert.equal(await reader.locator("form.undo").count(), 0);
    }
    assert.deepEqual(reader.complaints.filter((complaint) => !/ 403 /.test(complaint)), []);
  });

  async function addressesOn(page, address, selector) {
    await page.goto(address);
    return addresses(page.locator(selector));
  }

  test("no page complained", () => {
    // What comes too late is answered with 409, which the browser reports by itself.
    const late = (complaint) => /Failed to load resource.* 409 /.test(complaint);
    assert.deepEqual([...office.complaints, ...reviewer.complaints].filter((complaint) => !late(complaint)), []);
  });
});
