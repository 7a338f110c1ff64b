import { render } from "preact";
import { App } from "./app.tsx";
import { followLanguage } from "./state/language.ts";
import { followModel } from "./state/model.ts";
import { followPlace } from "./state/place.ts";
import { firstAnswer, followQuestion } from "./state/question.ts";
import { followTheme } from "./state/theme.ts";
import "./style/tokens.css";
import "./style/base.css";
import "./style/shell.css";

followLanguage();
followTheme();
followPlace();
followQuestion();
followModel();

/** The first picture has the first answer in it, if that comes at once: nothing jumps. */
const PATIENCE_MS = 250;

const place = document.getElementById("app");
void Promise.race([firstAnswer(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]).then(() => {
  if (place) render(<App />, place);
});
