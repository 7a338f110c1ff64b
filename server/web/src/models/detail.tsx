import { shapeText } from "../state/shape_text.ts";
import type { Row } from "./rows.ts";
import { chosenLayer } from "./source.ts";
import { modelWords } from "./words.ts";
import { resultWords } from "./words_result.ts";

/** What does not fit into a row: what the layer reads, its weights axis by axis, and why it is impossible. */
export function Detail({ row: { layer } }: { row: Row }) {
  const say = resultWords();
  return (
    <div class="detail stack" role="region" aria-label={`${say.details} ${layer.name}`}>
      <div class="row spread">
        <h3>
          {layer.name} <span class="muted">{layer.type}</span>
        </h3>
        {layer.line !== undefined && <span class="muted small">{modelWords().at(layer.line, layer.column ?? 1)}</span>}
        <button type="button" onClick={() => (chosenLayer.value = undefined)}>
          {say.close}
        </button>
      </div>
      {layer.error && (
        <p class="error">
          {layer.error.message} {layer.error.expected && <code>{layer.error.expected}</code>}
        </p>
      )}
      <dl class="facts">
        <dt>{say.reads}</dt>
        <dd>
          {layer.inputs.map((name, index) => {
            const shape = layer.input_shapes[index];
            return (
              <div key={name}>
                {name} <code>{shape ? shapeText(shape) : "?"}</code>
              </div>
            );
          })}
          {layer.inputs.length === 0 && say.noWeights}
        </dd>
        <dt>{say.weights}</dt>
        <dd>
          {layer.weights.map(({ name, shape, axes }) => (
            <div key={name}>
              {name} <code>{shapeText(shape)}</code> <span class="muted small">{axes.join(", ")}</span>
            </div>
          ))}
          {layer.weights.length === 0 && say.noWeights}
        </dd>
      </dl>
    </div>
  );
}
