// The shapes of states, outcomes and phases. Each state has a shape and a word of its own, so that
// it is known without its colour.

import { svg, setAttribute, setText, el } from "./dom.js";

/** States of a job that is not done, in order. */
export const OPEN_STATES = ["waiting", "launching", "preparing", "running", "retreating"];

/** What can become of a job; in charts from the bottom up. */
export const OUTCOMES = [
  "succeeded", "failed", "timed-out", "lost", "error", "unavailable", "rejected", "cancelled",
];

/** Outcomes that are not the job's own doing: somebody on call wants to know. */
export const TROUBLE = ["lost", "error", "unavailable"];

// On a grid of 16; "line" is drawn as an outline.
const SHAPES = {
  waiting: [["circle", { cx: 8, cy: 8, r: 5.2, class: "line" }], ["path", { d: "M8 5v3.2l2 1.3", class: "line" }]],
  launching: [["path", { d: "M8 13V4M4.3 7.5 8 3.800l3.7 3.7", class: "line" }]],
  preparing: [["circle", { cx: 8, cy: 8, r: 5.2, class: "line" }], ["path", { d: "M8 2.800a5.2 5.2 0 0 1 0 10.400z" }]],
  running: [["path", { d: "M4.5 2.800v10.400L13 8z" }]],
  retreating: [["path", { d: "M13 8H4M7.5 4.3 3.8 8l3.7 3.7", class: "line" }]],
  succeeded: [["path", { d: "M3 8.5 6.5 12 13 4.5", class: "line" }]],
  failed: [["path", { d: "M4 4l8 8M12 4l-8 8", class: "line" }]],
  "timed-out": [["path", { d: "M4 2.800h8L8 8zM4 13.200h8L8 8z" }]],
  lost: [["path", { d: "M8 2.5 13.5 8 8 13.5 2.5 8z", class: "line" }], ["path", { d: "M8 6v4", class: "line" }]],
  error: [["path", { d: "M8 2.5 14 13H2z", class: "line" }], ["path", { d: "M8 6.500v3M8 11v.8", class: "line" }]],
  unavailable: [["circle", { cx: 8, cy: 8, r: 5.2, class: "line" }], ["path", { d: "M4.5 11.500l7-7", class: "line" }]],
  rejected: [["path", { d: "M5.5 2.500h5l3 3v5l-3 3h-5l-3-3v-5z", class: "line" }], ["path", { d: "M5.5 8h5", class: "line" }]],
  cancelled: [["path", { d: "M4 4h8v8H4z" }]],
  settled: [["circle", { cx: 8, cy: 8, r: 2.5 }]],
  idle: [["circle", { cx: 8, cy: 8, r: 4, class: "line" }]],
  pending: [["path", { d: "M8 13V4M4.3 7.5 8 3.800l3.7 3.7", class: "line" }]],
  ending: [["path", { d: "M4 4h8v8H4z", class: "line" }]],
};

/** What a row says of itself: its outcome if it has one, else its state. */
export const wordOf = (row) => row.outcome ?? (row.state === "released" ? "settled" : row.state);

/** good, bad, quiet or live: which colour goes with a word. */
export function toneOf(word) {
  if (word === "succeeded") return "good";
  if (word === "running" || word === "launching" || word === "preparing") return "live";
  if (OUTCOMES.includes(word) && word !== "cancelled") return "bad";
  return "quiet";
}

/** The fill of an outcome in a chart: the class of a colour or a pattern. */
export const fillOf = (outcome) => `fill-${outcome}`;

function draw(glyph, word) {
  glyph.replaceChildren(
    ...(SHAPES[word] ?? SHAPES.settled).map(([tag, attributes]) => svg(tag, attributes)));
}

/** The shape of a word. */
export function glyph(word) {
  const node = svg("svg", { class: "glyph", viewBox: "0 0 16 16", "aria-hidden": "true" });
  draw(node, word);
  return node;
}

/** A shape and its word; `set` changes both. */
export function badge(word = "settled") {
  const shape = glyph(word);
  const text = el("span", {}, word);
  const node = el("span", { class: `badge ${toneOf(word)}` }, shape, text);
  let shown = word;
  return {
    node,
    set(next, label = next) {
      setText(text, label);
      if (next === shown) return;
      shown = next;
      draw(shape, next);
      setAttribute(node, "class", `badge ${toneOf(next)}`);
    },
  };
}
