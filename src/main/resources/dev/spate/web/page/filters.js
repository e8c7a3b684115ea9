// What of the jobs is to be seen: search, state, outcome, profile. Kept in the page's address, so
// that a view can be sent to somebody.

import { el, setAttribute } from "./dom.js";
import { OPEN_STATES, OUTCOMES } from "./glyphs.js";
import { plain } from "./text.js";

const TYPING_MS = 250;
const PROFILES_MAX = 200;
const FINISHED = ["settled", "released"];

/** The choices of the state's list, and the states each stands for. */
const STATES = { unfinished: OPEN_STATES, ...Object.fromEntries(OPEN_STATES.map((state) => [state, [state]])), finished: FINISHED };

/** An address may have any word; the worker says so if it is none. */
const statesOf = (word) => (Object.hasOwn(STATES, word) ? STATES[word] : [word]);

/** What the API is asked for. */
export function parametersOf(filter) {
  return { q: filter.q, state: filter.state && statesOf(filter.state), outcome: filter.outcome, profile: filter.profile };
}

/** Whether a row belongs to what is to be seen, as far as the page can tell. */
export function matches(filter, row) {
  return (
    (!filter.state || statesOf(filter.state).includes(row.state)) &&
    (!filter.outcome || row.outcome === filter.outcome) &&
    (!filter.profile || row.profile === filter.profile) &&
    (!filter.q || row.id.toLowerCase().includes(filter.q.toLowerCase())));
}

/** The filter of an address such as {@code #/?state=running}. */
export function read(query) {
  const parameters = new URLSearchParams(query);
  const filter = {};
  for (const name of ["q", "state", "outcome", "profile"]) {
    if (parameters.get(name)) filter[name] = parameters.get(name);
  }
  return filter;
}

/** The address of a filter. */
export function write(filter) {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString();
  return `#/${query ? `?${query}` : ""}`;
}

const isEmpty = (filter) => Object.values(filter).every((value) => !value);

/** The bar above the table. */
export function filterBar(change) {
  const search = el("input", { type: "search", id: "search", placeholder: "Search ids", "aria-label": "Search job ids", "aria-keyshortcuts": "/", autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 128, input: typed });
  const state = choice("state", "State", Object.keys(STATES));
  const outcome = choice("outcome", "Outcome", OUTCOMES);
  const profile = choice("profile", "Profile", []);
  const clear = el("button", { type: "button", class: "plain", hidden: true, click: () => change({}) }, "clear");
  let filter = {};
  let timer = 0;

  function choice(name, nothing, words) {
    return el("select", { "aria-label": name, change: picked }, el("option", { value: "" }, nothing), ...words.map((word) => el("option", { value: word }, word)));
  }

  function picked() {
    change({ q: search.value.trim(), state: state.value, outcome: outcome.value, profile: profile.value });
  }

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(picked, TYPING_MS);
  }

  function pick(select, value = "") {
    if (value && ![...select.options].some((option) => option.value === value)) {
      select.append(el("option", { value }, plain(value, 60)));
    }
    select.value = value;
    select.classList.toggle("chosen", value !== "");
  }

  return {
    node: el("div", { class: "filters", role: "search" }, search, state, outcome, profile, clear),
    set(next) {
      filter = next;
      if (document.activeElement !== search) search.value = filter.q ?? "";
      pick(state, filter.state);
      pick(outcome, filter.outcome);
      pick(profile, filter.profile);
      setAttribute(clear, "hidden", isEmpty(filter) ? "" : undefined);
    },
    /** Offers more profiles, as they become known. */
    addProfiles(names) {
      const known = new Set([...profile.options].map((option) => option.value));
      for (const name of names) {
        if (known.size > PROFILES_MAX || known.has(name)) continue;
        known.add(name);
        profile.append(el("option", { value: name }, plain(name, 60)));
      }
    },
  };
}
