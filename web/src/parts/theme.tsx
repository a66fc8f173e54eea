/** Light, dark, or as the system has it. */
import { signal } from "@preact/signals";

type Theme = "system" | "light" | "dark";
const KEY = "chalkbell-theme";
const NEXT: Record<Theme, Theme> = { system: "dark", dark: "light", light: "system" };
const WORDS: Record<Theme, string> = { system: "Colours: as the system", dark: "Colours: dark", light: "Colours: light" };

function stored(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return found === "light" || found === "dark" ? found : "system";
  } catch {
    return "system";
  }
}

const theme = signal<Theme>(stored());

function apply(chosen: Theme): void {
  if (chosen === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
}
apply(theme.value);

export function ThemeSwitch() {
  const change = () => {
    theme.value = NEXT[theme.value];
    apply(theme.value);
    try {
      localStorage.setItem(KEY, theme.value);
    } catch {
      // Kept for this page only.
    }
  };
  return (
    <button class="plain" onClick={change} title={WORDS[theme.value]} aria-label={`${WORDS[theme.value]}. Change.`}>
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        <circle cx="12" cy="12" r="7.5" fill="none" stroke="currentColor" stroke-width="1.7" />
        {theme.value === "system" && <path d="M12 4.5a7.5 7.5 0 0 1 0 15z" fill="currentColor" />}
        {theme.value === "dark" && <circle cx="12" cy="12" r="7" fill="currentColor" />}
      </svg>
    </button>
  );
}
