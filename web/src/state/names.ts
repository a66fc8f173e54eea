/** How people, groups and states are called on pages. */

/** Somebody's name; where only the id is known, the id as one would write it. */
export function nameOf(id: string, names: Record<string, string>): string {
  return names[id] ?? readable(id);
}

export function readable(id: string): string {
  return id
    .split(/[-_]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

/** "Ada Stone, Ben Hill and 3 others". */
export function listed(names: string[], most = 3): string {
  if (names.length === 0) return "nobody";
  const shown = names.slice(0, names.length > most + 1 ? most : names.length);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} others`;
  return shown.length === 1 ? (shown[0] as string) : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

const KINDS: Record<string, string> = { exam: "Exam", coursework: "Coursework", resit: "Resit" };

export function kindOf(kind: string, title = ""): string {
  return [KINDS[kind] ?? readable(kind), title].filter(Boolean).join(", ");
}
