/** All people and groups, for administrators: the directory's stream. */
import { call } from "../client/call";
import type { Envelope } from "../client/follow";
import type { Procedures, Topics } from "../contracts";
import type { Source } from "../live";
import { arrived } from "../parts/arrivals";

export type CampusState = Procedures["directory.v1.campus.read"]["answer"];
export type CampusPerson = CampusState["people"][number];
type Told<Name extends string> = Topics[`directory.v1.${Name}` & keyof Topics];

const byId = <Thing extends { id: string }>(things: Thing[]) => [...things].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The campus after an event of the directory. */
export function foldCampus(state: CampusState, event: Envelope): CampusState | "reload" {
  switch (event.name) {
    case "person_changed": {
      const { person } = event.data as Told<"person_changed">;
      return { ...state, people: byId([...state.people.filter((other) => other.id !== person.id), person]) };
    }
    case "group_removed": {
      const { id } = event.data as Told<"group_removed">;
      return { ...state, groups: state.groups.filter((group) => group.id !== id) };
    }
    case "group_changed":
    case "members_changed":
      return "reload";
  }
  return state;
}

export function theCampus(): Source<CampusState> {
  return {
    service: "directory",
    scope: "campus",
    read: () => call("directory.v1.campus.read", {}),
    fold: foldCampus,
    happened: (event) => {
      if (event.name === "person_changed") arrived(`person:${(event.data as Told<"person_changed">).person.id}`);
    },
  };
}
