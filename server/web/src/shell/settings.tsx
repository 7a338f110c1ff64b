import { Copy } from "../parts/copy.tsx";
import { language } from "../state/language.ts";
import { sharedAddress } from "../state/place.ts";
import { theme, type Theme } from "../state/theme.ts";
import { shellWords } from "../words.ts";

const themes: Theme[] = ["system", "light", "dark"];

/** What one chooses for oneself; and the link that shows others the same. */
export function Settings() {
  const say = shellWords();
  return (
    <div class="settings row">
      <select
        aria-label={say.language}
        value={language.value}
        onChange={(event) => (language.value = event.currentTarget.value === "zh" ? "zh" : "en")}
      >
        <option value="en" lang="en">
          English
        </option>
        <option value="zh" lang="zh-Hans">
          中文
        </option>
      </select>
      <select
        aria-label={say.theme}
        value={theme.value}
        onChange={(event) => (theme.value = themes.find((one) => one === event.currentTarget.value) ?? "system")}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {say.themes[one]}
          </option>
        ))}
      </select>
      <Copy text={sharedAddress} what={location.host} label={say.share} />
    </div>
  );
}
