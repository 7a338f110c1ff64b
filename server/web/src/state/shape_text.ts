/**
 * Shapes as people write them: `(None, 300, 1)`, `[1, 3, 224, 224]`, `torch.Size([1, 3, H, W])`, `1x3x224x224`; a name
 * may have a value, `H=224`. What sizes may be, the server says.
 */
import type { Shape, Size } from "../api/types.ts";

function size(text: string): Size {
  if (/^-?\d+$/.test(text)) return Number(text);
  return /^(none|null|\?|batch|n)$/i.test(text) ? null : text;
}

function sizes(text: string): Shape {
  return text
    .replace(/\s*=\s*/g, "=")
    .split(/[\s,;×'"]+|(?<=\d)x(?=\d)/)
    .filter((part) => part !== "")
    .map(size);
}

/** The shapes in the text, outermost size first: one, or for a merge several, each in brackets. Empty: none is there. */
export function parseShapes(text: string): Shape[] {
  const groups = [...text.matchAll(/[([]([^()[\]]*)[)\]]/g)].map((found) => sizes(found[1] ?? ""));
  if (groups.length > 0) return groups.filter((shape) => shape.length > 0);
  const bare = sizes(text);
  return bare.length > 0 ? [bare] : [];
}

/** A shape as Python would write it, `None` for what is not known. */
export function shapeText(shape: Shape): string {
  const parts = shape.map((one) => (one === null ? "None" : String(one)));
  return parts.length === 1 ? `(${parts[0] ?? ""},)` : `(${parts.join(", ")})`;
}
