import type { PageProps } from ".";

export function Assessments(_: PageProps) {
  return <h1>Assessments</h1>;
}
