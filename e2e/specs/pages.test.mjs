// Every page in both languages and at two widths: no complaint, no sideways scrolling, a picture of each.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { DESKTOP, PHONE, launchBrowser, newPage, overflowX, screenshot } from "../lib/browser.mjs";
import { acceptCertain, addresses, documentAddresses, signIn, waitUntilRead } from "../lib/ledger.mjs";
import { articles, startServer } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

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
      for (const document of await documentAddresses(page, programme)) {
        await page.goto(document);
        await acceptCertain(page);
      }
    }
    await page.context().close();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** One address for each kind of page, found by following links as a person would. */
  async function kindsOfPages(page, programme) {
    const base = `/p/${programme}`;
    const first = async (at, selector) => {
      await page.goto(at);
      return (await addresses(page.locator(selector)))[0];
    };
    const reader = await first(`${base}/documents`, "#documents td.title a");
    const total = await first(base, "table.measures a[href*='/totals?']");
    const figure = await first(`${base}/figures`, "table.figures td.code a");
    const record = await first(`${base}/records`, "main table.list tbody th a");
    const claim = await first(`${base}/claims`, "main a[href*='claim=']");
    const pages = { overview: base, documents: `${base}/documents`, reader, claim, claims: `${base}/claims` };
    Object.assign(pages, { figures: `${base}/figures`, figure, total, checks: `${base}/checks` });
    Object.assign(pages, { search: `${base}/search?q=${encodeURIComponent("公司")}` });
    Object.assign(pages, { records: `${base}/records`, record, audit: `${record}/audit` });
    const project = await first(`${base}/lists/project`, "main table.list tbody th a");
    const filing = await first(`${base}/reporting`, `main a[href^="${base}/reporting/"]`);
    Object.assign(pages, { project, brief: `${project}/brief`, board: `${base}/lists/project?view=board` });
    const more = ["day", "calendar", "lights", "problems", "schedule", "aid", "reporting", "summary", "news", "settings"];
    Object.assign(pages, Object.fromEntries(more.map((page) => [page, `${base}/${page}`])));
    if (programme === "invented") {
      Object.assign(pages, { filing });
    }
    const missing = Object.keys(pages).filter((kind) => !pages[kind]);
    assert.deepEqual(missing, [], `pages of ${programme} that nothing leads to`);
    return Object.entries(pages);
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
    await screenshot(page, picture, { fullPage: true });
    assert.equal(await overflowX(page), 0, `${picture} scrolls sideways`);
    const lang = await page.locator("html").getAttribute("lang");
    assert.ok(lang?.startsWith(locale.slice(0, 2)), `${picture} says lang=${lang}`);
    assert.notEqual((await page.title()).trim(), "", `${picture} has no title`);
    const twice = await page.locator("[id]").evaluateAll((all) =>
      all.map(({ id }) => id).filter((id, at, ids) => ids.indexOf(id) !== at),
    );
    assert.deepEqual(twice, [], `${picture} has the same id twice`);
  }

  for (const programme of programmes) {
    test(`the map of ${programme} is readable at desktop width and stays inside its panel on a phone`, async () => {
      for (const [viewport, locale, smallest] of [[DESKTOP, "zh-CN", 11], [DESKTOP, "en", 11], [PHONE, "zh-CN", 10]]) {
        const page = await newPage(browser, server.url, { viewport, locale });
        await signIn(page);
        await page.goto(`/p/${programme}`);
        const sizes = await page.locator("svg.map text").evaluateAll((all) =>
          all.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a),
        );
        assert.ok(sizes.length > 0 && Math.min(...sizes) >= smallest, `text of ${Math.min(...sizes)} px`);
        const leaves = await page.locator("svg.map .tile").evaluateAll((all) =>
          all.filter((tile) => {
            const box = tile.querySelector("rect").getBoundingClientRect();
            return [...tile.querySelectorAll("text")].some((text) => text.getBoundingClientRect().right > box.right);
          }).map((tile) => tile.textContent),
        );
        assert.deepEqual(leaves, [], "words leave their tile");
        await page.context().close();
      }
    });
  }

  test("the language switch changes the words and stays on the page", async () => {
    const page = await newPage(browser, server.url);
    await signIn(page);
    await page.goto("/p/invented/figures");
    for (const locale of ["en", "zh-CN"]) {
      await page.locator(`form.lang button[value="${locale}"]`).click();
      await page.waitForURL((url) => url.pathname === "/p/invented/figures");
      await page.getByRole("link", { name: words(locale)("nav_figures") }).first().waitFor();
    }
    assert.deepEqual(page.complaints, []);
  });
});
