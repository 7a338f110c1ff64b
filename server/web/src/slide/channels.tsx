import { answered } from "../state/question.ts";
import { slideWords } from "./words.ts";

/** What a padded cell holds, where it is a value at all: pooling passes its padding over, a transposed layer has none. */
export function paddingName(): string {
  const say = slideWords();
  const layer = answered.value.answer?.layer;
  if (!layer || !("padding" in layer) || !/^(depthwise_|separable_)?conv$/.test(layer.op)) return say.padding;
  return say.padded[layer.padding.fill ?? "zeros"];
}

/** What becomes of the channels, which the drawing does not show: summed up, or each by itself. */
export function Channels() {
  const say = slideWords();
  const { answer } = answered.value;
  const kernel = answer?.weights?.[0];
  if (!answer) return null;
  if (answer.layer.op === "separable_conv") return <p>{say.separable}</p>;
  if (!kernel || kernel.axes.includes("multiplier")) return <p>{say.alone}</p>;
  // A grouped transposed kernel does not say how many channels one filter reads.
  if (kernel.axes.includes("filters_per_group")) return null;
  const at = kernel.axes.findIndex((axis) => axis === "in_channels" || axis === "in_channels_per_group");
  const deep = kernel.shape[at] ?? 1;
  const filters = answer.output.shape[answer.output.axes.indexOf("filters")];
  return (
    <p>
      {deep > 1 && say.deep(deep)} {typeof filters === "number" && filters > 1 && say.maps(filters)}
    </p>
  );
}
