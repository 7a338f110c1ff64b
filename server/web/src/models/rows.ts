/** The layers as rows: which of them, and in which order. */
import { ascending, descending } from "d3-array";
import type { ReviewAnswer } from "../api/types.ts";
import { shapeText } from "../state/shape_text.ts";
import { field, type Known } from "./figures.ts";

type Layer = ReviewAnswer["layers"][number];
type Level = ReviewAnswer["findings"][number]["level"];

export interface Row {
  readonly index: number;
  readonly layer: Layer;
  readonly name: string;
  readonly type: string;
  readonly shape: string;
  readonly parameters: Known;
  readonly macs: Known;
  /** Of the model's MACs, from 0 to 1. */
  readonly share: Known;
  readonly bytes: Known;
  readonly field: string;
  readonly findings: readonly Level[];
}

export type Column = Exclude<keyof Row, "layer">;
export const columns: readonly Column[] = [
  "index",
  "name",
  "type",
  "shape",
  "parameters",
  "macs",
  "share",
  "bytes",
  "field",
  "findings",
];

export const numeric: ReadonlySet<Column> = new Set<Column>(["index", "parameters", "macs", "bytes", "field"]);

export interface Sorting {
  readonly column: Column;
  readonly down: boolean;
}

export function rowsOf(answer: ReviewAnswer): Row[] {
  const marks = new Map<string, Level[]>();
  for (const { layer, level, ignored } of answer.findings) {
    if (layer === null || ignored) continue;
    const known = marks.get(layer);
    if (known) known.push(level);
    else marks.set(layer, [level]);
  }
  const all = answer.totals.macs;
  return answer.layers.map((layer, index) => ({
    index,
    layer,
    name: layer.name,
    type: layer.type,
    shape: layer.output_shape ? shapeText(layer.output_shape) : "?",
    parameters: layer.parameters,
    macs: layer.macs,
    share: layer.macs !== null && all ? layer.macs / all : null,
    bytes: layer.output_bytes,
    field: field(layer),
    findings: marks.get(layer.name) ?? [],
  }));
}

function keyOf(row: Row, column: Column): string | number | null {
  if (column === "findings") return row.findings.length;
  if (column === "field") return Math.max(-1, ...(row.layer.receptive_field?.size ?? []).map(Number));
  return row[column];
}

/** Spaces and brackets do not count in a search: `64,32` finds `(None, 64, 32)`. */
const plain = (text: string): string => text.toLowerCase().replace(/[\s()]/g, "");

export function arrange(rows: readonly Row[], search: string, { column, down }: Sorting): Row[] {
  const wanted = plain(search);
  const found = rows.filter(({ name, type, shape }) => [name, type, shape].some((one) => plain(one).includes(wanted)));
  const order = down ? descending : ascending;
  return found.sort((a, b) => order(keyOf(a, column) ?? -1, keyOf(b, column) ?? -1) || a.index - b.index);
}
