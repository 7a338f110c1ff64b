import { words } from "../state/language.ts";

export const layerWords = words({
  en: {
    title: "What comes out of this layer?",
    paste: "Layer: a line of Keras, PyTorch or ONNX, or JSON",
    input: "Input shape, batch first",
    output: "Output shape",
    parameters: "Parameters",
  },
  zh: {
    title: "这一层的输出是什么？",
    paste: "层：一行 Keras、PyTorch 或 ONNX 代码，或 JSON",
    input: "输入形状（含 batch 轴）",
    output: "输出形状",
    parameters: "参数量",
  },
});
