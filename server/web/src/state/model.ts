/** The whole model in question: its text, the text of the one it is compared with, and the shape of its input. */
import { effect, signal, type Signal } from "@preact/signals";
import { param } from "./place.ts";
import { show } from "./view.ts";

/** Longer texts are left out of the address: chats and mail break what is longer than that. */
const ADDRESS_MOST = 4000;

/** Whether a shared link carries this text. */
export function fitsAddress(text: string): boolean {
  return text.length <= ADDRESS_MOST;
}

interface Kept {
  readonly text: Signal<string>;
  readonly place: Signal<string>;
}

/** A text that the address holds as long as it is short. */
function kept(name: string): Kept {
  const place = param(name);
  return { text: signal(place.peek()), place };
}

const model = kept("model");
const earlier = kept("before");

/** The model as text: code, JSON, or what `print(model)` shows. */
export const modelText = model.text;
/** The model as it was before, where two are compared. */
export const beforeText = earlier.text;
/** The input's shape, batch first, where the model does not say; a line `name: shape` each where it has several. */
export const modelInput = param("model-input");

function follow({ text, place }: Kept): void {
  const held = (): string => (fitsAddress(text.value) ? text.value : "");
  effect(() => {
    place.value = held();
  });
  effect(() => {
    const now = place.value;
    // A text that is too long for the address is not lost because the address has none.
    if (now !== (fitsAddress(text.peek()) ? text.peek() : "")) text.value = now;
  });
}

/** Keep the address and the texts the same from now on. */
export function followModel(): void {
  follow(model);
  follow(earlier);
}

/** Show the view of models with this one in it. */
export function openModel(text: string, input = ""): void {
  beforeText.value = "";
  modelText.value = text;
  modelInput.value = input;
  show("models");
}
