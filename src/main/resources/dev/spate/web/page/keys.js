// The keyboard. Single letters only where nobody writes, and never together with a modifier.

import { keysDialog } from "./dialogs.js";

const WRITING = "input, textarea, select, [contenteditable]";

/** The links of the rows of the table that is to be seen. */
const rows = () => [...document.querySelectorAll("main tbody a.id[href]")];

function step(by) {
  const links = rows();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const to = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
  to.focus({ preventScroll: true });
  to.closest("tr").scrollIntoView({ block: "nearest" });
}

function escape() {
  const { activeElement } = document;
  if (activeElement?.id === "search" && activeElement.value) {
    activeElement.value = "";
    activeElement.dispatchEvent(new Event("input"));
  } else if (activeElement?.matches(WRITING)) {
    activeElement.blur();
  } else if (location.hash.startsWith("#/jobs/")) {
    history.length > 1 && history.state !== null ? history.back() : (location.hash = "#/");
  } else if (location.hash.length > 2) {
    location.hash = "#/";
  } else {
    activeElement?.blur?.();
  }
}

/** @param viewKeys the keys of the view that is shown: letter to function */
export function listenToKeys(viewKeys) {
  const keys = {
    "/": () => document.getElementById("search")?.select(),
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    1: () => (location.hash = "#/"),
    2: () => (location.hash = "#/machines"),
    t: () => dispatchEvent(new Event("spate:theme")),
    "?": keysDialog,
    Escape: escape,
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const { target, key } = event;
    const isWriting = target.matches?.(WRITING);
    if (isWriting && key !== "Escape") return;
    const isArrow = key.startsWith("Arrow");
    // Arrows scroll, unless somebody walks through the table.
    if (isArrow && !target.closest?.("tbody")) return;
    const does = viewKeys()?.[key] ?? (Object.hasOwn(keys, key) ? keys[key] : undefined);
    if (!does) return;
    event.preventDefault();
    does();
  });
}
