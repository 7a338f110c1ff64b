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
