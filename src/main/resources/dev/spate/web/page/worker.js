// What the worker says of itself: which group it is of, whether it takes jobs, how its board is.
// Read every now and then, and more often while the board is not ready.

import { get } from "./api.js";
import { every, setClock } from "./beat.js";
import { count, plain } from "./text.js";

const CALM_MS = 10_000;
const HURRIED_MS = 2_000;

const listeners = new Set();
let known = {};
let readAt = -CALM_MS;
let isReading;

/** What was last known: {status}, and {problem} if the last answer was none. */
export const worker = () => known;

/** Calls it with each answer, and with each failure to get one. */
export const listen = (listener) => listeners.add(listener);

/** Reads now. */
export function look() {
  return (isReading ??= read().finally(() => (isReading = undefined)));
}

async function read() {
  readAt = performance.now();
  try {
    const status = await get("status");
    setClock(status.now);
    known = { status };
  } catch (problem) {
    known = { status: known.status, problem };
  }
  for (const listener of listeners) listener(known);
}

/** Begins. */
export const start = () =>
  every(HURRIED_MS, () => {
    const isAway = known.status && known.status.board?.state !== "ready";
    return isAway || performance.now() - readAt > CALM_MS - HURRIED_MS / 2 ? look() : undefined;
  });

/** Why the board cannot be asked, as one sentence; empty if it can. */
export function boardTrouble({ status, problem } = known) {
  if (problem) return problem.message;
  const { state, behind = 0, why } = status?.board ?? {};
  if (state === "restoring") return `The board is being restored: ${count(behind)} records behind. This page fills by itself.`;
  if (state === "off") return "This worker has no board now: it is switched off, or has not begun yet.";
  if (state === "failed") return `The board has failed${why ? `: ${plain(why)}` : ""}. It is tried again by itself.`;
  return "";
}
