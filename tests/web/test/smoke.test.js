import assert from "node:assert/strict";
import { accessible, DESK, fits, PHONE, screenshot, suite } from "../browser.js";

const it = suite();

it("answers the founding question at once", async ({ page }) => {
  await page.getByText("(None, 296, 111)").first().waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [PHONE, DESK]) {
    it(
      `is whole and accessible, ${colorScheme}, ${viewport.width} pixels wide`,
      async ({ page }) => {
        await page.getByText("(None, 296, 111)").first().waitFor();
        await fits(page);
        await accessible(page);
        await screenshot(page, `first-${colorScheme}-${viewport.width}`);
      },
      { colorScheme, viewport },
    );
  }
}

it("is told as a page with a policy that allows no inline code", async ({ page, server }) => {
  const response = await page.request.get(server.url);
  const policy = response.headers()["content-security-policy"];
  assert.match(policy, /script-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
});
