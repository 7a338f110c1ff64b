import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

/** Browsers without requestIdleCallback wait that long, in milliseconds. */
const A_MOMENT = 30;

/**
 * What need not be there with the first picture: it is put into the page when the browser has nothing better to do, in a task
 * of its own. The `turn`s follow each other.
 */
export function Soon({ turn, children }: { turn: number; children: ComponentChildren }) {
  const waits = useSignal(turn);
  const left = waits.value;
  useEffect(() => {
    if (left === 0) return undefined;
    const next = () => (waits.value = left - 1);
    if (!("requestIdleCallback" in globalThis)) {
      const timer = setTimeout(next, A_MOMENT);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(next, { timeout: 500 });
    return () => cancelIdleCallback(idle);
  }, [left, waits]);
  return left === 0 ? <>{children}</> : null;
}
