/** The layer in question: what was pasted and the input it gets, and the server's answer to that. */
import { computed, effect } from "@preact/signals";
import { ask } from "../api/client.ts";
import { latest } from "../api/latest.ts";
import type { Framework, Layer, ShapeAnswer, ShapeRequest } from "../api/types.ts";
import { language } from "./language.ts";
import { param } from "./place.ts";
import { parseShape } from "./shape_text.ts";

/** The founding question. */
const FIRST_LAYER = `model.add(Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', activation="relu", subsample_length=1))`;
const FIRST_INPUT = "None, 300, 1";

/** The layer as text, or as JSON. */
export const layerText = param("layer", FIRST_LAYER);
/** The input's shape as text, batch axis first. */
export const inputText = param("input", FIRST_INPUT);
/** Whose spelling it is; empty: recognised. */
export const framework = param("framework");

/** What stands in the paste box as the wire's `layer`: JSON where it is JSON. */
export function layerOf(text: string): Layer | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (!trimmed.startsWith("{")) return trimmed;
  try {
    return JSON.parse(trimmed) as Layer;
  } catch {
    // The server says where it breaks off.
    return trimmed;
  }
}

/** The request for /v1/shape; undefined while there is too little to ask. */
export const question = computed<ShapeRequest | undefined>(() => {
  const layer = layerOf(layerText.value);
  const shape = parseShape(inputText.value);
  if (layer === undefined || shape === undefined) return undefined;
  return {
    layer,
    input_shape: shape,
    language: language.value,
    ...(framework.value && { framework: framework.value as Framework }),
  };
});

const asker = latest<ShapeRequest, ShapeAnswer>((request, signal) => ask("/v1/shape", request, { signal }));

/** The last answer, the problem, and whether one is awaited. */
export const answered = asker.state;

/** Ask once more: the server is back. */
export const askAgain = asker.again;

/** Ask with every change from now on. */
export function followQuestion(): void {
  effect(() => asker.ask(question.value));
}
