/** Dark or light: the system's choice until the toggle is used, then remembered. */

const KEY = "sportello.theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : systemIsDark.matches;
}

export function toggleTheme() {
  apply(isDark() ? "light" : "dark");
  localStorage.setItem(KEY, document.documentElement.dataset.theme);
}

export function onThemeChange(listener) {
  systemIsDark.addEventListener("change", listener);
}

function apply(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

apply(localStorage.getItem(KEY)); // loaded before the first paint: see index.html
