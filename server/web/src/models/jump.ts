/** From anywhere to a layer's row in the table, which may be far from what is rendered now. */
import { signal } from "@preact/signals";
import { chosenLayer } from "./source.ts";

/** Counts the jumps: the table scrolls to the chosen row with each, to the same one again as well. */
export const jumps = signal(0);

export function goTo(layer: string): void {
  chosenLayer.value = layer;
  jumps.value++;
}
