// Talking to the worker. Every failure is a Problem with one sentence for a person. The token is
// kept for this tab alone, and goes nowhere but into the header of what changes something.

const TIMEOUT_MS = 10_000;
const TOKEN = "spate-token";

/** What went wrong: an HTTP status, or 0 if nobody answered; a sentence; when to ask again. */
export class Problem extends Error {
  constructor(status, detail, retryAfterSeconds) {
    super(detail);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Where something is, as seen from the page. */
export function address(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {})) {
    for (const each of [value].flat()) {
      if (each !== undefined && each !== "") query.append(name, each);
    }
  }
  const text = query.toString();
  return `api/${path}${text ? `?${text}` : ""}`;
}

async function problemOf(response) {
  let detail = "";
  try {
    const body = await response.json();
    detail = body.detail || body.title || "";
  } catch {
    // A proxy's page, or nothing: the status has to do.
  }
  return new Problem(
    response.status,
    detail || `The worker answered with ${response.status}.`,
    Number(response.headers.get("Retry-After")) || undefined);
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, {
      ...options,
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), options.signal].filter(Boolean)),
    });
  } catch (failure) {
    if (options.signal?.aborted) throw failure;
    throw new Problem(0, "The worker does not answer. Is it running, and is the network up?");
  }
  if (!response.ok) throw await problemOf(response);
  try {
    return await response.json();
  } catch {
    throw new Problem(response.status, "The worker's answer broke off. It is asked again.");
  }
}

/** Reads. */
export const get = (path, parameters, signal) =>
  ask(address(path, parameters), { signal, headers: { Accept: "application/json" } });

/** Whether a token was given in this tab. */
export const hasToken = () => Boolean(sessionStorage.getItem(TOKEN));

export const setToken = (token) => sessionStorage.setItem(TOKEN, token);

/** Asks for a job not to be done. */
export async function cancel(id) {
  try {
    return await ask(address(`jobs/${encodeURIComponent(id)}`), {
      method: "DELETE",
      headers: { Authorization: `Bearer ${sessionStorage.getItem(TOKEN) ?? ""}` },
    });
  } catch (problem) {
    if (problem.status === 401) sessionStorage.removeItem(TOKEN);
    throw problem;
  }
}
