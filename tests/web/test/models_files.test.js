import { accessible, suite } from "../browser.js";

const it = suite();

/** Protocol Buffers by hand: a field of bytes, or of a number below 128. */
const bytes = (field, content) => {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from([(field << 3) | 2, body.length]), body]);
};
const number = (field, value) => Buffer.from([field << 3, value]);
const all = (...parts) => Buffer.concat(parts);

/** An ONNX model of nodes that each read the one before; all of one input (1, 3, 8, 8). */
function onnx(...types) {
  const sizes = [1, 3, 8, 8].map((size) => bytes(1, number(1, size)));
  const tensor = (name) => all(bytes(1, name), bytes(2, bytes(1, all(number(1, 1), bytes(2, all(...sizes))))));
  const nodes = types.map((type, at) => bytes(1, all(bytes(1, `t${at}`), bytes(2, `t${at + 1}`), bytes(4, type))));
  const graph = all(...nodes, bytes(2, "net"), bytes(11, tensor("t0")), bytes(12, tensor(`t${types.length}`)));
  return all(number(1, 8), bytes(7, graph), bytes(8, number(2, 13)));
}

const file = (name, ...types) => ({ name, mimeType: "application/octet-stream", buffer: onnx(...types) });

it(
  "takes binary files, one or two",
  async ({ page }) => {
    const chooser = page.getByLabel("Choose a file", { exact: true });
    await chooser.setInputFiles(file("one.onnx", "Relu"));
    await page.getByText("(1, 3, 8, 8)").first().waitFor();
    await page.getByText("(onnx)").waitFor();
    await chooser.setInputFiles([file("a.onnx", "Relu"), file("b.onnx", "Relu", "Sigmoid")]);
    await page.locator(".change-added", { hasText: "Sigmoid" }).waitFor();
    await accessible(page);
  },
  { at: "#view=models" },
);
