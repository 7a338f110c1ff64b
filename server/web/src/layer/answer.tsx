import { Copy } from "../parts/copy.tsx";
import { Formula } from "../parts/formula.tsx";
import { Prose } from "../parts/prose.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { bytes, count } from "../parts/numbers.ts";
import type { ShapeAnswer, TensorShape } from "../api/types.ts";
import { shapeText } from "../state/shape_text.ts";
import { formulaTex } from "./tex.ts";
import { axisName, frameworkName, layerWords } from "./words.ts";

/** A shape as boxes, an axis each. */
export function ShapeBoxes({ shape, axes }: TensorShape) {
  return (
    <div class="boxes">
      {shape.map((size, axis) => (
        <div class={`box axis-${axes[axis] ?? "axis"}`} key={axis}>
          <span class="size">{size ?? "None"}</span>
          <span class="axis">{axisName(axes[axis] ?? "axis")}</span>
        </div>
      ))}
    </div>
  );
}

/** What goes in and what comes out, as large as it is important. */
export function Flow({ answer }: { answer: ShapeAnswer }) {
  const say = layerWords();
  const { input, output, parameters } = answer;
  const expressions = output.expressions && shapeText(output.expressions);
  return (
    <section class="card flow" aria-labelledby="answer-title">
      <h2 id="answer-title">{say.output}</h2>
      <p class="result row">
        <output class="mono" aria-live="polite">
          {shapeText(output.shape)}
        </output>
        <Copy text={shapeText(output.shape)} what={say.output} />
      </p>
      {expressions && expressions !== shapeText(output.shape) && <p class="mono muted">{expressions}</p>}
      <div class="in-out">
        <ShapeBoxes shape={input.shape} axes={input.axes} />
        <span class="arrow" aria-hidden="true">
          →
        </span>
        <ShapeBoxes shape={output.shape} axes={output.axes} />
      </div>
      <p class="muted">
        {say.parameters}: <strong>{count(parameters)}</strong>
      </p>
    </section>
  );
}

function Step({ step }: { step: ShapeAnswer["explanation"]["steps"][number] }) {
  const formula = formulaTex(step.formula);
  const numbers = formulaTex(step.substitution);
  const result = formulaTex(String(step.result)) ?? String(step.result);
  return (
    <li>
      <strong>{axisName(step.axis)}</strong>
      <Scroll label={axisName(step.axis)}>
        {formula && numbers ? (
          <>
            <Formula tex={formula} plain={step.formula} display />
            <Formula tex={`${numbers} = ${result}`} plain={`${step.substitution} = ${step.result ?? ""}`} display />
          </>
        ) : (
          <code>
            {step.formula} = {step.substitution} = {step.result}
          </code>
        )}
      </Scroll>
    </li>
  );
}

export function Why({ answer }: { answer: ShapeAnswer }) {
  const say = layerWords();
  const { steps, paragraphs } = answer.explanation;
  return (
    <section class="card" aria-labelledby="why-title">
      <h2 id="why-title">{say.why}</h2>
      {steps.length > 0 && (
        <>
          <h3 class="muted small">{say.formulas}</h3>
          <ul class="plain-list steps">
            {steps.map((step) => (
              <Step key={step.axis} step={step} />
            ))}
          </ul>
        </>
      )}
      {paragraphs.map((text) => (
        <p key={text}>
          <Prose text={text} />
        </p>
      ))}
    </section>
  );
}

export function Equivalents({ answer }: { answer: ShapeAnswer }) {
  const say = layerWords();
  return (
    <section class="card" aria-labelledby="equivalents-title">
      <h2 id="equivalents-title">{say.equivalents}</h2>
      <dl class="equivalents">
        {Object.entries(answer.equivalents).map(([name, code]) => {
          const why = typeof code === "object" && "unsupported" in code ? code.unsupported : undefined;
          const text = typeof code === "string" ? code : JSON.stringify(code);
          return (
            <div key={name}>
              <dt>{frameworkName(name)}</dt>
              {why ? (
                <dd class="muted">
                  <Prose text={why} />
                </dd>
              ) : (
                <dd class="row code-row">
                  {/* A region that scrolls has to be reached by keys as well. */}
                  {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
                  <pre tabIndex={0}>{text}</pre>
                  <Copy text={text} what={frameworkName(name)} />
                </dd>
              )}
            </div>
          );
        })}
      </dl>
    </section>
  );
}

export function Cost({ answer }: { answer: ShapeAnswer }) {
  const say = layerWords();
  const { cost, receptive_field: field } = answer;
  return (
    <section class="card" aria-labelledby="cost-title">
      <h2 id="cost-title">{say.cost}</h2>
      <table class="facts">
        <tbody>
          {Object.entries(say.costs).map(([name, label]) => {
            const value = cost[name as keyof typeof cost];
            return (
              <tr key={name}>
                <th scope="row">{label}</th>
                <td class="number">{value === null ? say.unknown : count(value)}</td>
                <td class="muted small">{name.endsWith("bytes") && value !== null ? bytes(value) : ""}</td>
              </tr>
            );
          })}
          {field.size.length > 0 && (
            <tr>
              <th scope="row">{say.field}</th>
              <td class="number">{field.size.join(" × ")}</td>
              <td class="muted small">
                {say.fieldOf}; {say.jump}: {field.jump.join(" × ")}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
