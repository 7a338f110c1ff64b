/** Picking one filter and one channel out of a weight, by what its axes are called. */
import type { Axis, ShapeAnswer } from "../api/types.ts";

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

type Given = NonNullable<ShapeAnswer["weights"]>[number];
type Layout = ShapeAnswer["weights_layouts"][number];

/** One kernel of a layer, as it is given and in the other layouts. */
export interface Kernel {
  readonly own: Given;
  readonly others: readonly Layout[];
  readonly filters: number;
  readonly channels: number;
}

const isPointwise = ({ name }: { name: string }) => name.startsWith("pointwise");

/** The layer's kernels: one, or two where it is separable. */
export function kernelsOf({ weights, weights_layouts }: ShapeAnswer): Kernel[] {
  const given = (weights ?? []).filter(({ axes }) => axes.length > 1);
  return given.map((own) => {
    const others = weights_layouts.filter((one) => one.axes.length > 1 && isPointwise(one) === isPointwise(own));
    const depthwise = own.axes.includes("multiplier");
    const counted = [own, ...others].find((one) => sizeOf(one, FILTERS) !== undefined);
    return {
      own,
      others,
      filters: (counted && sizeOf(counted, FILTERS)) ?? 1,
      // A filter of a depthwise kernel reads one channel: there is none to choose.
      channels: depthwise ? 1 : (sizeOf(own, CHANNELS) ?? 1),
    };
  });
}

/** The sizes of what is left of a filter's block: its kernel's rows and columns. */
export function kernelOf({ shape, axes }: AxedShape): number[] {
  return shape.filter((_, i) => axes[i]?.startsWith("kernel_"));
}

/**
 * `kernel[:, :, 2, 7]` for channel 2 of filter 7; a single unit axis is taken out, too. A depthwise kernel of Keras has no
 * axis of filters: every input channel has `multiplier` of them, and other layouts count them through, channel by channel.
 */
export function sliceText(name: string, weight: AxedShape, filter: number, channel: number): string {
  const multiplier = sizeOf(weight, ["multiplier"]);
  const parts = weight.axes.map((axis) => {
    if (FILTERS.includes(axis)) return String(filter);
    if (axis === "multiplier") return String(filter % (multiplier ?? 1));
    if (CHANNELS.includes(axis)) return String(multiplier ? Math.floor(filter / multiplier) : channel);
    return axis === "unit" ? "0" : ":";
  });
  while (parts.length > 1 && parts.at(-1) === ":") parts.pop();
  return `${name}[${parts.join(", ")}]`;
}
