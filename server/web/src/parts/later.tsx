import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";

/** A view whose code is fetched when it is first shown. `load` must be the same function each time. */
export function Later({ load }: { load: () => Promise<ComponentType> }) {
  const loaded = useSignal<ComponentType | undefined>(undefined);
  useEffect(() => {
    let current = true;
    void load().then((component) => {
      if (current) loaded.value = component;
    });
    return () => {
      current = false;
    };
  }, [load, loaded]);
  const View = loaded.value;
  return View ? <View /> : <p class="muted" aria-busy="true" />;
}
