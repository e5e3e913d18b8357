// An input as it stands, with one line marked. The bodies of private keys are never shown, nor anything
// that could be one.
import { el } from "./dom.js";
import { inert } from "./escape.js";

// Lines before and after the marked one, and characters of a line.
const AROUND = 4;
const WIDEST = 160;

/** Kinds of blocks whose lines hold nothing secret. */
const OPEN = new Set(["certificate", "trusted-certificate", "public-key", "request", "crl", "pkcs7", "parameters"]);

const MASK = "(not shown: this is, or could be, a private key)";

/** The lines around `line` of a file, as `{ number, text, isMarked, isMasked }`; none for a binary file. */
export function excerpt(file, input, line) {
  const text = decode(file.bytes);
  if (text === null) return [];
  const { lines, starts } = split(text);
  const first = Math.max(1, line - AROUND);
  const last = Math.min(lines.length, line + AROUND);
  // Byte ranges fit the text only where a character is a byte.
  const isBytes = text.length === file.bytes.length;
  const blocks = isBytes ? input.blocks.filter((block) => block.within === undefined || block.within === null) : [];
  const secret = secretLines(lines, input.secret ? KEY_BOUNDARY : KEY_WORDS);
  const material = materialLines(lines, first, last);
  const mislabelled = new Set(blocks.filter((block) => !block.readable && beginsAsKey(text.slice(...block.bytes))));
  const ends = new Map();
  const isPast = (at, block) => {
    if (!ends.has(block)) ends.set(block, endOfOpen(text, block));
    return at > ends.get(block);
  };
  const out = [];
  for (let number = first; number <= last; number += 1) {
    const raw = lines[number - 1];
    const block = blocks.find(({ bytes: [from, to] }) => starts[number - 1] + raw.length > from && starts[number - 1] < to);
    // Of a service file it is known which lines hold a secret; of anything else it is guessed, on the safe side.
    const isMasked = input.secret
      ? input.secret.has(number) || (secret.has(number) && !isBoundary(raw))
      : masks(raw, block, secret.has(number) || mislabelled.has(block) || (block && isPast(starts[number - 1] + raw.length, block)), material.has(number));
    const shown = isMasked ? masked(raw) : inert(isBytes ? utf8(raw) : raw, WIDEST);
    out.push({ number, text: shown, isMarked: number === line, isMasked });
  }
  return out;
}

/** Text, where a file is text: UTF-16 by its mark, else one character a byte so that lines and bytes agree. */
function decode(bytes) {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  const head = bytes.subarray(0, 4096);
  if (head.includes(0) || head.filter((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27)).length > head.length / 20) return null;
  // Not "latin1": that label means windows-1252, which has other characters for some bytes.
  let out = "";
  for (let at = 0; at < bytes.length; at += 8192) out += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return out;
}

/** A line of bytes as what it says, where it is UTF-8. */
function utf8(line) {
  const bytes = Uint8Array.from(line.slice(0, 4 * WIDEST), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes) + (line.length > 4 * WIDEST ? " " : "");
}

/** Whether the body of a block that could not be read begins as keys do, whatever its label says: a
 *  sequence whose first member is a version number (RFC 5208, 5915, 8017). */
function beginsAsKey(block) {
  const body = block.replace(/-{2,}[^-]*-{2,}/, "").replace(/[^A-Za-z0-9+/]/g, "").slice(0, 16);
  let der;
  try {
    der = Array.from(atob(body), (char) => char.charCodeAt(0));
  } catch {
    return true;
  }
  const header = der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7f);
  return der[0] !== 0x30 || der[header] === 0x02;
}

/** How a private key in DER begins (a sequence, a version of 0 or 1), as base64 at the beginning of a line. */
const KEY_INSIDE = /MII[A-P].[AQgw]IBA[ADQT]|MI[GH].AgE[AB]|M[A-H].CAQ[A-H]/g;

/** So much `beginsAsKey` has looked at. */
const LOOKED_AT = 24;

/** Up to where a block holds what its label says: what follows its first element, or begins as a key, was pasted in. */
function endOfOpen(text, { bytes: [from, to] }) {
  const whole = text.slice(from, to);
  const label = whole.match(/^\s*-{2,}[^-]*-{2,}/)?.[0].length ?? 0;
  const places = [];
  let body = "";
  for (let at = label; at < whole.length; at += 1) {
    if (/[A-Za-z0-9+/]/.test(whole[at])) {
      body += whole[at];
      places.push(from + at);
    } else if (whole.startsWith("--", at)) break;
  }
  const inside = [...body.matchAll(KEY_INSIDE)].find(({ index }) => index >= LOOKED_AT)?.index ?? Infinity;
  const last = Math.min(inside, lengthOfFirst(body));
  return last < places.length ? places[last] : to;
}

/** Characters of base64 that the first element of DER takes. */
function lengthOfFirst(body) {
  let der;
  try {
    der = Array.from(atob(body.slice(0, 8)), (char) => char.charCodeAt(0));
  } catch {
    return Infinity;
  }
  const more = der[1] & 0x7f;
  if (der[1] >= 0x80 && (more === 0 || more > 4)) return Infinity;
  const length = der[1] < 0x80 ? 2 + der[1] : 2 + more + der.slice(2, 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
  return Math.ceil((length * 4) / 3);
}

function split(text) {
  const [lines, starts] = [[], []];
  const pattern = /\r\n|\n|\r/g;
  let from = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    lines.push(text.slice(from, found.index));
    starts.push(from);
    from = pattern.lastIndex;
  }
  if (from < text.length || lines.length === 0) {
    lines.push(text.slice(from));
    starts.push(from);
  }
  return { lines, starts };
}

