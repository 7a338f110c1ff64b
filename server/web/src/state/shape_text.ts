/** Shapes as people write them: `(None, 300, 1)`, `[1, 3, 224, 224]`, `torch.Size([1, 3, H, W])`, `1x3x224x224`. */
import type { Shape, Size } from "../api/types.ts";

function size(text: string): Size {
  if (/^-?\d+$/.test(text)) return Number(text);
  return /^(none|null|\?)$/i.test(text) ? null : text;
}

/** The sizes in the text, outermost first; undefined where there are none. What they may be, the server says. */
export function parseShape(text: string): Shape | undefined {
  const inner = text.replace(/^\s*(torch\.Size|TensorShape|input_shape\s*=|shape\s*=)/i, "");
  const parts = inner
    .replace(/[()[\]'"]/g, " ")
    .split(/[\s,;×]+|(?<=\d)x(?=\d)/)
    .filter((part) => part !== "");
  return parts.length > 0 ? parts.map(size) : undefined;
}

/** A shape as Python would write it, `None` for what is not known. */
export function shapeText(shape: Shape): string {
  const parts = shape.map((one) => (one === null ? "None" : String(one)));
  return parts.length === 1 ? `(${parts[0] ?? ""},)` : `(${parts.join(", ")})`;
}
