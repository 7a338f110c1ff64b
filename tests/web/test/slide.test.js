import assert from "node:assert/strict";
import { at } from "../address.js";
import { accessible, fits, PHONE, screenshot, suite } from "../browser.js";

const it = suite();

const SMALL = at("nn.Conv2d(1, 1, kernel_size=3, stride=2, padding=1)", "(1, 1, 5, 5)");
const section = (page) => page.getByRole("region", { name: "See it slide" });
const caption = (page) => section(page).locator(".caption");

it(
  "says and marks what the first cell reads",
  async ({ page }) => {
    await caption(page).getByText("Output (0, 0) reads height 0, 1, width 0, 1. 5 of these positions lie in the padding.").waitFor();
    assert.equal(await section(page).locator(".cell.hit").count(), 9);
    assert.equal(await section(page).locator(".cell.pad.hit").count(), 5);
    assert.equal(await section(page).locator(".cell.out").count(), 9);
    await accessible(page);
    await screenshot(page, "slide");
  },
  { at: SMALL },
);

it(
  "moves with the keys, the buttons and the slider, and the address keeps the cell",
  async ({ page }) => {
    await section(page).getByRole("group").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await caption(page).getByText("Output (1, 1) reads height 1–3, width 1–3.").waitFor();
    assert.match(page.url(), /cell=1%2C1/);
    await section(page).getByRole("button", { name: "Step forward" }).click();
    await caption(page).getByText("Output (1, 2)").waitFor();
    await section(page).getByRole("button", { name: "Step back" }).click();
    await section(page).getByRole("button", { name: "Step back" }).click();
    await caption(page).getByText("Output (1, 0)").waitFor();
    await section(page).getByRole("slider", { name: "Output cell" }).fill("8");
    await caption(page).getByText("Output (2, 2)").waitFor();
    await page.reload();
    await caption(page).getByText("Output (2, 2)").waitFor();
  },
  { at: SMALL },
);

it(
  "plays, and stops",
  async ({ page }) => {
    await section(page).getByRole("button", { name: "Play" }).click();
    await caption(page).getByText("Output (0, 2)").waitFor();
    await section(page).getByRole("button", { name: "Pause" }).click();
    await section(page).getByRole("button", { name: "Play" }).waitFor();
  },
  { at: SMALL },
);

it(
  "lights the outputs that an input reaches, and shows the cell that is pointed at",
  async ({ page }) => {
    await section(page).locator('.cell.value[data-at="1,1"]').hover();
    await caption(page).getByText("Input (1, 1) reaches 4 of the output cells shown.").waitFor();
    assert.equal(await section(page).locator(".cell.out.lit").count(), 4);
    await section(page).locator('.cell.out[data-at="2,1"]').hover();
    await caption(page).getByText("Output (2, 1)").waitFor();
  },
  { at: SMALL },
);

it(
  "marks and counts what the stride steps over",
  async ({ page }) => {
    await section(page).getByText("height: 1 of the positions shown are read by no window.").waitFor();
    // A row and a column of five that cross.
    assert.equal(await section(page).locator(".cell.drop").count(), 9);
  },
  { at: at("Conv2D(1, 2, strides=3)", "(None, 5, 5, 1)") },
);

it(
  "draws a long sequence in part, dilated, on a telephone",
  async ({ page }) => {
    await caption(page).getByText("Output (100) reads length 92, 100.").waitFor();
    await section(page).getByText("Shown is a part of the output.").waitFor();
    await fits(page);
    await screenshot(page, "slide-1d");
  },
  { at: at("Conv1D(4, 2, dilation_rate=8, padding='causal')", "(None, 256, 3)", { cell: "100" }), viewport: PHONE },
);

it(
  "shows a slice of a volume",
  async ({ page }) => {
    await section(page).getByLabel("Slice of the depth").fill("2");
    await caption(page).getByText("Output (2, 0, 0) reads depth 2–4").waitFor();
  },
  { at: at("Conv3D(4, 3)", "(None, 8, 8, 8, 2)") },
);

