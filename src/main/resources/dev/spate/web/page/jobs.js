// The table of jobs: one page of rows, changed in place as events come. Rows never move under a
// reader's hand: while somebody is in the table, newer jobs are only counted.

import { get } from "./api.js";
import { every, soon } from "./beat.js";
import { el, keyed, setAttribute, setText, show } from "./dom.js";
import { filterBar, matches, parametersOf, write } from "./filters.js";
import { listen } from "./live.js";
import { jobRow } from "./row.js";
import { scaleFor, took } from "./timeline.js";
import { count, duration, many } from "./text.js";

const LIMIT = 50;
const REFRESH_MS = 5_000;
const SECOND_MS = 1_000;

/** @param filter what to show; @param statistics the latest ones, for the names of profiles */
export function jobsTable(statistics) {
  const bar = filterBar((filter) => (location.hash = write(filter)));
  const scaleText = el("span", { class: "scale" });
  const head = ["State", "Job", "Time line", "Time", "Machines", "Cost", "Published", "Note"].map((name) =>
    el("th", { scope: "col", role: "columnheader", class: `c-${name.toLowerCase().replace(" ", "")}` }, name));
  head[2].append(scaleText);
  const body = el("tbody", { role: "rowgroup" });
  const table = el("table", { class: "jobs", role: "table", "aria-label": "Jobs" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...head)), body);
  const empty = el("div", { class: "empty", hidden: true });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const newer = el("button", { type: "button", class: "newer", hidden: true, click: () => load() });
  const range = el("span", { class: "range" });
  const back = el("button", { type: "button", disabled: true, "aria-keyshortcuts": "p", click: () => turn(-1) }, "Newer");
  const forth = el("button", { type: "button", disabled: true, "aria-keyshortcuts": "n", click: () => turn(1) }, "Older");
  const pager = el("div", { class: "pager", role: "group", "aria-label": "Pages", hidden: true }, back, range, forth);
  const node = el("section", { class: "list", "aria-labelledby": "jobs-title" },
    el("div", { class: "bar-of" }, el("h2", { id: "jobs-title" }, "Jobs"), newer, bar.node),
    problem, table, empty,
    pager);

  const rows = new Map(); // What is known of the jobs of this page, by id.
  const changed = new Set(); // Ids whose row is to be written anew.
  const unseen = new Set(); // Ids of newer jobs that are not shown yet.
  const views = keyed(body, (id) => jobRowOf(id).node);
  const made = new Map();
  let filter = {};
  let cursors = [undefined]; // Of the pages from the first to this one.
  let next;
  let scale = 60;
  let isStale = false; // Whether the list itself may be another by now.
  let isLoading;
  let retry = 0;

  function jobRowOf(id) {
    const view = jobRow();
    made.set(id, view);
    return view;
  }

  async function load() {
    isLoading?.abort();
    const asked = (isLoading = new AbortController());
    isStale = false;
    clearTimeout(retry);
    try {
      const answer = await get("jobs", { ...parametersOf(filter), limit: LIMIT, cursor: cursors.at(-1) }, asked.signal);
      if (asked.signal.aborted) return;
      take(answer);
    } catch (failure) {
      if (asked.signal.aborted) return;
      setText(problem, failure.message);
      show(problem, true);
      if (failure.status === 400) rows.clear();
      show(table, rows.size > 0);
      if (failure.status === 400) return; // What was asked wrongly stays wrong.
      retry = setTimeout(() => !document.hidden && load(), 1000 * (failure.retryAfterSeconds ?? 5));
    } finally {
      if (isLoading === asked) isLoading = undefined;
    }
  }

  function take({ jobs, next: following, total }) {
    show(problem, false);
    next = following;
    unseen.clear();
    const kept = new Map(rows);
    rows.clear();
    for (const row of jobs) {
      const known = kept.get(row.id);
      rows.set(row.id, known && known.sequence > row.sequence ? known : row);
      changed.add(row.id);
    }
    const first = (cursors.length - 1) * LIMIT + 1;
    setText(range, jobs.length ? `${count(first)} – ${count(first + jobs.length - 1)} of ${count(total)}` : "");
    back.disabled = cursors.length === 1;
    forth.disabled = !next;
    show(pager, jobs.length > 0 || cursors.length > 1);
    bar.addProfiles(jobs.map((row) => row.profile).filter(Boolean));
    bar.addProfiles(Object.keys(statistics()?.windows?.at(-1)?.profiles ?? {}));
    explain(jobs.length);
    soon(paint);
  }

  function explain(found) {
    show(table, found > 0);
    show(empty, found === 0);
    if (found) return;
    const isFiltered = Object.values(filter).some(Boolean);
    empty.replaceChildren(
      el("p", { class: "large" }, isFiltered ? "No job is like that." : "No jobs yet."),
      isFiltered
        ? el("p", {}, el("a", { href: "#/" }, "Show all jobs"), ".")
        : el("p", {}, "Send one: ", el("code", {}, "echo '{\"run\": \"uname -a\"}' | spate submit --wait -")));
  }

  function paint() {
    views.set([...rows.keys()]);
    for (const id of made.keys()) if (!rows.has(id)) made.delete(id);
    const fitting = scaleFor([...rows.values()].map(took));
    if (fitting !== scale) {
      scale = fitting;
      for (const id of rows.keys()) changed.add(id);
    }
    setText(scaleText, `0 – ${duration(scale).replace(/ 00 [sm]$/, "").replace(".0", "")}`);
    for (const id of changed) {
      const row = rows.get(id);
      if (row) made.get(id).set(row, scale, matches(filter, row));
    }
    changed.clear();
    show(newer, isStale && isHeld());
    setText(newer, unseen.size ? `${many(unseen.size, "newer job")}: show` : "The list has changed: show");
  }

  /** Somebody points at the table, walks through it or reads further down: nothing may move. */
  const isHeld = () =>
    body.matches(":hover") || body.contains(document.activeElement) || body.getBoundingClientRect().top < 0;

  function onJob(row) {
    const known = rows.get(row.id);
    if (known) {
      if (row.sequence < known.sequence) return;
      rows.set(row.id, row);
      changed.add(row.id);
      isStale ||= !matches(filter, row);
    } else {
      if (cursors.length > 1 || !matches(filter, row)) return;
      if (unseen.size < 1000) unseen.add(row.id);
      isStale = true;
    }
    soon(paint);
  }

  function turn(by) {
    if (by > 0 && next) cursors.push(next);
    else if (by < 0 && cursors.length > 1) cursors.pop();
    else return;
    load().then(() => node.scrollIntoView({ block: "start" }));
  }

  return {
    node,
    turn,
    scrollTo: () => node.scrollIntoView({ block: "start" }),
    set(nextFilter) {
      filter = nextFilter;
      cursors = [undefined];
      bar.set(filter);
      for (const header of head) setAttribute(header, "aria-sort", header === head[6] ? "descending" : undefined);
      load();
    },
    start() {
      const ends = [
        listen({ job: onJob, reload: load, gone: (id) => rows.has(id) && (isStale = true) }),
        every(REFRESH_MS, () => (isStale && !isHeld() && !isLoading ? load() : undefined)),
        every(SECOND_MS, () => {
          for (const [id, row] of rows) if (row.settledAt === undefined) changed.add(id);
          soon(paint);
        }),
      ];
      return () => {
        for (const end of ends) end();
        clearTimeout(retry);
        isLoading?.abort();
      };
    },
  };
}
