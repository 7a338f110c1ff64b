import type { Schemas } from "../api/types.ts";
import { shapeText } from "../state/shape_text.ts";
import { bytes, count, signed, type Known } from "./figures.ts";
import { diffWords } from "./words_diff.ts";

type Change = Schemas["LayerChange"];
type Changes = NonNullable<Change["changes"]>;

/** Told apart by their sign, not by colour alone. */
const SIGN: Record<Change["change"], string> = { added: "+", removed: "−", renamed: "→", changed: "≠" };

interface Line {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly change?: string;
}

const counts = ["parameters", "trainable", "macs", "output_bytes", "live_bytes"] as const;
type Shapes = NonNullable<Changes["output_shapes"]>[number];

const shapesText = (shapes: Shapes): string => shapes.map((one) => (one ? shapeText(one) : "?")).join(" ");
const fieldText = (size: Shapes[number] | undefined): string => (size ? size.join("×") : "–");

/** What is not the same in that layer, a line each. */
function linesOf(changes: Changes): Line[] {
  const say = diffWords();
  const lines: Line[] = Object.entries(changes.settings ?? {}).map(([name, [was, is]]) => {
    const text = (value: unknown): string => (value === null ? say.none : JSON.stringify(value));
    return { name, before: text(was), after: text(is) };
  });
  const { output_shapes: shapes, receptive_field: field } = changes;
  if (shapes?.[0] && shapes[1]) {
    lines.push({ name: say.what.output_shapes, before: shapesText(shapes[0]), after: shapesText(shapes[1]) });
  }
  if (field) lines.push({ name: say.what.receptive_field, before: fieldText(field[0]), after: fieldText(field[1]) });
  for (const name of counts) {
    const pair = changes[name];
    if (!pair) continue;
    const [was = null, is = null] = pair;
    const write = (value: Known): string => (name.endsWith("_bytes") ? bytes(value) : count(value));
    const change = was === null || is === null ? null : is - was;
    lines.push({ name: say.what[name], before: write(was), after: write(is), change: signed(change, write) });
  }
  return lines;
}

function One({ change }: { change: Change }) {
  const say = diffWords();
  const { before, after } = change;
  const renamed = before && after && before.name !== after.name;
  const lines = change.changes ? linesOf(change.changes) : [];
  return (
    <li class={`change change-${change.change}`}>
      <p class="row">
        <span class="change-kind">
          <span aria-hidden="true">{SIGN[change.change]}</span> {say.kinds[change.change]}
        </span>
        <strong>{renamed ? `${before.name} → ${after.name}` : (after ?? before)?.name}</strong>
        <span class="muted">{(after ?? before)?.type}</span>
      </p>
      {lines.length > 0 && (
        <dl class="change-lines">
          {lines.map(({ name, before: was, after: is, change: by }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <del>
                  <span class="visually-hidden">{say.before}: </span>
                  {was}
                </del>
                <span aria-hidden="true"> → </span>
                <ins>
                  <span class="visually-hidden">{say.after}: </span>
                  {is}
                </ins>
                {by && <span class="muted small"> ({by})</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

export function LayerChanges({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p class="muted">{diffWords().same}</p>;
  return (
    <ul class="changes">
      {changes.map((change) => (
        <One key={`${change.before?.name ?? ""} ${change.after?.name ?? ""}`} change={change} />
      ))}
    </ul>
  );
}
