/** The rooms that I may go into. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call, change } from "../client/call";
import { campus } from "../client/connection";
import { Empty, Loading, Refused, State } from "../parts/states";
import { go, to } from "../router";
import type { RoomEntry } from "../state/rooms";
import type { PageProps } from ".";
import { Room } from "./room";

const DOES: Record<string, string> = { idle: "Nothing is on", broadcast: "A broadcast is on", groups: "In small groups" };

export function Rooms({ path, person }: PageProps) {
  const [room, code] = path;
  if (room) return <Room key={room} id={room} code={code} person={person} />;
  return <List staff={person.kind === "staff"} />;
}

function List({ staff }: { staff: boolean }) {
  const rooms = useSignal<RoomEntry[] | undefined>(undefined);
  const refusal = useSignal<unknown>(undefined);
  useEffect(
    () =>
      campus.onSession(() => {
        call("classroom.v1.rooms.list", {}).then(
          (answer) => {
            rooms.value = answer.rooms;
            refusal.value = undefined;
          },
          (error: unknown) => (refusal.value = error),
        );
      }),
    [],
  );
  return (
    <>
      <div class="page-head">
        <h1>Rooms</h1>
      </div>
      <Refused error={refusal.value} />
      <div class="columns">
        <section class="stack" aria-label="Rooms">
          {!rooms.value && !refusal.value && <Loading what="rooms" />}
          {rooms.value?.length === 0 && (
            <Empty>There is no room for you yet. Teachers make rooms and let people in, by name, by group or by code.</Empty>
          )}
          {rooms.value && rooms.value.length > 0 && (
            <ul class="things">
              {rooms.value.map(({ room, standing, kind, participants }) => (
                <li key={room.id} class="thing">
                  <div>
                    <div class="title">
                      <a href={to("rooms", room.id)}>{room.name}</a>
                    </div>
                    <div class="row small quiet">
                      <State shape={participants > 0 ? "disc" : "ring"} tone={participants > 0 ? "accent" : ""}>
                        {participants > 0 ? `${participants} there` : "Empty"}
                      </State>
                      <span>{DOES[kind]}</span>
                      {standing === "teacher" && <span>You teach here</span>}
                    </div>
                  </div>
                  <div class="acts">
                    <a class="button" href={to("rooms", room.id)} aria-label={`Go in: ${room.name}`}>
                      Go in
                    </a>
                  </div>
                </li>
              ))}
            </ul>
          )}
        </section>
        <div class="stack wide">
          <ByCode />
          {staff && <NewRoom />}
        </div>
      </div>
    </>
  );
}

function ByCode() {
  const submit = (event: Event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    go("rooms", String(fields.get("room")).trim().toLowerCase(), String(fields.get("code")).trim());
  };
  return (
    <form class="stack sheet" onSubmit={submit} aria-labelledby="by-code">
      <h2 id="by-code">Come in by code</h2>
      <div class="field">
        <label for="code-room">Room</label>
        <input id="code-room" name="room" required pattern="[A-Za-z0-9\-]+" placeholder="cs101-lecture" />
      </div>
      <div class="field">
        <label for="code">Code</label>
        <input id="code" name="code" required maxLength={20} autocomplete="off" />
      </div>
      <div class="row">
        <button type="submit">Go in</button>
      </div>
    </form>
  );
}

function NewRoom() {
  const refusal = useSignal<unknown>(undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const name = String(fields.get("name")).trim();
    const id = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
    refusal.value = undefined;
    try {
      await change("classroom.v1.room.add", {
        id,
        name,
        open: fields.get("who") === "open",
        by_code: fields.get("who") === "code",
        group_size: Number(fields.get("size")),
      });
      go("rooms", id);
    } catch (error) {
      refusal.value = error;
    }
  };
  return (
    <details>
      <summary>Make a room</summary>
      <form class="stack sheet" onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for="room-name">Name</label>
          <input id="room-name" name="name" required maxLength={60} />
        </div>
        <div class="field">
          <label for="room-who">Who may come in</label>
          <select id="room-who" name="who">
            <option value="code">whoever has the code</option>
            <option value="open">everybody who is signed in</option>
            <option value="named">those whom you name later</option>
          </select>
        </div>
        <div class="field">
          <label for="room-size">People in a group</label>
          <input id="room-size" name="size" type="number" min={2} max={50} value={4} required />
        </div>
        <Refused error={refusal.value} />
        <div class="row">
          <button class="primary" type="submit">
            Make the room
          </button>
        </div>
      </form>
    </details>
  );
}
