// A job's output as lines to be read: bounded, in order, with nothing in it that a terminal would
// obey. Knows nothing of the document.

import { HIDDEN, count, visible } from "./text.js";

const LINES_MAX = 5_000;
const CHARACTERS_MAX = 1 << 20;
const LINE_MAX = 4_000; // Characters; what is longer goes on in the next line.

// Colours, cursor movements, titles and links: ESC [ ..., ESC ] ... BEL, ESC P ..., and two-byte ones.
const ESCAPES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]/g;

/** A line without escape sequences; of a line that was written over and over, the last writing. */
export function clean(raw) {
  const text = raw.replace(/\r+$/, "").replace(ESCAPES, "");
  return text.slice(text.lastIndexOf("\r") + 1).replace(HIDDEN, visible);
}

/** The bytes of a chunk. */
export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function lineBuffer() {
  let lines = []; // {kind, text}: kind is stdout, stderr or ours.
  let characters = 0;
  let dropped = 0; // Lines that were kept once and are not any more.
  let fresh = 0; // Lines at the end that take() has not told of yet.
  let lost = 0; // Lines at the beginning that went since take() told.
  let attempt;
  let streams = {};

  const streamOf = (name) =>
    (streams[name] ??= { decoder: new TextDecoder(), offset: 0, partial: "" });

  function add(kind, text) {
    lines.push({ kind, text });
    characters += text.length;
    fresh++;
    // In steps, so that not every line moves the whole array.
    if (lines.length > LINES_MAX * 1.1 || characters > CHARACTERS_MAX * 1.1) trim();
  }

  function trim() {
    let from = Math.max(0, lines.length - LINES_MAX);
    let left = characters;
    for (let i = 0; i < from; i++) left -= lines[i].text.length;
    while (left > CHARACTERS_MAX && from < lines.length - 1) left -= lines[from++].text.length;
    lines = lines.slice(from);
    characters = left;
    dropped += from;
    lost += from;
  }

  function begin(next) {
    if (next === undefined || next === attempt) return;
    for (const name of Object.keys(streams)) finish(name);
    if (attempt !== undefined || next > 1) add("ours", `attempt ${next}`);
    attempt = next;
    streams = {};
  }

  function finish(name) {
    const { partial } = streamOf(name);
    if (partial) add(name, clean(partial));
    streams[name].partial = "";
  }

  function gap(stream, from, to) {
    finish(stream);
    add("ours", `${count(to - from)} bytes of ${stream} are missing here`);
    streamOf(stream).offset = to;
    streamOf(stream).decoder = new TextDecoder();
  }

  return {
    /** What the lines are now, and how many there were before them. */
    lines: () => lines,
    dropped: () => dropped,
    /** Lines that are not ended yet. */
    partial: () => Object.entries(streams).filter(([, each]) => each.partial).map(([kind, each]) => ({ kind, text: clean(each.partial) })),

    /** A piece of output; what was there already is passed over. */
    chunk({ stream, offset, data, attempt: of }) {
      begin(of);
      const into = streamOf(stream);
      let bytes = bytesOf(data);
      if (offset > into.offset) gap(stream, into.offset, offset);
      if (offset < into.offset) bytes = bytes.subarray(Math.min(bytes.length, into.offset - offset));
      if (!bytes.length) return;
      const next = streamOf(stream);
      next.offset += bytes.length;
      const parts = (next.partial + next.decoder.decode(bytes, { stream: true })).split("\n");
      next.partial = parts.pop();
      for (const part of parts) {
        for (let at = 0; at === 0 || at < part.length; at += LINE_MAX) add(stream, clean(part.slice(at, at + LINE_MAX)));
      }
      const over = next.partial.lastIndexOf("\r", next.partial.length - 2);
      if (over >= 0) next.partial = next.partial.slice(over + 1);
      while (next.partial.length > LINE_MAX) {
        add(stream, clean(next.partial.slice(0, LINE_MAX)));
        next.partial = next.partial.slice(LINE_MAX);
      }
    },
    capped({ stream, attempt: of }) {
      begin(of);
      finish(stream);
      add("ours", `the limit of live output is reached: the rest of ${stream} is in the result only`);
    },
    gap({ stream, from, to, attempt: of }) {
      begin(of);
      if (to > streamOf(stream).offset) gap(stream, from, to);
    },
    end() {
      for (const name of Object.keys(streams)) finish(name);
    },
    /** What to change since the last call: lines to take from the beginning, lines to add. */
    take() {
      if (lines.length > LINES_MAX || characters > CHARACTERS_MAX) trim();
      const change = { gone: lost, added: lines.slice(Math.max(0, lines.length - fresh)) };
      fresh = 0;
      lost = 0;
      return change;
    },
  };
}
