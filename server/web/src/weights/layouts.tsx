import { axisName, frameworkName } from "../layer/words.ts";
import { Copy } from "../parts/copy.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { shapeText } from "../state/shape_text.ts";
import { sliceText, type AxedShape, type Kernel } from "./slice.ts";
import { weightsWords } from "./words.ts";

/** Boxes are so wide and lie so far apart, in the drawing's units. */
const BOX = 92;
const LINE = 40;

/** The axes of one layout joined with the same axes of another. */
function Permutation({ from, to }: { from: AxedShape; to: AxedShape }) {
  const width = Math.max(from.axes.length, to.axes.length) * BOX;
  const boxes = ({ shape, axes }: AxedShape, y: number) =>
    axes.map((axis, i) => (
      <g key={axis} class={`axis-box axis-${axis}`}>
        <rect x={i * BOX + 2} y={y} width={BOX - 6} height={34} rx={5} />
        <text x={i * BOX + BOX / 2 - 1} y={y + 14} text-anchor="middle">
          {axisName(axis)}
        </text>
        <text x={i * BOX + BOX / 2 - 1} y={y + 28} text-anchor="middle" class="size">
          {shape[i]}
        </text>
      </g>
    ));
  return (
    <svg
      class="permutation"
      viewBox={`0 0 ${width} ${74 + LINE}`}
      style={{ maxWidth: `${width}px` }}
      role="img"
      aria-label={`${from.axes.join(", ")} → ${to.axes.join(", ")}`}
    >
      {boxes(from, 2)}
      {from.axes.map((axis, i) => {
        const j = to.axes.indexOf(axis);
        return j < 0 ? null : <line key={axis} x1={i * BOX + BOX / 2} y1={37} x2={j * BOX + BOX / 2} y2={37 + LINE} />;
      })}
      {boxes(to, 38 + LINE)}
    </svg>
  );
}

/** The kernel in every framework's layout: its shape, the chosen slice, and how to get there. */
export function Layouts({
  framework: given,
  kernel: { own, others },
  filter,
  channel,
}: {
  framework: string;
  kernel: Kernel;
  filter: number;
  channel: number;
}) {
  const say = weightsWords();
  const rows = [{ framework: given, from_given: undefined, ...own }, ...others];
  return (
    <Scroll label={say.slices}>
      <table class="wide">
        <caption class="visually-hidden">{say.slices}</caption>
        <thead>
          <tr>
            <th scope="col">{say.layout}</th>
            <th scope="col">{say.shape}</th>
            <th scope="col">{say.slice}</th>
            <th scope="col">{say.convert}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ framework, name, shape, axes, from_given }, i) => (
            <tr key={`${framework}${i}`}>
              <th scope="row">{frameworkName(framework)}</th>
              <td>
                <code>{shapeText(shape)}</code>
                {i > 0 && <Permutation from={own} to={{ shape, axes }} />}
              </td>
              <td>
                <code>{sliceText(name, { shape, axes }, filter, channel)}</code>
              </td>
              <td>
                {from_given ? (
                  <span class="row">
                    <code>{from_given}</code>
                    <Copy text={from_given} what={say.copyOf(frameworkName(framework))} />
                  </span>
                ) : (
                  <span class="muted">{i === 0 ? say.given : "–"}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
