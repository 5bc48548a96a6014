// Claims are reviewed, the overview follows, a number leads back to its sentence, and a change is undone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage, screenshot } from "../lib/browser.mjs";
import {
  addresses,
  claimCounts,
  documentAddresses,
  overviewTotals,
  signIn,
  until,
  waitUntilRead,
} from "../lib/ledger.mjs";
import { startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");
const programme = "invented";

describe("from claims to totals and back", () => {
  let server, browser, page, documents;
  before(async () => {
    server = await startServer();
    browser = await launchBrowser();
    page = await newPage(browser, server.url);
    await signIn(page);
    await waitUntilRead(page, programme);
    documents = await documentAddresses(page, programme);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const counted = (expected) => until(async () => assert.deepEqual(await claimCounts(page), expected), 20_000);

  test("j goes on, a accepts, r rejects, e corrects", async () => {
    await page.goto(documents[0]);
    const start = await claimCounts(page);
    assert.ok(start.open >= 3, `${start.open} open claims are too few to review`);

    await page.keyboard.press("j");
    await page.getByRole("button", { name: zh("claim_accept") }).first().waitFor();
    await page.keyboard.press("a");
    await counted({ ...start, open: start.open - 1, accepted: start.accepted + 1 });

    await openNextOpenClaim();
    await page.keyboard.press("r");
    await giveReason("claim_reject_reason");
    await counted({ ...start, open: start.open - 2, accepted: start.accepted + 1, rejected: start.rejected + 1 });

    await openNextOpenClaim();
    await page.keyboard.press("e");
    await page.getByLabel(zh("place"), { exact: true }).fill("");
    await page.getByRole("button", { name: zh("claim_save_correction") }).click();
    await until(async () => assert.equal((await claimCounts(page)).open, start.open - 3), 20_000);
    await screenshot(page, "reader");
  });

  /** After a decision the next claim may already be open; j moves on from one that is decided. */
  async function openNextOpenClaim() {
    const accept = page.getByRole("button", { name: zh("claim_accept"), exact: true });
    await until(async () => {
      if (!(await accept.isVisible())) {
        await page.keyboard.press("j");
        assert.fail("no open claim is shown yet");
      }
    }, 20_000);
  }

  async function giveReason(key) {
    const field = page.getByLabel(zh(key));
    if (await field.isVisible()) {
      await field.fill("两处重复");
      await field.press("Enter");
    }
  }

  test("all that is certain is accepted at once, and the overview follows", async () => {
    const before = await overviewTotals(page, programme);
    for (const document of documents) {
      await page.goto(document);
      const certain = page.getByRole("button", { name: zh("reader_accept_certain") });
      if ((await certain.count()) > 0 && (await certain.isEnabled())) {
        const { open } = await claimCounts(page);
        await certain.click();
        await until(async () => assert.ok((await claimCounts(page)).open < open), 20_000);
      }
    }
    const after = await overviewTotals(page, programme);
    assert.notDeepEqual([...after], [...before]);
    await screenshot(page, "overview", { fullPage: true });
  });

  test("three clicks lead from the overview to the highlighted sentence", async () => {
    await page.goto(`/p/${programme}`);
    await page.locator("main table a[href*='/totals?']").first().click();
    await page.waitForURL(/\/totals\?/);
    await screenshot(page, "total");
    await page.locator("main a[href*='/figures/']").first().click();
    await page.waitForURL(/\/figures\//);
    await screenshot(page, "figure");
    await page.locator("main a[href*='/documents/'][href*='claim=']").first().click();
    await page.waitForURL(/\/documents\//);
    const claim = new URL(page.url()).searchParams.get("claim");
    const mark = page.locator(`[data-claim="${claim}"]`).first();
    await until(async () => assert.ok(await isInView(mark), "the quote is not in view"), 10_000);
    assert.notEqual((await mark.innerText()).trim(), "");
    assert.equal(await mark.getAttribute("aria-current"), "true");
  });

  const isInView = (locator) =>
    locator.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight;
    });

  test("the figures list keeps its filter in the address and exports what it shows", async () => {
    await page.goto(`/p/${programme}/figures`);
    const measure = page.locator("main select[name=measure]");
    const value = await measure.locator("option").evaluateAll((all) => all.map((o) => o.value).filter(Boolean)[0]);
    await measure.selectOption(value);
    await page.locator("main form:has(select[name=measure]) button[type=submit]").click();
    await page.waitForURL((url) => url.searchParams.get("measure") === value);
    const rows = await page.locator("main tbody tr").count();
    const [csv] = await addresses(page.locator("main a[href*='.csv']"));
    const answer = await page.request.get(csv);
    assert.equal(answer.status(), 200);
    const lines = (await answer.text()).trim().split(/\r?\n/);
    assert.equal(lines.length, rows + 1, "a heading and the rows that are shown");
  });

  test("a change is undone from the audit page of its record", async () => {
    await page.goto(`/p/${programme}/figures`);
    const [figure] = await addresses(page.locator("main tbody a[href*='/figures/']"));
    await page.goto(`/p/${programme}/records/${figure.split("/").pop()}/audit`);
    const undo = page.getByRole("button", { name: zh("audit_undo") }).first();
    const reason = page.getByLabel(zh("audit_undo_reason")).first();
    if (!(await reason.isVisible())) {
      await undo.click();
    }
    await reason.fill("核对后发现重复");
    await page.locator("form[action*='/undo'] button[type=submit]").first().click();
    await page.getByText(zh("audit_undone_flash")).first().waitFor();
    await screenshot(page, "audit");
    await page.goto(`/p/${programme}/figures`);
    const left = await addresses(page.locator("main tbody a[href*='/figures/']"));
    assert.ok(!left.includes(figure), "the figure is still counted among the figures");
  });

  test("no page complained", () => assert.deepEqual(page.complaints, []));
});
