/** A room: what it does now, with whom I am, and for teachers the ways to switch it. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call, change } from "../client/call";
import { campus } from "../client/connection";
import type { Person } from "../client/http";
import { useLive } from "../live";
import { arrival } from "../parts/arrivals";
import { Ring } from "../parts/ring";
import { Empty, NotYet, Refused, State } from "../parts/states";
import { TeacherControls } from "../parts/teacher-controls";
import { to } from "../router";
import { readable } from "../state/names";
import { endOf, groupOf, isTeacher, oneRoom, type Participant, type RoomState } from "../state/rooms";

interface Props {
  id: string;
  code: string | undefined;
  person: Person;
}

/** Comes in with each session, and goes out with the page. Following begins inside: the right to read may come with the code. */
export function Room({ id, code, person }: Props) {
  const inside = useSignal(false);
  const refusal = useSignal<unknown>(undefined);
  useEffect(() => {
    const stop = campus.onSession(() => {
      void call("classroom.v1.join", { room: id, ...(code ? { code } : {}) }).then(
        () => {
          inside.value = true;
          refusal.value = undefined;
        },
        (error: unknown) => (refusal.value = error),
      );
    });
    return () => {
      stop();
      if (inside.value) void call("classroom.v1.leave", { room: id }).catch(() => undefined);
    };
  }, [id, code]);
  return (
    <>
      <p class="small">
        <a href={to("rooms")}>All rooms</a>
      </p>
      {inside.value && <Refused error={refusal.value} />}
      {inside.value ? <Inside id={id} person={person} /> : <NotYet title="Room" what="the room" refusal={refusal.value} />}
    </>
  );
}

function Inside({ id, person }: { id: string; person: Person }) {
  const live = useLive(id, () => oneRoom(id, person.id));
  const state = live.value.value;
  if (!state) return <NotYet title="Room" what="the room" refusal={live.refusal.value} />;
  const teacher = isTeacher(state, person.id);
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{state.room.name}</h1>
          <p>{teacher ? "You teach here" : `With ${state.room.teachers.map((one) => one.name).join(" and ")}`}</p>
        </div>
        <Presence state={state} />
      </div>
      <Refused error={live.refusal.value} />
      <div class="columns">
        <div class="stack wide">
          <Now state={state} person={person.id} teacher={teacher} />
          {teacher && <TeacherControls state={state} refresh={live.refresh} />}
        </div>
        <div class="stack wide">
          {state.mode.kind === "groups" && <Groups state={state} person={person.id} teacher={teacher} />}
          <People state={state} />
        </div>
      </div>
    </>
  );
}

function Presence({ state }: { state: RoomState }) {
  const here = state.participants.filter((participant) => participant.away_since === null).length;
  return (
    <p>
      {here} here{state.participants.length > here && `, ${state.participants.length - here} away`}
    </p>
  );
}

function nameIn(state: RoomState, id: string): string {
  const found =
    state.participants.find((participant) => participant.person === id) ?? state.room.teachers.find((teacher) => teacher.id === id);
  return found?.name ?? readable(id);
}

/** What the room does at this moment, large enough for the back row. */
function Now({ state, person, teacher }: { state: RoomState; person: string; teacher: boolean }) {
  const { mode, room } = state;
  const end = endOf(mode);
  const mine = groupOf(mode, person);
  const since = Date.parse(mode.since);
  return (
    <section class={`stack now ${arrival(`mode:${room.id}`)}`} aria-labelledby="now">
      <h2 id="now">{headline(state, person, teacher)}</h2>
      {mine && <GroupMates state={state} members={mine.members} person={person} />}
      {mode.kind === "groups" && !mine && !teacher && <p class="quiet">You are in the main room. The next split takes you in.</p>}
      {end !== undefined && (
        <Ring end={end} whole={mode.pending ? room.countdown : (end - since) / 1000}>
          {mode.pending ? "then everybody is back" : "until the groups end"}
        </Ring>
      )}
    </section>
  );
}

function headline({ mode, ...state }: RoomState, person: string, teacher: boolean): string {
  if (mode.kind === "broadcast") {
    if (mode.speaker === person) return "You are speaking";
    return `${mode.speaker ? nameIn({ mode, ...state }, mode.speaker) : "Somebody"} is speaking`;
  }
  if (mode.kind === "groups") {
    const number = mode.groups.findIndex((group) => group.members.includes(person)) + 1;
    return number > 0 ? `You are in group ${number}` : teacher ? `${mode.groups.length} groups` : "The others are in groups";
  }
  return "Everybody is in the main room";
}

function GroupMates({ state, members, person }: { state: RoomState; members: string[]; person: string }) {
  return (
    <ul class="mates">
      {members.map((member) => (
        <li key={member} class={arrival(`participant:${member}`)}>
          {member === person ? "You" : nameIn(state, member)}
          {state.participants.find((one) => one.person === member)?.away_since && <span class="quiet"> (away)</span>}
        </li>
      ))}
    </ul>
  );
}

function Groups({ state, person, teacher }: { state: RoomState; person: string; teacher: boolean }) {
  return (
    <section class="stack" aria-labelledby="groups">
      <h2 id="groups">Groups</h2>
      <ol class="group-list">
        {state.mode.groups.map((group, index) => (
          <li key={group.id} class="sheet">
            <h3>
              Group {index + 1}
              {group.members.includes(person) && " (yours)"}
            </h3>
            <ul class="plain">
              {group.members.map((member) => (
                <li key={member} class={`row spread ${arrival(`participant:${member}`)}`}>
                  {nameIn(state, member)}
                  {teacher && <MoveTo state={state} member={member} from={group.id} />}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

function MoveTo({ state, member, from }: { state: RoomState; member: string; from: string }) {
  const refusal = useSignal<unknown>(undefined);
  const move = async (event: Event) => {
    const select = event.currentTarget as HTMLSelectElement;
    const group = select.value;
    select.value = "";
    if (!group) return;
    refusal.value = undefined;
    try {
      await change("classroom.v1.move", { room: state.room.id, seen: state.mode.number, person: member, group });
    } catch (error) {
      refusal.value = error;
    }
  };
  return (
    <>
      <select class="small-select" aria-label={`Move ${nameIn(state, member)} to`} value="" onChange={(event) => void move(event)}>
        <option value="">Move to</option>
        {state.mode.groups.map((group, index) => group.id !== from && <option value={group.id}>Group {index + 1}</option>)}
      </select>
      <Refused error={refusal.value} />
    </>
  );
}

function People({ state }: { state: RoomState }) {
  const line = (participant: Participant) => (
    <li key={participant.person} class={arrival(`participant:${participant.person}`)}>
      <State shape={participant.away_since ? "dashed" : "disc"} tone={participant.away_since ? "" : "there"}>
        {participant.name}
        {participant.standing === "teacher" && <span class="quiet"> teacher</span>}
        {participant.away_since && <span class="quiet"> away</span>}
      </State>
    </li>
  );
  return (
    <section class="stack" aria-labelledby="people">
      <h2 id="people">In the room ({state.participants.length})</h2>
      {state.participants.length === 0 && <Empty>Nobody yet. Who comes in is shown here at once.</Empty>}
      <ul class="people">{state.participants.map(line)}</ul>
    </section>
  );
}
