import type { ReviewAnswer } from "../api/types.ts";
import { bytes, compact, count } from "./figures.ts";
import { goTo } from "./jump.ts";
import { resultWords } from "./words_result.ts";

const shown = ["parameters", "trainable", "macs", "weights_bytes", "activation_bytes", "peak_bytes"] as const;
type Name = (typeof shown)[number];

function Total({ name, totals }: { name: Name; totals: ReviewAnswer["totals"] }) {
  const say = resultWords();
  const value = totals[name];
  const state = totals.completeness[name];
  const left = totals.not_counted[name] ?? [];
  const isBytes = name.endsWith("_bytes");
  return (
    <div class="total">
      <dt>{say.totals[name]}</dt>
      <dd>
        {state === "partial" && <span class="small least">{say.atLeast} </span>}
        <span class="figure">
          {state === "unavailable" ? say.unavailable : isBytes ? bytes(value) : compact(value)}
        </span>
        {state !== "unavailable" && !isBytes && value !== null && value >= 1000 && (
          <span class="muted small">{count(value)}</span>
        )}
        {state !== "complete" && left.length > 0 && <span class="muted small">{say.without(left.join(", "))}</span>}
      </dd>
    </div>
  );
}

/** What the model could not be followed through, by name: only the first causes, not all that waits for them. */
function Partial({ answer }: { answer: ReviewAnswer }) {
  const say = resultWords();
  const stopped = answer.layers.filter(({ state }) => state !== "known");
  const causes = stopped.filter(({ state }) => state !== "waiting");
  if (stopped.length === 0) return <p class="note">{say.openSizes}</p>;
  return (
    <div class="warning">
      <p>{say.partial(stopped.length, answer.layers.length)}</p>
      {causes.length > 0 ? (
        <ul>
          {causes.slice(0, 8).map((layer) => (
            <li key={layer.name}>
              {say.blame}{" "}
              <button type="button" class="link" onClick={() => goTo(layer.name)}>
                {layer.name} ({layer.type})
              </button>
              : {layer.error?.message ?? say.state[layer.state]}
            </li>
          ))}
        </ul>
      ) : (
        <p>{say.openSizes}</p>
      )}
    </div>
  );
}

export function Summary({ answer }: { answer: ReviewAnswer }) {
  const say = resultWords();
  return (
    <section class="card stack" aria-labelledby="summary-title">
      <div class="row spread">
        <h2 id="summary-title">{say.summary}</h2>
        <span class="muted">{say.of(answer.name, answer.framework)}</span>
      </div>
      <dl class="totals" aria-live="polite">
        <div class="total">
          <dt>{say.totals.layers}</dt>
          <dd>
            <span class="figure">{count(answer.layers.length)}</span>
          </dd>
        </div>
        {shown.map((name) => (
          <Total key={name} name={name} totals={answer.totals} />
        ))}
      </dl>
      {!answer.complete && <Partial answer={answer} />}
      {answer.order !== "stated" && <p class="note">{say.order[answer.order]}</p>}
      {answer.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      <p class="muted small">{say.perSample}</p>
    </section>
  );
}
