import { ProblemNote } from "../parts/problem.tsx";
import { answered, inputText, layerText } from "../state/question.ts";
import { shapeText } from "../state/shape_text.ts";
import { layerWords } from "./words.ts";
import "./layer.css";

function Question() {
  const say = layerWords();
  return (
    <section class="card stack">
      <div class="field">
        <label for="layer-text">{say.paste}</label>
        <textarea
          id="layer-text"
          rows={4}
          spellcheck={false}
          value={layerText.value}
          onInput={(event) => (layerText.value = event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="input-text">{say.input}</label>
        <input
          id="input-text"
          class="mono"
          spellcheck={false}
          value={inputText.value}
          onInput={(event) => (inputText.value = event.currentTarget.value)}
        />
      </div>
    </section>
  );
}

function Answer() {
  const say = layerWords();
  const { answer, problem } = answered.value;
  if (problem) return <ProblemNote problem={problem} />;
  if (!answer) return null;
  return (
    <section class="card stack" aria-live="polite">
      <h2>{say.output}</h2>
      <output class="mono">{shapeText(answer.output.shape)}</output>
      <p>
        {say.parameters}: {answer.parameters}
      </p>
    </section>
  );
}

export function LayerView() {
  return (
    <div class="layer-view">
      <h1 class="visually-hidden">{layerWords().title}</h1>
      <Question />
      <Answer />
    </div>
  );
}
