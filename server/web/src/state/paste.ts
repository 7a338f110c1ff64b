/** What somebody pasted: one layer, a chain of them, or a whole model. How each is read, the server knows. */
import type { Layer } from "../api/types.ts";

export type Pasted =
  | { readonly kind: "nothing" }
  | { readonly kind: "layer"; readonly layer: Layer }
  | { readonly kind: "chain"; readonly layers: Layer[] }
  | { readonly kind: "model"; readonly model: unknown };

/** Members that a saved model has, and no layer. */
const MODEL_MEMBERS = ["modelTopology", "keras_version", "backend", "config_json"];
const MODEL_CLASSES = /^(Sequential|Functional|Model|Graph)$/;

function ofJson(value: unknown): Pasted {
  if (Array.isArray(value)) return { kind: "chain", layers: value as Layer[] };
  const object = value as Record<string, unknown>;
  const isModel = MODEL_MEMBERS.some((name) => name in object) || MODEL_CLASSES.test(String(object.class_name));
  return isModel ? { kind: "model", model: value } : { kind: "layer", layer: value as Layer };
}

/** Code that makes a model, or what print(model) shows of one. */
const MODEL_TEXT = /\b(Sequential|Model)\s*\(|\)\s*\(\s*\w+\s*\)\s*$|^\s*\w+\(\s*\n\s*\(\w+\):/m;

/** Lines of code, those joined that a bracket holds together. Comments are the server's to read. */
function statements(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  for (const line of text.split("\n")) {
    if (depth > 0) found.push(`${found.pop() ?? ""}\n${line}`);
    else if (line.trim() !== "") found.push(line);
    for (const letter of line) {
      if ("([{".includes(letter)) depth++;
      else if (")]}".includes(letter)) depth--;
    }
  }
  return found;
}

/** What the text is. JSON that breaks off is a layer: the server says where. */
export function recognise(text: string): Pasted {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "nothing" };
  if (/^[{[]/.test(trimmed)) {
    try {
      return ofJson(JSON.parse(trimmed));
    } catch {
      return { kind: "layer", layer: text };
    }
  }
  if (MODEL_TEXT.test(trimmed)) return { kind: "model", model: text };
  const lines = statements(text);
  // A trailing comma is what a line has that was copied out of a list.
  const layers = lines.map((line) => line.trim().replace(/,$/, ""));
  return layers.length > 1 ? { kind: "chain", layers } : { kind: "layer", layer: text };
}

/** The text as one layer, JSON where it is JSON; undefined where there is none. */
export function layerOf(text: string): Layer | undefined {
  const what = recognise(text);
  if (what.kind === "layer") return what.layer;
  return what.kind === "nothing" ? undefined : text;
}
