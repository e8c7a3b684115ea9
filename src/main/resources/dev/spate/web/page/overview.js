// The top of the first view: what is going on in one line, what needs somebody, the counts, and the
// charts of what was settled and spent.

import { get } from "./api.js";
import { every, now } from "./beat.js";
import { chart } from "./chart.js";
import { el, setText, show } from "./dom.js";
import { OPEN_STATES, OUTCOMES, badge, fillOf, glyph } from "./glyphs.js";
import { headline, look } from "./needs.js";
import { count, many, money } from "./text.js";

const RANGES = { "1 h": ["1h", "1m"], "3 h": ["3h", "5m"], "12 h": ["12h", "15m"], "24 h": ["24h", "30m"] };
const RATE_MS = 5_000;

/** @param filter called with {state} or {outcome} when somebody asks for only those jobs */
export function overview(filter) {
  const title = el("h1", { id: "headline" }, "…");
  const rate = el("p", { class: "rate" });
  const needs = el("ul", { class: "needs", "aria-label": "What needs somebody", role: "list" });
  const tiles = new Map(OPEN_STATES.map((state) => [state, tile(state, () => filter({ state }))]));
  const outcomes = new Map(OUTCOMES.map((outcome) => [outcome, legend(outcome, () => filter({ outcome }))]));
  const settled = chart({ title: "Settled", unit: "jobs a minute", write: rateText });
  const spend = chart({ title: "Spend", unit: "USD an hour", write: (value) => (value ? money(value) : "0"), tick: (value) => (value ? `$${Number(value.toPrecision(2))}` : "0") });
  const ranges = el("div", { class: "ranges", role: "group", "aria-label": "How far back" });
  let range = "3 h";
  let latest;

  for (const name of Object.keys(RANGES)) {
    ranges.append(el("button", { type: "button", "aria-pressed": String(name === range), click: () => choose(name) }, name));
  }

  function choose(name) {
    range = name;
    for (const button of ranges.children) button.setAttribute("aria-pressed", String(button.textContent === name));
    read();
  }

  async function read() {
    const [since, step] = RANGES[range];
    try {
      const statistics = await get("statistics", { since, step });
      if (RANGES[range][0] === since) draw(statistics);
    } catch {
      // The line on top tells that the worker does not answer, and since when; what was last
      // known stays.
      if (!latest) setText(title, "Nothing is known yet");
      node.classList.toggle("unknown", !latest);
    }
  }

  function draw(statistics) {
    latest = statistics;
    node.classList.remove("unknown");
    const { states = {}, machines = 0, usdPerHour } = statistics.now ?? {};
    for (const [state, { set }] of tiles) set(states[state] ?? 0);
    setText(title, headline(states));
    setText(rate, `${many(machines, "machine")} at work${usdPerHour === undefined ? "" : `, ${money(usdPerHour)} an hour`}`);
    const slots = slotsOf(statistics);
    const totals = {};
    for (const { counts } of slots) for (const [key, n] of Object.entries(counts)) totals[key] = (totals[key] ?? 0) + n;
    for (const [outcome, { set, node }] of outcomes) {
      set(totals[outcome] ?? 0);
      show(node, outcome === "succeeded" || outcome === "failed" || Boolean(totals[outcome]));
    }
    settled.set(
      slots.map((slot) => ({ ...slot, values: perMinute(slot) })),
      OUTCOMES.map((key) => ({ key, label: key, fill: fillOf(key) })));
    spend.set(
      slots.map((slot) => ({ ...slot, values: { usd: (slot.usd * 3600) / slot.seconds } })),
      [{ key: "usd", label: "USD an hour", fill: "fill-spend" }]);
    settled.setSum(many(Object.values(totals).reduce((sum, n) => sum + n, 0), "job"));
    spend.setSum(money(slots.reduce((sum, slot) => sum + slot.usd, 0)));
    look(needs, { states, totals, missing: statistics.missing ?? [], range, filter });
  }

  const node = el("div", { class: "overview" },
    el("div", { class: "head" }, title, rate),
    needs,
    el("div", { class: "tiles", role: "group", "aria-label": "Jobs by state" }, ...[...tiles.values()].map(({ node }) => node)),
    el("section", { class: "past", "aria-labelledby": "past" },
      el("div", { class: "bar-of" },
        el("h2", { id: "past" }, "The last"), ranges,
        el("div", { class: "legend", role: "group", "aria-label": "Settled by outcome" }, ...[...outcomes.values()].map(({ node }) => node))),
      el("div", { class: "charts" }, settled.node, spend.node)));

  return { node, start: () => every(RATE_MS, read), refresh: read, statistics: () => latest };
}

const rateText = (value) => (value === 0 ? "0" : value < 10 ? String(Math.round(value * 10) / 10) : count(value));

function perMinute({ counts, seconds }) {
  return Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, (n * 60) / seconds]));
}

/**
 * Every window of the range, those with nothing in them too. The last one is not over yet: its bar
 * grows, rather than to make a minute's figure of a second's.
 */
function slotsOf({ stepSeconds, windows = [] }) {
  const step = stepSeconds * 1000;
  const byStart = new Map(windows.map((window) => [Date.parse(window.start), window]));
  const starts = [...byStart.keys()];
  if (!starts.length) return [];
  const slots = [];
  for (let start = Math.min(...starts); start <= Math.max(...starts); start += step) {
    const { settled = {}, costUsd = 0 } = byStart.get(start) ?? {};
    const isOpen = start + step > now();
    slots.push({ start, end: start + step, isOpen, seconds: stepSeconds, counts: settled, usd: costUsd });
  }
  return slots;
}

function tile(state, click) {
  const figure = el("span", { class: "n" }, "–");
  const label = badge(state);
  return {
    node: el("button", { type: "button", class: "tile", click }, figure, label.node),
    set: (n) => {
      setText(figure, count(n));
      figure.classList.toggle("none", n === 0);
    },
  };
}

function legend(outcome, click) {
  const n = el("span", { class: "n" }, "0");
  return {
    node: el("button", { type: "button", class: "key", hidden: outcome !== "succeeded" && outcome !== "failed", click },
      el("span", { class: `swatch ${fillOf(outcome)}`, "aria-hidden": "true" }), glyph(outcome), el("span", {}, outcome), n),
    set: (number) => setText(n, count(number)),
  };
}
