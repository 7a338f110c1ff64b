import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ReviewAnswer } from "../api/types.ts";
import { Detail } from "./detail.tsx";
import { jumps } from "./jump.ts";
import { LayerRow } from "./layer_row.tsx";
import { arrange, columns, numeric, rowsOf, type Column, type Sorting } from "./rows.ts";
import { chosenLayer } from "./source.ts";
import { useWindowed } from "./windowed.ts";
import { resultWords } from "./words_result.ts";

/** The first press of a column of numbers shows its largest. */
function next(now: Sorting, column: Column): Sorting {
  if (now.column === column) return { column, down: !now.down };
  return { column, down: numeric.has(column) && column !== "index" };
}

function Head({ sorting, onSort }: { sorting: Sorting; onSort: (column: Column) => void }) {
  const say = resultWords();
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column) => {
          const sorted = sorting.column === column;
          const order = sorting.down ? "descending" : "ascending";
          return (
            <th
              key={column}
              scope="col"
              class={numeric.has(column) ? "number" : ""}
              aria-sort={sorted ? order : undefined}
            >
              <button type="button" class="quiet" onClick={() => onSort(column)}>
                {say.column[column]}
                <span aria-hidden="true">{sorted ? (sorting.down ? "▼" : "▲") : ""}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** All layers; of thousands, those that are in sight are rendered. */
export function Layers({ answer }: { answer: ReviewAnswer }) {
  const say = resultWords();
  const search = useSignal("");
  const sorting = useSignal<Sorting>({ column: "index", down: false });
  const place = useRef<HTMLDivElement>(null);
  const all = useMemo(() => rowsOf(answer), [answer]);
  const rows = useMemo(() => arrange(all, search.value, sorting.value), [all, search.value, sorting.value]);
  const { first, end, above, below, show } = useWindowed(place, rows.length);
  const jump = jumps.value;

  useEffect(() => {
    const name = chosenLayer.peek();
    if (jump === 0 || name === undefined) return;
    const at = rows.findIndex((row) => row.name === name);
    // The search hides it: what is pointed at is more than what is searched for.
    if (at < 0) search.value = "";
    else show(at);
  }, [jump, rows, search, show]);

  const chosen = all.find((row) => row.name === chosenLayer.value);
  return (
    <section class="card stack" aria-labelledby="layers-title">
      <div class="row spread">
        <h2 id="layers-title">{say.layers}</h2>
        <span class="muted small" role="status">
          {say.shown(rows.length, all.length)}
        </span>
        <input
          type="search"
          class="layer-search"
          aria-label={say.search}
          placeholder={say.search}
          value={search.value}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </div>
      <div class="layer-scroll" ref={place}>
        <table class="layer-table" aria-rowcount={rows.length + 1}>
          <Head sorting={sorting.value} onSort={(column) => (sorting.value = next(sorting.value, column))} />
          <tbody>
            {above > 0 && <tr aria-hidden="true" style={{ height: `${above}px` }} />}
            {rows.slice(first, end).map((row, offset) => (
              <LayerRow key={row.index} row={row} at={first + offset + 2} chosen={row.name === chosenLayer.value} />
            ))}
            {below > 0 && <tr aria-hidden="true" style={{ height: `${below}px` }} />}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p class="muted">{say.noMatch}</p>}
      {chosen && <Detail row={chosen} />}
    </section>
  );
}
