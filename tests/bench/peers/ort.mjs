// ort.mjs - the side of ONNX Runtime: runs models as it is told on standard input, one JSON object a line.
//   {"load": PATH, "as": NAME, "shape": [...], "level": "all"}   answers {}
//   {"run": NAME, "repetitions": N}                              answers {"us": [...]}, one run before them not counted
// The first argument is the number of threads, the second the folder that onnxruntime-node is installed in.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const threads = Number(process.argv[2]);
const ort = createRequire(process.argv[3] + "/")("onnxruntime-node");
const loaded = new Map();

async function load({ load, as, shape, level }) {
  const session = await ort.InferenceSession.create(load, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: level,
  });
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) data[i] = Math.random() * 2 - 1;
  const feeds = { x: new ort.Tensor("float32", data, shape) };
  const { y } = await session.run(feeds);
  // The output's memory is given: none has to be found for it in the runs that are timed.
  const fetches = { y: new ort.Tensor("float32", new Float32Array(y.data.length), y.dims) };
  await loaded.get(as)?.session.release();
  loaded.set(as, { session, feeds, fetches });
  return {};
}

async function run({ run, repetitions }) {
  const { session, feeds, fetches } = loaded.get(run);
  const us = [];
  for (let i = 0; i <= repetitions; i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds, fetches);
    if (i > 0) us.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return { us };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(await (asked.load ? load(asked) : run(asked))));
}
