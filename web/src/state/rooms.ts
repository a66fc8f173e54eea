/** A classroom: who is there, and what it does. Its own stream. */
import { call } from "../client/call";
import type { Envelope } from "../client/follow";
import type { Procedures, Topics } from "../contracts";
import type { Source } from "../live";
import { arrived } from "../parts/arrivals";
import { announce } from "../parts/say";

export type RoomState = Procedures["classroom.v1.room.read"]["answer"];
export type Mode = RoomState["mode"];
export type Participant = RoomState["participants"][number];
export type RoomEntry = Procedures["classroom.v1.rooms.list"]["answer"]["rooms"][number];
type Told<Name extends string> = Topics[`classroom.v1.${Name}` & keyof Topics];

/** A room after an event of its stream. */
export function foldRoom(state: RoomState, event: Envelope): RoomState {
  const withParticipant = (participant: Participant) => ({
    ...state,
    participants: [...state.participants.filter((other) => other.person !== participant.person), participant].sort(byName),
  });
  switch (event.name) {
    case "room_changed":
      return { ...state, room: (event.data as Told<"room_changed">).details };
    case "joined":
    case "participant_changed":
      return withParticipant((event.data as Told<"joined">).participant);
    case "left": {
      const { person } = event.data as Told<"left">;
      return { ...state, participants: state.participants.filter((other) => other.person !== person) };
    }
    case "switched":
      return { ...state, mode: (event.data as Told<"switched">).mode };
    case "groups_changed": {
      const { number, groups } = event.data as Told<"groups_changed">;
      return state.mode.number === number ? { ...state, mode: { ...state.mode, groups } } : state;
    }
  }
  return state;
}

const byName = (a: Participant, b: Participant) => a.name.localeCompare(b.name) || (a.person < b.person ? -1 : 1);

export function oneRoom(id: string, person: string): Source<RoomState> {
  return {
    service: "classroom",
    scope: id,
    read: () => call("classroom.v1.room.read", { room: id }),
    fold: foldRoom,
    happened: (event, before) => tell(event, before, person),
  };
}

/** The group that somebody sits in. */
export function groupOf(mode: Mode, person: string) {
  return mode.kind === "groups" ? mode.groups.find((group) => group.members.includes(person)) : undefined;
}

/** When the groups end: by a countdown, or by agreement. Milliseconds since 1970. */
export function endOf(mode: Mode): number | undefined {
  const at = mode.pending?.at ?? mode.until;
  return at ? Date.parse(at) : undefined;
}

export function isTeacher(state: RoomState, person: string): boolean {
  return state.room.teachers.some((teacher) => teacher.id === person);
}

const WORDS: Record<Told<"switched">["reason"], string> = {
  opened: "The room is open",
  broadcast: "The broadcast begins",
  rested: "Everybody is in the main room",
  split: "You are in groups now",
  countdown_started: "The groups end soon",
  countdown_extended: "The groups have more time",
  countdown_cancelled: "The groups go on",
  countdown_ended: "The groups have ended",
  countdown_skipped: "The groups have ended",
  speaker_left: "The speaker has left",
  teachers_gone: "No teacher is here at the moment",
};

function tell(event: Envelope, before: RoomState, person: string): void {
  if (event.name === "switched") {
    const { reason, mode } = event.data as Told<"switched">;
    const mates = groupOf(mode, person)?.members.filter((member) => member !== person) ?? [];
    const names = mates.map((mate) => before.participants.find((other) => other.person === mate)?.name ?? mate);
    announce(names.length > 0 && reason === "split" ? `You are in a group with ${names.join(", ")}` : WORDS[reason]);
    arrived(`mode:${before.room.id}`);
  }
  if (event.name === "joined" || event.name === "participant_changed") {
    arrived(`participant:${(event.data as Told<"joined">).participant.person}`);
  }
  if (event.name === "groups_changed") {
    for (const move of (event.data as Told<"groups_changed">).moves) {
      arrived(`participant:${move.person}`);
      if (move.person === person && move.to) announce("You are in another group now");
    }
  }
}
