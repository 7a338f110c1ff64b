/** The language of the page and of the answers. */
import { effect, signal } from "@preact/signals";
import type { Language } from "../api/types.ts";

const KEY = "convscope-language";

function preferred(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const language = signal<Language>(preferred());

/** The page's element says which language it is in, for whoever reads it aloud. */
export function followLanguage(): void {
  effect(() => {
    document.documentElement.lang = language.value === "zh" ? "zh-Hans" : "en";
    localStorage.setItem(KEY, language.value);
  });
}

/** The same words in both languages: what English has, Chinese has as well, or it does not compile. */
export function words<Words>(all: Record<Language, Words>): () => Words {
  return () => all[language.value];
}
