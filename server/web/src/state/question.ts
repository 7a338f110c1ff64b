/** The layer in question: what was pasted and the input it gets, and the server's answer to that. */
import { computed, effect } from "@preact/signals";
import { ask } from "../api/client.ts";
import { latest, type Latest } from "../api/latest.ts";
import type { ChainAnswer, Framework, ReviewAnswer, ShapeAnswer, ShapeRequest } from "../api/types.ts";
import { language } from "./language.ts";
import { recognise } from "./paste.ts";
import { param } from "./place.ts";
import { parseShapes } from "./shape_text.ts";

/** The founding question. */
export const FIRST_LAYER = `model.add(Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', activation="relu", subsample_length=1))`;
export const FIRST_INPUT = "(None, 300, 1)";

/** The layer, the chain or the model, as text or as JSON. */
export const layerText = param("layer", FIRST_LAYER);
/** The input's shape as text, batch axis first; of a merge several, each in brackets. */
export const inputText = param("input", FIRST_INPUT);
/** Whose spelling it is; empty: recognised. */
export const framework = param("framework");

export const pasted = computed(() => recognise(layerText.value));
/** The shapes that the input's text says. */
export const inputShapes = computed(() => parseShapes(inputText.value));

interface Question {
  readonly path: "/v1/shape" | "/v1/review";
  readonly kind: "layer" | "chain" | "model";
  readonly request: Record<string, unknown>;
}

type Result =
  | { readonly kind: "layer"; readonly answer: ShapeAnswer; readonly request: ShapeRequest }
  | { readonly kind: "chain"; readonly answer: ChainAnswer }
  | { readonly kind: "model"; readonly answer: ReviewAnswer };

const question = computed<Question | undefined>(() => {
  const what = pasted.value;
  const shapes = inputShapes.value;
  const common = {
    language: language.value,
    ...(framework.value && { framework: framework.value as Framework }),
    ...(shapes.length === 1 && { input_shape: shapes[0] }),
    ...(shapes.length > 1 && { input_shapes: shapes }),
  };
  switch (what.kind) {
    case "nothing":
      return undefined;
    case "layer":
      return { path: "/v1/shape", kind: "layer", request: { layer: what.layer, ...common } };
    case "chain":
      return { path: "/v1/shape", kind: "chain", request: { layers: what.layers, ...common } };
    case "model":
      return { path: "/v1/review", kind: "model", request: { model: what.model, ...common } };
  }
});

const asker = latest<Question, Result>(async ({ path, kind, request }, signal) => {
  const answer = await ask<unknown>(path, request, { signal });
  return { kind, answer, request } as Result;
});

function only<Kind extends Result["kind"]>(kind: Kind) {
  type Answer = Extract<Result, { kind: Kind }>["answer"];
  return computed<Latest<Answer>>(() => {
    const { answer, problem, asking } = asker.state.value;
    return { answer: answer?.kind === kind ? (answer.answer as Answer) : undefined, problem, asking };
  });
}

/** The answer to one layer: the last that came, what is wrong with the last question, and whether one is awaited. */
export const answered = only("layer");
/** The answer to a chain of layers. */
export const chained = only("chain");
/** The answer to a whole model. */
export const reviewed = only("model");

/** The request that `answered` is the answer to: what else is asked about that layer is asked in its words. */
export const asked = computed<ShapeRequest | undefined>(() => {
  const { answer } = asker.state.value;
  return answer?.kind === "layer" ? answer.request : undefined;
});

/** Ask once more: there is a key now. */
export const askAgain = asker.again;

/** Ask with every change from now on. */
export function followQuestion(): void {
  effect(() => asker.ask(question.value));
}

/** When the first question is answered, or refused; at once where there is nothing to ask. */
export function firstAnswer(): Promise<void> {
  return new Promise((resolve) => {
    asker.state.subscribe(({ asking }) => {
      if (!asking) resolve();
    });
  });
}
