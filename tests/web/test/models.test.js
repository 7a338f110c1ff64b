import assert from "node:assert/strict";
import { readFile, writeFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, DESK, fits, PHONE, screenshot, suite, TABLET } from "../browser.js";

const it = suite();
const at = "#view=models";

const defects = (page) => page.getByRole("button", { name: "A model with defects" }).click();
const row = (page, name) => page.locator(`tr:has(button[data-layer="${name}"])`);

it(
  "says what to do where nothing is there yet",
  async ({ page }) => {
    await page.getByText("Nothing to review yet").waitFor();
    await accessible(page);
    await fits(page);
    await screenshot(page, "models-empty");
  },
  { at },
);

it(
  "reviews an example with one click: totals, layers, findings",
  async ({ page }) => {
    await page.getByRole("button", { name: "Keras Sequential" }).click();
    await row(page, "conv2d_1").getByText("4,718,592").waitFor();
    await page.getByText("545,098").first().waitFor();
    await page.locator(".finding", { hasText: "CV047" }).waitFor();
  },
  { at },
);

it(
  "groups findings by level, filters them, and shows the row that one is about",
  async ({ page }) => {
    await defects(page);
    const levels = page.locator(".finding .finding-head strong");
    await levels.first().waitFor();
    const order = (await levels.allTextContents()).map((one) => ["Error", "Warning", "Note"].indexOf(one));
    assert.deepEqual(order, [...order].sort());
    assert.ok(new Set(order).size > 1);
    await page.getByRole("button", { name: /^▲? ?Warnings/ }).click();
    assert.deepEqual(new Set(await levels.allTextContents()), new Set(["Warning"]));
    await page.locator(".finding", { hasText: "CV004" }).getByRole("button").click();
    await page.locator('tr.chosen button[data-layer="3"]:focus').waitFor();
    await page.getByRole("region", { name: "Details of 3" }).getByText("(64, 32, 1, 1)").waitFor();
    await accessible(page);
  },
  { at },
);

it(
  "sorts and searches the layers",
  async ({ page }) => {
    await page.getByRole("button", { name: "PyTorch nn.Sequential" }).click();
    await row(page, "12").waitFor();
    await page.getByRole("columnheader", { name: "Parameters" }).getByRole("button").click();
    await page.locator('th[aria-sort="descending"]').waitFor();
    assert.equal(await page.locator("tbody tr button").first().textContent(), "7");
    await page.getByRole("searchbox").fill("64, 112");
    await page.getByText("3 of 14 layers").waitFor();
    await page.getByRole("searchbox").fill("nothing like that");
    await page.getByText("No layer matches.").waitFor();
  },
  { at },
);

it(
  "draws charts of every layer that the keyboard reads as well",
  async ({ page }) => {
    await page.getByRole("button", { name: "PyTorch nn.Sequential" }).click();
    await page.locator(".chart canvas").nth(3).waitFor();
    await page.getByRole("img", { name: /^MACs: the most is .*, at / }).waitFor();
    await page.getByText(/the input's 224\. Covered from 10 on/).first().waitFor();
    const slider = page.getByRole("slider", { name: "Layer" });
    await slider.focus();
    await page.keyboard.press("End");
    assert.match(await slider.getAttribute("aria-valuetext"), /^12: MACs 256,000/);
    await page.locator(".readout").getByRole("button", { name: "Show in the table" }).click();
    await page.locator('tr.chosen button[data-layer="12"]').waitFor();
    await page.locator(".chart .u-over").first().click({ position: { x: 5, y: 20 } });
    await page.locator('tr.chosen button[data-layer="input"]').waitFor();
  },
  { at },
);

it(
  "names the layer that nobody knows, and says that the totals are lower bounds",
  async ({ page }) => {
    await page.getByLabel("Model", { exact: true }).fill("nn.Sequential(nn.Conv2d(3, 8, 3), nn.Magic(8), nn.ReLU())");
    await page.getByLabel("Input shape, batch first").fill("1, 3, 16, 16");
    await page.getByText("Of 4 layers the shape of 2 is not known").waitFor();
    await page.locator(".warning").getByRole("button", { name: "1 (Magic)" }).click();
    await page.locator('tr.chosen.stopped button[data-layer="1"]').waitFor();
    await page.getByText("at least").first().waitFor();
    await page.getByText("without Magic, ReLU").or(page.getByText("without Magic")).first().waitFor();
    await accessible(page);
    await screenshot(page, "models-partial");
  },
  { at },
);

it(
  "says where a text is wrong, and takes a budget",
  async ({ page }) => {
    const model = page.getByLabel("Model", { exact: true });
    await model.fill("nn.Sequential(\n  nn.Conv2d(3, 8, 3)");
    await page.getByRole("alert").getByText("line 2, column").waitFor();
    await accessible(page);
    await screenshot(page, "models-refused");
    await model.fill("nn.Sequential(nn.Conv2d(3, 8, 3))");
    await page.getByText("Options").click();
    await page.getByLabel("Budget").fill("parameters=100");
    await page.locator(".finding", { hasText: "CV049" }).waitFor();
  },
  { at },
);

it(
  "compares two models",
  async ({ page }) => {
    await page.getByRole("button", { name: "Before and after" }).click();
    await page.getByRole("heading", { name: "What changed" }).waitFor();
    await page.locator(".diff-totals tr", { hasText: "Parameters" }).getByText(/^▲? ?\+/).waitFor();
    await page.locator("section", { hasText: "Fixed findings" }).last().getByText("CV004").waitFor();
    await page.locator(".change-changed", { hasText: "filters" }).waitFor();
    await accessible(page);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Markdown" }).click(),
    ]);
    assert.match(await readFile(await file.path(), "utf8"), /\|/);
    await page.getByRole("button", { name: "Stop comparing" }).click();
    await page.getByRole("heading", { name: "Summary" }).waitFor();
  },
  { at },
);

