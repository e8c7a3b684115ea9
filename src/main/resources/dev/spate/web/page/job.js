// One job: how far it is and why, its time line, its output, its machines, its attempts, and what it
// asked for.

import { get } from "./api.js";
import { every, now, soon } from "./beat.js";
import { cancelDialog } from "./dialogs.js";
import { el, setText, show } from "./dom.js";
import { badge, wordOf } from "./glyphs.js";
import { asked, attempts, facts, members, way } from "./jobparts.js";
import { listen } from "./live.js";
import { outputView } from "./output.js";
import { duration, moment, parse, plain } from "./text.js";

const REFRESH_MS = 10_000;
const SPACING_MS = 1_000;

export function jobView(id) {
  const state = badge();
  const name = el("bdi", {}, plain(id, 200));
  const verdict = el("p", { class: "verdict" });
  const stop = el("button", { type: "button", class: "danger", hidden: true, "aria-keyshortcuts": "x", click: ask }, "Cancel …");
  const why = el("div", { class: "why", hidden: true });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const parts = { way: way(), facts: facts(), members: members(), attempts: attempts(), asked: asked() };
  const output = outputView(id);
  const content = el("div", { class: "job-body", hidden: true },
    parts.way.node, output.node, parts.members.node, parts.attempts.node, parts.asked.node);
  const node = el("article", { class: "job", "aria-labelledby": "job-title" },
    el("p", { class: "back" }, el("a", { href: "#/", "aria-keyshortcuts": "Escape" }, "← Jobs")),
    el("div", { class: "head" }, el("h1", { id: "job-title", class: "id" }, name), stop),
    verdict, problem, why, parts.facts.node, content);
  verdict.append(state.node);
  const since = el("span", {});
  verdict.append(since);

  let job;
  let readAt = -SPACING_MS;
  let later = 0;
  let isOver = false;

  async function read() {
    readAt = performance.now();
    try {
      const next = await get(`jobs/${encodeURIComponent(id)}`);
      if (isOver || (job && next.sequence < job.sequence)) return;
      job = next;
      show(problem, false);
      soon(draw);
    } catch (failure) {
      if (isOver) return;
      setText(problem, failure.status === 404 ? "There is no such job. It may have been forgotten: finished jobs are kept for a while only." : failure.message);
      show(problem, true);
    }
  }

  /** Not more often than once a second, however fast the job changes. */
  function readSoon() {
    if (later) return;
    later = setTimeout(() => {
      later = 0;
      if (!document.hidden) read();
    }, Math.max(0, SPACING_MS - (performance.now() - readAt)));
  }

  function draw() {
    if (!job || isOver) return;
    const isDone = job.settledAt !== undefined;
    state.set(wordOf(job));
    setText(since, sentence(job));
    show(stop, !isDone);
    stop.disabled = Boolean(job.cancelled);
    setText(stop, job.cancelled ? "Being cancelled" : "Cancel …");
    drawWhy(isDone);
    for (const part of Object.values(parts)) part.set(job);
    output.set(rolesOf(job));
    show(content, true);
  }

  function drawWhy(isDone) {
    show(why, Boolean(job.why));
    why.classList.toggle("over", isDone);
    if (!job.why) return;
    const until = parse(job.notBefore);
    const title = isDone ? "Why" : job.state === "waiting" ? "Waits for" : "Because of";
    const again = !isDone && until > now() ? ` · asked again in ${duration((until - now()) / 1000)}, at ${moment(until)}` : "";
    why.replaceChildren(
      el("p", {}, el("span", { class: "quiet" }, `${title} `), el("strong", {}, plain(job.why.class, 60)), again && el("span", { class: "quiet" }, again)),
      el("p", { class: "message" }, el("bdi", {}, plain(job.why.message))));
  }

  function ask() {
    cancelDialog(id, () => {
      job.cancelled = true;
      soon(draw);
    });
  }

  return {
    node,
    title: () => `${job ? `${wordOf(job)}: ` : ""}${plain(id, 60)}`,
    keys: { f: output.toggleFollow, w: output.toggleWrap, x: () => !stop.hidden && !stop.disabled && ask() },
    start() {
      const ends = [
        listen({ job: (row) => row.id === id && readSoon(), reload: readSoon, gone: (gone) => gone === id && readSoon() }),
        every(REFRESH_MS, read),
        every(1_000, () => {
          if (job && job.settledAt === undefined) {
            parts.way.set(job);
            setText(since, sentence(job));
          }
        }),
        output.start(),
      ];
      return () => {
        isOver = true;
        clearTimeout(later);
        for (const end of ends) end();
      };
    },
  };
}

function sentence(job) {
  const parts = [];
  if (job.exitCode !== undefined) parts.push(`exit ${job.exitCode}`);
  if (job.attempt > 1) parts.push(`attempt ${job.attempt}`);
  if (job.settledAt !== undefined) {
    parts.push(`took ${duration((parse(job.settledAt) - parse(job.publishedAt)) / 1000)}`, `settled ${moment(parse(job.settledAt))}`);
  } else {
    parts.push(`for ${duration((now() - parse(job.updatedAt)) / 1000)}`);
    if (job.cancelled) parts.push("to be cancelled");
  }
  return parts.join(" · ");
}

/** Every member there is or will be: of the message if it tells, else of those that have a machine. */
function rolesOf(job) {
  const asked = Object.entries(job.message?.roles ?? {}).map(([role, { count = 1 }]) => ({ role, count }));
  if (asked.length) return asked;
  const found = new Map();
  for (const { role, index } of job.members ?? []) found.set(role, Math.max(found.get(role) ?? 0, index + 1));
  return found.size ? [...found].map(([role, count]) => ({ role, count })) : [{ role: "main", count: 1 }];
}
