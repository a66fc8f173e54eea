/** A countdown, against the campus's clock: every screen shows the same second. */
import { useEffect } from "preact/hooks";
import { fastNow } from "../client/clock";
import { announce } from "./say";

interface Props {
  /** When it ends, in milliseconds since 1970, by the campus's clock. */
  end: number;
  /** How long it is in all, in seconds: a full ring. */
  whole: number;
  children: string;
}

const AROUND = 2 * Math.PI * 46;

export function Ring({ end, whole, children }: Props) {
  const left = Math.max(0, Math.ceil((end - fastNow.value) / 1000));
  const share = Math.min(1, left / Math.max(1, whole));
  const words = left >= 60 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : String(left);
  useEffect(() => {
    if (left === 60 || left === 30 || left === 10) announce(`${left} seconds left`);
  }, [left]);
  return (
    <div class="ring" role="timer" aria-label={`${words} ${left < 60 ? "seconds" : "minutes"} left`}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle cx="50" cy="50" r="46" />
        <circle class="left" cx="50" cy="50" r="46" stroke-dasharray={`${AROUND * share} ${AROUND}`} />
      </svg>
      <span class="ring-words">
        <strong>{words}</strong>
        <span class="quiet">{children}</span>
      </span>
    </div>
  );
}
