import { render } from "preact";
import { App } from "./app.tsx";
import { followLanguage } from "./state/language.ts";
import { followModel } from "./state/model.ts";
import { followPlace } from "./state/place.ts";
import { followQuestion } from "./state/question.ts";
import { followTheme } from "./state/theme.ts";
import "./style/tokens.css";
import "./style/base.css";
import "./style/shell.css";

followLanguage();
followTheme();
followPlace();
followQuestion();
followModel();

const place = document.getElementById("app");
if (place) render(<App />, place);
