import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { credentials } from "../api/client.ts";
import type { Finding, Schemas } from "../api/types.ts";
import { answered } from "../state/question.ts";
import { language } from "../state/language.ts";
import { findingsByField } from "./placed.ts";
import { layerWords } from "./words.ts";

type Rule = Schemas["Rule"];

/** Beside a setting: that something is said of it. */
export function FieldFindings({ name }: { name: string }) {
  const found = findingsByField.value.get(name) ?? [];
  return (
    <>
      {found.map(({ rule, level, message }) => (
        <a key={rule} class={`mark ${level}`} href={`#finding-${rule}`} title={message} onClick={jump}>
          {rule}
          <span class="visually-hidden">: {message}</span>
        </a>
      ))}
    </>
  );
}

/** The address holds the state: go there without writing over it. */
function jump(event: MouseEvent): void {
  event.preventDefault();
  const link = event.currentTarget as HTMLAnchorElement;
  const target = document.querySelector<HTMLElement>(link.getAttribute("href") ?? "");
  target?.focus();
}

/** What the rule says in general; fetched when it is opened. */
function RuleText({ id }: { id: string }) {
  const say = layerWords();
  const rule = useSignal<Rule | undefined>(undefined);
  const spoken = language.value;
  useEffect(() => {
    let current = true;
    void fetch("/v1/rules", { headers: { ...credentials(), "Accept-Language": spoken } })
      .then(async (response) => (await response.json()) as Schemas["Rules"])
      .then(({ rules }) => {
        if (current) rule.value = rules.find((one) => one.id === id);
      })
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [id, spoken, rule]);
  if (!rule.value) return <p aria-busy="true" />;
  const { title, help, condition, source } = rule.value;
  return (
    <div class="small">
      <p>
        {title} {help}
      </p>
      <p>
        {say.condition}: <code>{condition}</code>. {source && `${say.source}: ${source}.`}
      </p>
    </div>
  );
}

function One({ finding }: { finding: Finding }) {
  const say = layerWords();
  const open = useSignal(false);
  return (
    <li class={finding.level} id={`finding-${finding.rule}`} tabIndex={-1}>
      <strong>{say.levels[finding.level]}.</strong> {finding.message}
      {finding.fix && (
        <span>
          {" "}
          {say.fix} {finding.fix}
        </span>
      )}
      <details onToggle={(event) => (open.value = event.currentTarget.open)}>
        <summary class="small">
          {finding.rule} {finding.name}
        </summary>
        {open.value && <RuleText id={finding.rule} />}
      </details>
    </li>
  );
}

export function Findings() {
  const say = layerWords();
  const findings = answered.value.answer?.findings ?? [];
  return (
    <section class="card" aria-labelledby="findings-title">
      <h2 id="findings-title">{say.findings}</h2>
      {findings.length === 0 ? (
        <p class="muted">{say.noFindings}</p>
      ) : (
        <ul class="plain-list">
          {findings.map((finding, i) => (
            <One key={`${finding.rule}${i}`} finding={finding} />
          ))}
        </ul>
      )}
    </section>
  );
}