/** What begins a private key, in a heap of files: words are enough. */
const KEY_WORDS = /private\s*key/i;

/** And in a text that talks of keys without holding any, as the comments of a service file do. */
const KEY_BOUNDARY = /-{2,}.*private\s*key/i;

/** Lines between anything that begins a private key and anything that ends a block, whatever is damaged. */
function secretLines(lines, begins) {
  const out = new Set();
  let inside = false;
  lines.forEach((line, index) => {
    const isKey = begins.test(line);
    const isEnd = /\bend\b/i.test(line) && /-{2,}/.test(line);
    if (isKey) out.add(index + 1);
    if (inside) out.add(index + 1);
    if (isKey && !isEnd) inside = true;
    else if (isEnd || (/\bbegin\b/i.test(line) && /-{2,}/.test(line))) inside = false;
    if (isKey && isEnd) {
      // Its beginning may be lost: back to the boundary before it.
      for (let back = index - 1; back >= 0 && !/-{2,}/.test(lines[back]); back -= 1) out.add(back + 1);
    }
  });
  return out;
}

function masks(line, block, isSecret, isMaterial) {
  if (isSecret || (block && !OPEN.has(block.kind))) return !isBoundary(line);
  return !block && isMaterial;
}

/** A whole boundary line and nothing else. */
const isBoundary = (line) => /^\s*-{2,}\s*(BEGIN|END)[A-Z0-9 ]{0,40}-{2,}\s*$/i.test(line);

/** Base64 of some length, or bytes one by one: hexadecimal or decimal. */
const MATERIAL = /[A-Za-z0-9+/_=]{20,}|([0-9a-f]{2}[:\s]){6,}|(\b\d{1,3}\b[,;\s]+){8,}/i;

/** Shorter pieces that are no words, as base64 is: letters of both cases in any order, or with digits. */
const PIECE = /[A-Za-z0-9+/_=]{8,}/g;
const WORD = /^([A-Z]?[a-z]+|[A-Z]+|[0-9]+|([a-z]{3,}|[A-Z][a-z]{2,})([A-Z][a-z]{2,})*([A-Z]{2,})?)?$/;
const isWord = (piece) => piece.split(/[/_=]/).every((part) => WORD.test(part));

/** A line of nothing but base64 and blanks. */
const isBare = (line) => /^[A-Za-z0-9+/_=\s-]*[A-Za-z0-9+/_=][A-Za-z0-9+/_=\s-]*$/.test(line);

/** Whether a line outside of anything that was recognised could be of a key. */
function looksLikeMaterial(line) {
  if (isBoundary(line)) return false;
  if (MATERIAL.test(line) || (line.match(PIECE) ?? []).some((piece) => !isWord(piece))) return true;
  const pieces = line.trim().split(/\s+/);
  return isBare(line) && pieces.join("").length >= 8 && pieces.filter((piece) => !isWord(piece)).length * 2 > pieces.length;
}

/** Lines that are looked at with those that are shown. */
const BESIDE = 50;

/** Lines that could be of a key, with those of the same make beside them: its last line may be short. */
function materialLines(lines, first, last) {
  const out = new Set();
  const [from, to] = [Math.max(1, first - BESIDE), Math.min(lines.length, last + BESIDE)];
  for (let number = from; number <= to; number += 1) if (looksLikeMaterial(lines[number - 1])) out.add(number);
  const goesOn = (line) => isBare(line) && !isBoundary(line);
  for (const number of [...out]) {
    for (const step of [-1, 1]) {
      for (let next = number + step; next >= from && next <= to && !out.has(next) && goesOn(lines[next - 1]); next += step) out.add(next);
    }
  }
  return out;
}

/** What stands for a masked line: the boundary in it, if it holds one, and the mask. */
function masked(line) {
  const boundary = line.match(/-{2,}(BEGIN|END)[A-Z0-9 ]{0,40}-{2,}/i);
  return boundary ? `${inert(boundary[0])} ${MASK}` : MASK;
}

/** The excerpt as a picture of the file. */
export function drawSource(file, input, line) {
  const lines = excerpt(file, input, line);
  const { name } = file;
  if (!lines.length) {
    return el("p", { class: "source-none" }, `${name} holds bytes that are no text: its lines are not shown.`);
  }
  return el("figure", { class: "source" },
    el("figcaption", {}, el("bdi", {}, name), `, line ${line}`),
    el("div", { class: "source-lines", tabindex: 0, role: "group", "aria-label": `${name} around line ${line}` },
      lines.map(({ number, text, isMarked, isMasked }) => el("div", { class: `source-line${isMarked ? " is-marked" : ""}${isMasked ? " is-masked" : ""}` },
        el("span", { class: "source-pointer", "aria-hidden": "true" }, isMarked ? "▶" : ""),
        el("span", { class: "source-number" }, String(number)),
        isMarked ? el("mark", { dir: "ltr" }, text || " ") : el("span", { dir: "ltr" }, text || " ")))));
}
