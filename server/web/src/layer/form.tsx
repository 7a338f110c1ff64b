import { useSignalEffect } from "@preact/signals";
import type { SettledLayer } from "../api/types.ts";
import { answered } from "../state/question.ts";
import { change, settle } from "./edit.ts";
import { Choice, Numbers, OneNumber, Tick } from "./form_fields.tsx";
import { layerWords, opName } from "./words.ts";

/** Operators that share their settings: one becomes the other by its name. */
const OPS = ["conv", "conv_transpose", "depthwise_conv", "separable_conv", "max_pool", "average_pool"];
const ACTIVATIONS = [
  "linear",
  "relu",
  "relu6",
  "leaky_relu",
  "elu",
  "selu",
  "sigmoid",
  "tanh",
  "softplus",
  "swish",
  "gelu",
  "softmax",
];
const MODES = ["valid", "same", "same_lower", "causal", "full", "explicit"];
const FILLS = ["zeros", "reflect", "replicate", "circular"];
/** What a pooling has not, and what only it has. */
const OF_FILTERS = { filters: 8, use_bias: true, activation: "linear" };

function becomeOp(layer: SettledLayer, op: string): Record<string, unknown> {
  const pools = op.endsWith("pool");
  const makesFilters = op === "conv" || op === "conv_transpose" || op === "separable_conv";
  const gone = pools
    ? {
        filters: undefined,
        groups: undefined,
        use_bias: undefined,
        activation: undefined,
        multiplier: undefined,
        output_padding: undefined,
      }
    : {
        ceil_mode: undefined,
        count_include_pad: undefined,
        divisor: undefined,
        ceil_keeps_last: undefined,
        output_padding: undefined,
        output_size: undefined,
      };
  const added = pools ? {} : { ...OF_FILTERS, ...layer };
  const filters = makesFilters
    ? { filters: layer.filters ?? OF_FILTERS.filters }
    : { filters: undefined, groups: undefined };
  const multiplier = op === "depthwise_conv" || op === "separable_conv" ? {} : { multiplier: undefined };
  const groups = op === "separable_conv" ? { groups: undefined } : {};
  return { ...added, ...gone, ...(pools ? {} : filters), ...multiplier, ...groups, op };
}

type PaddingOf = NonNullable<SettledLayer["padding"]>;

/** The same padding in numbers; where there is none, some, for none at all is written as "valid". */
function explicit({ before, after }: PaddingOf): Partial<PaddingOf> {
  const none = [...before, ...after].every((n) => !n);
  return none
    ? { mode: "explicit", before: before.map(() => 1), after: after.map(() => 1) }
    : { mode: "explicit", before, after };
}

function Padding({ layer }: { layer: SettledLayer }) {
  const say = layerWords();
  const padding = layer.padding;
  if (!padding) return null;
  const { mode, before, after, fill } = padding;
  return (
    <>
      <Choice
        name="padding"
        label={say.fields.padding}
        value={mode}
        options={MODES}
        onChange={(next) => change({ padding: next === "explicit" ? explicit(padding) : { mode: next } })}
      />
      {mode === "explicit" && (
        <>
          <Numbers
            name="before"
            label={say.fields.before}
            values={before.map((n) => n ?? 0)}
            least={0}
            onChange={(next) => change({ padding: { ...padding, before: next } })}
          />
          <Numbers
            name="after"
            label={say.fields.after}
            values={after.map((n) => n ?? 0)}
            least={0}
            onChange={(next) => change({ padding: { ...padding, after: next } })}
          />
          <Choice
            name="fill"
            label={say.fields.fill}
            value={fill ?? "zeros"}
            options={FILLS}
            onChange={(next) => change({ padding: { ...padding, fill: next } })}
          />
        </>
      )}
    </>
  );
}

/** Every setting that the layer has, as the server settled it: to look at, and to change. */
export function Form() {
  const say = layerWords();
  useSignalEffect(() => {
    if (answered.value.answer) settle();
  });
  const layer = answered.value.answer?.layer;
  if (!layer) return null;
  const { filters, kernel, stride, dilation, groups, multiplier, output_padding, use_bias, activation, data_format } =
    layer;
  return (
    // Where the columns stand one below the other, the answer comes first.
    <details class="settings-box" open={matchMedia("(min-width: 64rem)").matches}>
      <summary>{say.settings}</summary>
      <fieldset class="form" aria-label={say.settings}>
        <p class="muted small">{say.settingsHelp}</p>
        <Choice
          name="op"
          label={say.fields.op}
          value={layer.op}
          options={OPS.includes(layer.op) ? OPS : [layer.op]}
          nameOf={opName}
          onChange={(op) => change(becomeOp(layer, op))}
        />
        {filters !== undefined && (
          <OneNumber
            name="filters"
            label={say.fields.filters}
            value={filters}
            least={1}
            onChange={(n) => change({ filters: n })}
          />
        )}
        {kernel && (
          <Numbers
            name="kernel"
            label={say.fields.kernel}
            values={kernel}
            least={1}
            onChange={(next) => change({ kernel: next })}
          />
        )}
        {stride && (
          <Numbers
            name="stride"
            label={say.fields.stride}
            values={stride}
            least={1}
            onChange={(next) => change({ stride: next })}
          />
        )}
        <Padding layer={layer} />
        {dilation && (
          <Numbers
            name="dilation"
            label={say.fields.dilation}
            values={dilation}
            least={1}
            onChange={(next) => change({ dilation: next })}
          />
        )}
        {output_padding && (
          <Numbers
            name="output_padding"
            label={say.fields.output_padding}
            values={output_padding}
            least={0}
            onChange={(next) => change({ output_padding: next })}
          />
        )}
        {groups !== undefined && (
          <OneNumber
            name="groups"
            label={say.fields.groups}
            value={groups}
            least={1}
            onChange={(n) => change({ groups: n })}
          />
        )}
        {multiplier !== undefined && (
          <OneNumber
            name="multiplier"
            label={say.fields.multiplier}
            value={multiplier}
            least={1}
            onChange={(n) => change({ multiplier: n })}
          />
        )}
        {typeof activation === "string" && (
          <Choice
            name="activation"
            label={say.fields.activation}
            value={activation}
            options={ACTIVATIONS}
            onChange={(next) => change({ activation: next })}
          />
        )}
        {data_format && (
          <Choice
            name="data_format"
            label={say.fields.data_format}
            value={data_format}
            options={["channels_last", "channels_first"]}
            onChange={(next) => change({ data_format: next })}
          />
        )}
        {use_bias !== undefined && (
          <Tick
            name="use_bias"
            label={say.fields.use_bias}
            value={use_bias}
            onChange={(next) => change({ use_bias: next })}
          />
        )}
        {layer.ceil_mode !== undefined && (
          <Tick
            name="ceil_mode"
            label={say.fields.ceil_mode}
            value={layer.ceil_mode}
            onChange={(next) => change({ ceil_mode: next })}
          />
        )}
        {layer.count_include_pad !== undefined && (
          <Tick
            name="count_include_pad"
            label={say.fields.count_include_pad}
            value={layer.count_include_pad}
            onChange={(next) => change({ count_include_pad: next })}
          />
        )}
      </fieldset>
    </details>
  );
}
