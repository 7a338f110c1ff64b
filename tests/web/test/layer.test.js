import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { at } from "../address.js";
import { accessible, fits, launch, PATIENCE_MS, PHONE, screenshot, suite, TABLET } from "../browser.js";
import { serve } from "../program.js";

const it = suite();

const paste = (page) => page.locator("#layer-text");
const input = (page) => page.locator("#input-text");
const result = (page) => page.locator(".result output");
const setting = (page, name) => page.locator(".form").getByLabel(name, { exact: true });
const shows = (page, text) => result(page).getByText(text, { exact: true }).waitFor();

it("answers with every keystroke, in milliseconds", async ({ page }) => {
  await shows(page, "(None, 296, 111)");
  const taken = [];
  for (const [filters, shape] of [["8", "(None, 296, 8)"], ["16", "(None, 296, 16)"], ["32", "(None, 296, 32)"]]) {
    await paste(page).fill("");
    await page.evaluate(
      ([text, wanted]) => {
        globalThis.waited = new Promise((resolve) => {
          const began = performance.now();
          const timer = setInterval(() => {
            if (document.querySelector(".result output")?.textContent === wanted) {
              clearInterval(timer);
              resolve(performance.now() - began);
            }
          }, 1);
        });
        const box = document.querySelector("#layer-text");
        box.value = text;
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
      },
      [`Conv1D(${filters}, 5)`, shape],
    );
    taken.push(await page.evaluate(() => globalThis.waited));
  }
  console.log(`# a keystroke's answer after ${taken.map((ms) => ms.toFixed(0)).join(", ")} ms`);
});

it("shows the first answer as soon as it is loaded", async ({ page }) => {
  await page.reload({ waitUntil: "commit" });
  await shows(page, "(None, 296, 111)");
  const seen = await page.evaluate(() => performance.now());
  console.log(`# the first answer is seen within ${seen.toFixed(0)} ms of asking for the page`);
});

it("prints the answer without what only a screen is for", async ({ page }) => {
  await shows(page, "(None, 296, 111)");
  await page.emulateMedia({ media: "print" });
  assert.ok(await result(page).isVisible());
  assert.ok(!(await page.getByRole("navigation").isVisible()));
  assert.ok(!(await page.locator(".settings").isVisible()));
  assert.ok(!(await page.getByRole("button", { name: "Play" }).isVisible()));
  await screenshot(page, "print");
});

it("keeps the last question's answer, however fast one types", async ({ page }) => {
  await paste(page).fill("");
  await paste(page).pressSequentially("Conv1D(64, 7, strides=2)");
  await shows(page, "(None, 147, 64)");
});

it("marks the place of a mistake, and mends it at a click", async ({ page }) => {
  await paste(page).fill("nn.Conv2d(3, 64, 7, stride=2, paddin=3)");
  await input(page).fill("(1, 3, 224, 224)");
  await page.getByRole("alert").getByText("did you mean padding?").waitFor();
  await page.getByRole("button", { name: "Line 1, column 31" }).waitFor();
  assert.equal(await paste(page).getAttribute("aria-invalid"), "true");
  await accessible(page);
  await screenshot(page, "layer-mistake");
  await page.getByRole("button", { name: "Write padding" }).click();
  await shows(page, "(1, 64, 112, 112)");
});

it(
  "lets the form change the text, in the framework's own words",
  async ({ page }) => {
    await shows(page, "(1, 8, 26, 26)");
    await setting(page, "Stride, height").fill("2");
    await shows(page, "(1, 8, 13, 26)");
    assert.match(await paste(page).inputValue(), /^nn\.Conv2d\(1, 8, 3, stride=\(2, 1\)\)$/);
    await setting(page, "Filters").fill("12");
    await shows(page, "(1, 12, 13, 26)");
    await setting(page, "Operator").selectOption("max_pool");
    await page.waitForFunction(() => document.querySelector("#layer-text").value.startsWith("nn.MaxPool2d"));
  },
  { at: at("nn.Conv2d(1, 8, 3)", "(1, 1, 28, 28)") },
);

it(
  "lets the text change the form",
  async ({ page }) => {
    await page.waitForFunction(() => document.querySelector('[aria-label="Kernel, height"]')?.value === "3");
    await paste(page).fill("Conv2D(8, (5, 3), padding='same')");
    await page.waitForFunction(() => document.querySelector('[aria-label="Kernel, height"]')?.value === "5");
    assert.equal(await setting(page, "Padding").inputValue(), "same");
  },
  { at: at("Conv2D(8, 3)", "(None, 28, 28, 1)") },
);

