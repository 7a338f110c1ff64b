import { axisName } from "../layer/words.ts";
import { param } from "../state/place.ts";
import { answered } from "../state/question.ts";
import { shapeText } from "../state/shape_text.ts";
import { Blocks } from "./blocks.tsx";
import { Layouts } from "./layouts.tsx";
import { Seen } from "./seen.tsx";
import { channelsOf, filtersOf, kernelOf } from "./slice.ts";
import { weightsWords } from "./words.ts";
import "./weights.css";

const filterText = param("f", "0");
const channelText = param("c", "0");

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

/** The kernel as something to look at: its blocks, its layouts, and what one's own shapes mean. */
export function WeightsSection() {
  const say = weightsWords();
  const { answer } = answered.value;
  if (!answer) return null;
  const [kernel] = answer.weights ?? [];
  const filters = kernel ? (filtersOf(kernel) ?? 1) : 0;
  const channels = kernel ? (channelsOf(kernel) ?? 1) : 0;
  const filter = Math.min(Number(filterText.value) || 0, filters - 1);
  const channel = Math.min(Number(channelText.value) || 0, channels - 1);
  return (
    <section class="card stack weights" aria-labelledby="weights-title">
      <h2 id="weights-title">{say.title}</h2>
      {answer.weights === null && <p class="muted">{say.unknown}</p>}
      {answer.weights?.length === 0 && <p class="muted">{say.none}</p>}
      {kernel && (
        <>
          <ul class="plain-list">
            {answer.weights?.map(({ name, shape, axes }) => (
              <li key={name}>
                <code>
                  {name} {shapeText(shape)}
                </code>{" "}
                <span class="muted small">{axes.map(axisName).join(", ")}</span>
              </li>
            ))}
          </ul>
          {kernel.axes.length > 1 && (
            <>
              <div class="row">
                <Pick label={say.filter} value={filter} size={filters} onPick={(f) => (filterText.value = String(f))} />
                <Pick
                  label={say.channel}
                  value={channel}
                  size={channels}
                  onPick={(c) => (channelText.value = String(c))}
                />
              </div>
              <Blocks
                filters={filters}
                channels={channels}
                kernel={kernelOf(kernel)}
                filter={filter}
                channel={channel}
                onPick={(f) => (filterText.value = String(f))}
              />
              <Layouts answer={answer} filter={filter} channel={channel} />
            </>
          )}
          <Seen />
        </>
      )}
    </section>
  );
}
