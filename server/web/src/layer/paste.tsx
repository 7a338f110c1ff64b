import { frameworkName, layerWords } from "./words.ts";
import { answered, framework, layerText } from "../state/question.ts";
import { Fault } from "./fault.tsx";
import { unwritten } from "./edit.ts";

const FRAMEWORKS = ["keras", "keras1", "pytorch", "onnx", "convscope"] as const;

/** As tall as what is in it, within reason. */
function rows(text: string): number {
  const lines = text.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 48), 0);
  return Math.min(Math.max(lines, 3), 16);
}

/** The text that all is about, and what is wrong with it. */
export function Paste() {
  const say = layerWords();
  const known = answered.value.answer?.framework;
  const fault = answered.value.problem?.errors.find((one) => one.line !== undefined);
  return (
    <div class="stack tight">
      <div class="field">
        <label for="layer-text">{say.paste}</label>
        <textarea
          id="layer-text"
          rows={rows(layerText.value)}
          spellcheck={false}
          autocomplete="off"
          aria-describedby="layer-help"
          aria-invalid={fault ? "true" : undefined}
          value={layerText.value}
          onInput={(event) => {
            unwritten.value = undefined;
            layerText.value = event.currentTarget.value;
          }}
        />
        <span id="layer-help" class="muted small">
          {say.pasteHelp}
        </span>
      </div>
      {fault && <Fault error={fault} />}
      {unwritten.value && (
        <p class="note small">
          {say.unwritten} <code class="keep-lines">{unwritten.value}</code>
        </p>
      )}
      <label class="row small">
        <span class="muted">{say.framework}</span>
        <select value={framework.value} onChange={(event) => (framework.value = event.currentTarget.value)}>
          <option value="">{say.recognised(framework.value === "" && known ? frameworkName(known) : "")}</option>
          {FRAMEWORKS.map((name) => (
            <option key={name} value={name}>
              {frameworkName(name)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
