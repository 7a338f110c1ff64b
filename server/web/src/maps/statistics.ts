/** One filter's map out of an output, and what it is like. */
import { bin, extent, mean } from "d3-array";
import type { Maps } from "./state.ts";

export interface Map2D {
  readonly index: number;
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

const BINS = 24;

/** The maps of a 2D output, or the rows of a 1D one, the first `most`; undefined for an output of another kind. */
export function mapsOf(
  { answer, data }: Pick<Maps, "answer" | "data">,
  most: number,
): { maps: Map2D[]; all: number } | undefined {
  const { shape, axes } = answer.output;
  const place = (names: string[]) => axes.findIndex((axis) => names.includes(axis));
  const [row, column, channel] = [place(["height"]), place(["width", "length"]), place(["filters", "channels"])];
  if (column < 0 || channel < 0 || place(["depth"]) >= 0) return undefined;
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * size, 1));
  const [height = 0, width = 0, all = 0] = [row < 0 ? 1 : shape[row], shape[column], shape[channel]];
  const maps = Array.from({ length: Math.min(all, most) }, (_, index) => {
    const values = new Float32Array(width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        values[y * width + x] =
          data[index * (strides[channel] ?? 0) + y * (strides[row] ?? 0) + x * (strides[column] ?? 0)] ?? 0;
    const finite = values.filter(Number.isFinite);
    const [min = 0, max = 0] = extent(finite);
    return { index, values, width, height, min, max, mean: mean(finite) ?? 0 };
  });
  return { maps, all };
}

export function histogram({ values, min, max }: Map2D): { x: number[]; counts: number[] } {
  const bins = bin<number, number>()
    .domain([min, max > min ? max : min + 1])
    .thresholds(Array.from({ length: BINS - 1 }, (_, i) => min + ((i + 1) * (max - min || 1)) / BINS))(
    Array.from(values),
  );
  return { x: bins.map(({ x0 = 0, x1 = 0 }) => (x0 + x1) / 2), counts: bins.map(({ length }) => length) };
}

/** Four significant digits. */
export function shortest(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
