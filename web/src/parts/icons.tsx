/** Small drawings, all in the ink of the text around them. Decorative: the words beside them say it. */
import type { ComponentChildren } from "preact";

const PATHS: Record<string, string> = {
  home: "M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z",
  assessments: "M7 4h7l4 4v12H7zM14 4v4h4M10 13l1.7 1.7L15 11.5",
  tasks: "M9 7h11M9 12h11M9 17h11M4 7l1 1 1.5-2M4 12l1 1 1.5-2M4 17l1 1 1.5-2",
  loads: "M4 20V4M4 20h16M8 20v-7M12.5 20V8M17 20v-4",
  rooms: "M4 6h16v9H4zM8.5 20h7M12 15v5",
  operator: "M4 12h3.5l2-6 4 12 2.5-6h4",
};

export function Icon({ of }: { of: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[of] ?? ""} />
    </svg>
  );
}

/** The mark: a bell in chalk. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#1b3a2f" />
      <g fill="none" stroke="#f2f0e6" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">
        <path d="M16 5.9v2.6" />
        <path d="M8.9 21.6C10.5 19.5 10.5 17 10.7 14.6 11 11 13.1 8.6 16 8.6s5 2.4 5.3 6C21.5 17 21.5 19.5 23.1 21.6" />
        <path d="M6.9 22C13 22.5 19 22.4 25.1 21.8" />
        <path d="M13.8 25.3c1 1.2 3.3 1.2 4.3 0" />
      </g>
    </svg>
  );
}

/** Shapes of states, told apart without colour: 12 by 12. */
const SHAPES: Record<string, ComponentChildren> = {
  disc: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  ring: <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.8" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6" />
      <path d="M6 1.8a4.2 4.2 0 0 1 0 8.4z" fill="currentColor" />
    </>
  ),
  dashed: <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="2.2 2.2" />,
  triangle: <path d="M6 1.2 11.3 10.8H.7z" fill="currentColor" />,
  square: <rect x="1.8" y="1.8" width="8.4" height="8.4" rx="1" fill="currentColor" />,
  diamond: <path d="M6 .6 11.4 6 6 11.4.6 6z" fill="currentColor" />,
  tick: (
    <path
      d="M1.5 6.5 4.7 9.7 10.7 2.7"
      fill="none"
      stroke="currentColor"
      stroke-width="2.2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  ),
  back: (
    <path
      d="M5 2 1.5 5.5 5 9M1.5 5.5H8a2.5 2.5 0 0 1 0 5H6"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  ),
  cross: <path d="M2 2l8 8M10 2 2 10" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />,
};

export type ShapeName = keyof typeof SHAPES;

export function Shape({ of }: { of: string }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[of]}
    </svg>
  );
}
