import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { goTo } from "./cell.ts";
import type { SlideAxis } from "./windows.ts";
import { slideWords } from "./words.ts";

/** Milliseconds from cell to cell at each speed. */
const SPEEDS = [900, 450, 200, 90];

/** Play, step, and a slider over all cells, the last axis fastest. */
export function Controls({
  axes,
  at,
  playing,
}: {
  axes: readonly SlideAxis[];
  at: readonly number[];
  playing: Signal<boolean>;
}) {
  const say = slideWords();
  const speed = useSignal(1);
  const sizes = axes.map(({ outputSize }) => outputSize);
  const total = sizes.reduce((product, size) => product * size, 1);
  const index = at.reduce((sum, position, i) => sum * (sizes[i] ?? 1) + position, 0);

  function show(next: number): void {
    let rest = ((next % total) + total) % total;
    const found = sizes.toReversed().map((size) => {
      const position = rest % size;
      rest = Math.floor(rest / size);
      return position;
    });
    goTo(found.reverse());
  }

  useEffect(() => {
    if (!playing.value) return undefined;
    const timer = setTimeout(() => show(index + 1), SPEEDS[speed.value]);
    return () => clearTimeout(timer);
  });

  return (
    <div class="row controls no-print">
      <button type="button" aria-label={say.back} onClick={() => show(index - 1)}>
        ◀
      </button>
      <button type="button" class="primary" onClick={() => (playing.value = !playing.value)}>
        {playing.value ? say.pause : say.play}
      </button>
      <button type="button" aria-label={say.forward} onClick={() => show(index + 1)}>
        ▶
      </button>
      <label class="row grow">
        <span class="visually-hidden">{say.position}</span>
        <input
          type="range"
          min={0}
          max={total - 1}
          value={index}
          aria-valuetext={`${say.position} ${at.join(", ")}`}
          onInput={(event) => show(event.currentTarget.valueAsNumber)}
        />
      </label>
      <label class="row small">
        {say.speed}
        <input
          type="range"
          class="speed"
          min={0}
          max={SPEEDS.length - 1}
          value={speed.value}
          onInput={(event) => (speed.value = event.currentTarget.valueAsNumber)}
        />
      </label>
    </div>
  );
}
