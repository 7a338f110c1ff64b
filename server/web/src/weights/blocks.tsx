import { weightsWords } from "./words.ts";

/** As many blocks are drawn, and so many cells of a block on each side: more cannot be told apart. */
const MOST_BLOCKS = 6;
const MOST_CELLS = 7;
const MOST_SHEETS = 4;
const CELL = 9;
const SHIFT = 6;

interface Props {
  readonly filters: number;
  readonly channels: number;
  readonly kernel: readonly number[];
  readonly filter: number;
  readonly channel: number;
  readonly onPick: (filter: number) => void;
}

/** One filter: a sheet of kernel cells for each channel, one behind the other. */
function Block({
  rows,
  columns,
  channels,
  channel,
  chosen,
}: {
  rows: number;
  columns: number;
  channels: number;
  channel: number;
  chosen: boolean;
}) {
  const sheets = Math.min(channels, MOST_SHEETS);
  const front = Math.min(channel, sheets - 1);
  const width = columns * CELL + sheets * SHIFT;
  const height = rows * CELL + sheets * SHIFT;
  const order = Array.from({ length: sheets }, (_, i) => sheets - 1 - i);
  return (
    <svg
      class={chosen ? "block chosen" : "block"}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
    >
      {order.map((sheet) => (
        <g
          key={sheet}
          class={sheet === front ? "sheet front" : "sheet"}
          transform={`translate(${sheet * SHIFT} ${(sheets - 1 - sheet) * SHIFT})`}
        >
          {Array.from({ length: rows * columns }, (_, i) => (
            <rect
              key={i}
              x={(i % columns) * CELL}
              y={Math.floor(i / columns) * CELL}
              width={CELL - 1}
              height={CELL - 1}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** The kernel as blocks: the first ones, the one that is chosen, and the last. */
export function Blocks({ filters, channels, kernel, filter, channel, onPick }: Props) {
  const say = weightsWords();
  const columns = Math.min(kernel.at(-1) ?? 1, MOST_CELLS);
  const rows = Math.min(kernel.at(-2) ?? 1, MOST_CELLS);
  const first = Array.from({ length: Math.min(filters, MOST_BLOCKS - 2) }, (_, i) => i);
  const shown = [...new Set([...first, filter, filters - 1])]
    .filter((f) => f >= 0 && f < filters)
    .sort((a, b) => a - b);
  return (
    <div class="blocks" role="group" aria-label={say.blocks}>
      {shown.map((f, i) => (
        <div class="row" key={f}>
          {f - (shown[i - 1] ?? f - 1) > 1 && <span class="muted">{say.more(f - (shown[i - 1] ?? 0) - 1)}</span>}
          <button type="button" class="quiet filter" aria-pressed={f === filter} onClick={() => onPick(f)}>
            <Block rows={rows} columns={columns} channels={channels} channel={channel} chosen={f === filter} />
            <span class="small">{say.block(f)}</span>
          </button>
        </div>
      ))}
    </div>
  );
}
