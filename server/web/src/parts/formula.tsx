import { useEffect, useRef } from "preact/hooks";
import type katex from "katex";

let loaded: Promise<typeof katex> | undefined;

/** KaTeX is loaded with the first formula that is shown, not with the page. */
async function load(): Promise<typeof katex> {
  const [module] = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
  return module.default;
}

/** A formula in TeX; `plain` stands there until it is set, and where it cannot be. */
export function Formula({ tex, plain, display = false }: { tex: string; plain: string; display?: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let current = true;
    const box = place.current;
    // Only what is about to be seen is set.
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        observer.disconnect();
        loaded ??= load();
        void loaded.then((library) => {
          if (current && box) library.render(tex, box, { displayMode: display, throwOnError: false });
        });
      },
      { rootMargin: "200px" },
    );
    if (box) observer.observe(box);
    return () => {
      current = false;
      observer.disconnect();
    };
  }, [tex, display]);
  return (
    <span class="formula" ref={place}>
      {plain}
    </span>
  );
}
