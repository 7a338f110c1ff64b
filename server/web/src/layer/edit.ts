/**
 * From the form back to the text. The form changes the layer as the server settled it; the server writes that for the
 * framework whose spelling was pasted; what that framework has no single line for is shown as Convscope's own JSON.
 */
import { computed, signal } from "@preact/signals";
import { ask, Away, Problem } from "../api/client.ts";
import { latest } from "../api/latest.ts";
import type { Equivalents, Framework, SettledLayer, ShapeAnswer } from "../api/types.ts";
import { answered, framework, layerText } from "../state/question.ts";

export type Settings = Record<string, unknown>;

/** Whose spelling the text goes back to, once a change could not be written in it. */
const spelling = signal<Framework | undefined>(undefined);
/** Why the text is JSON now, if it is. */
export const unwritten = signal<string | undefined>(undefined);

const target = computed(() => {
  const current = answered.value.answer?.framework;
  return current === "convscope" ? spelling.value : current;
});

/** The settled layer as a request says it: what the input decides is left to the input. */
export function ownLayer(layer: SettledLayer, changes: Settings = {}): Settings {
  const members = { ...layer, ...changes, in_channels: undefined };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
}

/** Where no line of the framework can be: why. */
function lineOf(equivalents: Equivalents | undefined, wanted: Framework): { line?: string; why?: string } {
  const found = equivalents?.[wanted as keyof Equivalents];
  if (typeof found === "string") return found.includes("\n") ? { why: found } : { line: found };
  if (found && "unsupported" in found) return { why: found.unsupported };
  return found && !Array.isArray(found) ? { line: JSON.stringify(found) } : {};
}

async function write(layer: Settings, signal: AbortSignal): Promise<void> {
  const own = JSON.stringify(layer);
  const wanted = target.value;
  let text = own;
  unwritten.value = undefined;
  if (wanted && wanted !== "convscope") {
    spelling.value = wanted;
    const request = { layer, input_shape: answered.value.answer?.input.shape, fields: ["equivalents"] };
    try {
      const { equivalents } = await ask<Pick<ShapeAnswer, "equivalents">>("/v1/shape", request, { signal });
      const { line, why } = lineOf(equivalents, wanted);
      text = line ?? own;
      unwritten.value = why;
    } catch (error) {
      // A layer that cannot be: it stands in the text all the same, and the answer says what is wrong with it.
      if (!(error instanceof Problem || error instanceof Away)) throw error;
    }
  }
  if (framework.value && framework.value !== wanted) framework.value = "";
  layerText.value = text;
}

const writer = latest<Settings, undefined>(async (layer, signal) => {
  await write(layer, signal);
  return undefined;
});

/** Change settings of the layer that is answered for. */
export function change(changes: Settings): void {
  const layer = answered.value.answer?.layer;
  if (layer) writer.ask(ownLayer({ ...layer, ...pending.value }, changes));
  pending.value = { ...pending.value, ...changes };
}

/** Put another layer in the place of the one that is answered for, in the same framework's words. */
export function replace(layer: SettledLayer): void {
  writer.ask(ownLayer(layer));
}

/** What was changed and is not answered yet; two quick changes must not undo each other. */
const pending = signal<Settings>({});

/** Forget them: an answer has come. */
export function settle(): void {
  if (Object.keys(pending.peek()).length > 0) pending.value = {};
}
