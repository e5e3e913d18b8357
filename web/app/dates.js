// Moments and days, all in UTC.

export const DAY = 86_400_000;

/** Dates from which public certificates live shorter (CA/Browser Forum Baseline Requirements, 6.3.2). */
export const LIFETIME_RULES = [
  { date: "2026-03-15", days: 200 },
  { date: "2027-03-15", days: 100 },
  { date: "2029-03-15", days: 47 },
];

/** The last day that can be looked at: a certificate that never ends (RFC 5280, 4.1.2.5) has no last one. */
export const LAST_DAY = "2120-12-31";

export const parse = (text) => Date.parse(text);
export const startOfDay = (moment) => Math.floor(moment / DAY) * DAY;

/** `2026-11-23`. */
export const date = (moment) =>
  (typeof moment === "string" ? moment : new Date(moment).toISOString()).split("T")[0];

/** `in 12 days`, `12 days ago`, `in 3 hours`, as the command line says it. */
export function distance(to, now) {
  const seconds = Math.trunc((to - now) / 1000);
  const size = Math.abs(seconds);
  const length =
    size < 3_600 ? counted(Math.trunc(size / 60), "minute", "minutes")
    : size < 86_400 ? counted(Math.trunc(size / 3_600), "hour", "hours")
    : counted(Math.trunc(size / 86_400), "day", "days");
  return seconds < 0 ? `${length} ago` : `in ${length}`;
}

/** `1 file`, `2 files`. */
export const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** Where a moment stands in a certificate's life: tone and words. */
export function life(certificate, at) {
  const [from, to] = [parse(certificate.not_before), parse(certificate.not_after)];
  if (at > to) return { tone: "bad", words: `expired ${date(certificate.not_after)}` };
  if (at < from) return { tone: "bad", words: `from ${date(certificate.not_before)}` };
  const percent = Math.floor((100 * (to - at + 1000)) / (to - from + 1000));
  return { tone: percent >= 33 ? "good" : "caution", words: `${percent}% left, to ${date(certificate.not_after)}` };
}
