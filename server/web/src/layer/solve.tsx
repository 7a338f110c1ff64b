import { useSignal } from "@preact/signals";
import { ask, Away, Problem } from "../api/client.ts";
import type { SolveAnswer } from "../api/types.ts";
import { ProblemNote } from "../parts/problem.tsx";
import { language } from "../state/language.ts";
import { answered } from "../state/question.ts";
import { parseShapes, shapeText } from "../state/shape_text.ts";
import { ownLayer, replace } from "./edit.ts";
import { layerWords } from "./words.ts";

const SETTINGS = ["kernel", "stride", "padding", "dilation", "filters", "output_padding"] as const;

/** The way back: which settings give a wanted shape. */
export function Solve() {
  const say = layerWords();
  const { answer } = answered.value;
  const wanted = useSignal("");
  const free = useSignal<ReadonlySet<string>>(new Set(["stride", "padding"]));
  const found = useSignal<SolveAnswer | Problem | undefined>(undefined);
  if (!answer?.layer.kernel) return null;
  const { layer, input, output } = answer;
  const offered = SETTINGS.filter((name) => layer[name] !== undefined && layer[name] !== null);

  async function solve(): Promise<void> {
    const open = Object.fromEntries(offered.filter((name) => free.value.has(name)).map((name) => [name, "?"]));
    const target = parseShapes(wanted.value)[0] ?? output.shape;
    const request = {
      layer: ownLayer(layer, open),
      input_shape: input.shape,
      output_shape: target,
      language: language.value,
    };
    try {
      found.value = await ask<SolveAnswer>("/v1/solve", request);
    } catch (error) {
      if (error instanceof Problem) found.value = error;
      else if (!(error instanceof Away)) throw error;
    }
  }

  function toggle(name: string): void {
    const next = new Set(free.value);
    if (!next.delete(name)) next.add(name);
    free.value = next;
  }

  return (
    <details class="card solve">
      <summary>
        <h2>{say.solve}</h2>
      </summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void solve();
        }}
      >
        <p class="muted">{say.solveHelp}</p>
        <div class="row">
          <label class="field">
            <span class="label">{say.wanted}</span>
            <input
              class="mono"
              value={wanted.value}
              placeholder={shapeText(output.shape)}
              onInput={(event) => (wanted.value = event.currentTarget.value)}
            />
          </label>
          <fieldset class="row plain">
            <legend class="muted small">{say.mayChange}</legend>
            {offered.map((name) => (
              <label key={name} class="row">
                <input type="checkbox" checked={free.value.has(name)} onChange={() => toggle(name)} />
                {say.fields[name]}
              </label>
            ))}
          </fieldset>
          <button class="primary">{say.solve}</button>
        </div>
        <div aria-live="polite">
          {found.value instanceof Problem && <ProblemNote problem={found.value} />}
          {found.value && !(found.value instanceof Problem) && (
            <>
              {found.value.no_solution && <p class="warning">{found.value.no_solution}</p>}
              {found.value.solutions.length > 0 && <h3>{say.solutions}</h3>}
              <ul class="plain-list">
                {found.value.solutions.map((solution, i) => (
                  <li class="row" key={i}>
                    <button type="button" onClick={() => replace(solution.layer)}>
                      {say.apply}
                    </button>
                    <code>{describe(solution.settings)}</code>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </form>
    </details>
  );
}

/** "stride = 2 × 2, padding = same (0 × 0, 1 × 1)" */
function describe(settings: Record<string, unknown>): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      if (Array.isArray(value)) return `${name} = ${value.join(" × ")}`;
      if (typeof value !== "object" || value === null) return `${name} = ${String(value)}`;
      const { mode, before, after } = value as { mode: string; before: number[]; after: number[] };
      return `${name} = ${mode} (${before.join(" × ")}, ${after.join(" × ")})`;
    })
    .join(", ");
}
