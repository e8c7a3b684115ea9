// The stream of changes: open while somebody looks, opened again when it breaks, and honest about
// since when it is not there, or has nothing to tell because Kafka is away.

import { now } from "./beat.js";
import { parse } from "./text.js";
import { look } from "./worker.js";

const SILENCE_MS = 25_000; // The worker sends something every ten seconds.
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 4_000;

const listeners = new Set();
let source;
let watchdog = 0;
let retry = 0;
let retryMs = RETRY_MIN_MS;
let missed = false; // Whether anything may have been missed since the stream was last there.
let heardAt;
let state = { is: "connecting" };

/**
 * Listens: `job(row)`, `gone(id)`, `reload()` when something was missed, `state({is, since})`
 * with connecting, live, stale or lost.
 *
 * @returns ends it
 */
export function listen(listener) {
  listeners.add(listener);
  listener.state?.(state);
  return () => listeners.delete(listener);
}

function tell(what, argument) {
  for (const listener of listeners) listener[what]?.(argument);
}

function become(next) {
  state = next;
  tell("state", state);
}

function heard() {
  heardAt = now();
  clearTimeout(watchdog);
  watchdog = setTimeout(broken, SILENCE_MS);
  if (state.is === "live" || state.is === "stale") return;
  retryMs = RETRY_MIN_MS;
  become({ is: "live" });
  if (missed) tell("reload");
  missed = false;
}

function close() {
  clearTimeout(watchdog);
  clearTimeout(retry);
  source?.close();
  source = undefined;
}

function broken() {
  close();
  missed = true;
  become({ is: "lost", since: state.since ?? heardAt ?? now() });
  retry = setTimeout(open, retryMs * (0.5 + Math.random())); // Not all pages at once.
  retryMs = Math.min(2 * retryMs, RETRY_MAX_MS);
  look(); // The browser does not tell why a stream was refused; the worker's status may.
}

function open() {
  close();
  if (document.hidden) return;
  source = new EventSource("api/events");
  source.onopen = heard;
  source.onerror = broken;
  const on = (name, does) =>
    source.addEventListener(name, (event) => {
      heard();
      does(event);
    });
  on("beat", () => {});
  on("job", (event) => tell("job", JSON.parse(event.data)));
  on("job-gone", (event) => tell("gone", JSON.parse(event.data).id));
  on("stale", (event) => become({ is: "stale", since: parse(JSON.parse(event.data).since) }));
  on("reload", () => {
    if (state.is === "stale") become({ is: "live" });
    tell("reload");
  });
}

/** Begins; hidden pages hang up, so that they cost the worker nothing. */
export function start() {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
      missed = true;
      state = { is: "connecting" };
    } else {
      open();
    }
  });
  addEventListener("online", open);
  open();
}
