import { axisName } from "../layer/words.ts";
import { param } from "../state/place.ts";
import { answered } from "../state/question.ts";
import { shapeText } from "../state/shape_text.ts";
import { Blocks } from "./blocks.tsx";
import { Layouts } from "./layouts.tsx";
import { Seen } from "./seen.tsx";
import { kernelOf, kernelsOf, type Kernel } from "./slice.ts";
import { weightsWords } from "./words.ts";
import "./weights.css";

const filterText = param("f", "0");
const channelText = param("c", "0");
/** Which of a separable layer's two kernels. */
const kernelText = param("weight", "0");

/** The index that a text holds, within the size. */
function within(text: string, size: number): number {
  const value = Math.trunc(Number(text)) || 0;
  return Math.max(0, Math.min(size - 1, value));
}

function Pick({
  label,
  value,
  size,
  onPick,
}: {
  label: string;
  value: number;
  size: number;
  onPick: (value: number) => void;
}) {
  return (
    <label class="row small">
      {label}
      <input
        type="number"
        class="number"
        min={0}
        max={size - 1}
        value={value}
        onInput={(event) => {
          const { valueAsNumber } = event.currentTarget;
          if (Number.isInteger(valueAsNumber)) onPick(Math.max(0, Math.min(size - 1, valueAsNumber)));
        }}
      />
      <span class="muted">/ {size}</span>
    </label>
  );
}

/** One kernel: its blocks, and its chosen slice in every layout. */
function OneKernel({ framework, kernel }: { framework: string; kernel: Kernel }) {
  const say = weightsWords();
  const { own, filters, channels } = kernel;
  const filter = within(filterText.value, filters);
  const channel = within(channelText.value, channels);
  const pickFilter = (f: number) => (filterText.value = String(f));
  return (
    <>
      <div class="row">
        <Pick label={say.filter} value={filter} size={filters} onPick={pickFilter} />
        <Pick label={say.channel} value={channel} size={channels} onPick={(c) => (channelText.value = String(c))} />
      </div>
      <Blocks
        filters={filters}
        channels={channels}
        kernel={kernelOf(own)}
        filter={filter}
        channel={channel}
        onPick={pickFilter}
      />
      <Layouts framework={framework} kernel={kernel} filter={filter} channel={channel} />
    </>
  );
}

/** The kernel as something to look at: its blocks, its layouts, and what one's own shapes mean. */
export function WeightsSection() {
  const say = weightsWords();
  const { answer } = answered.value;
  if (!answer) return null;
  const kernels = kernelsOf(answer);
  const chosen = within(kernelText.value, kernels.length);
  const kernel = kernels[chosen];
  return (
    <section class="card stack weights" aria-labelledby="weights-title">
      <h2 id="weights-title">{say.title}</h2>
      {answer.weights === null && <p class="muted">{say.unknown}</p>}
      {answer.weights?.length === 0 && <p class="muted">{say.none}</p>}
      {answer.weights && answer.weights.length > 0 && (
        <>
          <ul class="plain-list">
            {answer.weights.map(({ name, shape, axes }) => (
              <li key={name}>
                <code>
                  {name} {shapeText(shape)}
                </code>{" "}
                <span class="muted small">{axes.map(axisName).join(", ")}</span>
              </li>
            ))}
          </ul>
          {kernels.length > 1 && (
            <div class="row" role="group" aria-label={say.kernels}>
              {kernels.map(({ own }, i) => (
                <button
                  type="button"
                  key={own.name}
                  aria-pressed={i === chosen}
                  onClick={() => (kernelText.value = String(i))}
                >
                  <code>{own.name}</code>
                </button>
              ))}
            </div>
          )}
          {kernel && <OneKernel framework={answer.framework} kernel={kernel} />}
          <Seen />
        </>
      )}
    </section>
  );
}
