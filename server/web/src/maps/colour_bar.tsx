import { Heat, type Palette } from "./heat.tsx";
import { shortest } from "./statistics.ts";

const RAMP = Float32Array.from({ length: 256 }, (_, i) => i / 255);

/** Which numbers the colours stand for. */
export function ColourBar({ low, high, palette }: { low: number; high: number; palette: Palette }) {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  const [from, to] = palette === "diverging" ? [-reach, reach] : [low, high];
  const values = RAMP.map((part) => from + part * (to - from));
  return (
    <div class="colour-bar">
      <Heat values={values} width={256} height={1} low={from} high={to} palette={palette} />
      <div class="row spread small mono">
        <span>{shortest(from)}</span>
        <span>{shortest((from + to) / 2)}</span>
        <span>{shortest(to)}</span>
      </div>
    </div>
  );
}
