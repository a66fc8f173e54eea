/** Loads of a package. They are computed from everything in it, so each event of the package asks for them anew. */
import { LOCALE } from "../locale";
import { call } from "../client/call";
import type { Procedures } from "../contracts";
import type { Source } from "../live";

export type Loads = Procedures["workload.v1.loads.read"]["answer"];
export type Load = Loads["loads"][number];
export type PersonLoad = Procedures["workload.v1.load.read"]["answer"];

export function packageLoads(id: string): Source<Loads> {
  return { service: "workload", scope: id, read: () => call("workload.v1.loads.read", { package: id }), fold: () => "reload" };
}

export function personLoad(id: string, person: string): Source<PersonLoad> {
  return {
    service: "workload",
    scope: id,
    read: () => call("workload.v1.load.read", { package: id, person }),
    fold: () => "reload",
  };
}

/** What tables are sorted by, and bars drawn of. */
export type Column = "name" | "fte" | "total" | "scaled" | "percent" | number;

export function sorted(loads: Load[], column: Column, down: boolean): Load[] {
  const value = (load: Load): number | string => {
    if (typeof column === "number") return load.periods[column] ?? 0;
    return load[column] ?? -1;
  };
  const direction = down ? -1 : 1;
  return [...loads].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    const order = typeof left === "string" || typeof right === "string" ? String(left).localeCompare(String(right)) : left - right;
    return order * direction || a.name.localeCompare(b.name);
  });
}

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Hours as a package shows them: hours, or percent of a full-time year. Rounded here and nowhere else. */
export function amount(hours: number, loads: { show: string; nominal_hours: number }): string {
  return loads.show === "percentages" ? `${one.format((100 * hours) / loads.nominal_hours)} %` : whole.format(hours);
}

export function percent(value: number | null): string {
  return value === null ? "–" : `${whole.format(value)} %`;
}

/** Round numbers from zero to at least `most`, about five of them. */
export function ticks(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
