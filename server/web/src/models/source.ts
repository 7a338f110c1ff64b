/** What is reviewed: a text or a file, the one before it where two are compared, and what is asked beside them. */
import { computed, signal } from "@preact/signals";
import type { Shape } from "../api/types.ts";
import { language } from "../state/language.ts";
import { beforeText, modelInput, modelText } from "../state/model.ts";
import { parseShapes } from "../state/shape_text.ts";

export type Source = string | File;

/** A file stands in place of the text; it stays on this computer, so no link carries it. */
export const modelFile = signal<File | undefined>(undefined);
export const beforeFile = signal<File | undefined>(undefined);

/** The box for the model before is open. */
export const compares = signal(false);

/** What the model's last layer is trained with; empty: not said. */
export const loss = signal("");
/** `macs=3e8,parameters=5M`. */
export const budget = signal("");
/** `dropout_rate=0.6`. */
export const thresholds = signal("");
/** `-CV022,+CV045`. */
export const rules = signal("");

function sourceOf(file: File | undefined, text: string): Source | undefined {
  return file ?? (text.trim() === "" ? undefined : text);
}

export const after = computed(() => sourceOf(modelFile.value, modelText.value));
export const before = computed(() => sourceOf(beforeFile.value, beforeText.value));

interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

/** `1,3,32,32` of the only input; `x: 1,3,32,32; y: 1,10` by name. */
function shapes(text: string): NamedShape[] {
  const parts = text.includes(":") ? text.split(";") : [text];
  return parts.flatMap((part) => {
    const colon = part.lastIndexOf(":");
    const [shape] = parseShapes(part.slice(colon + 1));
    return shape ? [{ name: part.slice(0, Math.max(colon, 0)).trim(), shape }] : [];
  });
}

/** The query of /v1/review. */
export const query = computed(() => {
  const asked = new URLSearchParams({ language: language.value });
  for (const { name, shape } of shapes(modelInput.value)) {
    const sizes = shape.map((one) => one ?? "null").join(",");
    asked.append("input_shape", name ? `${name}:${sizes}` : sizes);
  }
  const given = { loss, budget, thresholds, rules };
  for (const [name, { value }] of Object.entries(given)) if (value.trim()) asked.set(name, value.trim());
  if (modelFile.value) asked.set("file", modelFile.value.name);
  return asked.toString();
});

const UNITS: Record<string, number> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** `5M`, `20MiB`, `3e8` as the number that the query's reader makes of it; what is none goes as it is, to be refused. */
function limit(text: string): number | string {
  const found = /^([\d.]+(?:e\+?\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = UNITS[found?.[2]?.toLowerCase() ?? ""];
  return found && unit !== undefined ? Number(found[1]) * unit : text;
}

function pairs(text: string): Record<string, number | string> {
  const parts = text.split(",").filter((part) => part.trim() !== "");
  return Object.fromEntries(
    parts.map((part) => {
      const [name = "", value = ""] = part.split("=");
      return [name.trim(), limit(value)];
    }),
  );
}

/** The members that a request of /v1/diff has beside its two models. */
export function members(): Record<string, unknown> {
  const named = shapes(modelInput.value);
  const only = named.length === 1 && named[0]?.name === "" ? named[0].shape : undefined;
  return {
    language: language.value,
    ...(only && { input_shape: only }),
    ...(!only &&
      named.length > 0 && { input_shapes: Object.fromEntries(named.map(({ name, shape }) => [name, shape])) }),
    ...(loss.value && { loss: loss.value }),
    ...(budget.value.trim() && { budget: pairs(budget.value) }),
    ...(thresholds.value.trim() && { thresholds: pairs(thresholds.value) }),
    ...(rules.value.trim() && { rules: rules.value.trim() }),
  };
}

/** The layer whose row is marked. */
export const chosenLayer = signal<string | undefined>(undefined);
