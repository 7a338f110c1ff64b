import {
  interpolateCividis,
  interpolateGreys,
  interpolateInferno,
  interpolatePuOr,
  interpolateViridis,
} from "d3-scale-chromatic";
import { useEffect, useRef } from "preact/hooks";

/** Perceptually uniform ones, and one with a middle for values of both signs. */
export const palettes = {
  viridis: interpolateViridis,
  inferno: interpolateInferno,
  cividis: interpolateCividis,
  diverging: interpolatePuOr,
  grey: (t: number) => interpolateGreys(1 - t),
};
export type Palette = keyof typeof palettes;

const STEPS = 256;
/** What is no finite number has a colour that no palette has. */
const NOT_FINITE = [255, 0, 255];
const tables = new Map<Palette, Uint8ClampedArray>();

/** "rgb(68, 1, 84)" or "#440154" as three numbers. */
function rgb(colour: string): number[] {
  if (colour.startsWith("#")) return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return (colour.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}

function table(palette: Palette): Uint8ClampedArray {
  let colours = tables.get(palette);
  if (!colours) {
    colours = new Uint8ClampedArray(STEPS * 3);
    for (let i = 0; i < STEPS; i++) colours.set(rgb(palettes[palette](i / (STEPS - 1))), 3 * i);
    tables.set(palette, colours);
  }
  return colours;
}

/** One map: its values row by row, and the range that the colours stand for. */
export interface HeatMap {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly low: number;
  readonly high: number;
  readonly palette: Palette;
}

export function paint(canvas: HTMLCanvasElement, { values, width, height, low, high, palette }: HeatMap): void {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const colours = table(palette);
  // A diverging palette has its middle at zero.
  const reach = Math.max(Math.abs(low), Math.abs(high));
  const [from, to] = palette === "diverging" ? [-reach, reach] : [low, high];
  const image = context.createImageData(width, height);
  for (let i = 0; i < values.length; i++) {
    const part = to > from ? ((values[i] ?? 0) - from) / (to - from) : 0.5;
    const step = Math.max(0, Math.min(STEPS - 1, Math.round(part * (STEPS - 1))));
    image.data.set(Number.isFinite(values[i]) ? colours.subarray(3 * step, 3 * step + 3) : NOT_FINITE, 4 * i);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Values as colours, a pixel each, enlarged without smoothing. What they are is said by whoever shows this. */
export function Heat(map: HeatMap) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, map);
  });
  return <canvas class="heat" ref={canvas} aria-hidden="true" />;
}
