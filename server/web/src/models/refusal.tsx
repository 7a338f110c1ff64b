import type { Problem } from "../api/client.ts";
import { askNow } from "./ask.ts";
import { modelWords } from "./words.ts";

function hint(problem: Problem): string | undefined {
  const say = modelWords();
  if (problem.status === 413) return say.tooLarge;
  if (problem.status === 503 || problem.status === 504) return say.busy;
  if (problem.errors.some(({ pointer, code }) => (pointer + code).includes("input"))) return say.needsInput;
  return undefined;
}

/** Why there is no review: where it is in the text, what is expected there, and what to do. */
export function Refusal({ problem }: { problem: Problem }) {
  const say = modelWords();
  const help = hint(problem);
  // The rest says no more than the message.
  const telling = problem.errors.filter(
    ({ pointer, line, expected, message }) =>
      pointer !== "" || line !== undefined || expected !== undefined || message !== problem.message,
  );
  return (
    <div class="error" role="alert">
      <h2>{say.failed}</h2>
      <p>{problem.message}</p>
      {telling.length > 0 && (
        <ul>
          {telling.map((one) => (
            <li key={`${one.pointer} ${one.code}`}>
              {one.line !== undefined && <strong>{say.at(one.line, one.column ?? 1)} </strong>}
              {one.message !== problem.message && <>{one.message} </>}
              {one.pointer && <code>{one.pointer}</code>}
              {one.expected && (
                <>
                  {" "}
                  {say.expected}: <code>{one.expected}</code>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {help && <p>{help}</p>}
      {problem.status >= 500 && (
        <button type="button" onClick={() => askNow()}>
          {say.again}
        </button>
      )}
    </div>
  );
}
