/** Kernels that people know, at any size: rows of numbers. */

export const banks = ["mixed", "edge", "blur", "sharpen", "sobel", "gabor", "identity", "random", "own"] as const;
export type Bank = (typeof banks)[number];

type Kernel = (y: number, x: number) => number;

/** Values over positions from the middle, -1 to 1 along each axis. */
function sampled(rows: number, columns: number, kernel: Kernel): number[][] {
  const place = (i: number, size: number) => (size > 1 ? (2 * i) / (size - 1) - 1 : 0);
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (__, x) => kernel(place(y, rows), place(x, columns))),
  );
}

/** All together give that sum; what adds up to nothing stays as it is. */
function normalised(kernel: number[][], wanted: number): number[][] {
  const sum = kernel.flat().reduce((a, b) => a + b, 0);
  return Math.abs(sum) < 1e-6 ? kernel : kernel.map((row) => row.map((value) => (value * wanted) / sum));
}

/** As much above zero as below. */
function balanced(kernel: number[][]): number[][] {
  const all = kernel.flat();
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  return kernel.map((row) => row.map((value) => value - mean));
}

function middle(rows: number, columns: number, value: number): number[][] {
  const kernel = sampled(rows, columns, () => 0);
  const row = kernel[Math.floor(rows / 2)];
  if (row) row[Math.floor(columns / 2)] = value;
  return kernel;
}

const gauss: Kernel = (y, x) => Math.exp(-2 * (y * y + x * x));

function added(a: number[][], b: number[][], factor: number): number[][] {
  return a.map((row, y) => row.map((value, x) => value + factor * (b[y]?.[x] ?? 0)));
}

const makers: Record<
  Exclude<Bank, "mixed" | "random" | "own">,
  (rows: number, columns: number, filter: number, filters: number) => number[][]
> = {
  identity: (rows, columns) => middle(rows, columns, 1),
  blur: (rows, columns) => normalised(sampled(rows, columns, gauss), 1),
  edge: (rows, columns) => balanced(middle(rows, columns, rows * columns)),
  sharpen: (rows, columns) => added(middle(rows, columns, 2), normalised(sampled(rows, columns, gauss), 1), -1),
  // The slope along a direction, smoothed across it.
  sobel: (rows, columns, filter) =>
    sampled(rows, columns, (y, x) => {
      if (rows === 1) return filter % 2 ? -x : x;
      return filter % 2 ? y * (2 - Math.abs(x)) : x * (2 - Math.abs(y));
    }),
  gabor: (rows, columns, filter, filters) => {
    const angle = (Math.PI * filter) / Math.max(1, filters);
    const wave: Kernel = (y, x) => gauss(y, x) * Math.cos(3 * (x * Math.cos(angle) + y * Math.sin(angle)));
    return balanced(sampled(rows, columns, wave));
  },
};

const MIXED = ["identity", "blur", "sharpen", "edge", "sobel", "sobel", "gabor", "gabor"] as const;

/** The kernel of one filter; undefined: the server draws them at random. */
export function kernelFor(
  bank: Bank,
  rows: number,
  columns: number,
  filter: number,
  filters: number,
  own: number[][] | undefined,
): number[][] | undefined {
  if (bank === "random") return undefined;
  if (bank === "own") return own;
  const kind = bank === "mixed" ? (MIXED[filter % MIXED.length] ?? "identity") : bank;
  return makers[kind](rows, columns, filter, filters);
}

/** Rows of numbers as people type them; undefined where they are none, or none of that size. */
export function parseKernel(text: string, rows: number, columns: number): number[][] | undefined {
  const kernel = text
    .split(/[\n/;]|\]\s*,?\s*\[/)
    .map((line) => (line.match(/-?\d+(?:\.\d+)?(?:e-?\d+)?/gi) ?? []).map(Number))
    .filter((row) => row.length > 0);
  return kernel.length === rows && kernel.every((row) => row.length === columns) ? kernel : undefined;
}
