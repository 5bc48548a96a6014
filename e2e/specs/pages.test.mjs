// Every page in both languages and at two widths: no complaint, no sideways scrolling, a picture of each.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { DESKTOP, PHONE, launchBrowser, newPage, overflowX, screenshot } from "../lib/browser.mjs";
import { addresses, signIn, waitUntilRead } from "../lib/ledger.mjs";
import { articles, startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const zh = words("zh-CN");
const languages = { "zh-CN": "中文", en: "English" };
const programmes = articles ? ["invented", "xinjiang"] : ["invented"];

describe("every page", () => {
  let server, browser;
  before(async () => {
    server = await startServer();
    browser = await launchBrowser();
    const page = await newPage(browser, server.url);
    await signIn(page);
    for (const programme of programmes) {
      await waitUntilRead(page, programme);
      await acceptWhatIsCertain(page, programme);
    }
    await page.context().close();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function acceptWhatIsCertain(page, programme) {
    const [first] = await addresses(page.locator(`main tbody a[href*='/p/${programme}/documents/']`));
    await page.goto(first);
    const certain = page.getByRole("button", { name: zh("reader_accept_certain") });
    if ((await certain.count()) > 0 && (await certain.isEnabled())) {
      await certain.click();
      await page.waitForLoadState("networkidle");
    }
  }

  /** One address for each kind of page, found by following links as a person would. */
  async function kindsOfPages(page, programme) {
    const base = `/p/${programme}`;
    const first = async (at, selector) => {
      await page.goto(at);
      return (await addresses(page.locator(selector)))[0];
    };
    const document = await first(`${base}/documents`, "main tbody a[href*='/documents/']");
    const total = await first(base, "main a[href*='/totals?']");
    const figure = await first(`${base}/figures`, "main tbody a[href*='/figures/']");
    const record = await first(`${base}/records`, "main tbody a[href*='/records/']");
    const pages = { overview: base, documents: `${base}/documents`, reader: document, claims: `${base}/claims` };
    Object.assign(pages, { figures: `${base}/figures`, figure, total, checks: `${base}/checks` });
    Object.assign(pages, { records: `${base}/records`, record, audit: record && `${record}/audit` });
    return Object.entries(pages).filter(([, address]) => address);
  }

  for (const [locale, name] of Object.entries(languages)) {
    for (const [width, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      test(`in ${name}, ${width}`, async () => {
        const page = await newPage(browser, server.url, { viewport, locale });
        await page.goto("/login");
        await check(page, `login-${locale}-${width}`, locale);
        await signIn(page);
        await page.goto("/");
        await check(page, `start-${locale}-${width}`, locale);
        for (const programme of programmes) {
          for (const [kind, address] of await kindsOfPages(page, programme)) {
            await page.goto(address);
            await check(page, `${programme}-${kind}-${locale}-${width}`, locale);
          }
        }
        await page.goto("/p/invented/no-such-page");
        await check(page, `error-${locale}-${width}`, locale);
        const complaints = page.complaints.filter((complaint) => !isTheMissingPage(complaint));
        assert.deepEqual(complaints, []);
        await page.context().close();
      });
    }
  }

  /** The browser itself reports the page that is asked for in vain. */
  const isTheMissingPage = (complaint) =>
    complaint.startsWith("/p/invented/no-such-page: console error: Failed to load");

  async function check(page, picture, locale) {
    await page.waitForLoadState("networkidle");
    await screenshot(page, picture, { fullPage: true });
    assert.equal(await overflowX(page), 0, `${picture} scrolls sideways`);
    const lang = await page.locator("html").getAttribute("lang");
    assert.ok(lang?.startsWith(locale.slice(0, 2)), `${picture} says lang=${lang}`);
    assert.notEqual((await page.title()).trim(), "", `${picture} has no title`);
  }

  test("the language switch changes the words and stays on the page", async () => {
    const page = await newPage(browser, server.url);
    await signIn(page);
    await page.goto("/p/invented/figures");
    await page.getByText(languages.en, { exact: true }).first().click();
    await page.waitForURL((url) => url.pathname === "/p/invented/figures");
    await page.getByRole("link", { name: words("en")("nav_figures") }).first().waitFor();
    await page.getByText(languages["zh-CN"], { exact: true }).first().click();
    await page.getByRole("link", { name: zh("nav_figures") }).first().waitFor();
    assert.deepEqual(page.complaints, []);
  });
});
