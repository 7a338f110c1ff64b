import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ReviewAnswer } from "../api/types.ts";
import { isDark } from "../state/theme.ts";
import { bytes, compact, count, field, type Known } from "./figures.ts";
import { goTo } from "./jump.ts";
import type { Series } from "./plot.ts";
import { reachOf } from "./receptive.ts";
import { resultWords } from "./words_result.ts";

/** Bytes are counted in powers of two. */
const BINARY = Array.from({ length: 50 }, (_, power) => 2 ** power);

interface Asked {
  readonly title: string;
  readonly text: string;
  readonly series: Series;
  readonly names: readonly string[];
  readonly at: Signal<number>;
  readonly caption?: string | undefined;
}

function Chart({ title, text, series, names, at, caption }: Asked) {
  const place = useRef<HTMLDivElement>(null);
  const dark = isDark();
  const empty = series.values.every((value) => !value);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    let end = (): void => undefined;
    let current = true;
    void import("./plot.ts").then(({ plot, pointAt }) => {
      if (!current) return;
      const hearing = {
        onPoint: (index: number) => (at.value = index),
        onPick: (index: number) => goTo(names[index] ?? ""),
      };
      const chart = plot(element, series, hearing);
      const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: chart.height }));
      observer.observe(element);
      // uPlot has no scales before its first drawing, and a mark that nobody has moved says nothing.
      let drawn = false;
      const stop = at.subscribe((index) => {
        if (drawn && chart.cursor.idx !== index) pointAt(chart, index);
      });
      drawn = true;
      end = () => {
        stop();
        observer.disconnect();
        chart.destroy();
      };
    });
    return () => {
      current = false;
      end();
    };
    // The theme's colours are read when it is drawn.
  }, [series, names, at, dark]);
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        {caption && <span class="muted small">{caption}</span>}
      </figcaption>
      {empty ? (
        <p class="muted">{resultWords().chartEmpty}</p>
      ) : (
        <div class="chart-place" ref={place} role="img" aria-label={text} />
      )}
    </figure>
  );
}

function textOf(title: string, { values, write }: Series, names: readonly string[]): string {
  const say = resultWords();
  const known = values.map((value) => value ?? -1);
  const most = Math.max(-1, ...known);
  return most < 0 ? say.chartEmpty : say.chartText(title, write(most), names[known.indexOf(most)] ?? "");
}

/** The figures of one layer, for the mouse over a chart and for the keyboard alike. */
function Readout({ answer, at }: { answer: ReviewAnswer; at: Signal<number> }) {
  const say = resultWords();
  const layer = answer.layers[at.value];
  if (!layer) return null;
  const facts: [string, string][] = [
    [say.chart.macs, count(layer.macs)],
    [say.chart.bytes, bytes(layer.output_bytes)],
    [say.chart.parameters, count(layer.parameters)],
    [say.column.field, field(layer)],
  ];
  const told = facts.map(([name, value]) => `${name} ${value}`).join(", ");
  return (
    <div class="readout row">
      <label for="chart-layer">{say.choose}</label>
      <input
        id="chart-layer"
        type="range"
        min={0}
        max={answer.layers.length - 1}
        value={at.value}
        aria-valuetext={`${layer.name}: ${told}`}
        onInput={(event) => (at.value = Number(event.currentTarget.value))}
      />
      <strong>{layer.name}</strong>
      <span class="muted">{layer.type}</span>
      <span class="number">{told}</span>
      <button type="button" onClick={() => goTo(layer.name)}>
        {say.goTo}
      </button>
    </div>
  );
}

export function Charts({ answer }: { answer: ReviewAnswer }) {
  const say = resultWords();
  const at = useSignal(0);
  const names = useMemo(() => answer.layers.map(({ name }) => name), [answer]);
  const reach = useMemo(() => reachOf(answer), [answer]);
  const drawn = useMemo(() => {
    const of = (read: (one: ReviewAnswer["layers"][number]) => Known): Known[] => answer.layers.map(read);
    return {
      macs: { values: of(({ macs }) => macs), write: compact, colour: "--accent" },
      bytes: { values: of(({ output_bytes }) => output_bytes), write: bytes, increments: BINARY, colour: "--output" },
      parameters: { values: of(({ parameters }) => parameters), write: compact, colour: "--kernel" },
      field: { values: reach.sizes, limit: reach.input, write: String, colour: "--pad" },
    } satisfies Record<string, Series>;
  }, [answer, reach]);
  const { input, covers } = reach;
  const caption = input === undefined ? undefined : covers ? say.covers(input, covers) : say.coversNot(input);
  return (
    <section class="card stack charts" aria-labelledby="charts-title">
      <h2 id="charts-title">{say.charts}</h2>
      <Readout answer={answer} at={at} />
      <div class="chart-grid">
        {(["macs", "bytes", "parameters", "field"] as const).map((one) => (
          <Chart
            key={one}
            title={say.chart[one]}
            text={[textOf(say.chart[one], drawn[one], names), one === "field" ? caption : ""].join(" ")}
            series={drawn[one]}
            names={names}
            at={at}
            caption={one === "field" ? caption : undefined}
          />
        ))}
      </div>
      <p class="muted small">{say.sameInTable}</p>
    </section>
  );
}
