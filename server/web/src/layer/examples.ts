/** The questions of the page that it all began with, and some that show what else can be asked. */
import { words } from "../state/language.ts";
import { FIRST_INPUT, FIRST_LAYER } from "../state/question.ts";

export interface Example {
  readonly id: string;
  readonly layer: string;
  readonly input: string;
}

export const examples: Example[] = [
  { id: "founding", layer: FIRST_LAYER, input: FIRST_INPUT },
  { id: "axis2", layer: FIRST_LAYER, input: "(None, 400, 300)" },
  { id: "keras2", layer: "Conv1D(111, 5, activation='relu')", input: "(None, 400, 300)" },
  {
    id: "sixteen",
    layer: "Conv2D(8, (3, 3), activation='relu')\nConv2D(16, (3, 3), activation='relu')",
    input: "(None, 28, 28, 1)",
  },
  { id: "fiveByFive", layer: "nn.Conv2d(1, 1, kernel_size=3, stride=2, padding=1)", input: "(1, 1, 5, 5)" },
  { id: "forty", layer: "Conv2D(40, (5, 5))", input: "(None, 128, 128, 3)" },
  { id: "slides", layer: "Conv2D(4, (3, 3), strides=1)", input: "(None, 8, 8, 3)" },
  {
    id: "resnet",
    layer: "nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)",
    input: "(1, 3, 224, 224)",
  },
  { id: "symbolic", layer: "Conv2D(32, 3, strides=2, padding='same')", input: "(None, H=224, W, 3)" },
  { id: "causal", layer: "Conv1D(32, 2, dilation_rate=8, padding='causal')", input: "(None, 256, 32)" },
  {
    id: "transposed",
    layer: "nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1, output_padding=1)",
    input: "(1, 16, 7, 7)",
  },
  { id: "depthwise", layer: "DepthwiseConv2D(3, depth_multiplier=2, padding='same')", input: "(None, 32, 32, 16)" },
  { id: "grouped", layer: "nn.Conv2d(32, 64, 3, padding=1, groups=4)", input: "(1, 32, 28, 28)" },
  {
    id: "onnx",
    layer: `{"op_type": "Conv", "attributes": {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_LOWER"}, "weights_shape": [8, 3, 3, 3]}`,
    input: "(1, 3, 6, 6)",
  },
];

export const exampleWords = words<Record<string, string>>({
  en: {
    founding: "300 numbers, 111 filters of 5: where do 296 and 111 come from?",
    axis2: "Why are my weights (5, 1, 300, 111), and what is axis 2?",
    keras2: "The same 1D layer in Keras 2: where did the 1 go?",
    sixteen: "8 filters, then 16: why 24×24×16 and not ×128?",
    fiveByFive: "5×5 with a 3×3 kernel, stride 2 and padding 1",
    forty: "128×128×3 through 40 filters of 5×5",
    slides: "How does a 2D filter slide, and what does it collect?",
    resnet: "ResNet-50's first layer",
    symbolic: "A height of 224 and a width not known yet",
    causal: "WaveNet: causal and dilated",
    transposed: "Transposed convolution with output padding",
    depthwise: "Depthwise with a multiplier",
    grouped: "Grouped convolution",
    onnx: "ONNX's SAME_LOWER",
  },
  zh: {
    founding: "300 个数、111 个长度为 5 的卷积核：296 和 111 从何而来？",
    axis2: "为什么权重是 (5, 1, 300, 111)？第 2 轴是什么？",
    keras2: "Keras 2 的同一个一维层：那个 1 去哪了？",
    sixteen: "8 个卷积核后接 16 个：为什么是 24×24×16 而不是 ×128？",
    fiveByFive: "5×5 输入，3×3 卷积核，步幅 2，填充 1",
    forty: "128×128×3 经过 40 个 5×5 卷积核",
    slides: "二维卷积核如何滑动，汇总了什么？",
    resnet: "ResNet-50 的第一层",
    symbolic: "高度 224，宽度未知",
    causal: "WaveNet：因果空洞卷积",
    transposed: "带 output_padding 的转置卷积",
    depthwise: "带乘数的深度卷积",
    grouped: "分组卷积",
    onnx: "ONNX 的 SAME_LOWER",
  },
});
