/** Hash routes: `#/assessments/cs-2026` is the page `assessments` with the path `["cs-2026"]`. */
import { computed, signal } from "@preact/signals";

export interface Route {
  page: string;
  path: string[];
}

export function parse(hash: string): Route {
  const [page = "", ...path] = hash
    .replace(/^#\/?/, "")
    .split("/")
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  return { page: page || "home", path: path.filter((part) => part !== "") };
}

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

export const route = computed(() => parse(hash.value));

/** The address of a page, for `href`. */
export function to(page: string, ...path: string[]): string {
  return `#/${[page, ...path].map(encodeURIComponent).join("/")}`;
}

export function go(page: string, ...path: string[]): void {
  location.hash = to(page, ...path);
}
