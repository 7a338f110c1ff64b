import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { banks } from "./kernels.ts";
import { pixels, samples } from "./picture.ts";
import {
  bank,
  bankName,
  mapsLayer,
  ownKernel,
  ownPicture,
  sample,
  sampleName,
  seed,
  side,
  takeLayer,
} from "./state.ts";
import { mapsWords } from "./words.ts";

/** A small picture of what goes in. */
function Preview() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = ownPicture.value ?? sample.value;
  useEffect(() => {
    const size = 96;
    if (!canvas.current) return;
    canvas.current.width = canvas.current.height = size;
    const image = new ImageData(new Uint8ClampedArray(pixels(picture, size, size)), size, size);
    canvas.current.getContext("2d")?.putImageData(image, 0, 0);
  }, [picture]);
  return <canvas class="preview" ref={canvas} aria-hidden="true" />;
}

/** The file that could not be read. */
const unreadable = signal("");

async function takePicture(file: File | undefined): Promise<void> {
  if (!file) return;
  unreadable.value = "";
  try {
    ownPicture.value = await createImageBitmap(file);
  } catch {
    unreadable.value = file.name;
  }
}

/** A picture is taken wherever on the page it is pasted; text goes where the cursor is. */
function usePaste(): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => void takePicture(event.clipboardData?.files[0]);
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, []);
}

/** The layer, the picture and the kernels. */
export function Controls() {
  const say = mapsWords();
  usePaste();
  return (
    <section
      class="card stack"
      aria-label={say.title}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void takePicture(event.dataTransfer?.files[0]);
      }}
    >
      <div class="field">
        <label for="maps-layer">{say.layer}</label>
        <textarea
          id="maps-layer"
          rows={3}
          spellcheck={false}
          value={mapsLayer.value}
          onInput={(event) => (mapsLayer.value = event.currentTarget.value)}
        />
        <button type="button" onClick={takeLayer}>
          {say.take}
        </button>
      </div>
      <div class="row">
        <Preview />
        <div class="stack tight">
          <label class="field">
            <span class="label">{say.input}</span>
            <select
              value={ownPicture.value ? "own" : sample.value}
              onChange={(event) => {
                ownPicture.value = undefined;
                sampleName.value = event.currentTarget.value;
              }}
            >
              {samples.map((name) => (
                <option key={name} value={name}>
                  {say.samples[name]}
                </option>
              ))}
              {ownPicture.value && <option value="own">{say.samples.own}</option>}
            </select>
          </label>
          <label class="button">
            {say.choose}
            <input
              type="file"
              class="visually-hidden"
              accept="image/*"
              onChange={(event) => void takePicture(event.currentTarget.files?.[0])}
            />
          </label>
        </div>
      </div>
      {unreadable.value && (
        <p class="error" role="alert">
          {say.unreadable(unreadable.value)}
        </p>
      )}
      <p class="muted small">
        {say.drop} {say.local}
      </p>
      <label class="field">
        <span class="label">{say.size}</span>
        <input
          type="number"
          class="number"
          min={4}
          max={512}
          value={side.value}
          onInput={(event) => (side.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span class="label">{say.kernels}</span>
        <select value={bank.value} onChange={(event) => (bankName.value = event.currentTarget.value)}>
          {banks.map((name) => (
            <option key={name} value={name}>
              {say.bank[name]}
            </option>
          ))}
        </select>
      </label>
      {bank.value === "random" && (
        <label class="field">
          <span class="label">{say.seed}</span>
          <input
            type="number"
            class="number"
            value={seed.value}
            onInput={(event) => (seed.value = event.currentTarget.value)}
          />
        </label>
      )}
      {bank.value === "own" && (
        <label class="field">
          <span class="label">{say.own}</span>
          <textarea
            rows={4}
            spellcheck={false}
            placeholder={say.badOwn}
            value={ownKernel.value}
            onInput={(event) => (ownKernel.value = event.currentTarget.value)}
          />
        </label>
      )}
    </section>
  );
}
