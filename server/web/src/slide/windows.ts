/**
 * Which input positions each output position reads, axis by axis. The server says it, cell by cell; windows are separable:
 * the window along one axis does not depend on where the cell is along another.
 */
import { computed, effect } from "@preact/signals";
import { askMany, Problem } from "../api/client.ts";
import { latest } from "../api/latest.ts";
import type { Axis, Schemas } from "../api/types.ts";
import { answered, asked } from "../state/question.ts";
import { cell } from "./cell.ts";

type AxisWindow = Schemas["AxisWindow"];

const SPATIAL = ["length", "depth", "height", "width"];

export interface SlideAxis {
  readonly axis: Axis;
  /** The output positions that are drawn, and the window of each. */
  readonly from: number;
  readonly windows: readonly AxisWindow[];
  readonly inputSize: number;
  readonly outputSize: number;
  /** The input positions that are drawn; below 0 and from inputSize on they are padding. */
  readonly first: number;
  readonly last: number;
  /** Positions that are drawn and that no window at all reads. */
  readonly dropped: ReadonlySet<number>;
}

export interface Slide {
  readonly axes: readonly SlideAxis[];
}

/** As many output cells are drawn along an axis, and so many input cells at the most; more cannot be told apart. */
const MOST_OUTPUTS = { one: 24, more: 10 };
const MOST_INPUTS = { one: 48, more: 24 };
/** Windows around those drawn, which read the same inputs. */
const MARGIN = 12;

export function positions({ first, step, count }: AxisWindow): number[] {
  return Array.from({ length: count }, (_, i) => first + i * step);
}

interface Wanted {
  readonly request: Record<string, unknown>;
  readonly axes: readonly {
    axis: Axis;
    inputSize: number;
    outputSize: number;
    /** The position that is looked at; it is drawn whatever else has to be left out. */
    at: number;
    from: number;
    to: number;
    begin: number;
    end: number;
  }[];
}

/** The output positions around the wanted one that are drawn, and those that are asked for. */
function around(wanted: number, size: number, most: number) {
  const at = Math.min(wanted, size - 1);
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), size - most));
  const to = Math.min(size, from + most);
  return { at, from, to, begin: Math.max(0, from - MARGIN), end: Math.min(size, to + MARGIN) };
}

const wanted = computed<Wanted | undefined>(() => {
  const { answer } = answered.value;
  const request = asked.value;
  if (!answer || !request) return undefined;
  const { input, output } = answer;
  const names = output.axes.filter((axis) => SPATIAL.includes(axis));
  const most = names.length === 1 ? MOST_OUTPUTS.one : MOST_OUTPUTS.more;
  const axes = names.map((axis, i) => {
    const inputSize = input.shape[input.axes.indexOf(axis)];
    const outputSize = output.shape[output.axes.indexOf(axis)];
    if (typeof inputSize !== "number" || typeof outputSize !== "number") return undefined;
    return { axis, inputSize, outputSize, ...around(cell.value[i] ?? 0, outputSize, most) };
  });
  if (axes.length === 0 || axes.some((axis) => axis === undefined)) return undefined;
  return { request: { ...request, fields: ["output"] }, axes: axes.filter((axis) => axis !== undefined) };
});

function slideAxis(known: Wanted["axes"][number], all: readonly AxisWindow[], most: number): SlideAxis {
  const { axis, inputSize, outputSize, at, begin } = known;
  const read = new Set(all.flatMap(positions));
  let { from, to } = known;
  const edges = () => {
    const drawn = all.slice(from - begin, to - begin).flatMap(positions);
    // At an end of the output, all that lies beyond its last window is shown as well, read or not.
    const first = Math.min(...drawn, ...(from === 0 ? [0] : []));
    const last = Math.max(...drawn, ...(to === outputSize ? [inputSize - 1] : []));
    return { first, last };
  };
  // Long strides and wide kernels spread few windows over many inputs: the farther end gives way.
  while (to - from > 1 && edges().last - edges().first >= most) {
    if (to - 1 - at >= at - from) to--;
    else from++;
  }
  const windows = all.slice(from - begin, to - begin);
  const { first, last } = edges();
  const dropped = new Set<number>();
  for (let p = Math.max(first, 0); p <= Math.min(last, inputSize - 1); p++) if (!read.has(p)) dropped.add(p);
  return { axis, from, windows, inputSize, outputSize, first, last: Math.min(last, first + most - 1), dropped };
}

const asker = latest<Wanted, Slide>(async ({ request, axes }, signal) => {
  const length = Math.max(...axes.map(({ begin, end }) => end - begin));
  const bodies = Array.from({ length }, (_, i) => ({
    ...request,
    cell: axes.map(({ begin, end }) => Math.min(begin + i, end - 1)),
  }));
  const answers = await askMany<{ receptive_window: AxisWindow[] }>("/v1/shape", bodies, { signal });
  const refused = answers.find((one) => one instanceof Problem);
  if (refused) throw refused;
  const most = axes.length === 1 ? MOST_INPUTS.one : MOST_INPUTS.more;
  return {
    axes: axes.map((known, i) => {
      const all = answers
        .slice(0, known.end - known.begin)
        .map((one) => (one as { receptive_window: AxisWindow[] }).receptive_window[i]);
      return slideAxis(
        known,
        all.filter((one) => one !== undefined),
        most,
      );
    }),
  };
});

effect(() => asker.ask(wanted.value));

/** The windows that are drawn; the problem says why there are none. */
export const slide = asker.state;
/** Whether there are axes to slide along, and whether their sizes are known. */
export const hasAxes = computed(
  () => answered.value.answer?.output.axes.some((axis) => SPATIAL.includes(axis)) ?? false,
);
export const canSlide = computed(() => wanted.value !== undefined);
