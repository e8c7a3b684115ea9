// Light or dark: what the reader chose before, or else what the system says. Runs before the first
// paint, and is therefore the one script that is no module.
(() => {
  const root = document.documentElement;
  const key = "spate-theme";

  function stored() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // Storage can be forbidden; then the choice lasts as long as the page.
    }
  }

  function isDark() {
    const chosen = root.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function toggle() {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(key, root.dataset.theme);
    } catch {
      // See above.
    }
  }

  const chosen = stored();
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  addEventListener("spate:theme", toggle);
})();
