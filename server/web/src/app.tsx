import type { ComponentType } from "preact";
import icon from "./favicon.svg";
import { LayerView } from "./layer/view.tsx";
import { Later } from "./parts/later.tsx";
import { Banner } from "./shell/banner.tsx";
import { Settings } from "./shell/settings.tsx";
import { show, view, views, type View } from "./state/view.ts";
import { shellWords } from "./words.ts";

/** Views that not everybody opens are fetched when they are. */
const later: Record<Exclude<View, "layer">, () => Promise<ComponentType>> = {
  maps: async () => (await import("./maps/view.tsx")).MapsView,
  models: async () => (await import("./models/view.tsx")).ModelsView,
};

function Views() {
  const say = shellWords();
  return (
    <nav class="views" aria-label={say.views}>
      {views.map((one) => (
        <a
          key={one}
          href={`#view=${one}`}
          aria-current={view.value === one ? "page" : undefined}
          onClick={(event) => {
            // Everything else that the address holds stays.
            event.preventDefault();
            show(one);
          }}
        >
          {say[one]}
        </a>
      ))}
    </nav>
  );
}

export function App() {
  const say = shellWords();
  const shown = view.value;
  return (
    <div class="shell">
      <header class="top">
        <a class="skip button" href="#content" onClick={skipToContent}>
          {say.skip}
        </a>
        <a class="brand" href="/">
          <img src={icon} alt="" width="28" height="28" />
          Convscope
        </a>
        <Views />
        <Settings />
      </header>
      <Banner />
      <main id="content" class="content" tabIndex={-1}>
        {shown === "layer" ? <LayerView /> : <Later key={shown} load={later[shown]} />}
      </main>
      <footer class="foot row spread">
        <span>{say.rules}</span>
        <a href="/docs">{say.documentation}</a>
      </footer>
    </div>
  );
}

/** The address holds the state: a jump must not write over it. */
function skipToContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}