it(
  "says in Chinese what a cell reads",
  async ({ page }) => {
    await page.getByRole("region", { name: "看它滑动" }).getByText("输出 (0, 0) 读取高度 0, 1, 宽度 0, 1。").waitFor();
    await screenshot(page, "slide-zh");
  },
  { at: SMALL, locale: "zh-CN" },
);

it(
  "says why there is nothing to draw",
  async ({ page }) => {
    await section(page).getByText("no window that slides").waitFor();
    await accessible(page);
  },
  { at: at("Flatten()", "(None, 4, 4, 1)") },
);

it(
  "goes to the ends with Home and End, and plays with the space bar without reading every cell out",
  async ({ page }) => {
    await section(page).getByRole("group").focus();
    await page.keyboard.press("End");
    await caption(page).getByText("Output (2, 2)").waitFor();
    await page.keyboard.press("Home");
    await caption(page).getByText("Output (0, 0)").waitFor();
    assert.equal(await caption(page).getAttribute("aria-live"), "polite");
    await page.keyboard.press(" ");
    await section(page).getByRole("button", { name: "Pause" }).waitFor();
    assert.equal(await caption(page).getAttribute("aria-live"), "off");
    await page.keyboard.press(" ");
    await section(page).getByRole("button", { name: "Play" }).waitFor();
    assert.equal(await caption(page).getAttribute("aria-live"), "polite");
  },
  { at: SMALL },
);

it(
  "shows the last cell where the address asks for one beyond it",
  async ({ page }) => {
    await caption(page).getByText("Output (2, 2) reads height 3, 4, width 3, 4.").waitFor();
    assert.equal(await section(page).locator(".cell.here").count(), 1);
    assert.equal(await section(page).locator(".cell.hit").count(), 9);
  },
  { at: at("nn.Conv2d(1, 1, kernel_size=3, stride=2, padding=1)", "(1, 1, 5, 5)", { cell: "90,90" }) },
);

it(
  "keeps the cell in the picture where a long stride leaves room for few",
  async ({ page }) => {
    await caption(page).getByText("Output (10, 10) reads height 80–82, width 80–82.").waitFor();
    assert.equal(await section(page).locator(".cell.here").count(), 1);
    assert.equal(await section(page).locator(".cell.hit").count(), 9);
    // The legend names what is drawn: here is no padding.
    assert.equal(await section(page).locator(".legend .pad").count(), 0);
    await screenshot(page, "slide-long-stride");
  },
  { at: at("Conv2D(4, 3, strides=8)", "(None, 224, 224, 3)", { cell: "10,10" }) },
);

it(
  "names what fills the padding",
  async ({ page }) => void (await section(page).getByText("padding (reflect)").waitFor()),
  { at: at("nn.Conv2d(2, 4, 3, padding=1, padding_mode='reflect')", "(1, 2, 5, 5)") },
);

it(
  "says that nothing is read where a transposed layer leaves a gap",
  async ({ page }) => void (await caption(page).getByText("Output (1) reads no input at all").waitFor()),
  { at: at("nn.ConvTranspose1d(1, 1, 1, stride=3)", "(1, 1, 4)", { cell: "1" }) },
);

it(
  "says that channels are summed, and how many maps come of it",
  async ({ page }) => {
    await section(page).getByText("spans all 3 input channels").waitFor();
    await section(page).getByText("8 filters slide like this").waitFor();
  },
  { at: at("Conv2D(8, 3)", "(None, 6, 6, 3)") },
);

it(
  "does not say so of a depthwise layer",
  async ({ page }) => {
    await section(page).getByText("Every channel is read by itself: nothing is added up across channels.").waitFor();
    assert.equal(await section(page).getByText("spans all").count(), 0);
    await accessible(page);
  },
  { at: at("DepthwiseConv2D(3)", "(None, 6, 6, 3)") },
);

it(
  "says of a separable layer where its channels are added up",
  async ({ page }) => void (await section(page).getByText("a kernel of one cell then adds up the channels").waitFor()),
  { at: at("SeparableConv2D(8, 3)", "(None, 6, 6, 4)") },
);