it(
  "writes as its own JSON what the framework has no line for, and says so",
  async ({ page }) => {
    await setting(page, "Padding").selectOption("explicit");
    await shows(page, "(None, 27, 27, 8)");
    await setting(page, "Padding before, height").fill("2");
    await page.getByText("no single line for this").waitFor();
    assert.match(await paste(page).inputValue(), /^\{"op":"conv"/);
    await shows(page, "(None, 28, 27, 8)");
  },
  { at: at("Conv2D(8, 4)", "(None, 28, 28, 1)") },
);

it(
  "puts a finding beside the setting that it is about",
  async ({ page }) => {
    const mark = page.locator('.setting:has([aria-label="Stride, height"]) .mark');
    await mark.getByText("CV004").waitFor();
    await mark.click();
    const finding = page.locator("#finding-CV004");
    assert.ok(await finding.evaluate((element) => element === document.activeElement));
    await finding.getByText("CV004 stride-skips-input").click();
    await finding.getByText("The stride steps over part of the input").waitFor();
    await accessible(page);
    await screenshot(page, "layer-finding");
  },
  { at: at("nn.Conv2d(3, 8, 2, stride=4)", "(1, 3, 25, 25)") },
);

it(
  "sets each axis's formula with the numbers in it",
  async ({ page }) => {
    await page.locator("#why-title").scrollIntoViewIfNeeded();
    await page.locator(".formula .katex").nth(1).waitFor();
    const tex = await page.locator(".formula annotation").allTextContents();
    assert.deepEqual(tex.slice(0, 2), [
      "\\left\\lfloor \\frac{n + p_{\\mathrm{before}} + p_{\\mathrm{after}} - d \\cdot \\left(k - 1\\right) - 1}{s} \\right\\rfloor + 1",
      "\\left\\lfloor \\frac{5 + 1 + 1 - 1 \\cdot \\left(3 - 1\\right) - 1}{2} \\right\\rfloor + 1 = 3",
    ]);
  },
  { at: at("nn.Conv2d(1, 1, 3, stride=2, padding=1)", "(1, 1, 5, 5)") },
);

it(
  "shows names, what they are worth, and both results",
  async ({ page }) => {
    await shows(page, "(None, 112, floor((W + 1)/2), 32)");
    await page.locator(".flow").getByText("floor((H + 1)/2)", { exact: false }).first().waitFor();
    await page.locator(".sizes input").nth(2).fill("W=10");
    await shows(page, "(None, 112, 5, 32)");
  },
  { at: at("Conv2D(32, 3, strides=2, padding='same')", "(None, H=224, W, 3)") },
);

it(
  "takes several inputs for a merge",
  async ({ page }) => {
    await shows(page, "(None, 8, 8, 12)");
  },
  { at: at("Concatenate()", "(None, 8, 8, 4), (None, 8, 8, 8)") },
);

it("has each question of the seed page a click away", async ({ page }) => {
  await page.getByText("Questions people ask").click();
  const answers = [
    ["Why are my weights (5, 1, 300, 111)", "(None, 396, 111)"],
    ["The same 1D layer in Keras 2", "(None, 396, 111)"],
    ["why 24×24×16", "(None, 24, 24, 16)"],
    ["5×5 with a 3×3 kernel", "(1, 1, 3, 3)"],
    ["40 filters of 5×5", "(None, 124, 124, 40)"],
    ["How does a 2D filter slide", "(None, 6, 6, 4)"],
    ["ONNX's SAME_LOWER", "(1, 8, 3, 3)"],
    ["where do 296 and 111 come from", "(None, 296, 111)"],
  ];
  for (const [question, shape] of answers) {
    await page.getByRole("button", { name: question }).click();
    await shows(page, shape);
  }
  await accessible(page);
});

it(
  "writes the layer for other frameworks, and copies it",
  async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const section = page.getByRole("region", { name: "The same layer elsewhere" });
    await section.getByText("nn.Conv2d(3, 40, 5)").waitFor();
    await section.getByRole("button", { name: "Copy: PyTorch" }).click();
    await section.getByText("Copied").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "nn.Conv2d(3, 40, 5)");
  },
  { at: at("Conv2D(40, (5, 5))", "(None, 128, 128, 3)") },
);

