import { words } from "./state/language.ts";

/** What the frame around the views says. Each room has a words.ts of its own. */
export const shellWords = words({
  en: {
    skip: "Skip to the content",
    views: "Views",
    layer: "Layer",
    maps: "Feature maps",
    models: "Models",
    language: "语言 / Language",
    theme: "Theme",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    share: "Copy link",
    documentation: "API documentation",
    rules: "Every answer comes from the same JSON API that programs use.",
    away: "The server does not answer. What you see may be old; it is asked again every few seconds.",
    locked: "This server asks for an API key.",
    key: "API key",
    unlock: "Use this key",
  },
  zh: {
    skip: "跳到正文",
    views: "视图",
    layer: "层",
    maps: "特征图",
    models: "模型",
    language: "语言 / Language",
    theme: "主题",
    themes: { system: "跟随系统", light: "浅色", dark: "深色" },
    share: "复制链接",
    documentation: "API 文档",
    rules: "所有答案都来自程序所用的同一个 JSON API。",
    away: "服务器没有响应。页面内容可能已过时；每隔几秒会重新询问。",
    locked: "此服务器需要 API 密钥。",
    key: "API 密钥",
    unlock: "使用此密钥",
  },
});
