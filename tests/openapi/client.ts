// What a client written in TypeScript may do with the types that are generated from server/openapi.yaml, and what not.
import type { components, paths } from "./contract";

type Schemas = components["schemas"];
type Post<Path extends "/v1/shape" | "/v1/convolve" | "/v2/models/{model}/infer"> = paths[Path]["post"];
type Answer<Path extends Parameters<typeof post>[0]> = Post<Path>["responses"][200]["content"]["application/json"];

declare function post<Path extends "/v1/shape" | "/v1/convolve" | "/v2/models/{model}/infer">(
  path: Path,
  body: Post<Path>["requestBody"]["content"]["application/json"],
): Answer<Path>;

// ---- a shape ----

const shape = post("/v1/shape", { layer: "Conv2D(8, 3)", input_shape: [null, "H", "W=28", 1], fields: ["output"] });
if ("layers" in shape) {
  const each: Schemas["ShapeAnswer"][] = shape.layers;
  void each;
} else {
  const sizes: (number | string | null)[] | undefined = shape.output?.shape;
  const macs: number | null | undefined = shape.cost?.macs;
  void [sizes, macs];
}
post("/v1/shape", { layer: { op: "conv", kernel: [3, 3], filters: 16, padding: "same" }, input_shape: [1, 9, 9, 1] });
post("/v1/shape", { layer: { op_type: "Conv", attributes: { strides: [2, 2] }, weights_shape: [8, 3, 3, 3] }, input_shape: [1, 3, 9, 9] });
post("/v1/shape", { layer: { class_name: "Conv2D", config: { filters: 8, kernel_size: 3 } }, input_shape: [1, 9, 9, 1] });

// @ts-expect-error: there is no such field
post("/v1/shape", { layer: "Conv2D(8, 3)", fields: ["outputs"] });
// @ts-expect-error: a shape is an array
post("/v1/shape", { layer: "Conv2D(8, 3)", input_shape: 28 });
// @ts-expect-error: there is no such member
post("/v1/shape", { layer: "Conv2D(8, 3)", input: [28] });
// @ts-expect-error: there is no such op
post("/v1/shape", { layer: { op: "convolution" } });

// ---- a convolution ----

const { output, execution } = post("/v1/convolve", {
  layer: "Conv1D(1, 2)",
  input: [[[1], [2], [3]]],
  weights: [{ shape: [2, 1, 1], data: [1, 10] }, [100]],
  filters: [0],
});
const algorithm: "direct" | "im2col" | "gemm" | "implicit-gemm" | "winograd2" | "winograd4" | "copy" = execution.algorithm;
const axes: Schemas["Axis"][] = output.axes;
void [algorithm, axes];

// ---- an inference ----

const inferred = post("/v2/models/{model}/infer", {
  parameters: { layer: "ReLU()" },
  inputs: [{ name: "input", shape: [1, 2], datatype: "FP32", data: [1, -2] }],
});
const numbers: (number | null)[] | undefined = inferred.outputs[0]?.data;
void numbers;

// @ts-expect-error: BYTES are not taken
const bytes: Schemas["InferInput"] = { name: "input", shape: [1], datatype: "BYTES", data: [1] };
void bytes;

// ---- a problem ----

const problem = {} as Post<"/v1/shape">["responses"][422]["content"]["application/problem+json"];
const where: string[] = problem.errors.map((error) => `${error.pointer}: ${error.code}`);
void where;
