import { useEffect } from "preact/hooks";
import type { ReviewAnswer } from "../api/types.ts";
import { Charts } from "./charts.tsx";
import { Downloads } from "./downloads.tsx";
import { Findings } from "./findings.tsx";
import { Layers } from "./layers.tsx";
import { chosenLayer } from "./source.ts";
import { Summary } from "./summary.tsx";
import { resultWords } from "./words_result.ts";

export function ReviewResult({ answer }: { answer: ReviewAnswer }) {
  const say = resultWords();
  useEffect(() => {
    // A layer that the next answer no longer has cannot stay marked.
    if (!answer.layers.some(({ name }) => name === chosenLayer.peek())) chosenLayer.value = undefined;
  }, [answer]);
  return (
    <>
      <Summary answer={answer} />
      <section class="card stack" aria-labelledby="findings-title">
        <h2 id="findings-title">{say.findings}</h2>
        <Findings findings={answer.findings} none={say.none} canJump />
      </section>
      <Layers answer={answer} />
      <Charts answer={answer} />
      <Downloads answer={answer} />
    </>
  );
}
