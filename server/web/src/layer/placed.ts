/** Which setting each finding is about: asked of the settled layer, whose members have pointers of their own. */
import { computed, effect } from "@preact/signals";
import { ask } from "../api/client.ts";
import { latest } from "../api/latest.ts";
import type { Finding, ShapeAnswer } from "../api/types.ts";
import { answered, asked } from "../state/question.ts";
import { ownLayer, type Settings } from "./edit.ts";

const asker = latest<Settings, Map<string, string>>(async (request, signal) => {
  const { findings } = await ask<Pick<ShapeAnswer, "findings">>("/v1/shape", request, { signal });
  return new Map(findings.map(({ rule, pointer }) => [rule, pointer.split("/")[2] ?? ""]));
}, 0);

effect(() => {
  const { answer } = answered.value;
  const wanted = answer && answer.findings.length > 0;
  const { input_shape, input_shapes } = asked.value ?? {};
  const input = input_shapes ? { input_shapes } : { input_shape: input_shape ?? answer?.input.shape };
  asker.ask(wanted ? { layer: ownLayer(answer.layer), ...input, fields: ["findings"] } : undefined);
});

/** The findings by the setting that they are about. */
export const findingsByField = computed(() => {
  const places = asker.state.value.answer;
  const found = new Map<string, Finding[]>();
  for (const finding of answered.value.answer?.findings ?? []) {
    const place = places?.get(finding.rule) ?? "";
    found.set(place, [...(found.get(place) ?? []), finding]);
  }
  return found;
});
