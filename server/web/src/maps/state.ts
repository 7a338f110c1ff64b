/** What is computed: the layer, the picture and the kernels; and what came out of it. */
import { computed, effect, signal } from "@preact/signals";
import { ask, askMany, Problem, send } from "../api/client.ts";
import { latest } from "../api/latest.ts";
import type { Axis, Schemas, Shape, ShapeAnswer } from "../api/types.ts";
import { param } from "../state/place.ts";
import { layerOf } from "../state/paste.ts";
import { inputShapes, layerText } from "../state/question.ts";
import { banks, kernelFor, parseKernel, type Bank } from "./kernels.ts";
import { channelOf, pixels, samples, type Sample } from "./picture.ts";
import { decode, encode, filled } from "./tensor.ts";

/** A layer to begin with: the calculator's own may be of another kind. */
export const DEFAULT_LAYER = "Conv2D(8, 3, padding='same', activation='relu')";

export const mapsLayer = param("mlayer", DEFAULT_LAYER);
export const side = param("size", "96");
export const sampleName = param("sample", "shapes");
export const bankName = param("bank", "mixed");
export const seed = param("seed", "1");
export const ownKernel = param("kernel", "0 1 0\n1 -4 1\n0 1 0");
/** One's own picture; undefined: a sample. */
export const ownPicture = signal<ImageBitmap | undefined>(undefined);

export const bank = computed<Bank>(() => banks.find((one) => one === bankName.value) ?? "mixed");
export const sample = computed<Sample>(() => samples.find((one) => one === sampleName.value) ?? "shapes");

/** The calculator's layer and the sizes of its input. */
export function takeLayer(): void {
  mapsLayer.value = layerText.value;
  const known = inputShapes.value[0]?.filter((one) => typeof one === "number" && one > 4) ?? [];
  if (typeof known[0] === "number") side.value = String(known[0]);
}

/** No larger: the picture becomes numbers in a request. */
const MOST_SIDE = 512;

interface Wanted {
  readonly layer: unknown;
  readonly size: number;
  readonly bank: Bank;
  readonly seed: number;
  readonly own: string;
  readonly picture: Sample | ImageBitmap;
}

export interface Maps {
  readonly shape: ShapeAnswer;
  readonly answer: Schemas["ConvolveAnswer"];
  readonly data: Float32Array;
  /** The kernels as they were given, a filter each; undefined: random, or none. */
  readonly kernels: readonly (number[][] | undefined)[];
  /** The request, for whoever wants the same in another form. */
  readonly request: Record<string, unknown>;
}

const wanted = computed<Wanted | undefined>(() => {
  const layer = layerOf(mapsLayer.value);
  if (layer === undefined) return undefined;
  const size = Math.max(4, Math.min(MOST_SIDE, Math.round(Number(side.value)) || 96));
  return {
    layer,
    size,
    bank: bank.value,
    seed: Number(seed.value) || 1,
    own: ownKernel.value,
    picture: ownPicture.value ?? sample.value,
  };
});

/** How many channels the layer wants, and where: what it takes of the usual shapes, all asked at once. */
async function shapeFor(layer: unknown, size: number, signal: AbortSignal): Promise<ShapeAnswer> {
  const tries: Shape[] = [
    [1, size, size, 1],
    [1, 1, size, size],
    [1, size, size, 3],
    [1, 3, size, size],
    [1, size, 1],
    [1, 1, size],
    [1, size, 3],
    [1, 3, size],
  ];
  const fields = ["layer", "input", "output", "weights"];
  const bodies = tries.map((input_shape) => ({ layer, input_shape, fields }));
  const answers = await askMany<ShapeAnswer>("/v1/shape", bodies, { signal });
  const found = answers.find((answer) => {
    if (answer instanceof Problem) return false;
    // Where the axes are the other way round, a channel would be 96 wide.
    const channels = answer.input.shape[answer.input.axes.indexOf("channels")];
    return channels === 1 || channels === 3;
  });
  if (found && !(found instanceof Problem)) return found;
  throw answers.find((answer) => answer instanceof Problem) ?? new Problem(422, {});
}

function inputTensor(shape: ShapeAnswer, picture: Sample | ImageBitmap) {
  const { axes } = shape.input;
  const sizes = shape.input.shape.map(Number);
  const of = (axis: Axis) => sizes[axes.indexOf(axis)] ?? 1;
  // A layer of one dimension gets the middle row of a square picture.
  const flat = axes.includes("length");
  const width = of(flat ? "length" : "width");
  const [height, channels] = [flat ? width : of("height"), of("channels")];
  const middle = flat ? Math.floor(height / 2) : 0;
  const data = pixels(picture, width, height);
  const planes = Array.from({ length: channels }, (_, c) => channelOf(data, c, channels));
  return encode(
    filled(
      sizes,
      axes,
      (at) => planes[at.channels ?? 0]?.[(at.height ?? middle) * width + (at.width ?? at.length ?? 0)] ?? 0,
    ),
  );
}

async function compute(
  { layer, size, bank: kind, seed: number, own, picture }: Wanted,
  signal: AbortSignal,
): Promise<Maps> {
  const shape = await shapeFor(layer, size, signal);
  const weights = shape.weights ?? [];
  const kernel = weights[0];
  const of = (axis: Axis) => kernel?.shape[kernel.axes.indexOf(axis)] ?? 1;
  const [rows, columns] = [
    of("kernel_height"),
    of(kernel?.axes.includes("kernel_length") ? "kernel_length" : "kernel_width"),
  ];
  const filters = Math.max(of("filters"), of("filters_per_group"), 1);
  const given = parseKernel(own, rows, columns);
  const kernels = Array.from({ length: kernel ? filters : 0 }, (_, f) =>
    kernelFor(kind, rows, columns, f, filters, given),
  );
  const presets = kernel && weights.length <= 2 && kernels.every((one) => one !== undefined);
  const channels = Math.max(of("in_channels"), of("in_channels_per_group"), 1);
  const tensors = weights.map(({ shape: sizes, axes }, i) =>
    encode(
      filled(sizes, axes, (at) =>
        i > 0
          ? 0
          : (kernels[at.filters ?? 0]?.[at.kernel_height ?? 0]?.[at.kernel_width ?? at.kernel_length ?? 0] ?? 0) /
            channels,
      ),
    ),
  );
  const request = {
    layer,
    input: inputTensor(shape, picture),
    ...(weights.length > 0 && { weights: presets ? tensors : { random: number } }),
    output: { encoding: "base64" },
  };
  const answer = await ask<Schemas["ConvolveAnswer"]>("/v1/convolve", request, { signal });
  return {
    shape,
    answer,
    data: decode(answer.output.data as unknown as string),
    kernels: presets ? kernels : [],
    request,
  };
}

const asker = latest<Wanted, Maps>(compute, 20);
effect(() => asker.ask(wanted.value));

export const maps = asker.state;

/** The command that computes the same anywhere; the numbers go through standard input, which has no limit. */
export function curlCommand(): string {
  const body = JSON.stringify(maps.peek().answer?.request);
  const type = "-H 'Content-Type: application/json'";
  return `curl ${location.origin}/v1/convolve ${type} --data-binary @- <<'JSON'\n${body}\nJSON\n`;
}

/** The output as an .npy file, or as JSON, as the server writes it. */
export async function outputAs(accept: string): Promise<Blob> {
  const output = accept === "application/json" ? { encoding: "nested" } : undefined;
  const request = { ...maps.value.answer?.request, output };
  return (await send("/v1/convolve", JSON.stringify(request), { accept })).blob();
}
