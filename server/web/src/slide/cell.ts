/** The output cell that is looked at. */
import { computed } from "@preact/signals";
import { param } from "../state/place.ts";

const text = param("cell");

/** Its position on each spatial axis. */
export const cell = computed<number[]>(() =>
  text.value
    .split(",")
    .filter((one) => /^\d+$/.test(one))
    .map(Number),
);

export function goTo(next: readonly number[]): void {
  text.value = next.every((one) => one === 0) ? "" : next.join(",");
}
