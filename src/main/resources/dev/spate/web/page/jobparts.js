// The parts of a job's page that only show: each has a node, and `set(job)`.

import { el, setText, show } from "./dom.js";
import { badge, wordOf } from "./glyphs.js";
import { BETWEEN, PHASES, bar, inWords, spans } from "./timeline.js";
import { duration, money, moment, parse, plain } from "./text.js";

const td = (name, ...children) => el("td", { "data-name": name }, ...children);

const foreign = (text, max) => el("bdi", {}, plain(text, max));

/** Rebuilds only when what it shows has changed. */
function onChange(of, draw) {
  let shown;
  return (job) => {
    const next = JSON.stringify(of(job) ?? null);
    if (next === shown) return;
    shown = next;
    draw(job);
  };
}

/** The time line, large, and each phase with its duration. */
export function way() {
  const line = bar(40);
  const items = new Map();
  const list = el("dl", { class: "phases" });
  for (const phase of [...PHASES, ...BETWEEN]) {
    const time = el("dd", {});
    const name = el("span", {}, phase);
    const item = el("div", {}, el("dt", {}, el("span", { class: `swatch phase-${phase}`, "aria-hidden": "true" }), name), time);
    items.set(phase, { item, time, name });
    list.append(item);
  }
  const ends = el("p", { class: "ends", "aria-hidden": "true" }, el("span", {}, "0"), el("span", {}));
  return {
    node: el("section", { class: "way", "aria-labelledby": "way-title" }, el("h2", { id: "way-title" }, "Time line"), line.node, ends, list),
    set(job) {
      const found = spans(job);
      const last = found.at(-1);
      const all = last ? last.start + last.seconds : 0;
      line.set(found, Math.max(all, 0.001));
      line.say(inWords(found));
      setText(ends.lastChild, duration(all));
      // Phases are those of the latest attempt; what went before is in the time until its launch.
      setText(items.get("queued").name, job.attempt > 1 ? "queued, and before" : "queued");
      const byPhase = new Map(found.map((span) => [span.phase, span]));
      for (const [phase, { item, time }] of items) {
        const span = byPhase.get(phase);
        show(item, Boolean(span) || !BETWEEN.includes(phase));
        item.classList.toggle("now", Boolean(span?.isOpen));
        setText(time, span ? `${duration(span.seconds)}${span.isOpen ? " …" : ""}` : "–");
      }
    },
  };
}

/** What it took and when, as terms and values. */
export function facts() {
  const node = el("dl", { class: "facts" });
  const of = (job) => [
    ["Profile", job.profile],
    ["Published", moment(parse(job.publishedAt))],
    ["Run began", moment(parse(job.startedAt))],
    ["Cost", money(job.costUsd)],
    ["Machine time", job.machineSeconds ? duration(job.machineSeconds) : ""],
    ["Launches", job.spent?.launches],
    ["Lost", job.spent?.lost || ""],
    ["Failed", job.spent?.failed || ""],
    ["Troubled", job.spent?.troubled || ""],
    ["Trace", job.trace],
  ].filter(([, value]) => value !== undefined && value !== "");
  const set = onChange(of, (job) =>
    node.replaceChildren(...of(job).map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, foreign(value, 200))))));
  return { node, set };
}

/** Its machines. */
export function members() {
  const body = el("tbody");
  const node = el("section", { class: "members", hidden: true, "aria-labelledby": "members-title" },
    el("h2", { id: "members-title" }, "Machines"),
    el("table", { class: "small", "aria-labelledby": "members-title" }, el("thead", {}, el("tr", {}, ...["Member", "Machine", "Type", "Market", "Price", "Since", "Exit"].map((name) => el("th", { scope: "col" }, name)))), body));
  const set = onChange((job) => job.members, ({ members: list = [] }) => {
    show(node, list.length > 0);
    body.replaceChildren(...list.map((member) =>
      el("tr", {},
        td("Member", foreign(`${member.role}-${member.index}`, 80)),
        td("Machine", el("span", { class: "id" }, foreign(member.machine ?? "none yet", 60))),
        td("Type", foreign(member.type ?? "", 40)),
        td("Market", foreign([member.market, member.zone].filter(Boolean).join(", "), 60)),
        td("Price", member.usdPerHour === undefined ? "" : `${money(member.usdPerHour)}/h`),
        td("Since", moment(parse(member.launchedAt))),
        td("Exit", member.exitCode === undefined ? "" : String(member.exitCode)))));
  });
  return { node, set };
}

/** What it went through, attempt by attempt. */
export function attempts() {
  const list = el("ol", { class: "history" });
  const node = el("section", { hidden: true, "aria-labelledby": "history-title" }, el("h2", { id: "history-title" }, "History"), list);
  const set = onChange((job) => [job.history, job.outcome], (job) => {
    const history = job.history ?? [];
    show(node, history.length > 0);
    list.replaceChildren(...history.map((entry, index) => {
      const shape = badge();
      shape.set(entry.state === "settled" ? wordOf(job) : plain(entry.state, 30));
      const isNew = index === 0 || history[index - 1].attempt !== entry.attempt;
      return el("li", {},
        el("time", { datetime: plain(entry.at, 40) }, moment(parse(entry.at))),
        shape.node,
        el("span", { class: "quiet" }, isNew ? `attempt ${entry.attempt}` : ""),
        entry.why ? el("span", { class: "message" }, foreign(`${entry.why.class}: ${entry.why.message}`)) : "");
    }));
  });
  return { node, set };
}

/** What the message asked for; of a job with roles, role by role. */
export function asked() {
  const body = el("div", { class: "asked-body" });
  const node = el("details", { class: "asked" }, el("summary", {}, el("h2", {}, "What it asked for")), body);
  const set = onChange((job) => job.message, ({ message = {} }) => {
    const { run, setup, roles = {}, ...rest } = message;
    body.replaceChildren(
      ...script("Run", run), ...script("Setup", setup), terms(rest),
      ...Object.entries(roles).flatMap(([name, { run: own, setup: first, ...others }]) => [
        el("h3", {}, "Role ", foreign(name, 80)), ...script("Run", own), ...script("Setup", first), terms(others)]));
  });
  return { node, set };
}

const terms = (values) =>
  el("dl", { class: "facts" }, ...Object.entries(values).map(([name, value]) =>
    el("div", {}, el("dt", {}, plain(name, 60)), el("dd", {}, foreign(write(value, name), 2000)))));

const script = (name, text) => (text === undefined ? [] : [el("h4", {}, name), el("pre", { tabindex: 0 }, plain(text, 64_000))]);

const SPANS = ["timeout", "patience"];

/** A value of the message as people write it. */
function write(value, name) {
  if (SPANS.includes(name) && typeof value === "number") return duration(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map((each) => write(each)).join(", ") || "none";
  if (value === null || typeof value !== "object") return String(value);
  return Object.entries(value).map(([key, each]) => `${key} ${write(each)}`).join(", ") || "none";
}
