// Live output of one member of a job. Follows the end unless somebody has scrolled up.

import { address, get } from "./api.js";
import { soon } from "./beat.js";
import { el, setAttribute, setText, show } from "./dom.js";
import { lineBuffer } from "./lines.js";
import { count, many, plain } from "./text.js";

const RETRY_MS = 3_000;
const NEAR_PX = 24;

export function outputView(id) {
  const members = el("select", { "aria-label": "Member", hidden: true, change: () => choose() });
  const follow = el("button", { type: "button", "aria-pressed": "true", "aria-keyshortcuts": "f", click: () => setFollowing(!isFollowing) }, "Follow");
  const wrap = el("button", { type: "button", "aria-pressed": "false", "aria-keyshortcuts": "w", click: () => setWrapping(!isWrapping) }, "Wrap");
  const told = el("p", { class: "told", role: "status" });
  const list = el("div", { class: "lines" });
  const tail = el("div", { class: "lines" });
  const screen = el("div", { class: "screen", tabindex: 0, role: "log", "aria-live": "off", "aria-label": "Output" }, list, tail);
  const node = el("section", { class: "output", "aria-labelledby": "output-title" },
    el("div", { class: "bar-of" }, el("h2", { id: "output-title" }, "Output"), members, follow, wrap), told, screen);

  let buffer = lineBuffer();
  let source;
  let retry = 0;
  let member;
  let isFollowing = true;
  let isWrapping = false;
  let isDone = false;

  function paint() {
    const { gone, added } = buffer.take();
    if (gone >= list.childElementCount) list.replaceChildren();
    else for (let i = 0; i < gone; i++) list.firstChild.remove();
    const shown = added.slice(-buffer.lines().length);
    if (shown.length) list.append(...shown.map(lineOf));
    tail.replaceChildren(...buffer.partial().map(lineOf));
    const before = buffer.dropped();
    const lines = buffer.lines().length + before;
    say(lines ? `${many(lines, "line")}${before ? `; the last ${count(buffer.lines().length)} are kept here` : ""}${isDone ? "; that is all" : ""}` : isDone ? "There is no live output." : "No output yet.");
    if (isFollowing) screen.scrollTop = screen.scrollHeight;
  }

  const lineOf = ({ kind, text }) => el("div", { class: `l ${kind}` }, text || "\u00a0");

  const say = (text) => setText(told, text);

  function setFollowing(next) {
    isFollowing = next;
    setAttribute(follow, "aria-pressed", String(next));
    if (next) screen.scrollTop = screen.scrollHeight;
  }

  function setWrapping(next) {
    isWrapping = next;
    setAttribute(wrap, "aria-pressed", String(next));
    screen.classList.toggle("wrap", next);
  }

  screen.addEventListener("scroll", () => {
    const isAtEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < NEAR_PX;
    if (isAtEnd !== isFollowing) setFollowing(isAtEnd);
  }, { passive: true });

  function open() {
    close();
    if (document.hidden || !member) return;
    source = new EventSource(address(`jobs/${encodeURIComponent(id)}/output`, member));
    const on = (name, does) =>
      source.addEventListener(name, (event) => {
        does(JSON.parse(event.data || "{}"));
        soon(paint);
      });
    on("chunk", (chunk) => buffer.chunk(chunk));
    on("capped", (capped) => buffer.capped(capped));
    on("gap", (gap) => buffer.gap(gap));
    on("end", () => {
      buffer.end();
      isDone = true;
      close();
    });
    source.onerror = broken;
  }

  async function broken() {
    close();
    retry = setTimeout(open, RETRY_MS);
    try {
      await get(`jobs/${encodeURIComponent(id)}`);
      say("The output broke off; it goes on in a moment.");
    } catch (problem) {
      say(problem.message);
    }
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  }

  function choose() {
    const [role, index] = members.value.split("/");
    if (member && member.role === role && String(member.index) === index) return;
    member = { role, index: Number(index) };
    buffer = lineBuffer();
    isDone = false;
    list.replaceChildren();
    tail.replaceChildren();
    say("No output yet.");
    open();
  }

  const looked = () => (document.hidden ? close() : !isDone && open());

  return {
    node,
    toggleFollow: () => setFollowing(!isFollowing),
    toggleWrap: () => setWrapping(!isWrapping),
    /** Tells which members there are. */
    set(roles) {
      const values = roles.flatMap(({ role, count: length }) => Array.from({ length }, (_, index) => `${role}/${index}`));
      const known = [...members.options].map((option) => option.value);
      if (values.join() !== known.join()) {
        const chosen = members.value;
        members.replaceChildren(...values.map((value) => el("option", { value }, plain(value.replace("/", "-"), 60))));
        if (values.includes(chosen)) members.value = chosen;
      }
      show(members, values.length > 1);
      if (values.length) choose();
    },
    start() {
      document.addEventListener("visibilitychange", looked);
      return () => {
        document.removeEventListener("visibilitychange", looked);
        close();
      };
    },
  };
}
