/**
 * The state that can be shared, in the address: `#view=layer&layer=Conv1D(8%2C+3)&input=null%2C300%2C1`.
 *
 * Behind `#`, because what stands there is sent to no server and is as long as it needs to be. Each room says which names
 * are its own by `param`; a value that is the default is left out.
 */
import { effect, signal, type Signal } from "@preact/signals";

interface Param {
  readonly value: Signal<string>;
  readonly initial: string;
}

const params = new Map<string, Param>();
/** How many there are: views that are fetched later bring more. */
const known = signal(0);

function read(): URLSearchParams {
  return new URLSearchParams(location.hash.slice(1));
}

function write(): void {
  if (known.value === 0) return;
  // What belongs to a view that is not here yet stays.
  const next = read();
  for (const [name, { value, initial }] of params) {
    if (value.value === initial) next.delete(name);
    else next.set(name, value.value);
  }
  const hash = next.size > 0 ? `#${next.toString()}` : "";
  // Every keystroke changes the address: none of them is a step that one wants to go back to.
  if (hash !== location.hash) history.replaceState(history.state, "", hash || location.pathname);
}

/** A piece of the shared state: a text that the address holds under that name. */
export function param(name: string, initial = ""): Signal<string> {
  const there = params.get(name);
  if (there?.initial === initial) return there.value;
  if (there) throw new Error(`${name} is in the address already, for something else`);
  const value = signal(read().get(name) ?? initial);
  params.set(name, { value, initial });
  known.value++;
  return value;
}

/** Read what the address says now: it was typed over, or a link to this page was followed. */
function reread(): void {
  const now = read();
  for (const [name, { value, initial }] of params) value.value = now.get(name) ?? initial;
}

/** Keep the address and the state the same from now on. */
export function followPlace(): void {
  effect(write);
  addEventListener("hashchange", reread);
}

/** The address that shows what is shown now, whole. */
export function sharedAddress(): string {
  return location.href;
}
