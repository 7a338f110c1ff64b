/** Which view is shown. */
import { computed } from "@preact/signals";
import { param } from "./place.ts";

export const views = ["layer", "maps", "models"] as const;
export type View = (typeof views)[number];

const text = param("view", "layer");

export const view = computed<View>(() => views.find((one) => one === text.value) ?? "layer");

export function show(next: View): void {
  text.value = next;
}
