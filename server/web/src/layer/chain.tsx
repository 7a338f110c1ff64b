import type { ChainAnswer, ReviewAnswer } from "../api/types.ts";
import { count, short } from "../parts/numbers.ts";
import { Scroll } from "../parts/scroll.tsx";
import { openModel } from "../state/model.ts";
import { layerText, pasted } from "../state/question.ts";
import { shapeText } from "../state/shape_text.ts";
import { layerWords, opName } from "./words.ts";

interface Row {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly parameters: number | null;
  readonly macs: number | null;
}

function Rows({ title, rows }: { title: string; rows: Row[] }) {
  const say = layerWords();
  return (
    <Scroll label={title}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{say.layer}</th>
            <th scope="col">{say.inAndOut}</th>
            <th scope="col" class="number">
              {say.parameters}
            </th>
            <th scope="col" class="number">
              MACs
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, from, to, parameters, macs }, i) => (
            <tr key={i}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td class="mono">
                {from} → <strong>{to}</strong>
              </td>
              <td class="number">{count(parameters)}</td>
              <td class="number" title={count(macs)}>
                {short(macs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Layers one behind the other. */
export function Chain({ answer }: { answer: ChainAnswer }) {
  const say = layerWords();
  const what = pasted.value;
  const rows = answer.layers.map(({ layer, input, output, parameters, cost }, i) => {
    const text = what.kind === "chain" ? what.layers[i] : undefined;
    const name = typeof text === "string" ? text : opName(layer.op);
    return { name, from: shapeText(input.shape), to: shapeText(output.shape), parameters, macs: cost.macs };
  });
  const findings = answer.layers.flatMap((layer) => layer.findings);
  return (
    <section class="card stack">
      <h2>{say.chain}</h2>
      <p class="result">
        <output class="mono" aria-live="polite">
          {answer.output && shapeText(answer.output.shape)}
        </output>
      </p>
      <Rows title={say.chain} rows={rows} />
      <p>
        {say.parameters}: <strong>{count(answer.parameters)}</strong>. MACs: <strong>{count(answer.cost?.macs)}</strong>
        . {say.field}: <strong>{answer.receptive_field?.size.join(" × ")}</strong>
      </p>
      {findings.map((finding, i) => (
        <p class={finding.level} key={i}>
          {finding.message} {finding.fix}
        </p>
      ))}
      {answer.layers
        .at(-1)
        ?.explanation.paragraphs.slice(0, 3)
        .map((text) => (
          <p key={text}>{text}</p>
        ))}
    </section>
  );
}

/** A whole model, in short. */
export function ModelSummary({ answer }: { answer: ReviewAnswer }) {
  const say = layerWords();
  const rows = answer.layers.map(({ name, type, input_shapes, output_shape, parameters, macs }) => ({
    name: `${name} (${type})`,
    from: input_shapes.map((shape) => (shape ? shapeText(shape) : "?")).join(", "),
    to: output_shape ? shapeText(output_shape) : "?",
    parameters: parameters ?? null,
    macs: macs ?? null,
  }));
  return (
    <section class="card stack">
      <h2>{say.chain}</h2>
      <p class="row spread">
        <span>{say.modelHere}</span>
        <button type="button" class="primary" onClick={() => openModel(layerText.value)}>
          {say.openModel}
        </button>
      </p>
      <Rows title={say.chain} rows={rows} />
      <p>
        {say.parameters}: <strong>{count(answer.totals.parameters)}</strong>. MACs:{" "}
        <strong>{count(answer.totals.macs)}</strong>.
      </p>
    </section>
  );
}
