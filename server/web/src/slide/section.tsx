import { useSignal } from "@preact/signals";
import { axisName } from "../layer/words.ts";
import { ARROWS } from "../parts/arrows.ts";
import { cell, goTo } from "./cell.ts";
import { Channels, paddingName } from "./channels.tsx";
import { Controls } from "./controls.tsx";
import { Drawing } from "./drawing.tsx";
import { canSlide, hasAxes, positions, slide, type SlideAxis } from "./windows.ts";
import { slideWords } from "./words.ts";
import "./slide.css";

/** "3–5", "0, 2, 4" */
function list(all: number[]): string {
  const dense = all.every((one, i) => i === 0 || one === (all[i - 1] ?? 0) + 1);
  return dense && all.length > 2 ? `${all[0] ?? ""}–${all.at(-1) ?? ""}` : all.join(", ");
}

/** What the cell reads, in words; nothing while its windows are awaited. */
function caption(axes: readonly SlideAxis[], at: readonly number[]): string {
  const say = slideWords();
  const seen = axes.map(({ from, windows }, i) => windows[(at[i] ?? 0) - from]);
  if (seen.includes(undefined)) return "";
  if (seen.some((window) => window?.count === 0)) return say.empty(at.join(", "));
  let inside = 1;
  let all = 1;
  const reads = axes.map(({ axis, inputSize }, i) => {
    const window = seen[i];
    const read = window ? positions(window) : [];
    const real = read.filter((p) => p >= 0 && p < inputSize);
    all *= read.length;
    inside *= real.length;
    return say.range(axisName(axis), real.length > 0 ? list(real) : say.none);
  });
  const padding = all - inside > 0 ? ` ${say.inPadding(all - inside)}` : "";
  return say.caption(at.join(", "), reads.join(", ")) + padding;
}

function Sliding({ axes }: { axes: readonly SlideAxis[] }) {
  const say = slideWords();
  const pointed = useSignal<string | undefined>(undefined);
  const at = axes.map(({ outputSize }, i) => Math.min(cell.value[i] ?? 0, outputSize - 1));
  const playing = useSignal(false);
  const part = axes.filter(({ windows, outputSize }) => windows.length < outputSize);

  function move(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (!arrow && ![" ", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === " ") playing.value = !playing.value;
    if (event.key === "Home") goTo(at.map(() => 0));
    if (event.key === "End") goTo(axes.map(({ outputSize }) => outputSize - 1));
    if (!arrow) return;
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
        <Drawing slide={{ axes }} at={at} onPointed={(text) => (pointed.value = text)} />
      </div>
      {/* Who steps by hand wants to hear it; a play would never stop talking. */}
      <p class="caption" aria-live={playing.value ? "off" : "polite"}>
        {pointed.value ?? caption(axes, at)}
      </p>
      <Controls axes={axes} at={at} playing={playing} />
      <ul class="legend small">
        <li class="hit">{say.read}</li>
        {axes.some(({ first, last, inputSize }) => first < 0 || last >= inputSize) && (
          <li class="pad">{paddingName()}</li>
        )}
        {axes.some(({ dropped }) => dropped.size > 0) && <li class="drop">{say.dropped}</li>}
        <li class="here">{say.here}</li>
        <li class="lit">{say.reached}</li>
      </ul>
      {axes.map(
        ({ axis, dropped }) => dropped.size > 0 && <p key={axis}>{say.droppedCount(axisName(axis), dropped.size)}</p>,
      )}
      <Channels />
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
