/** Numbers for people, in the language of the page. */
import { language } from "../state/language.ts";

/** Making a format takes longer than writing a number with it. */
const whole = { en: new Intl.NumberFormat("en"), zh: new Intl.NumberFormat("zh-Hans") };

/** With separators. */
export function separated(value: number): string {
  return whole[language.value].format(value);
}

/** With separators; a dash for what is not known. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : separated(value);
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** "118M": short, where the exact number stands beside it. */
export function short(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : compact.format(value);
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const step = value < 1024 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), UNITS.length - 1);
  return `${(value / 1024 ** step).toFixed(step ? 1 : 0)} ${UNITS[step] ?? ""}`;
}
