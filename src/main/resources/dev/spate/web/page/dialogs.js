// The two questions the page asks: whether to cancel a job (and the token, once), and which keys
// there are.

import { cancel, hasToken, setToken } from "./api.js";
import { announce, el, setText, show } from "./dom.js";
import { plain } from "./text.js";

function open(dialog) {
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks, and cancels. Calls `done` when the cancellation is published. */
export function cancelDialog(id, done) {
  const token = el("input", { type: "password", id: "token", autocomplete: "off", required: true, minlength: 1 });
  const asked = el("p", {}, el("label", { for: "token" }, "Token"), token,
    el("small", {}, "The worker's http.token. It is kept until this tab is closed, and nowhere else."));
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const no = el("button", { type: "button", click: () => dialog.close() }, "Leave it");
  const yes = el("button", { type: "submit", class: "danger" }, "Cancel the job");
  const form = el("form", { method: "dialog", submit },
    el("h2", { id: "ask-title" }, "Cancel this job?"),
    el("p", { class: "id" }, el("bdi", {}, plain(id, 200))),
    el("p", { class: "quiet" }, "What runs is stopped, its machines are given back, and its result says cancelled. A result that is already there stays."),
    asked, problem, el("div", { class: "buttons" }, no, yes));
  const dialog = open(el("dialog", { class: "ask", "aria-labelledby": "ask-title" }, form));
  askToken(!hasToken());

  function askToken(isAsked) {
    show(asked, isAsked);
    token.required = isAsked;
    if (isAsked) token.focus();
    else no.focus();
  }

  async function submit(event) {
    event.preventDefault();
    if (!asked.hidden) setToken(token.value);
    yes.disabled = true;
    try {
      await cancel(id);
      announce("The cancellation is published.");
      dialog.close();
      done();
    } catch (failure) {
      setText(problem, messageOf(failure));
      show(problem, true);
      if (failure.status === 401) {
        token.value = "";
        askToken(true);
      }
    } finally {
      yes.disabled = false;
    }
  }
}

function messageOf({ status, message }) {
  if (status === 401) return "The worker does not know this token. Look up http.token of its configuration and try again.";
  if (status === 403) return `Nobody may cancel here: ${plain(message, 300)}`;
  if (status === 404) return "The job is not there any more.";
  return plain(message, 300);
}

const KEYS = [
  ["/", "search"], ["j  k", "down, up the table; arrows too"], ["Enter", "open the job"], ["Esc", "back; clear the search"],
  ["n  p", "older, newer page"], ["1  2", "jobs, machines"], ["f", "follow the output's end"], ["w", "wrap long lines"],
  ["x", "cancel the job, after a question"], ["t", "light or dark"], ["?", "this"],
];

/** Lists the keys. */
export function keysDialog() {
  if (document.querySelector("dialog[open]")) return;
  const close = el("button", { type: "button", click: () => dialog.close() }, "Close");
  const dialog = open(el("dialog", { class: "keys", "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title" }, "Keys"),
    el("dl", {}, ...KEYS.map(([key, does]) => el("div", {}, el("dt", {}, ...key.split("  ").map((each) => el("kbd", {}, each))), el("dd", {}, does)))),
    el("div", { class: "buttons" }, close)));
}
