/** The receptive field of every layer beside the size of the input, along the axis on which the input is longest. */
import type { ReviewAnswer } from "../api/types.ts";

export interface Reach {
  readonly sizes: (number | null)[];
  /** Of the input along that axis; undefined where it is not known. */
  readonly input: number | undefined;
  /** The first layer that sees all of it. */
  readonly covers: string | undefined;
}

const known = (size: unknown): number | null => (typeof size === "number" ? size : null);

/** The positions' axes of the shape that the first layer with a receptive field reads: all but batch and channels. */
function positions(answer: ReviewAnswer): (number | null)[] {
  const first = answer.layers.find(({ receptive_field, input_shapes }) => receptive_field && input_shapes[0]);
  const shape = first?.input_shapes[0];
  if (!first || !shape) return [];
  const kernel = first.weights[0];
  const at = kernel?.axes.indexOf("in_channels") ?? -1;
  const channels = kernel?.shape[at];
  const channelsLast =
    channels === undefined ? answer.framework.startsWith("keras") : shape.at(-1) === channels && shape[1] !== channels;
  return (channelsLast ? shape.slice(1, -1) : shape.slice(2)).map(known);
}

export function reachOf(answer: ReviewAnswer): Reach {
  const sizes = positions(answer);
  const longest = Math.max(0, ...sizes.map((size) => size ?? 0));
  const axis = Math.max(0, sizes.indexOf(longest));
  const seen = answer.layers.map(({ receptive_field }) => known(receptive_field?.size[axis]));
  const covering = longest > 0 ? seen.findIndex((size) => size !== null && size >= longest) : -1;
  return {
    sizes: seen,
    input: longest > 0 ? longest : undefined,
    covers: answer.layers[covering]?.name,
  };
}
