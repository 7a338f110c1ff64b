import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { accessible, fits, PHONE, screenshot, suite } from "../browser.js";

const it = suite();

const VIEW = { at: "#view=maps" };
const maps = (page) => page.locator(".map");
/** The rows of what a value is made of; a chart has a table too. */
const products = (dialog) => dialog.locator("details tbody tr");
/** As many maps have come. */
const has = (page, count) => page.waitForFunction((n) => document.querySelectorAll(".map").length === n, count);

it(
  "shows each filter's map at once, all different, and says how they were computed",
  async ({ page }) => {
    await has(page, 8);
    await page.getByText(/^Computed by /).waitFor();
    const pictures = await page.$$eval(".map canvas", (all) => all.map((canvas) => canvas.toDataURL()));
    assert.equal(new Set(pictures).size, 8);
    assert.match(await maps(page).first().getAttribute("aria-label"), /^Map 0: minimum .*, maximum .*, mean /);
    await accessible(page);
    await screenshot(page, "maps");
  },
  VIEW,
);

it(
  "computes what the kernel says: the identity gives the picture, its negative gives nothing after ReLU",
  async ({ page }) => {
    await page.getByLabel("Layer", { exact: true }).fill("Conv2D(1, 3, padding='same', activation='relu')");
    await page.getByRole("combobox", { name: "Kernels" }).selectOption("own");
    await page.getByLabel("One kernel for all filters").fill("0 0 0 / 0 -1 0 / 0 0 0");
    await page.waitForFunction(() => document.querySelector(".map")?.getAttribute("aria-label")?.startsWith("Map 0: minimum 0, maximum 0,"));
    await page.getByRole("combobox", { name: "Kernels" }).selectOption("identity");
    await page.getByRole("combobox", { name: "Picture" }).selectOption("checker");
    await page.waitForFunction(() => /minimum 0\.1333, maximum 0\.9333/.test(document.querySelector(".map")?.getAttribute("aria-label") ?? ""));
  },
  VIEW,
);

it(
  "enlarges a map and reads its values with the keys",
  async ({ page }) => {
    await has(page, 8);
    await maps(page).nth(3).click();
    const dialog = page.getByRole("dialog", { name: "Map 3" });
    await dialog.getByRole("group", { name: "Point at a place" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await dialog.getByText(/^\(1, 1\) = -?\d/).waitFor();
    await dialog.locator("canvas").nth(1).waitFor();
    await accessible(page);
    await screenshot(page, "maps-enlarged");
    const [taken] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "PNG" }).click()]);
    assert.deepEqual([...(await readFile(await taken.path())).subarray(1, 4)], [...Buffer.from("PNG")]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  },
  VIEW,
);

it(
  "downloads the output as .npy and as JSON",
  async ({ page }) => {
    await has(page, 8);
    const take = async (name) => {
      const [taken] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
      return readFile(await taken.path());
    };
    assert.deepEqual([...(await take(".npy")).subarray(1, 6)], [...Buffer.from("NUMPY")]);
    assert.deepEqual(JSON.parse(await take("JSON")).output.shape, [1, 96, 96, 8]);
  },
  VIEW,
);

it(
  "takes the calculator's layer, of any framework, and pools too",
  async ({ page }) => {
    await page.getByRole("button", { name: "Use the calculator's layer" }).click();
    await has(page, 5);
    await page.getByLabel("Layer", { exact: true }).fill("nn.MaxPool2d(4)");
    await has(page, 1);
    await page.getByLabel("Layer", { exact: true }).fill("Conv2D(3, (5, 4), paddin='same')");
    await page.getByRole("alert").getByText("did you mean padding?").waitFor();
    await screenshot(page, "maps-mistake");
  },
  { at: "#view=maps&layer=nn.Conv2d(3%2C+5%2C+3)&input=(1%2C+3%2C+40%2C+40)" },
);

it(
  "takes one's own picture",
  async ({ page }) => {
    await has(page, 8);
    const before = await maps(page).first().getAttribute("aria-label");
    // A single red pixel.
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    await page.locator('input[accept="image/*"]').setInputFiles({ name: "red.png", mimeType: "image/png", buffer: Buffer.from(png, "base64") });
    await page.waitForFunction((old) => document.querySelector(".map")?.getAttribute("aria-label") !== old, before);
    assert.equal(await page.getByRole("combobox", { name: "Picture" }).inputValue(), "own");
  },
  VIEW,
);

it(
  "keeps its settings in the address, speaks Chinese, fits a telephone",
  async ({ page }) => {
    await page.getByRole("combobox", { name: "卷积核" }).selectOption("random");
    await page.getByRole("spinbutton", { name: "种子" }).fill("5");
    await page.getByRole("combobox", { name: "配色" }).selectOption("inferno");
    await has(page, 8);
    assert.match(page.url(), /bank=random&seed=5&palette=inferno/);
    await page.reload();
    await has(page, 8);
    assert.equal(await page.getByRole("spinbutton", { name: "种子" }).inputValue(), "5");
    await fits(page);
    await accessible(page);
    await screenshot(page, "maps-zh-360");
  },
  { ...VIEW, locale: "zh-CN", viewport: PHONE },
);

