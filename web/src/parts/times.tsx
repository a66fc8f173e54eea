/** Times: relative to now, the exact one at hand, in the reader's own zone. */
import { LOCALE } from "../locale";
import { slowNow } from "../client/clock";

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
const counted = new Intl.RelativeTimeFormat(LOCALE, { numeric: "always" });
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(LOCALE, { timeStyle: "medium" });
const day = new Intl.DateTimeFormat(LOCALE, { weekday: "short", day: "numeric", month: "short", year: "numeric" });

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "in 3 days", "20 minutes ago", "now"; both in milliseconds since 1970. */
export function relativeTime(then: number, now: number): string {
  const seconds = (then - now) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length * (unit === "minute" ? 0.75 : 1)) {
      // "yesterday" is clear; "last week" may be ten days ago.
      return (unit === "day" ? relative : counted).format(Math.round(seconds / length), unit);
    }
  }
  return Math.abs(seconds) < 10 ? "now" : seconds < 0 ? "less than a minute ago" : "in less than a minute";
}

/** A moment, ISO 8601 or milliseconds. */
export function When({ at }: { at: string | number }) {
  const then = typeof at === "number" ? at : Date.parse(at);
  return (
    <time dateTime={new Date(then).toISOString()} title={exact.format(then)}>
      {relativeTime(then, slowNow.value)}
    </time>
  );
}

/** The same, exact: for a ledger. */
export function Exactly({ at }: { at: string | number }) {
  const then = typeof at === "number" ? at : Date.parse(at);
  return (
    <time dateTime={new Date(then).toISOString()} title={relativeTime(then, slowNow.value)}>
      {exact.format(then)}
    </time>
  );
}

/** The time of day alone. */
export function AtClock({ at }: { at: string | number }) {
  const then = typeof at === "number" ? at : Date.parse(at);
  return (
    <time dateTime={new Date(then).toISOString()} title={exact.format(then)}>
      {clock.format(then)}
    </time>
  );
}

/** A date without a time: `2026-09-28`. */
export function Day({ of }: { of: string }) {
  return <time dateTime={of}>{day.format(new Date(`${of}T12:00:00`))}</time>;
}
