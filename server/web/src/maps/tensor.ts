/** Tensors on the wire: little-endian float32 as base64. */
import type { Axis } from "../api/types.ts";

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** So many bytes at a time become arguments of a function. */
const A_PART = 0x8000;

export function encode({ shape, data }: Tensor) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += A_PART) text += String.fromCharCode(...bytes.subarray(i, i + A_PART));
  return { shape, dtype: "float32", base64: btoa(text) };
}

export function decode(base64: string): Float32Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Float32Array(bytes.buffer);
}

/** A tensor filled by what is said of each place, by the names of its axes. */
export function filled(
  shape: readonly number[],
  axes: readonly Axis[],
  value: (at: Partial<Record<Axis, number>>) => number,
): Tensor {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const position = shape.map(() => 0);
  const at: Partial<Record<Axis, number>> = Object.fromEntries(axes.map((axis) => [axis, 0]));
  for (let i = 0; i < data.length; i++) {
    data[i] = value(at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = ((position[axis] ?? 0) + 1) % (shape[axis] ?? 1);
      position[axis] = next;
      at[axes[axis] ?? "axis"] = next;
      if (next > 0) break;
    }
  }
  return { shape, data };
}
