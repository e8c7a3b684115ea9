// One row of the table of jobs; only what has changed is written.

import { now } from "./beat.js";
import { el, setAttribute, setText, show } from "./dom.js";
import { badge, wordOf } from "./glyphs.js";
import { bar, inWords, spans, took } from "./timeline.js";
import { duration, money, moment, parse, plain, roughly } from "./text.js";

/** What stands beside a job: what it waits for, what went wrong, that it is to be cancelled. */
export function noteOf(row) {
  const parts = [];
  if (row.cancelled && !row.settledAt) parts.push("being cancelled");
  if (row.why) parts.push(`${plain(row.why.class)}: ${plain(row.why.message, 500)}`);
  const until = parse(row.notBefore) - now();
  if (row.state === "waiting" && until > 0) parts.push(`again in ${roughly(until / 1000)}`);
  if (row.attempt > 1) parts.push(`attempt ${row.attempt}`);
  return parts.join(" · ");
}

const cell = (name, ...children) => el("td", { role: "cell", class: `c-${name}` }, ...children);

export function jobRow() {
  const state = badge();
  const id = el("bdi", {});
  const link = el("a", { class: "id" }, id);
  const profile = el("bdi", { class: "profile", hidden: true });
  const line = bar(16);
  const [time, machines, cost, published] = ["time", "machines", "cost", "published"].map((name) => cell(name));
  const note = el("bdi", {});
  const noteCell = cell("note", note);
  const node = el("tr", { role: "row" }, cell("state", state.node), cell("job", link, profile), cell("timeline", line.node), time, machines, cost, published, noteCell);
  let sequence;
  return {
    node,
    set(row, scale, isMatching) {
      const found = spans(row);
      line.set(found, scale);
      setText(time, duration(took(row)));
      setText(published, `${roughly((now() - parse(row.publishedAt)) / 1000)} ago`);
      const text = noteOf(row);
      setText(note, text);
      node.classList.toggle("past", !isMatching);
      if (sequence === row.sequence) return;
      sequence = row.sequence;
      state.set(wordOf(row));
      setText(id, plain(row.id, 200));
      setAttribute(link, "href", `#/jobs/${encodeURIComponent(row.id)}`);
      setAttribute(link, "title", plain(row.id, 200));
      const isNamed = row.profile !== undefined && row.profile !== "default";
      setText(profile, isNamed ? plain(row.profile, 60) : "");
      show(profile, isNamed);
      setText(machines, row.machines ? String(row.machines) : "");
      setAttribute(machines, "data-unit", row.machines === 1 ? "machine" : "machines");
      setText(cost, money(row.costUsd));
      setAttribute(published, "title", `${moment(parse(row.publishedAt))} (${row.publishedAt})`);
      setAttribute(noteCell, "title", text || undefined);
      setAttribute(node, "data-id", row.id);
      line.say(inWords(found));
    },
  };
}
