import assert from "node:assert/strict";
import { accessible, screenshot, suite } from "../browser.js";

const it = suite("--max-body", "100k");

it(
  "says what to do with a file that is larger than the server takes",
  async ({ page }) => {
    const buffer = Buffer.alloc(30_000_000, "# a comment\n");
    await page
      .getByLabel("Choose a file", { exact: true })
      .setInputFiles({ name: "big.py", mimeType: "text/plain", buffer });
    await page.getByRole("alert").getByText("--max-body").waitFor();
    assert.equal(await page.getByRole("alert").getByRole("listitem").count(), 0);
    await accessible(page);
    await screenshot(page, "models-too-large");
    await page.getByRole("button", { name: /Remove.*big\.py/ }).click();
    await page.getByText("Nothing to review yet").waitFor();
  },
  { at: "#view=models" },
);
