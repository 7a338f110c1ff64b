/** What one cell of a map was made of. */
import { useEffect, useMemo } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { ask } from "../api/client.ts";
import { latest } from "../api/latest.ts";
import type { Schemas } from "../api/types.ts";
import { ProblemNote } from "../parts/problem.tsx";
import { shortest } from "./statistics.ts";
import { mapsWords } from "./words.ts";

/** More rows are not read one by one. */
const MOST_ROWS = 100;
/** A pointer crosses many cells on its way to one. */
const REST_MS = 120;

const number = (value: number | null) => (value === null ? "–" : shortest(value));

function Products({ trace }: { trace: Schemas["Trace"] }) {
  const say = mapsWords();
  const rows = trace.products.slice(0, MOST_ROWS);
  return (
    <>
      <p>
        {say.sum(
          number(trace.products.reduce((sum, { product }) => sum + (product ?? 0), 0)),
          number(trace.bias),
          number(trace.sum),
        )}{" "}
        {trace.activation}: <strong>{number(trace.value)}</strong>
      </p>
      <table class="small mono">
        <thead>
          <tr>
            <th scope="col">{say.inputPlace}</th>
            <th scope="col" class="number">
              {say.inputValue}
            </th>
            <th scope="col" class="number">
              {say.weight}
            </th>
            <th scope="col" class="number">
              {say.product}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.weight_index.join()}>
              <td>{one.input_index ? one.input_index.join(", ") : say.padding}</td>
              <td class="number">{number(one.input)}</td>
              <td class="number">{number(one.weight)}</td>
              <td class="number">{number(one.product)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {trace.products.length > rows.length && <p>{say.moreProducts(trace.products.length - rows.length)}</p>}
    </>
  );
}

interface Props {
  readonly request: Record<string, unknown>;
  readonly filter: number;
  readonly cell: readonly number[];
}

/** Folded away, and asked for only while it is open. */
export function Trace({ request, filter, cell }: Props) {
  const say = mapsWords();
  const open = useSignal(false);
  const asker = useMemo(
    () => latest<unknown, Schemas["ConvolveAnswer"]>((body, signal) => ask("/v1/convolve", body, { signal }), REST_MS),
    [],
  );
  const at = cell.join();
  const shown = open.value;
  useEffect(() => {
    const trace = { cell: at.split(",").map(Number), filter };
    asker.ask(shown ? { ...request, filters: [filter], trace } : undefined);
  }, [asker, request, filter, at, shown]);
  const { answer, problem } = asker.state.value;
  return (
    <details onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{say.trace}</summary>
      {problem && <ProblemNote problem={problem} />}
      {!problem && answer?.trace && <Products trace={answer.trace} />}
    </details>
  );
}