it(
  "finds the settings for a wanted shape, and uses them",
  async ({ page }) => {
    await shows(page, "(None, 222, 222, 64)");
    await page.getByText("I want another output shape").first().click();
    await page.getByLabel("Wanted output shape").fill("(None, 112, 112, 64)");
    await page.getByRole("button", { name: "I want another output shape" }).click();
    await page.getByRole("button", { name: "Use", exact: true }).first().click();
    await shows(page, "(None, 112, 112, 64)");
    assert.equal(await paste(page).inputValue(), "Conv2D(64, 3, strides=2, padding='same')");
    await page.getByLabel("Wanted output shape").fill("(None, 999, 999, 64)");
    await page.getByRole("button", { name: "I want another output shape" }).click();
    await page.getByText("No settings that were tried").waitFor();
    await screenshot(page, "layer-solve");
  },
  { at: at("Conv2D(64, 3)", "(None, 224, 224, 3)") },
);

it(
  "shows a whole model in short, and hands it over",
  async ({ page }) => {
    await page.getByText("This is a whole model.").waitFor();
    await page.getByRole("row", { name: /conv2d_1 \(Conv2D\)/ }).waitFor();
    await accessible(page);
    await screenshot(page, "layer-model");
    await page.getByRole("button", { name: "Open in Models" }).click();
    assert.equal(await page.getByRole("link", { name: "Models" }).getAttribute("aria-current"), "page");
  },
  { at: at("Sequential([\n  Conv2D(8, 3, activation='relu', input_shape=(28, 28, 1)),\n  Conv2D(16, 3),\n])", "") },
);

it(
  "speaks Chinese, explanations and findings too",
  async ({ page }) => {
    await shows(page, "(None, 296, 111)");
    await page.getByRole("heading", { name: "为什么" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-Hans");
    assert.match(await page.locator("section:has(#why-title) p").first().textContent(), /[\u4e00-\u9fff]/);
    await accessible(page);
    await screenshot(page, "layer-zh");
    await page.getByLabel("语言 / Language").selectOption("en");
    await page.getByRole("heading", { name: "Why" }).waitFor();
  },
  { locale: "zh-CN" },
);

it("remembers the theme that was chosen", async ({ page }) => {
  await page.getByLabel("Theme").selectOption("dark");
  await page.reload();
  await shows(page, "(None, 296, 111)");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
});

for (const viewport of [PHONE, TABLET]) {
  it(`is no wider than ${viewport.width} pixels with everything open`, async ({ page }) => {
    await shows(page, "(None, 296, 111)");
    for (const summary of await page.locator("summary").all()) await summary.click();
    await fits(page);
    await accessible(page);
    await screenshot(page, `layer-${viewport.width}`);
  }, { viewport });
}

it("can be shared by its address", async ({ page, context, server }) => {
  await paste(page).fill("Conv1D(4, 3)");
  await input(page).fill("(None, 10, 2)");
  await shows(page, "(None, 8, 4)");
  const other = await context.newPage();
  await other.goto(page.url());
  await shows(other, "(None, 8, 4)");
  assert.ok(page.url().startsWith(server.url));
});

it("can be used without a mouse", async ({ page }) => {
  await shows(page, "(None, 296, 111)");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "content");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "layer-text");
});

test("asks for the key that the server wants, and goes on with it", { timeout: 4 * PATIENCE_MS }, async () => {
  const directory = await mkdtemp(join(tmpdir(), "convscope-keys-"));
  const keys = join(directory, "keys");
  await writeFile(keys, `page:sha256:${createHash("sha256").update("open sesame").digest("hex")}\n`, { mode: 0o600 });
  const server = await serve("--api-keys", keys);
  const browser = await launch();
  const page = await browser.newPage();
  try {
    await page.goto(server.url);
    await page.getByText("This server asks for an API key.").waitFor();
    await accessible(page);
    await page.getByLabel("API key").fill("open sesame");
    await page.getByRole("button", { name: "Use this key" }).click();
    await shows(page, "(None, 296, 111)");
    await page.getByText("This server asks for an API key.").waitFor({ state: "detached" });
  } finally {
    await browser.close();
    await server.stop();
    await rm(directory, { recursive: true });
  }
});

test("says that the server is away, and goes on when it is back", { timeout: 4 * PATIENCE_MS }, async () => {
  const first = await serve();
  let second;
  const browser = await launch();
  const page = await browser.newPage();
  try {
    await page.goto(first.url);
    await shows(page, "(None, 296, 111)");
    await first.stop();
    await paste(page).fill("Conv1D(5, 5)");
    await page.getByText("The server does not answer").waitFor();
    await screenshot(page, "away");
    second = await serve("--listen", `127.0.0.1:${first.port}`);
    await shows(page, "(None, 296, 5)");
    await page.getByText("The server does not answer").waitFor({ state: "detached" });
  } finally {
    await browser.close();
    await second?.stop();
  }
});
