// When things are done: changes of the document together, at most four times a second; recurring
// work at its pace; and nothing at all while nobody looks. Also the worker's clock, by which ages
// are told: a phone's clock may be wrong.

const SPACING_MS = 250;

const due = new Set();
let timer = 0;
let last = -SPACING_MS;
let aheadMs = 0;

function run() {
  timer = 0;
  if (document.hidden) return;
  requestAnimationFrame(() => {
    last = performance.now();
    const tasks = [...due];
    due.clear();
    for (const task of tasks) task();
  });
}

function arm() {
  if (!timer && due.size > 0 && !document.hidden) {
    timer = setTimeout(run, Math.max(0, SPACING_MS - (performance.now() - last)));
  }
}

/** Does it with the next batch of changes; once, however often it was asked for. */
export function soon(task) {
  due.add(task);
  arm();
}

/**
 * Does it now and every so many milliseconds, but not while the page is hidden. A task may return a
 * promise: the next turn waits for it, and begins so long after.
 *
 * @returns ends it
 */
export function every(milliseconds, task) {
  let ended = false;
  let next = 0;
  async function turn() {
    clearTimeout(next);
    if (ended || document.hidden) return;
    await task();
    clearTimeout(next);
    if (!ended) next = setTimeout(turn, milliseconds);
  }
  const woken = () => !document.hidden && turn();
  document.addEventListener("visibilitychange", woken);
  turn();
  return () => {
    ended = true;
    clearTimeout(next);
    document.removeEventListener("visibilitychange", woken);
  };
}

document.addEventListener("visibilitychange", arm);

/** Sets the clock by an answer of the worker's. */
export function setClock(time) {
  const theirs = Date.parse(time);
  if (!Number.isNaN(theirs)) aheadMs = theirs - Date.now();
}

/** Milliseconds since the epoch, as the worker would say. */
export const now = () => Date.now() + aheadMs;
