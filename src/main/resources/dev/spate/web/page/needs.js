// What somebody on call has to know, in the order in which to care: the worker, jobs
// that wait and for what, jobs that were lost to trouble. If there is nothing, it says so.

import { get } from "./api.js";
import { now } from "./beat.js";
import { el } from "./dom.js";
import { TROUBLE, glyph } from "./glyphs.js";
import { many, plain } from "./text.js";
import { worker } from "./worker.js";

const WAITING_MS = 10_000;
const WAITING_MAX = 200; // The newest; enough to know what is wrong.

/** What a class of failure means to jobs that wait because of it. */
const WAITS = {
  capacity: (jobs) => `${jobs} for machines: the cloud has none to give`,
  quota: (jobs) => `${jobs} for machines: the account may not have more`,
  throttled: (jobs) => `${jobs}: the cloud asks for fewer calls`,
  infrastructure: (jobs) => `${jobs}: trouble with network, cloud or machines`,
  lost: (jobs) => `${jobs} to begin again: their machines were lost`,
  job: (jobs) => `${jobs} to begin again after a failure of their own`,
  timeout: (jobs) => `${jobs} to begin again after a timeout`,
  security: (jobs) => `${jobs}: a machine was not the one it should be`,
};

const ENDED = {
  lost: ["was lost with its machine", "were lost with their machines"],
  error: ["ended with an error that is not its own", "ended with errors that are not their own"],
  unavailable: ["got no machine", "got no machines"],
};

function waitText(jobs, kind) {
  const text = many(jobs, "job waits", "jobs wait");
  return Object.hasOwn(WAITS, kind) ? WAITS[kind](text) : `${text}: ${plain(kind, 60)}`;
}

let waits = [];
let askedAt = 0;

/** "12 running, 3 waiting" */
export function headline(states) {
  const on = (states.launching ?? 0) + (states.preparing ?? 0);
  const parts = [
    states.running && `${states.running.toLocaleString("en-US")} running`,
    on && `${on.toLocaleString("en-US")} on the way`,
    states.waiting && `${states.waiting.toLocaleString("en-US")} waiting`,
    states.retreating && `${states.retreating.toLocaleString("en-US")} retreating`,
  ].filter(Boolean);
  return parts.join(", ") || "No job is open";
}

/** Writes the list. */
export async function look(list, { states, totals, missing, range, filter }) {
  await askForWaits(states);
  const lines = [];
  const { reasons = [], ready } = worker().status ?? {};
  if (ready === false) lines.push(line("error", `This worker takes no jobs: ${plain(reasons.join("; "))}`));
  if (missing.length) lines.push(line("error", absent(missing)));
  for (const { kind, jobs, message } of waits) {
    lines.push(line("waiting", waitText(jobs, kind), message, () => filter({ state: "waiting" })));
  }
  for (const outcome of TROUBLE) {
    if (totals[outcome]) {
      lines.push(line(outcome, `${many(totals[outcome], "job")} ${ENDED[outcome][totals[outcome] === 1 ? 0 : 1]} in the last ${range}`, "", () => filter({ outcome })));
    }
  }
  const isFine = lines.length === 0;
  list.classList.toggle("fine", isFine);
  const texts = lines.map((each) => each.textContent).join("\n") || "fine";
  if (list.dataset.shown === texts) return;
  list.dataset.shown = texts;
  list.replaceChildren(...(isFine ? [line("succeeded", "Nothing needs you.")] : lines));
}

/** Workers that did not answer in time, so that what they have is not in what is shown. */
export const absent = (workers) =>
  `${many(workers.length, "worker does not answer, and what it has", "workers do not answer, and what they have")} is missing here: ${workers.map((each) => plain(each, 80)).join(", ")}`;

function line(word, text, more, click) {
  const body = [glyph(word), el("span", { class: "what" }, text), more ? el("bdi", { class: "more" }, more) : undefined];
  return el("li", {}, click ? el("button", { type: "button", click }, ...body) : el("p", {}, ...body));
}

/** What the waiting jobs wait for, grouped; asked only if there are any, and not often. */
async function askForWaits(states) {
  const waiting = (states.waiting ?? 0) + (states.retreating ?? 0);
  if (!waiting) {
    waits = [];
    return;
  }
  if (waits.length && now() - askedAt < WAITING_MS) return;
  askedAt = now();
  try {
    const { jobs } = await get("jobs", { state: ["waiting", "retreating"], limit: WAITING_MAX });
    const groups = new Map();
    for (const { why } of jobs) {
      if (!why) continue;
      const group = groups.get(why.class) ?? { kind: why.class, jobs: 0 };
      group.jobs++;
      group.message = plain(why.message, 300); // The oldest's: later ones may only wait their turn.
      groups.set(why.class, group);
    }
    waits = [...groups.values()].sort((a, b) => b.jobs - a.jobs);
    if (waits.length === 1) waits[0].jobs = waiting;
  } catch {
    // Told on top.
  }
}
