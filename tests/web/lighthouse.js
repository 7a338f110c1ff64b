/**
 * What Lighthouse says of each view, in Debian's Chromium against the real program: performance, accessibility and best
 * practices. The median of some runs has to reach LEAST in each. Ends with one line "N passed, N failed, N skipped".
 */
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { serve } from "./program.js";

const LEAST = 95;
const RUNS = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const VIEWS = ["", "#view=maps", "#view=models"];

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const server = await serve();
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});
let passed = 0;
let failed = 0;
try {
  for (const view of VIEWS) {
    const scores = Object.fromEntries(CATEGORIES.map((name) => [name, []]));
    for (let run = 0; run < RUNS; run++) {
      const { lhr } = await lighthouse(`${server.url}/${view}`, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: "error" });
      for (const name of CATEGORIES) scores[name].push(Math.round(lhr.categories[name].score * 100));
      if (run > 0) continue;
      const lost = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 0.9);
      for (const { id, title, displayValue = "" } of lost) console.log(`    ${view || "/"}: ${id}: ${title} ${displayValue}`);
    }
    for (const name of CATEGORIES) {
      const score = median(scores[name]);
      const good = score >= LEAST;
      passed += good;
      failed += !good;
      console.log(`${good ? "ok" : "NOT OK"}: ${view || "/"} ${name} ${score} (least ${LEAST})`);
    }
  }
} finally {
  chrome.kill();
  await server.stop();
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed ? 1 : 0;
