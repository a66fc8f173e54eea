import type { PageProps } from ".";

export function Operator(_: PageProps) {
  return <h1>Operator</h1>;
}
