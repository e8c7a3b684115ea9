// A chart of stacked bars over time: axes with units, the value under the pointer or under the
// arrow keys in words, and the same figures as a table.

import { el, svg, setText, setAttribute } from "./dom.js";
import { hour } from "./text.js";

const HIGH = 132;
const PAD = { top: 8, right: 0, bottom: 20, left: 44 };
const MINUTE = 60_000;
const TICKS_MS = [10, 30, 60, 120, 240, 360].map((minutes) => minutes * MINUTE);

/** A round number at or above, of the kind people put on axes. */
function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((each) => each * unit).find((each) => each >= value * 0.999);
}

/** Times to write below the axis: whole hours or parts of them, in the reader's zone. */
function timesBetween(start, end, most) {
  const step = TICKS_MS.find((each) => (end - start) / each <= most) ?? TICKS_MS.at(-1);
  const zone = new Date(start).getTimezoneOffset() * MINUTE;
  const times = [];
  for (let at = Math.ceil((start - zone) / step) * step + zone; at <= end; at += step) times.push(at);
  return times;
}

/**
 * A chart.
 *
 * @param title what is shown
 * @param unit in which
 * @param write a value as text; @param tick the same on the axis, if it is another
 * @returns `set(slots, series)`: slots {start, end, isOpen, values: {key: number}} in order, series
 *     {key, label, fill} from the bottom up
 */
export function chart({ title, unit, write, tick = write }) {
  const figure = svg("svg", { class: "chart", height: HIGH, width: "100%", tabindex: 0, role: "slider", "aria-label": `${title}, ${unit}`, "aria-valuemin": 0 });
  const readout = el("p", { class: "readout" });
  const table = el("tbody");
  const head = el("tr");
  const details = el("details", { class: "figures" },
    el("summary", {}, "as a table"),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${title} as a table` },
      el("table", { "aria-label": title }, el("thead", {}, head), table)));
  const sum = el("strong", { class: "sum" });
  const node = el("figure", { class: "panel" },
    el("figcaption", {}, el("h3", {}, title), el("span", { class: "unit" }, unit), sum),
    figure, readout, details);
  let slots = [];
  let series = [];
  let at;
  let top = 1;
  let cursor;

  const wide = () => Math.max(200, figure.clientWidth || 480);
  const left = (index) => PAD.left + ((wide() - PAD.left - PAD.right) * index) / Math.max(1, slots.length);
  const height = (value) => ((HIGH - PAD.top - PAD.bottom) * value) / top;
  const total = (slot) => series.reduce((sum, each) => sum + (slot.values[each.key] ?? 0), 0);

  function draw() {
    if (!slots.length || !figure.clientWidth) return;
    const width = wide();
    const most = Math.max(...slots.map(total));
    top = roundUp(most || 1);
    const parts = [];
    for (const value of most ? [0, top / 2, top] : [0]) {
      const y = HIGH - PAD.bottom - height(value);
      parts.push(
        svg("line", { class: value ? "grid" : "axis", x1: PAD.left, x2: width, y1: y, y2: y }),
        svg("text", { class: "tick", x: PAD.left - 6, y: y + 4, "text-anchor": "end" }, tick(value)));
    }
    const [start, end] = [slots[0].start, slots.at(-1).end];
    for (const time of timesBetween(start, end, width < 420 ? 4 : 7)) {
      const x = PAD.left + ((width - PAD.left - PAD.right) * (time - start)) / (end - start);
      if (x > width - 18) continue;
      parts.push(
        svg("line", { class: "axis", x1: x, x2: x, y1: HIGH - PAD.bottom, y2: HIGH - PAD.bottom + 4 }),
        svg("text", { class: "tick", x, y: HIGH - 4, "text-anchor": "middle" }, hour(time)));
    }
    if (!most) parts.push(svg("text", { class: "tick nothing", x: (width + PAD.left) / 2, y: HIGH / 2, "text-anchor": "middle" }, "nothing in this time"));
    slots.forEach((slot, index) => parts.push(...column(slot, index)));
    cursor = svg("rect", { class: "cursor", y: PAD.top, height: HIGH - PAD.top - PAD.bottom, width: Math.max(1, left(1) - left(0)) });
    parts.push(cursor);
    figure.replaceChildren(...parts);
    point(at);
  }

  function column(slot, index) {
    const gap = left(1) - left(0) > 5 ? 1 : 0.4;
    let y = HIGH - PAD.bottom;
    return series.flatMap(({ key, fill }) => {
      const value = slot.values[key] ?? 0;
      if (!value) return [];
      const high = Math.max(1, height(value));
      y -= high;
      return [svg("rect", { class: `${fill}${slot.isOpen ? " sofar" : ""}`, x: left(index) + gap / 2, width: left(1) - left(0) - gap, y, height: high })];
    });
  }

  const when = (slot) => `${hour(slot.start)} – ${slot.isOpen ? "now" : hour(slot.end)}`;

  function words(slot) {
    const single = series.length === 1;
    const parts = series.filter(({ key }) => slot.values[key]).map(({ key, label }) => (single ? write(slot.values[key]) : `${label} ${write(slot.values[key])}`));
    return `${when(slot)} · ${parts.join(", ") || "nothing"}${slot.isOpen ? " so far" : ""}`;
  }

  function point(index) {
    at = index;
    const slot = slots[index ?? slots.length - 1];
    if (!slot || !cursor) return;
    setText(readout, words(slot));
    setAttribute(figure, "aria-valuenow", slots.indexOf(slot));
    setAttribute(figure, "aria-valuetext", words(slot));
    setAttribute(cursor, "x", left(index ?? slots.length - 1));
    cursor.classList.toggle("on", index !== undefined);
  }

  function tabulate() {
    if (!details.open) return;
    head.replaceChildren(el("th", { scope: "col" }, "from – to"), ...series.map(({ label }) => el("th", { scope: "col" }, label)));
    table.replaceChildren(...[...slots].reverse().map((slot) =>
      el("tr", {}, el("th", { scope: "row" }, when(slot)), ...series.map(({ key }) => el("td", {}, write(slot.values[key] ?? 0))))));
  }

  figure.addEventListener("pointermove", (event) => {
    const x = event.clientX - figure.getBoundingClientRect().left - PAD.left;
    const index = Math.floor((x / (wide() - PAD.left - PAD.right)) * slots.length);
    point(Math.min(slots.length - 1, Math.max(0, index)));
  });
  figure.addEventListener("pointerleave", () => point(undefined));
  figure.addEventListener("blur", () => point(undefined));
  figure.addEventListener("keydown", (event) => {
    const from = at ?? slots.length - 1;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: slots.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    point(Math.min(slots.length - 1, Math.max(0, to)));
  });
  details.addEventListener("toggle", tabulate);
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(figure);

  return {
    node,
    setSum: (text) => setText(sum, text),
    set(nextSlots, nextSeries) {
      slots = nextSlots;
      series = nextSeries;
      setAttribute(figure, "aria-valuemax", Math.max(0, slots.length - 1));
      draw();
      tabulate();
    },
  };
}
