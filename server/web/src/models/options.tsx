import type { Signal } from "@preact/signals";
import { modelInput } from "../state/model.ts";
import { budget, loss, rules, thresholds } from "./source.ts";
import { modelWords } from "./words.ts";

const losses = ["", "probabilities", "logits"] as const;

interface Asked {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: Signal<string>;
}

function Text({ id, label, hint, value }: Asked) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="mono"
        spellcheck={false}
        autocomplete="off"
        aria-describedby={`${id}-hint`}
        value={value.value}
        onInput={(event) => (value.value = event.currentTarget.value)}
      />
      <span id={`${id}-hint`} class="muted small">
        {hint}
      </span>
    </div>
  );
}

/** The input's shape, and behind a disclosure what few need. */
export function OptionsBox() {
  const say = modelWords();
  const asked: Asked[] = [
    { id: "model-budget", label: say.budget, hint: say.budgetHint, value: budget },
    { id: "model-thresholds", label: say.thresholds, hint: say.thresholdsHint, value: thresholds },
    { id: "model-rules", label: say.rules, hint: say.rulesHint, value: rules },
  ];
  return (
    <div class="stack">
      <Text id="model-input" label={say.input} hint={say.inputHint} value={modelInput} />
      <details class="options">
        <summary>{say.options}</summary>
        <div class="option-grid">
          <div class="field">
            <label for="model-loss">{say.loss}</label>
            <select id="model-loss" value={loss.value} onChange={(event) => (loss.value = event.currentTarget.value)}>
              {losses.map((one) => (
                <option key={one} value={one}>
                  {say.losses[one]}
                </option>
              ))}
            </select>
          </div>
          {asked.map((one) => (
            <Text key={one.id} {...one} />
          ))}
        </div>
      </details>
    </div>
  );
}
