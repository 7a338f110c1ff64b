import { useSignal } from "@preact/signals";
import { goTo } from "./cell.ts";
import { positions, type Slide, type SlideAxis } from "./windows.ts";
import { slideWords } from "./words.ts";

/** The size of a cell in the drawing's own units, and the gap between cells. */
const CELL = 20;
const GAP = 2;

/** A single row stands for the missing axis of a 1D layer. */
const ONE: Pick<SlideAxis, "first" | "last" | "dropped" | "inputSize"> = {
  first: 0,
  last: 0,
  dropped: new Set(),
  inputSize: 1,
};

function numbers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

interface GridProps {
  readonly label: string;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly kindOf: (row: number, column: number) => string;
  readonly onPoint: (row: number, column: number) => void;
  readonly onLeave?: () => void;
  readonly numbered: boolean;
}

/** Cells in rows and columns, their numbers along the edges. */
function Grid({ label, rows, columns, kindOf, onPoint, onLeave, numbered }: GridProps) {
  const step = CELL + GAP;
  const edge = numbered ? step : 0;
  const width = edge + columns.length * step;
  const height = step + rows.length * step;
  return (
    <svg
      class="grid"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      style={{ maxWidth: `${width * 1.35}px` }}
      onMouseLeave={onLeave}
    >
      {columns.map((column, x) => (
        <text key={column} class="tick" x={edge + x * step + CELL / 2} y={CELL - 6} text-anchor="middle">
          {column}
        </text>
      ))}
      {rows.map((row, y) => (
        <g key={row}>
          {numbered && (
            <text class="tick" x={CELL - 4} y={step + y * step + CELL / 2 + 4} text-anchor="end">
              {row}
            </text>
          )}
          {columns.map((column, x) => (
            <rect
              key={column}
              class={`cell ${kindOf(row, column)}`}
              data-at={`${row},${column}`}
              x={edge + x * step}
              y={step + y * step}
              width={CELL}
              height={CELL}
              rx={3}
              onMouseEnter={() => onPoint(row, column)}
              onClick={() => onPoint(row, column)}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** The windows of an axis as sets, by output position. */
function reader(axis: SlideAxis | undefined) {
  const sets = axis?.windows.map((window) => new Set(positions(window))) ?? [new Set([0])];
  const from = axis?.from ?? 0;
  return (output: number, input: number) => sets[output - from]?.has(input) ?? false;
}

/** The input on the left with the window of the cell that is looked at, the output on the right. */
export function Drawing({
  slide,
  at,
  onPointed,
}: {
  slide: Slide;
  /** The cell that is looked at, within the output. */
  at: readonly number[];
  onPointed: (text: string | undefined) => void;
}) {
  const say = slideWords();
  const lit = useSignal<readonly [number, number] | undefined>(undefined);
  const columnAxis = slide.axes.at(-1);
  const rowAxis = slide.axes.at(-2);
  if (!columnAxis) return null;
  const leading = at.slice(0, Math.max(0, slide.axes.length - 2));
  const column = at[slide.axes.length - 1] ?? 0;
  const row = rowAxis ? (at[slide.axes.length - 2] ?? 0) : 0;
  const readsRow = reader(rowAxis);
  const readsColumn = reader(columnAxis);
  const edge = rowAxis ?? ONE;

  function inputKind(r: number, c: number): string {
    const pad = r < 0 || c < 0 || r >= edge.inputSize || c >= (columnAxis?.inputSize ?? 0);
    const drop = edge.dropped.has(r) || (columnAxis?.dropped.has(c) ?? false);
    const hit = readsRow(row, r) && readsColumn(column, c);
    const mark = lit.value?.[0] === r && lit.value[1] === c;
    return [pad ? "pad" : "value", drop && !pad ? "drop" : "", hit ? "hit" : "", mark ? "lit" : ""].join(" ");
  }

  function outputKind(r: number, c: number): string {
    const here = r === row && c === column;
    const reached = lit.value && readsRow(r, lit.value[0]) && readsColumn(c, lit.value[1]);
    return ["out", here ? "here" : "", reached ? "lit" : ""].join(" ");
  }

  const outputRows = rowAxis ? numbers(rowAxis.from, rowAxis.from + rowAxis.windows.length - 1) : [0];
  const outputColumns = numbers(columnAxis.from, columnAxis.from + columnAxis.windows.length - 1);

  function pointInput(r: number, c: number): void {
    lit.value = [r, c];
    const reached =
      outputRows.filter((o) => readsRow(o, r)).length * outputColumns.filter((o) => readsColumn(o, c)).length;
    onPointed(say.inputReaches(rowAxis ? `${r}, ${c}` : String(c), reached));
  }

  return (
    <div class="drawing">
      <figure>
        <figcaption class="small muted">{say.input}</figcaption>
        <Grid
          label={say.input}
          rows={numbers(edge.first, edge.last)}
          columns={numbers(columnAxis.first, columnAxis.last)}
          kindOf={inputKind}
          onPoint={pointInput}
          onLeave={() => {
            lit.value = undefined;
            onPointed(undefined);
          }}
          numbered={rowAxis !== undefined}
        />
      </figure>
      <figure>
        <figcaption class="small muted">{say.output}</figcaption>
        <Grid
          label={say.output}
          rows={outputRows}
          columns={outputColumns}
          kindOf={outputKind}
          onPoint={(r, c) => goTo(rowAxis ? [...leading, r, c] : [c])}
          numbered={rowAxis !== undefined}
        />
      </figure>
    </div>
  );
}
