/** What a teacher can do with a room. Every press says which mode it was meant for: the second press of a button is not a second switch. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call, change } from "../client/call";
import { Refusal } from "../client/refusal";
import type { RoomState } from "../state/rooms";
import { Act } from "./act";
import { Refused } from "./states";

interface Props {
  state: RoomState;
  refresh: () => void;
}

export function TeacherControls({ state, refresh }: Props) {
  const { room, mode } = state;
  const seen = { room: room.id, seen: mode.number };
  const size = useSignal(room.group_size);
  const minutes = useSignal(0);
  const kept = useSignal(false);
  /** Another teacher was faster: show what is now. */
  const guarded = (act: () => Promise<unknown>) => async () => {
    try {
      await act();
    } catch (error) {
      if (error instanceof Refusal && error.kind === "conflict") refresh();
      throw error;
    }
  };
  const members = state.participants.filter((one) => one.standing === "member" && one.away_since === null).length;
  return (
    <section class="stack sheet" aria-labelledby="controls">
      <h2 id="controls">Switch the room</h2>
      {mode.pending && (
        <div class="row">
          <Act kind="primary" act={guarded(() => change("classroom.v1.countdown.skip", seen))}>
            Switch now
          </Act>
          <Act act={guarded(() => change("classroom.v1.countdown.extend", { ...seen, seconds: 30 }))}>30 seconds more</Act>
          <Act act={guarded(() => change("classroom.v1.countdown.cancel", seen))}>Stay in groups</Act>
        </div>
      )}
      {mode.kind === "groups" && !mode.pending && (
        <div class="row">
          <Act kind="primary" act={guarded(() => change("classroom.v1.call_back", seen))}>
            Call everybody back ({room.countdown} s)
          </Act>
          {mode.until && (
            <Act act={guarded(() => change("classroom.v1.countdown.extend", { ...seen, seconds: 60 }))}>A minute more</Act>
          )}
        </div>
      )}
      {mode.kind !== "groups" && (
        <>
          <div class="row">
            {mode.kind === "idle" ? (
              <Act act={guarded(() => change("classroom.v1.broadcast", seen))}>Speak to everybody</Act>
            ) : (
              <Act act={guarded(() => change("classroom.v1.rest", seen))}>End the broadcast</Act>
            )}
          </div>
          <fieldset class="row split">
            <legend>Into small groups</legend>
            <label class="field small">
              People in a group
              <input
                type="number"
                min={2}
                max={50}
                value={size.value}
                onInput={(event) => (size.value = event.currentTarget.valueAsNumber)}
              />
            </label>
            <label class="field small">
              For
              <select value={minutes.value} onChange={(event) => (minutes.value = Number(event.currentTarget.value))}>
                <option value={0}>as long as you like</option>
                {[1, 2, 3, 5, 10, 15, 20, 30].map((count) => (
                  <option key={count} value={count}>
                    {count} min
                  </option>
                ))}
              </select>
            </label>
            <label class="row small">
              <input type="checkbox" checked={kept.value} onChange={(event) => (kept.value = event.currentTarget.checked)} /> as
              last time
            </label>
            <Act
              kind="primary"
              act={guarded(() =>
                change("classroom.v1.split", {
                  ...seen,
                  size: size.value,
                  kept: kept.value,
                  ...(minutes.value > 0 ? { lasts: minutes.value * 60 } : {}),
                }),
              )}
            >
              Split {members} {members === 1 ? "person" : "people"}
            </Act>
          </fieldset>
        </>
      )}
      {room.by_code && <Code room={room.id} version={room.version} />}
    </section>
  );
}

function Code({ room, version }: { room: string; version: number }) {
  const code = useSignal<string | null>(null);
  const refusal = useSignal<unknown>(undefined);
  useEffect(() => {
    call("classroom.v1.code.read", { room }).then(
      (answer) => (code.value = answer.code),
      (error: unknown) => (refusal.value = error),
    );
  }, [room, version]);
  return (
    <p>
      <Refused error={refusal.value} />
      {code.value && (
        <>
          Room <strong class="mono">{room}</strong>, code <strong class="mono">{code.value}</strong>{" "}
          <Act kind="plain" act={() => change("classroom.v1.code.renew", { room }).then((answer) => (code.value = answer.code))}>
            New code
          </Act>
        </>
      )}
    </p>
  );
}
