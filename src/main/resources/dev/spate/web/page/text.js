// How things are written: foreign text made harmless to read, durations, money, times.

// What would not be seen, would turn the line around, or would move a terminal's cursor. Joiners
// (U+200C, U+200D) stay: scripts and emoji need them.
export const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const FOREIGN_MAX = 4000;

/** One character that is not to be seen, as something that is. */
export function visible(character) {
  const code = character.codePointAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** Foreign text as it may be shown: nothing hidden in it, and not longer than anybody reads. */
export function plain(foreign, max = FOREIGN_MAX) {
  const text = String(foreign ?? "");
  const cut = text.length > max ? `${text.slice(0, max)}… (${count(text.length)} characters)` : text;
  return cut.replace(HIDDEN, visible);
}

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 1,234 */
export const count = (number) => whole.format(number ?? 0);

/** "1 job", "2 jobs" */
export const many = (number, one, more = `${one}s`) => `${count(number)} ${number === 1 ? one : more}`;

const two = (number) => String(Math.floor(number)).padStart(2, "0");

/** 30 ms, 0.4 s, 45 s, 12 m 05 s, 3 h 07 m, 2 d 03 h */
export function duration(seconds) {
  if (seconds === undefined || Number.isNaN(seconds)) return "";
  const span = Math.max(0, seconds);
  if (span === 0) return "0 s";
  if (span < 0.095) return `${Math.max(1, Math.round(1000 * span))} ms`;
  if (span < 9.95) return `${span.toFixed(1)} s`;
  if (span < 60) return `${Math.floor(span + 0.05)} s`;
  if (span < 3600) return `${Math.floor(span / 60)} m ${two(span % 60)} s`;
  if (span < 86400) return `${Math.floor(span / 3600)} h ${two((span % 3600) / 60)} m`;
  return `${Math.floor(span / 86400)} d ${two((span % 86400) / 3600)} h`;
}

/** The same in whole, single units, for what changes all the time: 45 s, 12 m, 3 h, 2 d */
export function roughly(seconds) {
  const span = Math.max(0, seconds);
  if (span < 60) return `${Math.floor(span)} s`;
  if (span < 3600) return `${Math.floor(span / 60)} m`;
  if (span < 86400) return `${Math.floor(span / 3600)} h`;
  return `${Math.floor(span / 86400)} d`;
}

/** <$0.0001, $0.0042, $4.12, $1,412; commands say it in the same way */
export function money(usd) {
  if (usd === undefined) return "";
  if (usd === 0) return "$0";
  if (usd < 0.0001) return "<$0.0001";
  if (usd < 0.1) return `$${usd.toFixed(4)}`;
  return usd < 1000 ? `$${usd.toFixed(2)}` : `$${whole.format(usd)}`;
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** 03:12, in the reader's zone. */
export const hour = (milliseconds) => clock.format(milliseconds);

/** 03:12:44, and the day before it if it is not today. */
export function moment(milliseconds) {
  if (milliseconds === undefined || Number.isNaN(milliseconds)) return "";
  const time = clockSeconds.format(milliseconds);
  const date = day.format(milliseconds);
  return date === day.format(Date.now()) ? time : `${date}, ${time}`;
}

/** Milliseconds since the epoch of an RFC 3339 time; NaN of none. */
export const parse = (time) => (time === undefined ? NaN : Date.parse(time));
