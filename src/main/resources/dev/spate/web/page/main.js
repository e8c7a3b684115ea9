// The page's frame: which view is shown, whether the worker is there, and what the tab's title and
// icon say.

import { every, now } from "./beat.js";
import { keysDialog } from "./dialogs.js";
import { el, setAttribute, setText } from "./dom.js";
import { read as readFilter, write } from "./filters.js";
import { jobView } from "./job.js";
import { jobsTable } from "./jobs.js";
import { listenToKeys } from "./keys.js";
import { listen, start as startLive } from "./live.js";
import { machinesView } from "./machines.js";
import { overview } from "./overview.js";
import { count, duration, moment, parse, plain } from "./text.js";
import { boardTrouble, listen as listenToWorker, look, start as startWorker, worker } from "./worker.js";

const TITLE_HIDDEN_MS = 60_000;

/** How it can be that what is shown is not what is. */
const BROKEN = { lost: "not connected", stale: "not up to date", away: "not ready" };

const main = document.getElementById("main");
let shown = { end() {} };
let link = { is: "connecting" };
let group = "";

/** The first view: overview and table, made once and kept. */
const top = overview((filter) => {
  location.hash = write(filter);
  table.scrollTo();
});
const table = jobsTable(top.statistics);
const first = el("div", { class: "first" }, top.node, table.node);

function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  shown.end();
  for (const link of document.querySelectorAll("nav a")) {
    setAttribute(link, "aria-current", link.dataset.view === (path === "machines" ? "machines" : "jobs") ? "page" : undefined);
  }
  if (path === "machines") present("machines", machinesView());
  else if (path.startsWith("jobs/")) present(path, jobView(decode(path.slice("jobs/".length))));
  else {
    table.set(readFilter(query));
    present("first", { node: first, start: startFirst, keys: { n: () => table.turn(1), p: () => table.turn(-1) } });
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function startFirst() {
  const ends = [top.start(), table.start()];
  return () => ends.forEach((end) => end());
}

let depth = 0;
const places = new Map(); // Where each view was scrolled to.

function present(name, view) {
  const end = view.start();
  const isOther = shown.name !== name;
  shown = { name, view, end };
  if (!isOther) return;
  main.replaceChildren(view.node);
  if (depth++ > 0) {
    scrollTo(0, name === "first" ? places.get("first") ?? 0 : 0);
    if (name !== "first") main.focus({ preventScroll: true });
    else document.querySelector(`tr[data-id="${CSS.escape(places.get("job") ?? "")}"] a`)?.focus({ preventScroll: true });
  }
}

addEventListener("scroll", () => shown.name === "first" && places.set("first", scrollY), { passive: true });
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#/jobs/")) places.set("job", decode(location.hash.slice("#/jobs/".length)));
  route();
});

function foot({ worker, version, startedAt, workers = [] }) {
  const up = (now() - parse(startedAt)) / 1000;
  setText(document.getElementById("foot"), [
    `worker ${plain(worker, 80)}`,
    version && `Spate ${plain(version, 40)}`,
    up >= 0 && `up ${duration(up)}`,
    `times are ${Intl.DateTimeFormat().resolvedOptions().timeZone}`,
    workers.length > 1 && `${count(workers.length)} workers: ${workers.slice(0, 20).map((each) => plain(each, 80)).join(", ")}`,
  ].filter(Boolean).join(" · "));
}

/** Whether what is shown is what is, and if not, since when and why. */
function condition() {
  // A worker that answers is there, even if it has nothing to tell yet.
  const { problem } = worker();
  const isThere = problem ? problem.status > 0 : true;
  return isThere && link.is !== "stale" && boardTrouble() ? "away" : link.is;
}

function drawLink() {
  const is = condition();
  const node = document.getElementById("link");
  setAttribute(node, "class", `link ${is}`);
  document.documentElement.classList.toggle("disconnected", is in BROKEN);
  const since = link.since === undefined ? "" : moment(link.since);
  setText(document.getElementById("link-text"), { live: "live", connecting: "connecting", away: "not ready", stale: `as of ${since}`, lost: `not connected since ${since}` }[is]);
  let banner = document.getElementById("banner");
  if (!(is in BROKEN)) return banner?.remove();
  if (!banner) main.before((banner = el("p", { id: "banner", class: "banner", role: "alert" })));
  const hope = ` What is shown is from ${since}; it is tried again by itself.`;
  setText(banner, {
    lost: (boardTrouble() || "The stream of changes broke off.") + hope,
    stale: `The worker hears nothing from Kafka.${hope}`,
    away: boardTrouble(),
  }[is]);
}

function onWorker({ status }) {
  if (status) {
    group = plain(status.group, 80);
    setText(document.getElementById("group"), group);
    foot(status);
  }
  drawLink();
}

/** The tab: counts in the title; a dot on the icon when something needs somebody. */
function drawTab() {
  const { states } = top.statistics()?.now ?? {};
  const counts = shown.name === "first" || !shown.view?.title
    ? states && ([states.running && `${count(states.running)} running`, states.waiting && `${count(states.waiting)} waiting`].filter(Boolean).join(", ") || "idle")
    : shown.view.title();
  const isBad = condition() in BROKEN || Boolean(document.querySelector(".needs > li") && !document.querySelector(".needs.fine"));
  const first = BROKEN[condition()] ?? counts;
  const title = `${first ? `${first} · ` : ""}Spate${group ? ` ${group}` : ""}`;
  if (document.title !== title) document.title = title;
  const mark = isBad ? '<circle cx="24" cy="8" r="7" fill="#c5362b"/>' : "";
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="none" stroke="#1c7fa3" stroke-width="3.5" stroke-linecap="round"><path d="M3 10c4.5-5 8.5-5 13 0s8.5 5 13 0M3 17c4.5-5 8.5-5 13 0s8.5 5 13 0M3 24c4.5-5 8.5-5 13 0s8.5 5 13 0"/></g>${mark}</svg>`;
  setAttribute(document.getElementById("icon"), "href", `data:image/svg+xml,${encodeURIComponent(picture)}`);
}

listen({
  state(next) {
    link = next;
    drawLink();
    if (next.is === "live") look();
  },
});
listenToWorker(onWorker);
listenToKeys(() => shown.view?.keys);
document.getElementById("theme").addEventListener("click", () => dispatchEvent(new Event("spate:theme")));
document.getElementById("help").addEventListener("click", keysDialog);
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault(); // The address's fragment is the view.
  main.focus();
});
route();
startLive();
startWorker();
every(1_000, drawTab);
// Nobody looks, but the tab's title may still be read: once a minute is enough for that.
setInterval(() => document.hidden && top.refresh().then(drawTab), TITLE_HIDDEN_MS);
