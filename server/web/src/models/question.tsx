import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import { beforeText, fitsAddress, modelInput, modelText } from "../state/model.ts";
import { examples, type Example } from "./examples.ts";
import { bytes } from "./figures.ts";
import { OptionsBox } from "./options.tsx";
import { beforeFile, compares, modelFile } from "./source.ts";
import { modelWords } from "./words.ts";

const ACCEPT = ".json,.h5,.hdf5,.keras,.onnx,.py,.txt";

interface Box {
  readonly id: string;
  readonly label: string;
  readonly choose: string;
  readonly text: Signal<string>;
  readonly file: Signal<File | undefined>;
}

/** Two files at once are before and after. */
function take(files: readonly File[], box: Box): void {
  const [first, second] = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (first && second) {
    compares.value = true;
    beforeFile.value = first;
    modelFile.value = second;
  } else if (first) box.file.value = first;
}

/** A box that takes a model: pasted, chosen, or dropped onto it. */
function SourceBox({ box }: { box: Box }) {
  const say = modelWords();
  const over = useSignal(false);
  const file = box.file.value;
  return (
    <div
      class={`card source ${over.value ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        take([...(event.dataTransfer?.files ?? [])], box);
      }}
    >
      <div class="row spread">
        <label class="source-label" for={box.id}>
          {box.label}
        </label>
        <label class="button small">
          {say.choose}
          <input
            type="file"
            class="visually-hidden"
            aria-label={box.choose}
            accept={ACCEPT}
            multiple
            onChange={(event) => {
              take([...(event.currentTarget.files ?? [])], box);
              // The same file, changed, can be chosen again.
              event.currentTarget.value = "";
            }}
          />
        </label>
      </div>
      {file && (
        <p class="file row spread">
          <span>
            <strong>{file.name}</strong> <span class="muted">{bytes(file.size)}</span>
          </span>
          <button type="button" onClick={() => (box.file.value = undefined)}>
            {say.remove}
            <span class="visually-hidden">: {file.name}</span>
          </button>
        </p>
      )}
      <textarea
        id={box.id}
        class={file ? "visually-hidden" : ""}
        disabled={file !== undefined}
        rows={9}
        spellcheck={false}
        placeholder={say.paste}
        value={box.text.value}
        onInput={(event) => (box.text.value = event.currentTarget.value)}
      />
      {over.value && <p class="drop-here">{say.drop}</p>}
    </div>
  );
}

function use({ model, before, input }: Example): void {
  modelFile.value = undefined;
  beforeFile.value = undefined;
  beforeText.value = before;
  modelText.value = model;
  modelInput.value = input;
  compares.value = before !== "";
}

function Examples() {
  const say = modelWords();
  return (
    <div class="row" role="group" aria-label={say.examples}>
      <span class="muted small">{say.examples}</span>
      {(Object.keys(examples) as (keyof typeof examples)[]).map((name) => (
        <button key={name} type="button" class="small" onClick={() => use(examples[name])}>
          {say.example[name]}
        </button>
      ))}
    </div>
  );
}

/** Whether a link that is copied now shows others the same. */
function LinkNote() {
  const say = modelWords();
  if (modelFile.value ?? beforeFile.value) return <p class="muted small">{say.fileNotInLink}</p>;
  if (modelText.value === "" && beforeText.value === "") return null;
  const fits = fitsAddress(modelText.value) && fitsAddress(beforeText.value);
  return <p class="muted small">{fits ? say.inLink : say.textNotInLink}</p>;
}

function stopComparing(): void {
  beforeFile.value = undefined;
  beforeText.value = "";
  compares.value = false;
}

export function Question() {
  const say = modelWords();
  const two = compares.value || beforeText.value !== "" || beforeFile.value !== undefined;
  const newer: Box = {
    id: "model-text",
    label: two ? say.after : say.model,
    choose: say.choose,
    text: modelText,
    file: modelFile,
  };
  const older: Box = {
    id: "before-text",
    label: say.before,
    choose: say.chooseBefore,
    text: beforeText,
    file: beforeFile,
  };
  return (
    <div class="stack">
      <Examples />
      <div class={two ? "sources two" : "sources"}>
        {two && <SourceBox key="before" box={older} />}
        <SourceBox key="after" box={newer} />
      </div>
      <div class="row">
        <button
          type="button"
          aria-pressed={two}
          title={say.dropTwo}
          onClick={() => {
            if (two) stopComparing();
            else compares.value = true;
          }}
        >
          {two ? say.compareEnd : say.compare}
        </button>
        <LinkNote />
      </div>
      <OptionsBox />
    </div>
  );
}
