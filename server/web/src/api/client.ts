/** Asking the server: one way for every view, so that an absent server and a missing key are told in one place. */
import { signal } from "@preact/signals";
import type { ProblemBody, ProblemError } from "./types.ts";

/** An RFC 9457 problem, as the server sends it instead of an answer. */
export class Problem extends Error {
  readonly status: number;
  readonly errors: readonly ProblemError[];
  /** Seconds after which another try may succeed; of Retry-After. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Partial<ProblemBody>, retryAfter?: number) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.errors = body.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** No answer came: the server is not there, or the network is not. */
export class Away extends Error {}

/** What is known of the server by the last request. */
export const server = signal<"unknown" | "here" | "away" | "locked">("unknown");

const KEY = "convscope-key";

/** The key that the server asks for where it was started with --api-keys; kept for this tab alone. */
export const apiKey = signal(sessionStorage.getItem(KEY) ?? "");

/** Use that key from now on. */
export function takeKey(key: string): void {
  apiKey.value = key;
  sessionStorage.setItem(KEY, key);
}

/** The headers that every request carries. */
export function credentials(): Record<string, string> {
  return apiKey.value ? { Authorization: `Bearer ${apiKey.value}` } : {};
}

/** The problem that a body holds; whatever else stands in it is told by the status alone. */
export function problemOf(status: number, text: string, retryAfter: string | null): Problem {
  let body: Partial<ProblemBody> = {};
  try {
    body = JSON.parse(text) as Partial<ProblemBody>;
  } catch {
    // A proxy between here and the server answers in HTML.
  }
  return new Problem(status, body, retryAfter === null ? undefined : Number(retryAfter));
}

/** What an exchange tells of the server: a proxy answers 502 and 504 for one that is not there. */
export function note(status: number | undefined): void {
  if (status === undefined || status === 502 || status === 504) server.value = "away";
  else if (status === 401) server.value = "locked";
  else server.value = "here";
}

export interface Asking {
  /** Ends the request when the answer is no longer wanted. */
  signal?: AbortSignal;
  /** The answer's media type; JSON. */
  accept?: string;
  /** The body's media type; JSON. */
  type?: string;
}

/** POST a body; the answer as the network gives it. Throws Problem, Away, or what an aborted fetch throws. */
export async function send(path: string, body: BodyInit, asking: Asking = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: "POST",
      body,
      headers: {
        ...credentials(),
        "Content-Type": asking.type ?? "application/json",
        Accept: asking.accept ?? "application/json",
      },
      ...(asking.signal && { signal: asking.signal }),
    });
  } catch (error) {
    if (asking.signal?.aborted) throw error;
    note(undefined);
    throw new Away();
  }
  note(response.status);
  if (!response.ok) throw problemOf(response.status, await response.text(), response.headers.get("Retry-After"));
  return response;
}

/** POST JSON and read JSON. */
export async function ask<Answer>(path: string, body: unknown, asking: Asking = {}): Promise<Answer> {
  const response = await send(path, JSON.stringify(body), asking);
  return (await response.json()) as Answer;
}

/** POST requests, a line each; their answers in the same order, a problem where one was refused. */
export async function askMany<Answer>(
  path: string,
  bodies: unknown[],
  asking: Asking = {},
): Promise<(Answer | Problem)[]> {
  const lines = bodies.map((body) => JSON.stringify(body)).join("\n");
  const type = "application/x-ndjson";
  const text = await (await send(path, lines, { ...asking, type, accept: type })).text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const answer = JSON.parse(line) as Answer & Partial<ProblemBody>;
      return answer.errors && answer.status ? new Problem(answer.status, answer) : answer;
    });
}

/** Whether the server answers now. */
export async function isHere(): Promise<boolean> {
  try {
    const { ok } = await fetch("/healthz", { cache: "no-store" });
    return ok;
  } catch {
    return false;
  }
}
