// Claims are reviewed, the overview follows, a number leads back to its sentence, and a change is undone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launchBrowser, newPage, screenshot } from "../lib/browser.mjs";
import { parseCsv } from "../lib/csv.mjs";
import {
  acceptCertain,
  addresses,
  claimCounts,
  claimCountsBecome,
  documentAddresses,
  drop,
  listedFigures,
  nextOpenClaim,
  overviewTotals,
  signIn,
  until,
  watchUntilRead,
} from "../lib/ledger.mjs";
import { articles, reportsOf, startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");
const programmes = articles ? ["invented", "xinjiang"] : ["invented"];

for (const programme of programmes) {
  describe(`${programme}: from claims to totals and back`, () => {
    let server, browser, page, documents;
    before(async () => {
      // The demo accepts what is certain in its own reports; here nobody has accepted anything yet.
      server = await startServer({ reports: false });
      browser = await launchBrowser();
      page = await newPage(browser, server.url);
      await signIn(page);
      const reports = reportsOf(programme);
      await drop(page, programme, reports);
      await watchUntilRead(page, reports.length);
      documents = await documentAddresses(page, programme);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    test("j goes on, k back, a accepts, r rejects, e corrects", async () => {
      await page.goto(documents[0]);
      const { open, accepted, corrected, rejected } = await claimCounts(page);
      assert.ok(open >= 3, `${open} open claims are too few to review`);
      await page.keyboard.press("j");
      const first = await shownClaim();
      await page.keyboard.press("j");
      const second = await shownClaim(first);
      await page.keyboard.press("k");
      assert.equal(await shownClaim(second), first, "k goes back");
      await nextOpenClaim(page);
      await page.keyboard.press("a");
      await claimCountsBecome(page, { open: open - 1, accepted: accepted + 1, corrected, rejected });

      await nextOpenClaim(page);
      await page.keyboard.press("r");
      if ((await page.locator("form.reject input[name=reason]").count()) > 0) {
        await page.keyboard.press("Enter");
      }
      await claimCountsBecome(page, { open: open - 2, accepted: accepted + 1, corrected, rejected: rejected + 1 });

      await nextOpenClaim(page);
      await page.keyboard.press("e");
      await correctApproximation();
      const after = { open: open - 3, accepted: accepted + 1, corrected: corrected + 1, rejected: rejected + 1 };
      await claimCountsBecome(page, after);
      await screenshot(page, `${programme}-review`);
    });

    /** The claim in the panel, once it is another than before. */
    async function shownClaim(before = "") {
      const panel = page.locator(`#claim-panel [data-claim-panel]:not([data-claim-panel="${before}"])`);
      return panel.getAttribute("data-claim-panel");
    }

    async function correctApproximation() {
      const approx = page.locator("#claim-form select[name=approx]");
      await approx.waitFor({ state: "visible" });
      await approx.selectOption((await approx.inputValue()) === "about" ? "over" : "about");
      await page.getByRole("button", { name: zh("claim_save_correction") }).click();
    }

    test("all that is certain is accepted at once, and the overview follows", async () => {
      const before = await overviewTotals(page, programme);
      for (const document of documents) {
        await page.goto(document);
        await acceptCertain(page);
      }
      const after = await overviewTotals(page, programme);
      assert.ok(after.size > 0, "the overview shows totals");
      assert.notDeepEqual([...after], [...before]);
      await screenshot(page, `${programme}-overview`, { fullPage: true });
    });

    test("three clicks lead from the overview to the highlighted sentence", async () => {
      await page.goto(`/p/${programme}`);
      await page.locator("table.measures a[href*='/totals?'][href*='signed_unspecified']").first().click();
      await page.waitForURL(/\/totals\?/);
      await screenshot(page, `${programme}-total`);
      await page.locator("main table.figures td.code a").first().click();
      await page.waitForURL(/\/figures\//);
      await screenshot(page, `${programme}-figure`);
      await page.locator("figure.quote figcaption a").first().click();
      await page.waitForURL(/\/documents\/.*claim=/);
      await quoteIsShown(new URL(page.url()).searchParams.get("claim"));
      await screenshot(page, `${programme}-quote`);
    });

    /** The panel tells what was understood, and the words it was read from are in sight. */
    async function quoteIsShown(claim) {
      const quote = (await page.locator(`[data-claim-panel="${claim}"] .claim-quote`).innerText()).trim();
      const mark = page.locator(`mark[data-claim="${claim}"]`).first();
      assert.ok(quote.startsWith((await mark.innerText()).trim()), "the mark is the beginning of the quote");
      const inSight = (element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
      };
      await until(async () => assert.ok(await mark.evaluate(inSight), "the quote is out of sight"), 10_000);
    }

    test("every total opens to as many figures as it says it counted", async () => {
      await page.goto(`/p/${programme}`);
      const rows = await page.locator("table.measures tbody tr:not(.group)").evaluateAll((all) =>
        all.map((row) => [row.querySelector("a").getAttribute("href"), Number(row.cells[3].textContent)]),
      );
      assert.ok(rows.length > 0);
      for (const [address, counted] of rows) {
        await page.goto(address);
        const listed = await page.locator("main > section.card:not(#left-out) table.figures tbody tr").count();
        // What is counted and not open to the reader, as a project before its signing, is said in numbers.
        const text = (await page.locator("main section:not(#left-out) > header").allInnerTexts()).join(" ");
        const hidden = Number(text.match(/其中\s*(\d+)\s*条您无权查看/)?.[1] ?? 0);
        assert.equal(listed + hidden, counted, address);
      }
    });

    test("the figures list keeps its filter in the address and exports what it shows", async () => {
      await page.goto(`/p/${programme}/figures`);
      const measure = page.locator("form.filter select[name=measure]");
      const shown = await page.locator("table.figures tbody tr td:nth-child(2)").first().innerText();
      const values = await measure.locator("option").evaluateAll((all) => all.map((o) => [o.value, o.text.trim()]));
      const value = values.find(([value, text]) => value && shown.startsWith(text))?.[0];
      assert.ok(value, `the filter offers ${shown}`);
      await measure.selectOption(value);
      await page.locator("form.filter button.primary").click();
      await page.waitForURL((url) => url.searchParams.get("measure") === value);
      const listed = await listedFigures(page, page.url());
      const [csv] = await addresses(page.locator(".exports a[href*='csv']"));
      const answer = await page.request.get(csv);
      assert.equal(answer.status(), 200);
      const [, ...rows] = parseCsv(await answer.text());
      assert.deepEqual(rows.map(([code]) => code), listed.map(([code]) => code), "the same figures in the same order");
      assert.ok(rows.every(([, exported], at) => listed[at][1].startsWith(exported)), "of the same measures");
      const all = await listedFigures(page, `/p/${programme}/figures`);
      assert.ok(all.length > listed.length, "the filter leaves something out");
    });

    test("a change is undone from the audit page of its record", async () => {
      await page.goto(`/p/${programme}/figures`);
      const [figure] = await addresses(page.locator("table.figures td.code a"));
      await page.goto(figure);
      await page.getByRole("link", { name: zh("history"), exact: true }).click();
      const undo = page.locator("form.undo").first();
      await undo.locator("input[name=reason]").fill("核对后撤销");
      await undo.locator("button").click();
      await page.getByText(zh("audit_undone_flash")).first().waitFor();
      await screenshot(page, `${programme}-audit`);
      await page.goto(`/p/${programme}/figures`);
      const left = await addresses(page.locator("table.figures td.code a"));
      assert.ok(!left.includes(figure), "the figure is still among the figures");
    });

    test("no page complained", () => assert.deepEqual(page.complaints, []));
  });
}
