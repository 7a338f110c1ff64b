/**
 * The page in Chromium. `suite()` gives tests a server and a browser; each test gets a page of its own, which must not
 * complain: an error in the console, a script that throws, a request to another host or one that the page's policy
 * forbids fails the test whatever else it looks at.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./program.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Nothing waits that long when all is well; who looks for a fault may have less patience. */
export const PATIENCE_MS = Number(process.env.CONVSCOPE_PATIENCE_MS ?? 30_000);

/** A telephone, a tablet, a desk. */
export const PHONE = { width: 360, height: 740 };
export const TABLET = { width: 820, height: 1100 };
export const DESK = { width: 1440, height: 900 };

/** Containers give no sandbox and little shared memory. */
const FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];

/** What a page that asks an absent or a refusing server cannot help: browsers tell of it themselves. */
const REFUSED = /Failed to load resource|net::ERR_CONNECTION/;

/** A browser, for tests whose servers come and go. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
    timeout: PATIENCE_MS,
  });
}

/**
 * Begin a file's tests: a server (`options` go to `convscope serve`) and a browser for all of them.
 * The answer is `it(name, run, settings)`: `run({ page, context, server, complaints })`; settings are those of a browser
 * context (viewport, colorScheme, locale, ...), and `at`: what the address has behind "/".
 */
export function suite(...options) {
  const shared = {};
  before(async () => {
    shared.server = await serve(...options);
    shared.browser = await launch();
  });
  after(async () => {
    await shared.browser?.close();
    await shared.server?.stop();
  });
  return (name, run, { at = "", tolerate = REFUSED, ...settings } = {}) =>
    test(name, { timeout: 4 * PATIENCE_MS }, async () => {
      const context = await shared.browser.newContext({ viewport: DESK, locale: "en-GB", ...settings });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const complaints = watch(page, shared.server.url, tolerate);
      try {
        await page.goto(`${shared.server.url}/${at}`);
        await run({ page, context, server: shared.server, complaints });
        assert.deepEqual(complaints, []);
      } catch (error) {
        await screenshot(page, `failed-${name}`).catch(() => {});
        throw error;
      } finally {
        await context.close();
      }
    });
}

function watch(page, home, tolerate) {
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !tolerate.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (["http:", "https:", "ws:"].includes(url.protocol) && url.origin !== home) complaints.push(`asks ${url.href}`);
  });
  return complaints;
}

/** No violation of any of axe's rules, in what is shown now. */
export async function accessible(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((one) => `    ${one.html}\n    ${one.failureSummary}`).join("\n")}`);
  assert.equal(told.join("\n"), "");
}

/** The page is as wide as the window, and no wider. */
export async function fits(page) {
  const [width, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(width <= window, `the page is ${width} pixels wide in a window of ${window}`);
}

/** Keep a picture of the whole page. */
export async function screenshot(page, name) {
  const file = `${name.replace(/[^\w.-]+/g, "-")}.png`;
  await page.screenshot({ path: join(process.env.CONVSCOPE_ARTEFACTS ?? ".", file), fullPage: true });
}
