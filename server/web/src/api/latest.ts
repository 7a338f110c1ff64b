/** Asking again and again, with every keystroke: only the last question's answer counts. */
import { effect, signal, type ReadonlySignal } from "@preact/signals";
import { Away, Problem, server } from "./client.ts";

export interface Latest<Answer> {
  /** The last answer that came; it stays while the next is awaited, so that nothing flickers. */
  readonly answer: Answer | undefined;
  /** What is wrong with the last question, if anything. */
  readonly problem: Problem | undefined;
  /** A question is on its way. */
  readonly asking: boolean;
}

export interface Asker<Question, Answer> {
  readonly state: ReadonlySignal<Latest<Answer>>;
  /** Ask this in place of whatever was asked before; undefined: there is nothing to ask. */
  readonly ask: (question: Question | undefined) => void;
  /** Ask the last question once more, at once. */
  readonly again: () => void;
}

/** What changes at once, as a paste does with a form's fields, is one question; a keystroke does not wait for the next. */
const REST_MS = 4;

/**
 * Questions are asked through `exchange` once nothing newer has come for `rest` milliseconds. One that found no server, or
 * a server that wanted a key, is asked again when there is one that answers.
 */
export function latest<Question, Answer>(
  exchange: (question: Question, signal: AbortSignal) => Promise<Answer>,
  rest = REST_MS,
): Asker<Question, Answer> {
  const state = signal<Latest<Answer>>({ answer: undefined, problem: undefined, asking: false });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let controller = new AbortController();
  let last: Question | undefined;
  const missed = signal(false);

  async function run(question: Question, aborted: AbortSignal): Promise<void> {
    try {
      const answer = await exchange(question, aborted);
      if (!aborted.aborted) state.value = { answer, problem: undefined, asking: false };
    } catch (error) {
      if (aborted.aborted) return;
      if (error instanceof Problem) state.value = { ...state.peek(), problem: error, asking: false };
      else if (error instanceof Away) state.value = { ...state.peek(), asking: false };
      else throw error;
      missed.value = error instanceof Away || (error instanceof Problem && error.status === 401);
    }
  }

  function ask(question: Question | undefined, delay = rest): void {
    clearTimeout(timer);
    controller.abort();
    last = question;
    missed.value = false;
    if (question === undefined) {
      state.value = { answer: undefined, problem: undefined, asking: false };
      return;
    }
    controller = new AbortController();
    const { signal: aborted } = controller;
    state.value = { ...state.peek(), asking: true };
    timer = setTimeout(() => void run(question, aborted), delay);
  }

  const again = () => ask(last, 0);
  effect(() => {
    if (server.value === "here" && missed.value) again();
  });
  return { state, ask, again };
}
