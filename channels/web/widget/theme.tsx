import { useEffect, useState } from "preact/hooks";
import { Icon } from "./parts/icon.tsx";
import { recall, remember } from "./state/remembered.ts";
import { useVoice } from "./text/texts.ts";

type Theme = "light" | "dark";

/** Light or dark: as the system has it until one chooses. */
export function ThemeToggle() {
  const [system] = useState(() => matchMedia("(prefers-color-scheme: dark)"));
  const [theme, setTheme] = useState<Theme>(() => {
    const kept = recall("theme");
    return kept === "light" || kept === "dark" ? kept : system.matches ? "dark" : "light";
  });
  useEffect(() => {
    const follow = () => recall("theme") === null && setTheme(system.matches ? "dark" : "light");
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [system]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const { t } = useVoice();
  const other = theme === "light" ? "dark" : "light";
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={t(other)}
      title={t(other)}
      onClick={() => {
        remember("theme", other);
        setTheme(other);
      }}
    >
      <Icon name={theme === "light" ? "moon" : "sun"} size={20} />
    </button>
  );
}
