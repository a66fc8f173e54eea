/** Which package: those that one may see, the latest first. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call } from "../client/call";
import { campus } from "../client/connection";
import type { Procedures } from "../contracts";
import { go } from "../router";

export type ListedPackage = Procedures["workload.v1.packages.list"]["answer"]["packages"][number];

/** The packages one may see: undefined while not known; read again in each session. */
export function usePackages(): { packages: ListedPackage[] | undefined; refusal: unknown } {
  const packages = useSignal<ListedPackage[] | undefined>(undefined);
  const refusal = useSignal<unknown>(undefined);
  useEffect(
    () =>
      campus.onSession(() => {
        call("workload.v1.packages.list", {}).then(
          (answer) => {
            packages.value = answer.packages;
            refusal.value = undefined;
          },
          (error: unknown) => (refusal.value = error),
        );
      }),
    [],
  );
  return { packages: packages.value, refusal: packages.value ? undefined : refusal.value };
}

/** The one that a page without a package in its address opens: the latest that is open, else the latest. */
export function presentPackage(packages: ListedPackage[]): string | undefined {
  return (packages.find((listed) => listed.package.status === "open") ?? packages[0])?.package.id;
}

export function PackageChoice({ page, packages, chosen }: { page: string; packages: ListedPackage[]; chosen: string }) {
  if (packages.length < 2) return null;
  return (
    <div class="field">
      <label for="package" class="small">
        Package
      </label>
      <select id="package" value={chosen} onChange={(event) => go(page, event.currentTarget.value)}>
        {packages.map(({ package: { id, name, status } }) => (
          <option key={id} value={id}>
            {status === "open" ? name : `${name} (${status})`}
          </option>
        ))}
      </select>
    </div>
  );
}
