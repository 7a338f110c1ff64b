import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Chart, type ChartData } from "../parts/chart.tsx";
import { ARROWS } from "../parts/arrows.ts";
import { download } from "../parts/download.ts";
import { ColourBar } from "./colour_bar.tsx";
import { Heat, paint, type Palette } from "./heat.tsx";
import { histogram, shortest, type Map2D } from "./statistics.ts";
import type { Maps } from "./state.ts";
import { Trace } from "./trace.tsx";
import { mapsWords } from "./words.ts";

interface Props {
  readonly result: Maps;
  readonly map: Map2D;
  readonly palette: Palette;
  readonly low: number;
  readonly high: number;
  readonly onClose: () => void;
}

/** One map, large, with its values to read. */
export function Enlarged({ result, map, palette, low, high, onClose }: Props) {
  const say = mapsWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const at = useSignal<readonly [number, number]>([0, 0]);
  useEffect(() => dialog.current?.showModal(), []);
  const chart = useMemo<ChartData>(() => {
    const { x, counts } = histogram(map);
    return {
      label: say.histogram,
      x,
      nameOf: shortest,
      shortNames: true,
      series: [{ label: say.histogram, values: counts, colour: "--accent", bars: true }],
    };
  }, [map, say]);
  const signal = useMemo<ChartData>(
    () => ({
      label: say.signal,
      x: Array.from(map.values.keys()),
      series: [
        {
          label: say.signal,
          values: Array.from(map.values, (one) => (Number.isFinite(one) ? one : null)),
          colour: "--output",
        },
      ],
    }),
    [map, say],
  );
  const [row, column] = at.value;
  // A map of one dimension has no rows.
  const cell = result.answer.output.axes.includes("length") ? [column] : [row, column];

  function move(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    at.value = [
      Math.max(0, Math.min(map.height - 1, row + arrow[0])),
      Math.max(0, Math.min(map.width - 1, column + arrow[1])),
    ];
  }

  function point(event: MouseEvent): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const part = (position: number, size: number, count: number) =>
      Math.max(0, Math.min(count - 1, Math.floor((position / size) * count)));
    at.value = [
      part(event.clientY - box.top, box.height, map.height),
      part(event.clientX - box.left, box.width, map.width),
    ];
  }

  function save(): void {
    const canvas = document.createElement("canvas");
    paint(canvas, { ...map, low, high, palette });
    canvas.toBlob((blob) => blob && download(`map-${map.index}.png`, blob));
  }

  return (
    <dialog ref={dialog} class="enlarged" aria-label={say.map(map.index)} onClose={onClose}>
      <div class="stack">
        <div class="row spread">
          <h2>{say.map(map.index)}</h2>
          <span class="row">
            <button type="button" onClick={save}>
              PNG
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              {say.close}
            </button>
          </span>
        </div>
        <p class="muted small">{say.help}</p>
        {/* The arrow keys move the place that is read. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
        <div class="read" role="group" aria-label={say.help} tabIndex={0} onKeyDown={move} onMouseMove={point}>
          <Heat {...map} low={low} high={high} palette={palette} />
        </div>
        <output class="mono" aria-live="polite">
          {say.value(cell.join(", "), shortest(map.values[row * map.width + column] ?? 0))}
        </output>
        <ColourBar low={low} high={high} palette={palette} />
        {result.answer.layer.op === "conv" && <Trace request={result.request} filter={map.index} cell={cell} />}
        {cell.length === 1 && <Chart data={signal} />}
        <Chart data={chart} />
      </div>
    </dialog>
  );
}
