/** Whether what one sees is live, always in view; and when it is not, how old it is. */
import { slowNow } from "../client/clock";
import { campus, connection } from "../client/connection";
import { Shape } from "./icons";
import { AtClock, relativeTime } from "./times";

const WORDS = { live: "Live", connecting: "Connecting", lost: "Lost" };
const SHAPES = { live: "disc", connecting: "dashed", lost: "triangle" };

export function ConnectionBadge() {
  const { state } = connection.value;
  return (
    <span class="badge" data-state={state} role="status" aria-label={`Connection: ${WORDS[state]}`}>
      <Shape of={SHAPES[state]} />
      {WORDS[state]}
    </span>
  );
}

export function ConnectionBanner() {
  const { state, since } = connection.value;
  if (state !== "lost") return null;
  return (
    <div class="banner" role="alert">
      <span>
        The connection is lost. What you see is as of <AtClock at={since} /> ({relativeTime(since, Math.max(slowNow.value, since))}
        ). It is tried again by itself.
      </span>
      <button onClick={() => void campus.nudge()}>Try now</button>
    </div>
  );
}
