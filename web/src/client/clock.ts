/** The campus's time as this browser knows it, and signals that tick, so that what shows a time keeps up with it. */
import { signal } from "@preact/signals";

interface Sample {
  offset: number;
  roundTrip: number;
  taken: number;
}

const STALE = 10 * 60_000;
let best: Sample | undefined;

/**
 * Learns the server's clock from an answer: when it was asked for and when it came (both this browser's milliseconds), and the
 * server's own time in it (ISO 8601). The quickest answer of the last ten minutes counts: half its round trip bounds the error.
 */
export function learn(asked: number, serverTime: string, answered: number): void {
  const server = Date.parse(serverTime);
  if (Number.isNaN(server)) return;
  const roundTrip = answered - asked;
  const sample = { offset: server - (asked + answered) / 2, roundTrip, taken: answered };
  if (!best || roundTrip <= best.roundTrip || answered - best.taken > STALE) best = sample;
}

/** Now, by the campus's clock, in milliseconds since 1970. */
export function campusNow(): number {
  return Date.now() + (best?.offset ?? 0);
}

/** The same now, refreshed every ten seconds: for relative times. */
export const slowNow = signal(Date.now());
/** The same now, refreshed four times a second while somebody reads it: for countdowns. */
export const fastNow = signal(Date.now(), {
  watched() {
    fastNow.value = campusNow();
    timer = setInterval(() => (fastNow.value = campusNow()), 250);
  },
  unwatched() {
    clearInterval(timer);
  },
});
let timer: ReturnType<typeof setInterval> | undefined;

/** Starts the slow tick. */
export function startClock(): void {
  setInterval(() => (slowNow.value = campusNow()), 10_000);
}
