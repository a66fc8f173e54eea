import type { PageProps } from ".";

export function Loads(_: PageProps) {
  return <h1>Loads</h1>;
}
