import type { DiffAnswer } from "./ask.ts";
import { Downloads } from "./downloads.tsx";
import { bytes, count, signed, type Known } from "./figures.ts";
import { Findings } from "./findings.tsx";
import { LayerChanges } from "./layer_changes.tsx";
import { diffWords } from "./words_diff.ts";
import { resultWords } from "./words_result.ts";

const shown = ["parameters", "trainable", "macs", "weights_bytes", "activation_bytes", "peak_bytes"] as const;

function Totals({ totals }: { totals: DiffAnswer["totals"] }) {
  const say = diffWords();
  const names = resultWords().totals;
  return (
    <table class="diff-totals">
      <thead>
        <tr>
          <th scope="col">{say.metric}</th>
          <th scope="col" class="number">
            {say.before}
          </th>
          <th scope="col" class="number">
            {say.after}
          </th>
          <th scope="col" class="number">
            {say.change}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((name) => {
          const total = totals[name];
          if (!total) return null;
          const write = (value: Known): string => (name.endsWith("_bytes") ? bytes(value) : count(value));
          const { change } = total;
          const more = change !== null && change > 0;
          const less = change !== null && change < 0;
          return (
            <tr key={name}>
              <th scope="row">
                {names[name]} {!total.complete && <span class="muted small">({say.lower})</span>}
              </th>
              <td class="number">{write(total.before)}</td>
              <td class="number">{write(total.after)}</td>
              <td class={`number ${more ? "more" : ""} ${less ? "less" : ""}`}>
                <span aria-hidden="true">{more ? "▲ " : less ? "▼ " : ""}</span>
                {signed(change, write)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function DiffResult({ answer }: { answer: DiffAnswer }) {
  const say = diffWords();
  return (
    <>
      <section class="card stack" aria-labelledby="diff-title">
        <h2 id="diff-title">{say.title}</h2>
        <Totals totals={answer.totals} />
      </section>
      <section class="card stack" aria-labelledby="new-title">
        <h2 id="new-title">{say.new}</h2>
        <Findings findings={answer.findings.new} none={say.noNew} />
      </section>
      <section class="card stack" aria-labelledby="fixed-title">
        <h2 id="fixed-title">{say.fixed}</h2>
        <Findings findings={answer.findings.fixed} none={say.noFixed} />
      </section>
      <section class="card stack" aria-labelledby="changes-title">
        <h2 id="changes-title">{say.layers}</h2>
        <LayerChanges changes={answer.layers} />
        <p class="muted">{say.unchanged(answer.unchanged)}</p>
      </section>
      <Downloads diff={answer} />
    </>
  );
}
