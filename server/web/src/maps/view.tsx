import { useSignal } from "@preact/signals";
import { Copy } from "../parts/copy.tsx";
import { ProblemNote } from "../parts/problem.tsx";
import { download } from "../parts/download.ts";
import { param } from "../state/place.ts";
import { ColourBar } from "./colour_bar.tsx";
import { Controls } from "./controls.tsx";
import { Enlarged } from "./enlarged.tsx";
import { Heat, palettes, type Palette } from "./heat.tsx";
import { curlCommand, maps, outputAs, type Maps } from "./state.ts";
import { mapsOf, shortest, type Map2D } from "./statistics.ts";
import { mapsWords } from "./words.ts";
import "./maps.css";

/** More pictures than that are not looked at one by one. */
const MOST_MAPS = 64;

const paletteName = param("palette", "viridis");
const scaleName = param("scale", "each");

function Colours() {
  const say = mapsWords();
  return (
    <>
      <label class="row small">
        {say.palette}
        <select value={paletteName.value} onChange={(event) => (paletteName.value = event.currentTarget.value)}>
          {Object.keys(palettes).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label class="row small">
        {say.scale}
        <select value={scaleName.value} onChange={(event) => (scaleName.value = event.currentTarget.value)}>
          <option value="each">{say.each}</option>
          <option value="all">{say.all}</option>
        </select>
      </label>
    </>
  );
}

function Kernel({ kernel }: { kernel: number[][] | undefined }) {
  if (!kernel) return null;
  const values = Float32Array.from(kernel.flat());
  const reach = Math.max(...values.map(Math.abs));
  return (
    <span class="kernel">
      <Heat
        values={values}
        width={kernel[0]?.length ?? 1}
        height={kernel.length}
        low={-reach}
        high={reach}
        palette="diverging"
      />
    </span>
  );
}

function Downloads() {
  const say = mapsWords();
  const save = async (accept: string, name: string) => download(name, await outputAs(accept));
  return (
    <span class="row no-print">
      <span class="muted small">{say.download}</span>
      <button type="button" onClick={() => void save("application/x-npy", "output.npy")}>
        .npy
      </button>
      <button type="button" onClick={() => void save("application/json", "output.json")}>
        JSON
      </button>
      <Copy text={curlCommand} what={say.curlWhat} label={say.curl} />
    </span>
  );
}

function Sheet({ result }: { result: Maps }) {
  const say = mapsWords();
  const open = useSignal<Map2D | undefined>(undefined);
  const found = mapsOf(result, MOST_MAPS);
  if (!found) return <p class="card muted">{say.nothing}</p>;
  const palette = (paletteName.value in palettes ? paletteName.value : "viridis") as Palette;
  const low = Math.min(...found.maps.map(({ min }) => min));
  const high = Math.max(...found.maps.map(({ max }) => max));
  const range = (map: Map2D) => (scaleName.value === "all" ? { low, high } : { low: map.min, high: map.max });
  const { algorithm, isa, compute_us } = result.answer.execution;
  const lost = result.answer.output.non_finite;
  return (
    <section class="card stack" aria-labelledby="maps-title">
      <div class="row spread">
        <h2 id="maps-title">{say.maps}</h2>
        <Colours />
        <Downloads />
      </div>
      <p class="muted small">{say.ran(algorithm, isa, String(Math.round(compute_us)))}</p>
      {lost > 0 && <p class="warning">{say.nonFinite(lost)}</p>}
      {scaleName.value === "all" && <ColourBar low={low} high={high} palette={palette} />}
      <ul class="sheet">
        {found.maps.map((map) => (
          <li key={map.index}>
            <button
              type="button"
              class="map"
              aria-label={say.open(map.index, shortest(map.min), shortest(map.max), shortest(map.mean))}
              onClick={() => (open.value = map)}
            >
              <Heat {...map} {...range(map)} palette={palette} />
            </button>
            <div class="row small">
              <Kernel kernel={result.kernels[map.index]} />
              <span>
                <strong>{say.map(map.index)}</strong>
                <br />
                <span class="muted">
                  {say.min} {shortest(map.min)}, {say.max} {shortest(map.max)}, {say.mean} {shortest(map.mean)}
                </span>
              </span>
            </div>
          </li>
        ))}
      </ul>
      {found.all > found.maps.length && <p>{say.more(found.all - found.maps.length)}</p>}
      {open.value && (
        <Enlarged
          result={result}
          map={open.value}
          palette={palette}
          {...range(open.value)}
          onClose={() => (open.value = undefined)}
        />
      )}
    </section>
  );
}

export function MapsView() {
  const { answer, problem } = maps.value;
  return (
    <div class="maps-view">
      <h1 class="visually-hidden">{mapsWords().title}</h1>
      <Controls />
      <div class="stack">
        {problem && <ProblemNote problem={problem} />}
        {!problem && answer && <Sheet result={answer} />}
        {!problem && !answer && <p class="card" aria-busy="true" />}
      </div>
    </div>
  );
}
