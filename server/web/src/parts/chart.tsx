import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { isDark, token } from "../state/theme.ts";

/** What is drawn: positions along the axis below, and lines or bars over them. */
export interface ChartData {
  readonly label: string;
  readonly x: readonly number[];
  readonly series: readonly {
    readonly label: string;
    readonly values: readonly (number | null)[];
    readonly colour: string;
    readonly bars?: boolean;
  }[];
  /** What a position is called where its values are read; where names are short, along the axis too. */
  readonly nameOf?: (x: number) => string;
  readonly shortNames?: boolean;
}

let loaded: Promise<typeof uPlot> | undefined;

/** uPlot is loaded with the first chart that is shown. */
async function load(): Promise<typeof uPlot> {
  const [module] = await Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]);
  return module.default;
}

const HEIGHT = 200;

function options(
  library: typeof uPlot,
  data: ChartData,
  width: number,
  onPick?: (index: number) => void,
): uPlot.Options {
  const axis = {
    stroke: token("--muted"),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { stroke: token("--line") },
  };
  const { bars } = library.paths;
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false }, y: {} },
    axes: [
      {
        ...axis,
        values: (_, splits) =>
          splits.map((x) => (data.shortNames ? (data.nameOf?.(x) ?? "") : Number.isInteger(x) ? String(x) : "")),
        size: 40,
      },
      { ...axis, values: (_, splits) => splits.map((y) => (y === 0 ? "0" : short.format(y))), size: 60 },
    ],
    series: [
      { label: "", value: (_, x: number | null) => (x === null ? "–" : (data.nameOf?.(x) ?? String(x))) },
      ...data.series.map(({ label, colour, bars: asBars }) => ({
        label,
        stroke: token(colour),
        width: asBars ? 0 : 2,
        ...(asBars && bars && { fill: token(colour), paths: bars({ size: [0.8, 40] }) }),
        points: { show: false },
        value: (_: uPlot, y: number | null) =>
          y === null ? "–" : y.toLocaleString("en", { maximumSignificantDigits: 6 }),
      })),
    ],
    hooks: {
      ready: [
        (plot) =>
          plot.over.addEventListener("click", () => {
            if (typeof plot.cursor.idx === "number") onPick?.(plot.cursor.idx);
          }),
      ],
    },
  };
}

/** A chart as wide as its place. What it shows stands elsewhere in words or in a table. */
export function Chart({ data, onPick }: { data: ChartData; onPick?: (index: number) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const dark = isDark();
  useEffect(() => {
    let plot: uPlot | undefined;
    let current = true;
    const box = place.current;
    const observer = new ResizeObserver(([entry]) =>
      plot?.setSize({ width: Math.floor(entry?.contentRect.width ?? 0), height: HEIGHT }),
    );
    loaded ??= load();
    void loaded.then((library) => {
      if (!current || !box) return;
      const columns = [data.x, ...data.series.map(({ values }) => values)].map((all) => [...all]) as uPlot.AlignedData;
      plot = new library(options(library, data, box.clientWidth, onPick), columns, box);
      observer.observe(box);
    });
    return () => {
      current = false;
      observer.disconnect();
      plot?.destroy();
    };
    // The colours are read from the style: another theme is another drawing.
  }, [data, onPick, dark]);
  return <div class="chart" ref={place} role="img" aria-label={data.label} style={{ minHeight: `${HEIGHT}px` }} />;
}
