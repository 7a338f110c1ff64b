import { answered, inputShapes, inputText } from "../state/question.ts";
import { shapeText } from "../state/shape_text.ts";
import type { Size } from "../api/types.ts";
import { axisName, layerWords } from "./words.ts";

function sizeOf(text: string): Size {
  if (text.trim() === "") return null;
  return /^-?\d+$/.test(text.trim()) ? Number(text) : text.trim();
}

/** What goes in: as text, and axis by axis once the answer says what the axes are. */
export function Inputs() {
  const say = layerWords();
  const axes = answered.value.answer?.input.axes ?? [];
  const shapes = inputShapes.value;
  const shape = shapes.length === 1 ? shapes[0] : undefined;
  return (
    <div class="stack tight">
      <div class="field">
        <label for="input-text">{say.input}</label>
        <input
          id="input-text"
          class="mono"
          spellcheck={false}
          autocomplete="off"
          aria-describedby="input-help"
          value={inputText.value}
          onInput={(event) => (inputText.value = event.currentTarget.value)}
        />
        <span id="input-help" class="muted small">
          {say.inputHelp}
        </span>
      </div>
      {shape?.length === axes.length && (
        <div class="sizes">
          {shape.map((size, axis) => (
            <label class="field" key={axis}>
              <span class="label">{axisName(axes[axis] ?? "axis")}</span>
              <input
                class="mono"
                value={size === null ? "" : String(size)}
                placeholder="None"
                onInput={(event) => {
                  const next = shape.with(axis, sizeOf(event.currentTarget.value));
                  inputText.value = shapeText(next);
                }}
              />
            </label>
          ))}
        </div>
      )}
    </div>
  );
}
