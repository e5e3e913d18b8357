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
  const secret = secretLines(lines);
  const out = [];
  for (let number = first; number <= last; number += 1) {
    const raw = lines[number - 1];
    const block = blocks.find(({ bytes: [from, to] }) => starts[number - 1] + raw.length > from && starts[number - 1] < to);
    const isMasked = masks(raw, block, secret.has(number));
    out.push({ number, text: isMasked ? masked(raw) : inert(raw, WIDEST), isMarked: number === line, isMasked });
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

/** Lines between anything that begins a private key and anything that ends a block, whatever is damaged. */
function secretLines(lines) {
  const out = new Set();
  let inside = false;
  lines.forEach((line, index) => {
    const isKey = /private\s*key/i.test(line);
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

function masks(line, block, isSecret) {
  if (isSecret || (block && !OPEN.has(block.kind))) return !isBoundary(line);
  if (block) return false;
  return looksLikeMaterial(line);
}

/** A whole boundary line and nothing else. */
const isBoundary = (line) => /^\s*-{2,}\s*(BEGIN|END)[A-Z0-9 ]{0,40}-{2,}\s*$/i.test(line);

/** Base64 or hexadecimal of some length, outside of anything that was recognised. */
const looksLikeMaterial = (line) =>
  !isBoundary(line) && (/[A-Za-z0-9+/_=]{20,}/.test(line) || /([0-9a-f]{2}[:\s]){6,}/i.test(line));

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
    return el("p", { class: "source-none" }, `${name} is a binary file: it has no lines to show.`);
  }
  return el("figure", { class: "source" },
    el("figcaption", {}, el("bdi", {}, name), `, line ${line}`),
    el("div", { class: "source-lines", tabindex: 0, role: "group", "aria-label": `${name} around line ${line}` },
      lines.map(({ number, text, isMarked, isMasked }) => el("div", { class: `source-line${isMarked ? " is-marked" : ""}${isMasked ? " is-masked" : ""}` },
        el("span", { class: "source-pointer", "aria-hidden": "true" }, isMarked ? "▶" : ""),
        el("span", { class: "source-number" }, String(number)),
        isMarked ? el("mark", { dir: "ltr" }, text || " ") : el("span", { dir: "ltr" }, text || " ")))));
}
