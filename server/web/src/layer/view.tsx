import { ProblemNote } from "../parts/problem.tsx";
import { Soon } from "../parts/soon.tsx";
import { SlideSection } from "../slide/section.tsx";
import { answered, chained, framework, inputText, layerText, pasted, reviewed } from "../state/question.ts";
import { WeightsSection } from "../weights/section.tsx";
import { Cost, Equivalents, Flow, Why } from "./answer.tsx";
import { Chain, ModelSummary } from "./chain.tsx";
import { unwritten } from "./edit.ts";
import { examples, exampleWords } from "./examples.ts";
import { Findings } from "./findings.tsx";
import { Form } from "./form.tsx";
import { Inputs } from "./inputs.tsx";
import { Paste } from "./paste.tsx";
import { Solve } from "./solve.tsx";
import { layerWords } from "./words.ts";
import "./layer.css";

function Examples() {
  const say = exampleWords();
  return (
    <details class="examples">
      <summary>{layerWords().examples}</summary>
      <ul class="plain-list">
        {examples.map(({ id, layer, input }) => (
          <li key={id}>
            <button
              type="button"
              class="quiet"
              aria-pressed={layerText.value === layer && inputText.value === input}
              onClick={() => {
                framework.value = "";
                unwritten.value = undefined;
                layerText.value = layer;
                inputText.value = input;
              }}
            >
              {say[id]}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Answer() {
  const { answer, problem } = answered.value;
  const chain = chained.value.answer;
  const model = reviewed.value.answer;
  if (problem) return <ProblemNote problem={problem} />;
  if (chain) return <Chain answer={chain} />;
  if (model) return <ModelSummary answer={model} />;
  if (!answer) return <p class="card muted">{layerWords().noAnswer}</p>;
  return (
    <>
      <Flow answer={answer} />
      <Findings />
      <Soon turn={1}>
        <SlideSection />
      </Soon>
      <Soon turn={2}>
        <Why answer={answer} />
      </Soon>
      <Soon turn={3}>
        <WeightsSection />
      </Soon>
      <Soon turn={4}>
        <Equivalents answer={answer} />
        <Cost answer={answer} />
        <Solve />
      </Soon>
    </>
  );
}

export function LayerView() {
  return (
    <div class="layer-view">
      <h1 class="visually-hidden">{layerWords().title}</h1>
      <section class="card stack asking" aria-label={layerWords().paste}>
        <Paste />
        <Inputs />
        <Examples />
        {pasted.value.kind === "layer" && <Form />}
      </section>
      <div class="stack answer">
        <Answer />
      </div>
    </div>
  );
}