it(
  "hands out CSV, Markdown, SARIF and JSON",
  async ({ page }) => {
    await defects(page);
    await row(page, "3").waitFor();
    const fetched = async (name) => {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name, exact: true }).click(),
      ]);
      return readFile(await file.path(), "utf8");
    };
    assert.match(await fetched("CSV"), /^index,name,type,shape,.*\n0,input,Input,/);
    assert.match(await fetched("Markdown"), /CV004/);
    assert.equal(JSON.parse(await fetched("SARIF")).version, "2.1.0");
    assert.equal(JSON.parse(await fetched("JSON")).framework, "pytorch");
  },
  { at },
);

it(
  "takes files, one or two, and keeps them out of the link",
  async ({ page }) => {
    const folder = await mkdtemp(join(tmpdir(), "models-"));
    const write = async (name, text) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const one = await write("a.py", "nn.Sequential(nn.Conv2d(3, 8, 3))");
    const two = await write("b.py", "nn.Sequential(nn.Conv2d(3, 16, 3))");
    await page.getByLabel("Choose a file", { exact: true }).setInputFiles(one);
    await row(page, "0").getByText("224", { exact: true }).waitFor();
    await page.getByText("a copied link comes without it").waitFor();
    await page.getByRole("button", { name: /Remove.*a\.py/ }).click();
    await page.getByText("Nothing to review yet").waitFor();
    await page.getByLabel("Choose a file", { exact: true }).setInputFiles([two, one]);
    await page.locator(".diff-totals tr", { hasText: "Parameters" }).getByText("+224").waitFor();
    await accessible(page);
  },
  { at },
);

it(
  "shows how far a big file is, and stops sending it when told to",
  async ({ page, context }) => {
    // A slow line: the sending can be seen, however fast the machine is.
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 100_000,
    });
    const buffer = Buffer.alloc(5_000_000, "# a comment\n");
    await page
      .getByLabel("Choose a file", { exact: true })
      .setInputFiles({ name: "big.py", mimeType: "text/plain", buffer });
    await page.getByRole("progressbar").waitFor();
    await accessible(page);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled.").waitFor();
  },
  { at },
);

it(
  "keeps a short model in the address and says when one is too long",
  async ({ page, context, server }) => {
    const model = page.getByLabel("Model", { exact: true });
    await model.fill("nn.Sequential(nn.Conv2d(3, 8, 3))");
    await row(page, "0").waitFor();
    const other = await context.newPage();
    await other.goto(await page.evaluate(() => location.href));
    await row(other, "0").waitFor();
    await other.close();
    await model.fill(`nn.Sequential(nn.Conv2d(3, 8, 3))\n${"# long\n".repeat(1000)}`);
    await page.getByText("too long for a link").waitFor();
    assert.ok(page.url().length < server.url.length + 200);
    await row(page, "0").waitFor();
  },
  { at },
);

it(
  "scrolls thousands of layers, rendering those in sight",
  async ({ page }) => {
    const layers = Array.from({ length: 3000 }, () => "nn.ReLU()").join(",");
    await page
      .getByLabel("Model", { exact: true })
      .evaluate((box, text) => {
        box.value = text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }, `nn.Sequential(nn.Conv2d(3, 8, 3),${layers},nn.Conv2d(9, 8, 3))`);
    await page.getByText("3003 layers", { exact: true }).waitFor();
    assert.ok((await page.locator(".layer-table tbody tr").count()) < 200);
    await page.locator(".finding", { hasText: "CV005" }).getByRole("button").click();
    await page.locator('tr.chosen button[data-layer="3001"]:focus').waitFor();
  },
  { at },
);

for (const [locale, models] of [
  ["en-GB", "A model with defects"],
  ["zh-CN", "有缺陷的模型"],
]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [PHONE, TABLET, DESK]) {
      it(
        `is whole and accessible, ${locale}, ${colorScheme}, ${viewport.width} pixels wide`,
        async ({ page }) => {
          await page.getByRole("button", { name: models }).click();
          await page.locator(".chart canvas").nth(3).waitFor();
          await fits(page);
          await accessible(page);
          await screenshot(page, `models-${locale}-${colorScheme}-${viewport.width}`);
          await page.getByRole("button", { name: locale === "zh-CN" ? "修改前与修改后" : "Before and after" }).click();
          await page.locator(".changes").waitFor();
          await fits(page);
          await accessible(page);
          await screenshot(page, `models-diff-${locale}-${colorScheme}-${viewport.width}`);
        },
        { at, locale, colorScheme, viewport },
      );
    }
  }
}
