import { useSignal } from "@preact/signals";
import type { ReviewAnswer } from "../api/types.ts";
import { count } from "./figures.ts";
import { goTo } from "./jump.ts";
import { modelWords } from "./words.ts";
import { resultWords } from "./words_result.ts";

type Finding = ReviewAnswer["findings"][number];
export type Level = Finding["level"];
export const levels: readonly Level[] = ["error", "warning", "note"];

/** Told apart by their form too, not by colour alone. */
const MARKS: Record<Level, string> = { error: "✕", warning: "▲", note: "ℹ" };

/** More at once make the page long and slow. */
const PAGE = 100;

export function LevelMark({ level }: { level: Level }) {
  return (
    <span class={`mark ${level}-mark`}>
      <span aria-hidden="true">{MARKS[level]}</span>
    </span>
  );
}

function One({ finding, canJump }: { finding: Finding; canJump: boolean }) {
  const say = resultWords();
  const { layer, line, column } = finding;
  return (
    <li class={`finding ${finding.level}-edge`}>
      <p class="row finding-head">
        <LevelMark level={finding.level} />
        <strong>{say.level[finding.level]}</strong>
        <code>{finding.rule}</code>
        <span class="muted">{finding.name}</span>
        {layer === null ? (
          <span class="muted">{say.whole}</span>
        ) : canJump ? (
          <button type="button" class="link" onClick={() => goTo(layer)}>
            {layer}
          </button>
        ) : (
          <code>{layer}</code>
        )}
        {line !== undefined && <span class="muted small">{modelWords().at(line, column ?? 1)}</span>}
        {finding.ignored && <span class="muted small">{say.ignored}</span>}
      </p>
      <p>{finding.message}</p>
      {finding.fix && (
        <p>
          <strong>{say.fix}</strong> {finding.fix}
        </p>
      )}
    </li>
  );
}

interface Asked {
  readonly findings: readonly Finding[];
  /** Said where there are none. */
  readonly none: string;
  /** The table of layers is there to jump to. */
  readonly canJump?: boolean;
}

/** Findings, errors first, each with what to change. */
export function Findings({ findings, none, canJump = false }: Asked) {
  const say = resultWords();
  const only = useSignal<Level | undefined>(undefined);
  const most = useSignal(PAGE);
  if (findings.length === 0) return <p class="muted">{none}</p>;
  const of = (level: Level): Finding[] => findings.filter((one) => one.level === level);
  const listed = (only.value ? [only.value] : levels).flatMap(of);
  return (
    <>
      <div class="row" role="group" aria-label={say.show}>
        <button type="button" aria-pressed={only.value === undefined} onClick={() => (only.value = undefined)}>
          {say.all} {count(findings.length)}
        </button>
        {levels.map((level) => (
          <button
            key={level}
            type="button"
            aria-pressed={only.value === level}
            onClick={() => (only.value = only.value === level ? undefined : level)}
          >
            <LevelMark level={level} /> {say.levels[level]} {count(of(level).length)}
          </button>
        ))}
      </div>
      {listed.length === 0 && <p class="muted">{say.noneHere}</p>}
      <ul class="findings">
        {listed.slice(0, most.value).map((finding) => (
          <One key={finding.fingerprint + finding.pointer} finding={finding} canJump={canJump} />
        ))}
      </ul>
      {listed.length > most.value && (
        <button type="button" onClick={() => (most.value += PAGE)}>
          {say.more(listed.length - most.value)}
        </button>
      )}
    </>
  );
}
