/** What has just arrived, by key, so that it can be shown to have arrived. */
import { signal } from "@preact/signals";

const SHOWN = 4_000;
const fresh = signal<ReadonlySet<string>>(new Set());

export function arrived(key: string): void {
  fresh.value = new Set([...fresh.value, key]);
  setTimeout(() => {
    const rest = new Set(fresh.value);
    rest.delete(key);
    fresh.value = rest;
  }, SHOWN);
}

/** The class for something that may just have arrived. */
export function arrival(key: string): string {
  return fresh.value.has(key) ? "arrived" : "";
}
