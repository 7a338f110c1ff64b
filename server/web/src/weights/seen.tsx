import { effect } from "@preact/signals";
import { ask } from "../api/client.ts";
import { latest } from "../api/latest.ts";
import type { Schemas } from "../api/types.ts";
import { axisName, frameworkName } from "../layer/words.ts";
import { ProblemNote } from "../parts/problem.tsx";
import { Prose } from "../parts/prose.tsx";
import { param } from "../state/place.ts";
import { answered, asked } from "../state/question.ts";
import { parseShapes, shapeText } from "../state/shape_text.ts";
import { weightsWords } from "./words.ts";

type Seen = Schemas["WeightsSeen"];

/** The shapes that somebody saw. */
const seenText = param("weights");

const asker = latest<Record<string, unknown>, Seen>(async (request, signal) => {
  const answer = await ask<{ weights_seen: Seen }>("/v1/shape", request, { signal });
  return answer.weights_seen;
});

effect(() => {
  // A list of shapes has brackets of its own around it: the innermost ones are the shapes'.
  const shapes = parseShapes(seenText.value);
  const about = asked.value;
  asker.ask(
    shapes.length > 0 && about && answered.value.answer
      ? { ...about, weights_shapes: shapes, fields: ["weights"] }
      : undefined,
  );
});

function Verdict({ seen }: { seen: Seen }) {
  const say = weightsWords();
  return (
    <div class={seen.fits ? "note" : "warning"} aria-live="polite">
      <p>
        <strong>{frameworkName(seen.framework)}.</strong> <Prose text={seen.message} />
      </p>
      {seen.weights.map(({ name, shape, axes, differs }, i) => (
        <table key={i} class="seen">
          <caption>
            <code>
              {name ?? "?"} {shapeText(shape)}
            </code>
          </caption>
          <tbody>
            {shape.map((size, axis) => (
              <tr key={axis}>
                <th scope="row">{say.axis(axis)}</th>
                <td class="number">{size}</td>
                <td>{axes[axis] ? axisName(axes[axis]) : "?"}</td>
                <td>{differs?.[axis] && `${say.wrong}. ${say.should} ${seen.expected[i]?.shape[axis] ?? "?"}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

/** "Paste your own get_weights() shapes": what they are. */
export function Seen() {
  const say = weightsWords();
  const { answer, problem } = asker.state.value;
  return (
    <div class="stack tight">
      <div class="field">
        <label for="weights-text">{say.yours}</label>
        <input
          id="weights-text"
          class="mono"
          spellcheck={false}
          autocomplete="off"
          placeholder="[(5, 1, 300, 111), (111,)]"
          aria-describedby="weights-help"
          value={seenText.value}
          onInput={(event) => (seenText.value = event.currentTarget.value)}
        />
        <span id="weights-help" class="muted small">
          {say.yoursHelp}
        </span>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {!problem && answer && <Verdict seen={answer} />}
    </div>
  );
}
