import { useSignal } from "@preact/signals";
import { csvFormatRows } from "d3-dsv";
import type { ReviewAnswer } from "../api/types.ts";
import { download } from "../parts/download.ts";
import { exchange, type DiffAnswer } from "./ask.ts";
import { columns, rowsOf } from "./rows.ts";
import { modelFile } from "./source.ts";
import { resultWords } from "./words_result.ts";

type Form = "csv" | "markdown" | "sarif" | "text" | "json";
const LABEL: Record<Form, string> = { csv: "CSV", markdown: "Markdown", sarif: "SARIF", text: "Text", json: "JSON" };
/** What the server writes itself: its media type, and how such files end. */
const WRITTEN = {
  markdown: ["text/markdown", "md"],
  sarif: ["application/sarif+json", "sarif"],
  text: ["text/plain", "txt"],
} as const;

function csv(answer: ReviewAnswer): string {
  const lines = rowsOf(answer).map((row) => columns.map((one) => String(row[one] ?? "")));
  return csvFormatRows([[...columns], ...lines]);
}

/** The name that the file had, without its ending. */
function stem(): string {
  return modelFile.peek()?.name.replace(/\.\w+$/, "") ?? "model";
}

/** A review, or a comparison: the forms that the server has of it. */
export function Downloads({ answer, diff }: { answer?: ReviewAnswer; diff?: DiffAnswer }) {
  const say = resultWords();
  const failed = useSignal("");
  const busy = useSignal(false);
  const forms: Form[] = answer ? ["csv", "markdown", "sarif", "text", "json"] : ["markdown", "text", "json"];
  const name = diff ? `${stem()}-diff` : stem();

  async function written(form: keyof typeof WRITTEN): Promise<void> {
    const [type, ending] = WRITTEN[form];
    busy.value = true;
    failed.value = "";
    try {
      const text = await exchange(type, new AbortController().signal);
      download(`${name}.${ending}`, new Blob([text], { type }));
    } catch (error) {
      failed.value = error instanceof Error ? error.message : String(error);
    }
    busy.value = false;
  }

  function fetchForm(form: Form): void {
    if (form === "csv" && answer) download(`${name}.csv`, new Blob([csv(answer)], { type: "text/csv" }));
    else if (form === "json") {
      download(`${name}.json`, new Blob([JSON.stringify(answer ?? diff, null, 2)], { type: "application/json" }));
    } else if (form !== "csv") void written(form);
  }

  return (
    <section class="card row no-print" aria-label={say.downloads}>
      <strong>{say.downloads}</strong>
      {forms.map((form) => (
        <button key={form} type="button" disabled={busy.value} onClick={() => fetchForm(form)}>
          {LABEL[form]}
        </button>
      ))}
      <span role="status">{busy.value ? say.preparing : failed.value && `${say.downloadFailed} ${failed.value}`}</span>
    </section>
  );
}
