import assert from "node:assert/strict";
import { at } from "../address.js";
import { accessible, fits, PHONE, screenshot, suite } from "../browser.js";

const it = suite();

const FOUNDING = at("Convolution1D(nb_filter=111, filter_length=5)", "(None, 400, 300)");
const section = (page) => page.getByRole("region", { name: "The weights" });

it(
  "says which slice a filter's and a channel's numbers are, in every layout",
  async ({ page }) => {
    await section(page).getByLabel("Filter f").fill("7");
    await section(page).getByLabel("Channel c").fill("2");
    const row = (name) => section(page).getByRole("row", { name: new RegExp(`^${name}`) });
    await row("Keras 1").getByText("kernel[:, 0, 2, 7]").waitFor();
    await row("Keras 2/3").getByText("kernel[:, 2, 7]").waitFor();
    await row("PyTorch").getByText("weight[7, 2]").waitFor();
    assert.match(page.url(), /f=7/);
    await accessible(page);
    await screenshot(page, "weights");
  },
  { at: FOUNDING },
);

it(
  "draws a block for a filter, and picks the one that is clicked",
  async ({ page }) => {
    await section(page).getByRole("button", { name: "Filter 3" }).click();
    assert.equal(await section(page).getByLabel("Filter f").inputValue(), "3");
    assert.equal(await section(page).getByRole("button", { name: "Filter 3" }).getAttribute("aria-pressed"), "true");
    await section(page).getByRole("button", { name: "Filter 110" }).waitFor();
  },
  { at: FOUNDING },
);

it(
  "tells what one's own shapes are, and which size is wrong",
  async ({ page }) => {
    const box = section(page).getByLabel("Paste what get_weights() or state_dict() showed");
    await box.fill("[(5, 1, 300, 111), (111,)]");
    await section(page).getByText("These are this layer's weights as Keras 1 stores them.").waitFor();
    await section(page).getByRole("row", { name: "axis 2 300 in_channels" }).waitFor();
    await box.fill("[(5, 1, 299, 111), (111,)]");
    await section(page).getByText("wrong size. It should be 300").waitFor();
    await accessible(page);
    await screenshot(page, "weights-wrong");
  },
  { at: FOUNDING },
);

it(
  "connects the axes of two layouts, on a telephone",
  async ({ page }) => {
    await section(page).getByRole("img", { name: "filters, in_channels, kernel_height, kernel_width → kernel_height, kernel_width, in_channels, filters" }).first().waitFor();
    await fits(page);
  },
  { at: at("nn.Conv2d(3, 8, 3)", "(1, 3, 8, 8)"), viewport: PHONE },
);

it("says that a layer has none", async ({ page }) => void (await section(page).getByText("This layer has no weights.").waitFor()), {
  at: at("MaxPooling2D(2)", "(None, 8, 8, 3)"),
});

it(
  "counts a depthwise kernel's filters through, channel by channel",
  async ({ page }) => {
    await section(page).getByLabel("Filter f").fill("5");
    const row = (name) => section(page).getByRole("row", { name: new RegExp(`^${name}`) });
    // Filter 5 of 3 channels with two filters each: the second one of the last channel.
    await row("Keras 2/3").getByText("kernel[:, :, 2, 1]").waitFor();
    await row("PyTorch").getByText("weight[5, 0]").waitFor();
    await section(page).getByText("/ 6").waitFor();
    await section(page).getByText("/ 1", { exact: true }).waitFor();
  },
  { at: at("DepthwiseConv2D(3, depth_multiplier=2)", "(None, 4, 4, 3)") },
);

it(
  "shows either kernel of a separable layer, and keeps it in the address",
  async ({ page }) => {
    const row = section(page).getByRole("row", { name: /^PyTorch/ });
    await row.getByText("depthwise_weight[0, 0]").waitFor();
    await section(page).getByRole("button", { name: "pointwise_kernel" }).click();
    await section(page).getByLabel("Filter f").fill("7");
    await section(page).getByLabel("Channel c").fill("3");
    await row.getByText("pointwise_weight[7, 3]").waitFor();
    await accessible(page);
    await screenshot(page, "weights-separable");
    await page.reload();
    await row.getByText("pointwise_weight[7, 3]").waitFor();
  },
  { at: at("SeparableConv2D(8, 3)", "(None, 6, 6, 4)") },
);
