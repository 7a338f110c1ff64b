/** Numbers as they are shown; where one is not known stands a question mark. */
import type { ReviewAnswer } from "../api/types.ts";
import { separated } from "../parts/numbers.ts";

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export type Known = number | null;

export function count(value: Known): string {
  return value === null ? "?" : separated(value);
}

/** 1.2M, for axes and cards; the same letters in both languages, as the field writes them. */
export function compact(value: Known): string {
  return value === null ? "?" : short.format(value);
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function bytes(value: Known): string {
  if (value === null) return "?";
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.abs(value)) / 10));
  const scaled = value / 2 ** (10 * power);
  return `${scaled.toFixed(power === 0 || scaled >= 100 ? 0 : 1)} ${UNITS[power] ?? ""}`;
}

/** With its sign, and a minus that is as wide as a plus. */
export function signed(value: Known, write: (one: number) => string): string {
  if (value === null) return "?";
  if (value === 0) return "±0";
  return value > 0 ? `+${write(value)}` : `−${write(-value)}`;
}

type Layer = ReviewAnswer["layers"][number];

/** `3×3`, and `3×3 – 7×7` where branches see differently much. */
export function field(layer: Layer): string {
  const size = (one: Layer["receptive_field"] | undefined): string | undefined => one?.size.join("×");
  const most = size(layer.receptive_field);
  const least = size(layer.receptive_field_least);
  if (most === undefined) return "–";
  return least === undefined || least === most ? most : `${least} – ${most}`;
}
