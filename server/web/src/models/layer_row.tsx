import { count, bytes } from "./figures.ts";
import { LevelMark, levels } from "./findings.tsx";
import type { Row } from "./rows.ts";
import { chosenLayer } from "./source.ts";
import { resultWords } from "./words_result.ts";

function Share({ share }: { share: number | null }) {
  if (share === null) return <>?</>;
  const percent = `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
  return (
    <span class="share">
      <span class="share-bar" aria-hidden="true">
        <span style={{ width: `${100 * share}%` }} />
      </span>
      {percent}
    </span>
  );
}

function Marks({ row }: { row: Row }) {
  const say = resultWords();
  return (
    <>
      {levels.map((level) => {
        const many = row.findings.filter((one) => one === level).length;
        if (many === 0) return null;
        return (
          <span key={level} class="marks">
            <LevelMark level={level} />
            {count(many)}
            <span class="visually-hidden"> {say.levels[level]}</span>
          </span>
        );
      })}
    </>
  );
}

export function LayerRow({ row, at, chosen }: { row: Row; at: number; chosen: boolean }) {
  const say = resultWords();
  const { state } = row.layer;
  return (
    <tr aria-rowindex={at} class={`${chosen ? "chosen" : ""} ${state === "known" ? "" : "stopped"}`}>
      <td class="number muted">{row.index}</td>
      <th scope="row">
        <button
          type="button"
          class="link"
          aria-pressed={chosen}
          data-layer={row.name}
          onClick={() => (chosenLayer.value = chosen ? undefined : row.name)}
        >
          {row.name}
        </button>
      </th>
      <td>{row.type}</td>
      <td class="mono">{state === "known" ? row.shape : say.state[state]}</td>
      <td class="number">{count(row.parameters)}</td>
      <td class="number">{count(row.macs)}</td>
      <td>
        <Share share={row.share} />
      </td>
      <td class="number">{bytes(row.bytes)}</td>
      <td class="number">{row.field}</td>
      <td>
        <Marks row={row} />
      </td>
    </tr>
  );
}
