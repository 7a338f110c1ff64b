import { test } from "node:test";
import { launch, PATIENCE_MS } from "../browser.js";
import { serve } from "../program.js";

test("goes on when the server is back, in this view too", { timeout: 4 * PATIENCE_MS }, async () => {
  const first = await serve();
  let second;
  const browser = await launch();
  const page = await browser.newPage();
  const has = (count) => page.waitForFunction((n) => document.querySelectorAll(".map").length === n, count);
  try {
    await page.goto(`${first.url}/#view=maps`);
    await has(8);
    await first.stop();
    await page.getByLabel("Layer", { exact: true }).fill("Conv2D(3, 3)");
    await page.getByText("The server does not answer").waitFor();
    second = await serve("--listen", `127.0.0.1:${first.port}`);
    await has(3);
  } finally {
    await browser.close();
    await second?.stop();
  }
});
