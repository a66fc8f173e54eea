import type { PageProps } from ".";

export function Rooms(_: PageProps) {
  return <h1>Rooms</h1>;
}
