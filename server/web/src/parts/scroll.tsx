import type { ComponentChildren } from "preact";

/** What may be wider than its place: it scrolls, and has a name and a place among what keys reach. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
