/** What concerns me, now. */
import { LOCALE } from "../locale";
import { useEffect, useMemo } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { call } from "../client/call";
import { campus } from "../client/connection";
import { slowNow } from "../client/clock";
import { useLive } from "../live";
import { arrival } from "../parts/arrivals";
import { Empty, Loading, Refused, State } from "../parts/states";
import { useHeld, useSteady } from "../parts/steady";
import { TaskLine } from "../parts/task-line";
import { When } from "../parts/times";
import { to } from "../router";
import { kindOf } from "../state/names";
import { type RoomEntry, oneRoom } from "../state/rooms";
import { type MyTasks, type Notice, myTasks, urgency } from "../state/tasks";
import { liveWaiting } from "../state/waiting";
import type { PageProps } from ".";

export function Home({ person }: PageProps) {
  const tasks = useLive(person.id, () => myTasks(person.id));
  const mine = tasks.value.value;
  return (
    <>
      <div class="page-head">
        <div>
          <h1>
            {greeting(slowNow.value)}, {person.name.split(" ")[0]}
          </h1>
          <p>{new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long" }).format(slowNow.value)}</p>
        </div>
      </div>
      <div class="columns">
        <div class="stack wide">
          <Classes person={person.id} />
          {person.kind !== "student" && <WaitingForMe />}
          <section class="stack" aria-labelledby="tasks">
            <h2 id="tasks">To do</h2>
            <Refused error={tasks.refusal.value} />
            {mine ? <OpenTasks mine={mine} /> : <Loading what="your tasks" />}
          </section>
        </div>
        {(person.kind !== "student" || (mine && mine.notices.length > 0)) && (
          <section class="stack" aria-labelledby="told">
            <h2 id="told">What you were told</h2>
            {mine ? <Notices notices={mine.notices} /> : <Loading what="the latest" />}
          </section>
        )}
      </div>
    </>
  );
}

function greeting(now: number): string {
  const hour = new Date(now).getHours();
  return hour < 5 || hour >= 18 ? "Good evening" : hour < 12 ? "Good morning" : "Good afternoon";
}

function WaitingForMe() {
  const waiting = useMemo(liveWaiting, []);
  useEffect(() => () => waiting.close(), [waiting]);
  const items = waiting.items.value;
  const { shown, handlers } = useSteady(items ?? [], ({ assessment }) => assessment.id);
  return (
    <section class="stack" aria-labelledby="waiting" {...handlers}>
      <h2 id="waiting">Waits for you{items && items.length > 0 ? ` (${items.length})` : ""}</h2>
      <Refused error={waiting.refusal.value} />
      {!items && !waiting.refusal.value && <Loading what="assessments" />}
      {items && shown.length === 0 && (
        <Empty>No assessment waits for you. When somebody signs one off and the next step is yours, it appears here.</Empty>
      )}
      {shown.length > 0 && (
        <ul class="things">
          {shown.map(({ item: { assessment, package_name }, gone }) => (
            <li key={assessment.id} class={`thing ${gone ? "gone" : arrival(`assessment:${assessment.id}`)}`}>
              <div>
                <div class="title">
                  <a href={to("assessments", assessment.package, assessment.id)}>
                    {assessment.module_code} {assessment.module_name}
                  </a>
                </div>
                <div class="row small quiet">
                  <State shape={gone ? "tick" : "diamond"} tone={gone ? "" : "brass"}>
                    {gone ? "No longer waits for you" : assessment.state_title || "Not begun"}
                  </State>
                  <span>{kindOf(assessment.kind, assessment.title)}</span>
                  <span>{package_name}</span>
                  <When at={assessment.since} />
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function OpenTasks({ mine }: { mine: MyTasks }) {
  const open = mine.tasks.filter((task) => urgency(task, slowNow.value) !== "done");
  const { shown, handlers } = useSteady(
    open.slice(0, 6),
    (task) => task.id,
    (id) => mine.tasks.find((task) => task.id === id),
  );
  if (shown.length === 0) return <Empty>Nothing to do. Tasks that are set for you or your groups appear here at once.</Empty>;
  return (
    <>
      <ul class="things" {...handlers}>
        {shown.map(({ item }) => (
          <TaskLine key={item.id} task={item} />
        ))}
      </ul>
      <p>
        <a href={to("tasks")}>
          {open.length > 6 ? `All ${open.length} open tasks and the reminders` : "All tasks and the reminders"}
        </a>
      </p>
    </>
  );
}

function Notices({ notices }: { notices: Notice[] }) {
  const { shown, waiting, release, handlers } = useHeld(notices, (notice) => notice.sign_off);
  if (notices.length === 0)
    return <Empty>Nothing yet. When somebody signs off an assessment that concerns you, you are told here and by mail.</Empty>;
  return (
    <div class="stack" {...handlers}>
      {waiting > 0 && <button onClick={release}>{waiting} new</button>}
      <ul class="things">
        {shown.slice(0, 12).map((notice) => (
          <li key={notice.sign_off} class={`thing ${arrival(`notice:${notice.sign_off}`)}`}>
            <div>
              <div class="title">
                <a href={to("assessments", notice.package, notice.assessment)}>
                  {notice.module} {kindOf(notice.kind)}
                </a>
                : {notice.state}
              </div>
              <div class="small quiet">
                {notice.signer}
                {notice.on_behalf_of && <> for {notice.on_behalf_of}</>}, <When at={notice.at} />
                {notice.channel === "mail" && notice.sent_at && <> · mailed</>}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Classes that are going on, for who may be in them. */
function Classes({ person }: { person: string }) {
  const rooms = useSignal<RoomEntry[]>([]);
  useEffect(
    () =>
      campus.onSession(() => {
        // Rooms come and go seldom; what goes on in each is followed.
        void call("classroom.v1.rooms.list", {}).then(
          (answer) => (rooms.value = answer.rooms.slice(0, 12)),
          () => undefined,
        );
      }),
    [],
  );
  return (
    <>
      {rooms.value.map((entry) => (
        <ClassNow key={entry.room.id} entry={entry} person={person} />
      ))}
    </>
  );
}

const GOING_ON = { idle: "People are there", broadcast: "A broadcast is on", groups: "In small groups" };

function ClassNow({ entry, person }: { entry: RoomEntry; person: string }) {
  const room = useLive(entry.room.id, () => oneRoom(entry.room.id, person));
  const state = room.value.value;
  const there = state?.participants.filter((participant) => participant.away_since === null).length ?? 0;
  if (!state || there === 0) return null;
  return (
    <section class="note row spread" aria-label={state.room.name}>
      <span class="row">
        <State shape={state.mode.kind === "idle" ? "ring" : "disc"} tone="accent">
          {state.room.name}
        </State>
        <span class="quiet">
          {GOING_ON[state.mode.kind]}, {there} {there === 1 ? "person" : "people"}
        </span>
      </span>
      <a class="button" href={to("rooms", state.room.id)}>
        Go in
      </a>
    </section>
  );
}
