import type { PageProps } from ".";

export function Tasks(_: PageProps) {
  return <h1>Tasks</h1>;
}
