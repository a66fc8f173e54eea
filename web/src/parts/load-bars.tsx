/** Loads as bars from zero, by category, with a line at what the FTE would be. The table beside it says the same in numbers. */
import { to } from "../router";
import { amount, type Loads, type Load, ticks } from "../state/loads";

const ROW = 30;
const LABEL = 190;
const WIDTH = 900;
const PATTERNS = ["none", "dots", "lines", "cross"];

interface Props {
  loads: Loads;
  shown: Load[];
  /** Whether bars are as if everybody were full-time. */
  scaled: boolean;
}

export function LoadBars({ loads, shown, scaled }: Props) {
  const factor = (load: Load) => (scaled && load.fte > 0 ? 100 / load.fte : 1);
  const full = (load: Load) => (scaled ? loads.nominal_hours : (loads.nominal_hours * load.fte) / 100);
  const most = Math.max(...shown.map((load) => Math.max(load.total * factor(load), full(load))), 1);
  const marks = ticks(most);
  const x = (hours: number) => LABEL + ((WIDTH - LABEL - 12) * hours) / (marks.at(-1) as number);
  const height = shown.length * ROW + 34;
  return (
    <figure class="stack">
      <figcaption class="key">
        {loads.categories.map((category, index) => (
          <span key={category.id}>
            <svg viewBox="0 0 14 14" aria-hidden="true">
              <Patterns id={`key-${category.id}`} colour={category.colour} pattern={PATTERNS[index % 4] as string} />
              <rect width="14" height="14" rx="2" fill={`url(#key-${category.id})`} />
            </svg>
            {category.name}
          </span>
        ))}
        <span>
          <svg viewBox="0 0 14 14" aria-hidden="true">
            <path d="M7 0v14" stroke="currentColor" stroke-width="2" />
          </svg>
          {scaled ? "a full-time year" : "what the FTE would be"}
        </span>
      </figcaption>
      <div class="scroll" tabIndex={0} role="region" aria-label="Loads as bars">
        <svg
          class="bars"
          viewBox={`0 0 ${WIDTH} ${height}`}
          style={{ minWidth: "36rem" }}
          role="group"
          aria-label="Bars. The table has the same numbers."
        >
          <defs>
            {loads.categories.map((category, index) => (
              <Patterns
                key={category.id}
                id={`fill-${category.id}`}
                colour={category.colour}
                pattern={PATTERNS[index % 4] as string}
              />
            ))}
          </defs>
          {marks.map((mark) => (
            <g key={mark}>
              <line class="axis" x1={x(mark)} x2={x(mark)} y1={24} y2={height} />
              <text class="tick" x={x(mark)} y={15} text-anchor={mark === 0 ? "start" : mark === marks.at(-1) ? "end" : "middle"}>
                {amount(mark, loads)}
              </text>
            </g>
          ))}
          {shown.map((load, row) => (
            <Bar key={load.person} load={load} loads={loads} y={30 + row * ROW} x={x} factor={factor(load)} full={full(load)} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

interface BarProps {
  load: Load;
  loads: Loads;
  y: number;
  x: (hours: number) => number;
  factor: number;
  full: number;
}

function Bar({ load, loads, y, x, factor, full }: BarProps) {
  let from = 0;
  return (
    <g>
      <a href={to("loads", loads.package, load.person)}>
        <text x={LABEL - 10} y={y + 15} text-anchor="end">
          {load.name}
        </text>
      </a>
      {loads.categories.map((category) => {
        const hours = (load.categories[category.id] ?? 0) * factor;
        if (hours <= 0) return null;
        const start = from;
        from += hours;
        return (
          <rect
            key={category.id}
            class="part"
            x={x(start)}
            y={y}
            width={Math.max(0.5, x(from) - x(start))}
            height={ROW - 10}
            fill={`url(#fill-${category.id})`}
          >
            <title>{`${load.name}: ${category.name}, ${amount(hours, loads)}`}</title>
          </rect>
        );
      })}
      <line class="full" x1={x(full)} x2={x(full)} y1={y - 3} y2={y + ROW - 7} />
    </g>
  );
}

/** A category's colour with a texture of its own, so that it is known without the colour. */
function Patterns({ id, colour, pattern }: { id: string; colour: string; pattern: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse">
      <rect width="6" height="6" fill={colour} />
      <g stroke="#fff" stroke-opacity="0.55" fill="#fff" fill-opacity="0.55" stroke-width="1">
        {pattern === "dots" && <circle cx="3" cy="3" r="1" stroke="none" />}
        {pattern === "lines" && <path d="M0 6 6 0" />}
        {pattern === "cross" && <path d="M3 0v6M0 3h6" stroke-width="0.7" />}
      </g>
    </pattern>
  );
}
