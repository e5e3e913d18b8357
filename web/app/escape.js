// Untrusted text made safe to show, as crates/report/src/escape.rs does: what could move a cursor,
// reorder a line or hide itself is written as \u{…}. What comes out of the module is escaped already;
// this is for file names and for the lines of an input.

// Controls, format characters, separators, private use and unassigned, and the fillers that draw nothing.
const ACTIVE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]|(?! )\p{Zs}/gu;

/** The text, inert, and cut after `most` characters. */
export function inert(text, most = 253) {
  const chars = text.length > 4 * most ? text.slice(0, 4 * most) : text;
  const points = Array.from(chars);
  const cut = points.length > most || chars.length < text.length;
  const shown = points.slice(0, most).join("");
  return shown.replace(ACTIVE, (char) => `\\u{${char.codePointAt(0).toString(16)}}`) + (cut ? "…" : "");
}
