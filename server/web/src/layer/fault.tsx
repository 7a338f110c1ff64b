import type { ProblemError } from "../api/types.ts";
import { layerText } from "../state/question.ts";
import { layerWords } from "./words.ts";

/** A word or a quoted text, as it stands at a place of the code. */
const TOKEN = /^(['"])?[\w.]*\1?/;

/** The server counts bytes of UTF-8, the page letters. */
function letters(text: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).slice(0, bytes)).length;
}

/** Single words that would do at this place. */
function suggestions(expected: string | undefined): string[] {
  const all = expected?.split(/, | or /) ?? [];
  return all.every((one) => /^['"]?[A-Za-z][\w.]*['"]?$/.test(one)) ? all.slice(0, 6) : [];
}

/** The line where the text goes wrong, with a mark below the place, and what would do there. */
export function Fault({ error }: { error: ProblemError }) {
  const say = layerWords();
  const text = layerText.value;
  const line = text.split("\n")[(error.line ?? 1) - 1] ?? "";
  const column = error.column ?? 1;
  // A long line is shown from some letters before the place on.
  const from = Math.max(0, column - 30);

  function place(): HTMLTextAreaElement | null {
    return document.querySelector("#layer-text");
  }

  function select(): void {
    const box = place();
    const start = letters(text, error.offset ?? 0);
    const length = TOKEN.exec(text.slice(start))?.[0].length ?? 0;
    box?.focus();
    box?.setSelectionRange(start, start + length);
  }

  function write(word: string): void {
    const start = letters(text, error.offset ?? 0);
    const token = TOKEN.exec(text.slice(start))?.[0] ?? "";
    const quote = /^['"]/.test(token) && !/^['"]/.test(word) ? (token[0] ?? "") : "";
    layerText.value = text.slice(0, start) + quote + word + quote + text.slice(start + token.length);
    place()?.focus();
  }

  return (
    <div class="error fault">
      <pre aria-hidden="true">
        {line.slice(from, from + 60)}
        {"\n" + " ".repeat(Math.max(0, column - 1 - from)) + "▲"}
      </pre>
      <div class="row small">
        <button type="button" onClick={select}>
          {say.goThere(error.line ?? 1, column)}
        </button>
        {suggestions(error.expected).map((word) => (
          <button type="button" key={word} onClick={() => write(word)}>
            {say.use(word)}
          </button>
        ))}
      </div>
    </div>
  );
}
