import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { axisName } from "../layer/words.ts";
import { answered } from "../state/question.ts";
import { cell, goTo } from "./cell.ts";
import { Drawing } from "./drawing.tsx";
import { canSlide, hasAxes, positions, slide, type SlideAxis } from "./windows.ts";
import { slideWords } from "./words.ts";
import "./slide.css";

/** Milliseconds from cell to cell at each speed. */
const SPEEDS = [900, 450, 200, 90];

/** "3–5", "0, 2, 4" */
function list(all: number[]): string {
  const dense = all.every((one, i) => i === 0 || one === (all[i - 1] ?? 0) + 1);
  return dense && all.length > 2 ? `${all[0] ?? ""}–${all.at(-1) ?? ""}` : all.join(", ");
}

/** What the cell reads, in words. */
function caption(axes: readonly SlideAxis[], at: readonly number[]): string {
  const say = slideWords();
  let inside = 1;
  let all = 1;
  const reads = axes.map(({ axis, from, windows, inputSize }, i) => {
    const window = windows[(at[i] ?? 0) - from];
    const read = window ? positions(window) : [];
    const real = read.filter((p) => p >= 0 && p < inputSize);
    all *= read.length;
    inside *= real.length;
    return say.range(axisName(axis), real.length > 0 ? list(real) : say.none);
  });
  const padding = all - inside > 0 ? ` ${say.inPadding(all - inside)}` : "";
  return say.caption(at.join(", "), reads.join(", ")) + padding;
}

/** How many channels one filter sums over, as the weights say it. */
function summed(): number | undefined {
  const kernel = answered.value.answer?.weights?.[0];
  const axis = kernel?.axes.findIndex((one) => one === "in_channels" || one === "in_channels_per_group") ?? -1;
  return axis < 0 ? undefined : kernel?.shape[axis];
}

function Controls({ axes, at }: { axes: readonly SlideAxis[]; at: readonly number[] }) {
  const say = slideWords();
  const playing = useSignal(false);
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

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

function Sliding({ axes }: { axes: readonly SlideAxis[] }) {
  const say = slideWords();
  const pointed = useSignal<string | undefined>(undefined);
  const at = axes.map(({ outputSize }, i) => Math.min(cell.value[i] ?? 0, outputSize - 1));
  const deep = summed();
  const part = axes.filter(({ windows, outputSize }) => windows.length < outputSize);

  function move(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const last = axes.length - 1;
    goTo(
      at.map((position, i) => {
        const step = i === last ? arrow[1] : i === last - 1 ? arrow[0] : 0;
        return Math.max(0, Math.min((axes[i]?.outputSize ?? 1) - 1, position + step));
      }),
    );
  }

  return (
    <>
      <p class="muted small no-print">{say.help}</p>
      {axes.slice(0, -2).map(({ axis, outputSize }, i) => (
        <label class="row small" key={axis}>
          {say.slice(axisName(axis))}
          <input
            type="range"
            min={0}
            max={outputSize - 1}
            value={at[i]}
            onInput={(event) => goTo(at.with(i, event.currentTarget.valueAsNumber))}
          />
          {at[i]}
        </label>
      ))}
      {/* The arrow keys move the cell; the slider below does the same for who has no arrows. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
      <div class="stage" role="group" aria-label={say.drawing} tabIndex={0} onKeyDown={move}>
        <Drawing slide={{ axes }} onPointed={(text) => (pointed.value = text)} />
      </div>
      <p class="caption" aria-live="polite">
        {pointed.value ?? caption(axes, at)}
      </p>
      <Controls axes={axes} at={at} />
      <ul class="legend small">
        <li class="hit">{say.read}</li>
        <li class="pad">{say.padding}</li>
        {axes.some(({ dropped }) => dropped.size > 0) && <li class="drop">{say.dropped}</li>}
        <li class="here">{say.here}</li>
        <li class="lit">{say.reached}</li>
      </ul>
      {axes.map(
        ({ axis, dropped }) => dropped.size > 0 && <p key={axis}>{say.droppedCount(axisName(axis), dropped.size)}</p>,
      )}
      {deep !== undefined && deep > 1 && <p>{say.deep(deep)}</p>}
      {part.length > 0 && (
        <p class="muted small">
          {say.shown}{" "}
          {part
            .map(({ axis, from, windows, outputSize }) =>
              say.part(axisName(axis), from, from + windows.length - 1, outputSize),
            )
            .join("; ")}
        </p>
      )}
    </>
  );
}

/** The kernel over the padded input, cell by cell. */
export function SlideSection() {
  const say = slideWords();
  const { answer, problem } = slide.value;
  return (
    <section class="card slide" aria-labelledby="slide-title">
      <h2 id="slide-title">{say.title}</h2>
      {!canSlide.value && <p class="muted">{hasAxes.value ? say.unknownSizes : say.noWindow}</p>}
      {canSlide.value && problem && <p class="muted">{say.noWindow}</p>}
      {canSlide.value && !problem && answer && <Sliding axes={answer.axes} />}
    </section>
  );
}
