import { useEffect } from "preact/hooks";
import { askNow, cancel, followModels, state } from "./ask.ts";
import { DiffResult } from "./diff.tsx";
import { bytes } from "./figures.ts";
import { Question } from "./question.tsx";
import { Refusal } from "./refusal.tsx";
import { ReviewResult } from "./review.tsx";
import { after, before } from "./source.ts";
import { modelWords } from "./words.ts";
import "./models.css";
import "./result.css";

/** How far the sending is; only files that are big enough to wait for have a bar. */
function Progress() {
  const say = modelWords();
  const { phase, sent, total } = state.value;
  if (phase === "cancelled") {
    return (
      <p class="note row spread">
        {say.cancelled}
        <button type="button" onClick={() => askNow()}>
          {say.again}
        </button>
      </p>
    );
  }
  if (phase === "idle" || total === 0) return null;
  return (
    <div class="card row progress">
      <label for="model-progress">{phase === "sending" ? say.sending : say.computing}</label>
      {phase === "sending" ? (
        <progress id="model-progress" max={total} value={sent} />
      ) : (
        <progress id="model-progress" />
      )}
      <span class="muted small number">
        {bytes(sent)} / {bytes(total)}
      </span>
      <button type="button" onClick={cancel}>
        {say.cancel}
      </button>
    </div>
  );
}

function Empty() {
  const say = modelWords();
  return (
    <div class="card empty">
      <h2>{say.empty}</h2>
      <p class="muted">{say.emptyHint}</p>
    </div>
  );
}

function Result() {
  const { result, problem, phase } = state.value;
  if (before.value === undefined && after.value === undefined) return <Empty />;
  if (problem) return <Refusal problem={problem} />;
  if (result === undefined) return null;
  return (
    <div class="stack" aria-busy={phase === "computing" || phase === "sending"}>
      {result.kind === "review" ? <ReviewResult answer={result.answer} /> : <DiffResult answer={result.answer} />}
    </div>
  );
}

export function ModelsView() {
  const say = modelWords();
  useEffect(followModels, []);
  return (
    <div class="models stack">
      <header>
        <h1>{say.title}</h1>
        <p class="muted">{say.lead}</p>
      </header>
      <Question />
      <Progress />
      <Result />
    </div>
  );
}
