/** One chart of uPlot: a bar for each layer, or steps with a dashed line at the input's size. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { token } from "../state/theme.ts";

export interface Series {
  readonly values: readonly (number | null)[];
  /** Where the dashed line stands; then the values are steps. */
  readonly limit?: number | undefined;
  readonly write: (value: number) => string;
  /** Steps of the axis that make round numbers in its unit. */
  readonly increments?: number[];
  /** Custom property of its colour. */
  readonly colour: string;
}

export interface Hearing {
  readonly onPoint: (index: number) => void;
  readonly onPick: (index: number) => void;
}

const HEIGHT = 200;

function axis(write: (value: number) => string, size: number, increments?: number[]): uPlot.Axis {
  return {
    ...(increments && { incrs: increments }),
    stroke: token("--muted"),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    font: `12px ${token("--sans")}`,
    size,
    values: (_, marks) => marks.map((mark) => (mark % 1 === 0 || mark > 10 ? write(mark) : "")),
  };
}

/** Draw into `place`; what comes back takes it away again. */
export function plot(place: HTMLElement, series: Series, { onPoint, onPick }: Hearing): uPlot {
  const { values, limit, write, colour } = series;
  const line = token(colour);
  const drawn: uPlot.Series[] = [
    {},
    {
      stroke: line,
      width: limit === undefined ? 0 : 2,
      fill: limit === undefined ? line : `${line}33`,
      points: { show: false },
      paths: limit === undefined ? bars() : steps(),
    },
  ];
  const data: (number | null)[][] = [values.map((_, index) => index), [...values]];
  if (limit !== undefined) {
    drawn.push({ stroke: token("--text"), width: 1.5, dash: [6, 4], points: { show: false } });
    data.push(values.map(() => limit));
  }
  const options: uPlot.Options = {
    width: Math.max(place.clientWidth, 200),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: [-0.6, values.length - 0.4] },
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
    },
    axes: [axis(String, 28), axis(write, 64, series.increments)],
    series: drawn,
    hooks: {
      // The mouse leaves: what was last read stays.
      setCursor: [({ cursor }) => cursor.idx !== null && cursor.idx !== undefined && onPoint(cursor.idx)],
    },
  };
  const chart = new uPlot(options, data as uPlot.AlignedData, place);
  chart.over.addEventListener("click", () => {
    if (typeof chart.cursor.idx === "number") onPick(chart.cursor.idx);
  });
  return chart;
}

function bars(): uPlot.Series.PathBuilder {
  const builder = uPlot.paths.bars?.({ size: [0.75, 40, 1] });
  if (!builder) throw new Error("uPlot without bars");
  return builder;
}

function steps(): uPlot.Series.PathBuilder {
  const builder = uPlot.paths.stepped?.({ align: 1 });
  if (!builder) throw new Error("uPlot without steps");
  return builder;
}

/** Put the mark at that layer, as the mouse would. */
export function pointAt(chart: uPlot, index: number): void {
  chart.setCursor({ left: chart.valToPos(index, "x"), top: 10 }, false);
}
