// A job's way drawn to scale: queued, launch, boot, connect, setup, run, collect. The phases follow
// one another from the moment of publication. What a phase is shows by its height and pattern as
// well as by its colour: waiting is a thread, the run is the full bar.

import { svg, setAttribute } from "./dom.js";
import { now } from "./beat.js";
import { duration, parse } from "./text.js";

export const PHASES = ["queued", "launch", "boot", "connect", "setup", "run", "collect"];

/** What may stand in the place of a phase while it lasts. */
export const BETWEEN = ["preparing", "retreating"];

/** Height of a phase, of 16. */
const HEIGHT = { queued: 2, launch: 6, boot: 8, connect: 8, setup: 10, run: 14, collect: 6, retreating: 2, preparing: 8 };

/** What a job that is not settled is in the midst of; how far it is in preparing nobody tells. */
const OPEN = { waiting: "queued", launching: "launch", preparing: "preparing", running: "run", retreating: "retreating" };

/**
 * The phases of a job as [{phase, start, seconds, isOpen}], in seconds since its publication. The
 * last one is open as long as the job is not settled: it lasts until now.
 */
export function spans(row) {
  const found = [];
  let at = 0;
  for (const phase of PHASES) {
    const seconds = row.phases?.[phase];
    if (seconds === undefined) continue;
    found.push({ phase, start: at, seconds, isOpen: false });
    at += seconds;
  }
  if (row.settledAt === undefined && row.state !== "settled" && row.state !== "released") {
    const elapsed = (now() - parse(row.publishedAt)) / 1000;
    const phase = OPEN[row.state] ?? "queued";
    const same = found.at(-1)?.phase === phase ? found.pop() : undefined;
    const start = same ? same.start : at;
    found.push({ phase, start, seconds: Math.max(0, elapsed - start), isOpen: true });
  }
  return found;
}

/** From publication to the result, or to now, in seconds. */
export function took(row) {
  const end = row.settledAt === undefined ? now() : parse(row.settledAt);
  const seconds = (end - parse(row.publishedAt)) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** The same as words. */
export const inWords = (found) =>
  found
    .map((span) => `${span.phase} ${duration(span.seconds)}${span.isOpen ? " so far" : ""}`)
    .join(", ");

const ROUND = [
  1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
];

/** A round span of time that most of these durations fit into: the scale of a table's bars. */
export function scaleFor(seconds) {
  const sorted = [...seconds].filter((each) => each > 0).sort((a, b) => a - b);
  const most = sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 1;
  return ROUND.find((round) => round >= most) ?? 86400 * Math.ceil(most / 86400);
}

/**
 * A bar; `set(spans, scaleSeconds)` draws it. What goes beyond the scale is cut off, and marked.
 *
 * @param tall the height in pixels
 */
export function bar(tall = 16) {
  const node = svg("svg", { class: "bar", height: tall, width: "100%", role: "img" });
  const beyond = svg("path", { class: "beyond", d: "M0 0l4 4-4 4 4 4-4 4" });
  const hook = svg("svg", { x: "100%", overflow: "visible" }, beyond);
  const rects = [];
  return {
    node,
    set(found, scaleSeconds) {
      let isCut = false;
      found.forEach((span, index) => {
        const rect = (rects[index] ??= node.insertBefore(svg("rect", {}), hook.parentNode ? hook : null));
        const from = Math.min(1, span.start / scaleSeconds);
        const to = Math.min(1, (span.start + span.seconds) / scaleSeconds);
        isCut ||= span.start + span.seconds > scaleSeconds * 1.001;
        const high = (HEIGHT[span.phase] * tall) / 16;
        setAttribute(rect, "class", `phase ${span.phase}${span.isOpen ? " now" : ""}`);
        setAttribute(rect, "x", `${(100 * from).toFixed(2)}%`);
        setAttribute(rect, "width", `${(100 * Math.max(to - from, 0)).toFixed(2)}%`);
        setAttribute(rect, "y", (tall - high) / 2);
        setAttribute(rect, "height", high);
      });
      while (rects.length > found.length) rects.pop().remove();
      if (isCut && !hook.parentNode) node.append(hook);
      if (!isCut && hook.parentNode) hook.remove();
    },
    say: (text) => setAttribute(node, "aria-label", text),
  };
}
