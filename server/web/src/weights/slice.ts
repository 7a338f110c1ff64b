/** Picking one filter and one channel out of a weight, by what its axes are called. */
import type { Axis } from "../api/types.ts";

const FILTERS: readonly Axis[] = ["filters", "units", "filters_per_group"];
const CHANNELS: readonly Axis[] = ["in_channels", "in_channels_per_group", "features"];

export interface AxedShape {
  readonly shape: readonly number[];
  readonly axes: readonly Axis[];
}

function sizeOf({ shape, axes }: AxedShape, names: readonly Axis[]): number | undefined {
  const at = axes.findIndex((axis) => names.includes(axis));
  return at < 0 ? undefined : shape[at];
}

export const filtersOf = (weight: AxedShape) => sizeOf(weight, FILTERS);
export const channelsOf = (weight: AxedShape) => sizeOf(weight, CHANNELS);

/** The sizes of what is left of a filter's block: its kernel's rows and columns. */
export function kernelOf({ shape, axes }: AxedShape): number[] {
  return shape.filter((_, i) => axes[i]?.startsWith("kernel_"));
}

/** `kernel[:, :, 2, 7]` for channel 2 of filter 7; a single unit axis is taken out, too. */
export function sliceText(name: string, weight: AxedShape, filter: number, channel: number): string {
  const parts = weight.axes.map((axis) => {
    if (FILTERS.includes(axis)) return String(filter);
    if (CHANNELS.includes(axis)) return String(channel);
    return axis === "unit" ? "0" : ":";
  });
  while (parts.length > 1 && parts.at(-1) === ":") parts.pop();
  return `${name}[${parts.join(", ")}]`;
}
