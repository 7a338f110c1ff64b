/** The question about a model or two, and what has come of it. */
import { effect, signal } from "@preact/signals";
import { apiKey, Away, Problem, server } from "../api/client.ts";
import type { ReviewAnswer, Schemas } from "../api/types.ts";
import { post } from "./exchange.ts";
import { after, before, chosenLayer, members, query, type Source } from "./source.ts";

export type DiffAnswer = Schemas["DiffAnswer"];
export type Result = { kind: "review"; answer: ReviewAnswer } | { kind: "diff"; answer: DiffAnswer };

export interface State {
  /** The last answer; it stays while the next is awaited. */
  readonly result: Result | undefined;
  readonly problem: Problem | undefined;
  readonly phase: "idle" | "sending" | "computing" | "cancelled";
  readonly sent: number;
  readonly total: number;
}

const EMPTY: State = { result: undefined, problem: undefined, phase: "idle", sent: 0, total: 0 };
export const state = signal<State>(EMPTY);

/** As long as a hand may rest between two keystrokes; a whole model is more than one number. */
const REST_MS = 250;

/** Below that a bar would only flicker. */
const SHOWN_BYTES = 200_000;

let controller = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;
let missed = false;

/** A model in JSON: text as it is, the bytes of a file in base64. */
async function asMember(source: Source): Promise<unknown> {
  if (typeof source === "string") return source;
  if (!/\.(onnx|h5|hdf5|keras)$/i.test(source.name)) return source.text();
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(new Error(`${source.name} cannot be read`));
    reader.readAsDataURL(source);
  });
  return { file_base64: address.slice(address.indexOf(",") + 1) };
}

type Watch = (sent: number, total: number) => void;

/** Ask what is asked now, in any of the forms that the server answers in. */
export async function exchange(
  accept: string,
  aborted: AbortSignal,
  onProgress: Watch = () => undefined,
): Promise<string> {
  const [older, newer] = [before.peek(), after.peek()];
  const how = { accept, signal: aborted, onProgress };
  if (newer !== undefined && older !== undefined) {
    const body = { before: await asMember(older), after: await asMember(newer), ...members() };
    return post("/v1/diff", JSON.stringify(body), { ...how, type: "application/json" });
  }
  const type = typeof newer === "string" ? "text/plain" : "application/octet-stream";
  return post(`/v1/review?${query.peek()}`, newer ?? older ?? "", { ...how, type });
}

async function run(aborted: AbortSignal): Promise<void> {
  const kind = before.peek() !== undefined && after.peek() !== undefined ? "diff" : "review";
  try {
    const text = await exchange("application/json", aborted, (sent, total) => {
      if (aborted.aborted || total < SHOWN_BYTES) return;
      state.value = { ...state.peek(), phase: sent < total ? "sending" : "computing", sent, total };
    });
    if (aborted.aborted) return;
    const answer = JSON.parse(text) as unknown;
    state.value = { ...EMPTY, result: { kind, answer } as Result };
  } catch (error) {
    if (aborted.aborted) return;
    missed = error instanceof Away || (error instanceof Problem && error.status === 401);
    if (error instanceof Problem) state.value = { ...EMPTY, problem: error };
    else if (error instanceof Away) state.value = { ...state.peek(), phase: "idle" };
    else throw error;
  }
}

/** Ask now, in place of what was asked before. */
export function askNow(rest = 0): void {
  clearTimeout(timer);
  controller.abort();
  missed = false;
  controller = new AbortController();
  const { signal: aborted } = controller;
  state.value = { ...state.peek(), phase: "computing", sent: 0, total: 0 };
  timer = setTimeout(() => void run(aborted), rest);
}

/** Stop sending, and keep what is there. */
export function cancel(): void {
  clearTimeout(timer);
  controller.abort();
  state.value = { ...state.peek(), phase: "cancelled" };
}

let asked: unknown[] = [];

/** Ask with every change of the question, until the function that comes back is called. */
export function followModels(): () => void {
  const stopAsking = effect(() => {
    const now = [before.value, after.value, query.value];
    // Coming back to this view asks nothing anew.
    if (now.every((one, index) => one === asked[index])) return;
    const another = now[0] !== asked[0] || now[1] !== asked[1];
    asked = now;
    if (another) chosenLayer.value = undefined;
    if (now[0] === undefined && now[1] === undefined) {
      clearTimeout(timer);
      controller.abort();
      state.value = EMPTY;
    } else askNow(REST_MS);
  });
  const stopWaiting = effect(() => {
    const reachable = server.value === "here" || apiKey.value !== "";
    if (reachable && missed) askNow();
  });
  return () => {
    stopAsking();
    stopWaiting();
  };
}
