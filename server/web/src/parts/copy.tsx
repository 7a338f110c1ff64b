import { useSignal } from "@preact/signals";
import { words } from "../state/language.ts";

const say = words({
  en: { copy: "Copy", copied: "Copied", failed: "Select it and copy by hand" },
  zh: { copy: "复制", copied: "已复制", failed: "请选中后手动复制" },
});

/** How long "Copied" stands there, in milliseconds. */
const SHOWN_MS = 2000;

/** A button that puts a text into the clipboard. `what` is said to those who do not see what it stands beside. */
export function Copy({ text, what, label }: { text: string | (() => string); what: string; label?: string }) {
  const state = useSignal<"copy" | "copied" | "failed">("copy");
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      state.value = "copied";
    } catch {
      // Without TLS, on another host than this one, browsers give no clipboard.
      state.value = "failed";
    }
    setTimeout(() => (state.value = "copy"), SHOWN_MS);
  }
  const shown = state.value === "copy" ? (label ?? say().copy) : say()[state.value];
  return (
    <button type="button" class="copy" aria-label={`${shown}: ${what}`} onClick={() => void copy()}>
      {shown}
    </button>
  );
}
