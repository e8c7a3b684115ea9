// What the worker says of itself: which group it is of, whether it takes jobs, how its board is.
// Read every now and then, and more often while the board is being restored.

import { get } from "./api.js";
import { every, setClock } from "./beat.js";
import { count, plain } from "./text.js";

const CALM_MS = 10_000;
const RESTORING_MS = 2_000;

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
  every(RESTORING_MS, () => {
    const isRestoring = known.status?.board?.state === "restoring";
    return isRestoring || performance.now() - readAt > CALM_MS - RESTORING_MS / 2 ? look() : undefined;
  });

/** Why the board cannot be asked, as one sentence; empty if it can. */
export function boardTrouble({ status, problem } = known) {
  if (problem) return problem.message;
  const { state, behind = 0, why } = status?.board ?? {};
  if (state === "restoring") return `The board is being restored: ${count(behind)} records behind.`;
  if (state === "off") return "This worker has no board: ask another one, or switch it on in the configuration.";
  if (state === "failed") return `The board has failed${why ? `: ${plain(why)}` : "."}`;
  return "";
}
