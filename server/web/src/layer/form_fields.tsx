import type { ComponentChildren } from "preact";
import { answered } from "../state/question.ts";
import { FieldFindings } from "./findings.tsx";
import { axisName } from "./words.ts";

interface Field {
  /** The member of the layer, by which findings find it. */
  readonly name: string;
  readonly label: string;
}

function Labelled({ name, label, children }: Field & { children: ComponentChildren }) {
  return (
    <div class="setting">
      {children}
      <span class="setting-label" id={`setting-${name}`}>
        {label}
      </span>
      <FieldFindings name={name} />
    </div>
  );
}

/** A number typed in; nothing is told of while it is none. */
function NumberBox({
  value,
  least,
  label,
  onChange,
}: {
  value: number;
  least: number;
  label: string;
  onChange: (value: number) => void;
}) {
  return (
    <input
      type="number"
      class="number"
      aria-label={label}
      min={least}
      step={1}
      value={value}
      onInput={(event) => {
        const { value: typed, valueAsNumber } = event.currentTarget;
        if (typed !== "" && Number.isInteger(valueAsNumber)) onChange(valueAsNumber);
      }}
    />
  );
}

export function OneNumber({
  name,
  label,
  value,
  least,
  onChange,
}: Field & { value: number; least: number; onChange: (value: number) => void }) {
  return (
    <Labelled name={name} label={label}>
      <NumberBox value={value} least={least} label={label} onChange={onChange} />
    </Labelled>
  );
}

/** A number for each spatial axis. */
export function Numbers({
  name,
  label,
  values,
  least,
  onChange,
}: Field & { values: number[]; least: number; onChange: (values: number[]) => void }) {
  const axes =
    answered.value.answer?.input.axes.filter((axis) => ["length", "depth", "height", "width"].includes(axis)) ?? [];
  return (
    <Labelled name={name} label={label}>
      <span class="numbers">
        {values.map((value, axis) => (
          <NumberBox
            key={axis}
            value={value}
            least={least}
            label={`${label}, ${axisName(axes[axis] ?? "axis")}`}
            onChange={(next) => onChange(values.with(axis, next))}
          />
        ))}
      </span>
    </Labelled>
  );
}

export function Choice({
  name,
  label,
  value,
  options,
  nameOf = (option) => option,
  onChange,
}: Field & {
  value: string;
  options: string[];
  nameOf?: (option: string) => string;
  onChange: (value: string) => void;
}) {
  const all = options.includes(value) ? options : [value, ...options];
  return (
    <Labelled name={name} label={label}>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {all.map((option) => (
          <option key={option} value={option}>
            {nameOf(option)}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

export function Tick({ name, label, value, onChange }: Field & { value: boolean; onChange: (value: boolean) => void }) {
  return (
    <Labelled name={name} label={label}>
      <input
        type="checkbox"
        aria-label={label}
        checked={value}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </Labelled>
  );
}