it(
  "draws a 1D layer's maps as strips, and the values of one as a line",
  async ({ page }) => {
    await page.getByLabel("Layer", { exact: true }).fill("Conv1D(6, 5)");
    await has(page, 6);
    assert.equal(await maps(page).first().locator("canvas").evaluate((one) => `${one.width}x${one.height}`), "92x1");
    await screenshot(page, "maps-1d");
    await maps(page).nth(4).click();
    const dialog = page.getByRole("dialog", { name: "Map 4" });
    await dialog.getByRole("img", { name: "Values along the length" }).locator("canvas").waitFor();
    await dialog.getByRole("group", { name: "Point at a place" }).focus();
    await page.keyboard.press("ArrowRight");
    await dialog.getByText(/^\(1\) = -?\d/).waitFor();
    await dialog.getByText("What went into this value").click();
    await products(dialog).nth(4).waitFor();
    assert.equal(await products(dialog).count(), 5);
    await accessible(page);
    await screenshot(page, "maps-1d-enlarged");
  },
  VIEW,
);

it(
  "shows what went into a value, the padding too, and which numbers the colours stand for",
  async ({ page }) => {
    await page.getByRole("combobox", { name: "Colour scale" }).selectOption("all");
    await page.locator(".colour-bar").waitFor();
    await page.getByRole("combobox", { name: "Colours" }).selectOption("diverging");
    await maps(page).nth(1).click();
    const dialog = page.getByRole("dialog", { name: "Map 1" });
    await dialog.getByText("What went into this value").click();
    await dialog.getByText(/^Products .* \+ bias 0 = /).waitFor();
    assert.equal(await dialog.getByRole("cell", { name: "padding" }).count(), 5);
    assert.equal(await products(dialog).count(), 9);
    await accessible(page);
    await screenshot(page, "maps-trace");
  },
  { ...VIEW, colorScheme: "dark" },
);

it(
  "copies the command that computes the same",
  async ({ page, context, server }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await has(page, 8);
    await page.getByRole("button", { name: /^Copy as curl/ }).click();
    await page.getByRole("button", { name: /^Copied/ }).waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(command.startsWith(`curl ${server.url}/v1/convolve `));
    const response = await fetch(`${server.url}/v1/convolve`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: command.split("\n")[1],
    });
    assert.deepEqual((await response.json()).output.shape, [1, 96, 96, 8]);
  },
  VIEW,
);

it(
  "says which file is no picture",
  async ({ page }) => {
    await has(page, 8);
    await page.locator('input[accept="image/*"]').setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no") });
    await page.getByRole("alert").getByText("cannot read notes.txt as a picture").waitFor();
    await accessible(page);
  },
  VIEW,
);

it(
  "begins one's own kernel as Laplace's, whatever the other views have in the address",
  async ({ page }) => {
    await page.getByRole("combobox", { name: "Kernels" }).selectOption("own");
    assert.equal(await page.getByLabel("One kernel for all filters").inputValue(), "0 1 0\n1 -4 1\n0 1 0");
    await page.getByRole("link", { name: "Layer", exact: true }).click();
    await page.getByRole("region", { name: "The weights" }).getByRole("button", { name: "pointwise_kernel" }).click();
    await page.getByRole("link", { name: "Feature maps" }).click();
    assert.equal(await page.getByLabel("One kernel for all filters").inputValue(), "0 1 0\n1 -4 1\n0 1 0");
  },
  { at: "#view=maps&layer=SeparableConv2D(8%2C+3)&input=(None%2C+9%2C+9%2C+3)" },
);

it(
  "counts values that are not finite and draws them in a colour of their own",
  async ({ page }) => {
    await page.getByLabel("Layer", { exact: true }).fill("Conv2D(1, 3)");
    await page.getByRole("combobox", { name: "Kernels" }).selectOption("own");
    await page.getByLabel("One kernel for all filters").fill("3e38 3e38 3e38 / 3e38 3e38 3e38 / 3e38 3e38 3e38");
    await page.getByText(/^\d+ values are not finite/).waitFor();
    await page.waitForFunction(() => {
      const canvas = document.querySelector(".map canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((_, i) => i % 4 === 0 && data[i] === 255 && data[i + 1] === 0 && data[i + 2] === 255);
    });
    assert.doesNotMatch(await maps(page).first().getAttribute("aria-label"), /Infinity|NaN/);
    await accessible(page);
    await screenshot(page, "maps-not-finite");
  },
  VIEW,
);
