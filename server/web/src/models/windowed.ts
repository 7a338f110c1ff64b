/** Of a long table, the rows that are in sight. */
import { useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";
import type { RefObject } from "preact";

/** The height of a row in pixels, as models.css has it. */
const ROW = 40;
/** Rows beyond the edges, so that scrolling shows no gap. */
const SPARE = 20;
/** So many are rendered at once anyway. */
const FEW = 120;

export interface Windowed {
  readonly first: number;
  readonly end: number;
  /** Pixels in place of the rows above and below. */
  readonly above: number;
  readonly below: number;
  /** Bring that row into sight and its button into focus. */
  readonly show: (at: number) => void;
}

export function useWindowed(place: RefObject<HTMLDivElement | null>, rows: number): Windowed {
  const top = useSignal(0);
  const height = useSignal(800);
  const printing = useSignal(false);

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const look = (): void => {
      // Whole rows: not every pixel of scrolling renders anew.
      top.value = Math.floor(element.scrollTop / ROW / 5) * 5 * ROW;
      height.value = element.clientHeight;
    };
    const print = (): unknown => (printing.value = true);
    const printed = (): unknown => (printing.value = false);
    element.addEventListener("scroll", look, { passive: true });
    addEventListener("beforeprint", print);
    addEventListener("afterprint", printed);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      removeEventListener("beforeprint", print);
      removeEventListener("afterprint", printed);
      observer.disconnect();
    };
  }, [place, top, height, printing]);

  const show = useCallback(
    (at: number) => {
      const element = place.current;
      if (!element) return;
      element.scrollTop = Math.max(0, at * ROW - element.clientHeight / 2);
      element.scrollIntoView({ block: "nearest" });
      const focus = (left: number): void => {
        const button = element.querySelector<HTMLElement>(`tr[aria-rowindex="${at + 2}"] button`);
        if (button) button.focus({ preventScroll: true });
        else if (left > 0) requestAnimationFrame(() => focus(left - 1));
      };
      focus(10);
    },
    [place],
  );

  if (rows <= FEW || printing.value) return { first: 0, end: rows, above: 0, below: 0, show };
  const first = Math.max(0, Math.min(top.value / ROW, rows) - SPARE);
  const end = Math.min(rows, Math.ceil((top.value + height.value) / ROW) + SPARE);
  return { first, end, above: first * ROW, below: (rows - end) * ROW, show };
}
