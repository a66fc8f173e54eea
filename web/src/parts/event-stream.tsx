/** Events as they come. While somebody points at the list or is in it with the keyboard, it holds still and counts what waits. */
import { useEffect, useMemo } from "preact/hooks";
import { call } from "../client/call";
import { campus } from "../client/connection";
import { keyOf, watch, type Stream } from "../state/watch";
import { arrival, arrived } from "./arrivals";
import { Empty } from "./states";
import { useHeld } from "./steady";
import { AtClock } from "./times";

const SHOWN = 40;

export function EventStream() {
  const watched = useMemo(() => watch((event) => arrived(`event:${keyOf(event)}`)), []);
  const { shown, waiting, release, handlers } = useHeld(watched.events.value, keyOf);
  useEffect(() => {
    const stop = campus.onSession(() => void streams().then(watched.add));
    return () => {
      stop();
      watched.close();
    };
  }, [watched]);
  return (
    <section class="stack" aria-labelledby="events" {...handlers}>
      <div class="row spread">
        <h2 id="events">What happens</h2>
        {waiting > 0 && <button onClick={release}>{waiting} new</button>}
      </div>
      {shown.length === 0 && (
        <Empty>Nothing yet. Every event of the packages, the rooms and the directory is shown here as it comes.</Empty>
      )}
      {shown.length > 0 && (
        <ol class="events scroll" tabIndex={0} aria-label="Events, the newest first">
          {shown.slice(0, SHOWN).map((event) => (
            <li key={keyOf(event)} class={arrival(`event:${keyOf(event)}`)}>
              <AtClock at={event.at} />
              <span>
                <strong>{event.name}</strong> <span class="quiet">{event.by}</span>
              </span>
              <code class="quiet">
                {event.service}/{event.scope} {event.seq}
              </code>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The streams that there are for somebody who looks after the campus. People's own are theirs. */
async function streams(): Promise<Stream[]> {
  const found: Stream[] = [{ service: "directory", scope: "campus" }];
  const [packages, rooms] = await Promise.allSettled([call("workload.v1.packages.list", {}), call("classroom.v1.rooms.list", {})]);
  if (packages.status === "fulfilled") {
    for (const { package: one } of packages.value.packages) {
      found.push({ service: "workload", scope: one.id }, { service: "workflow", scope: one.id });
    }
  }
  if (rooms.status === "fulfilled") for (const { room } of rooms.value.rooms) found.push({ service: "classroom", scope: room.id });
  return found;
}
