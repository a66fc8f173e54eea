import type { PageProps } from ".";

export function Home({ person }: PageProps) {
  return <h1>{person.name}</h1>;
}
