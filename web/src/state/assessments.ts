/** Assessments: those of a package, those an examiner examines, one with its history, and those that wait for me. */
import { call } from "../client/call";
import type { Envelope } from "../client/follow";
import type { Procedures, Topics } from "../contracts";
import type { Source } from "../live";
import { arrived } from "../parts/arrivals";
import { announce } from "../parts/say";

export type PackageAssessments = Procedures["workflow.v1.assessments.list"]["answer"];
export type Examined = Procedures["workflow.v1.examined.read"]["answer"];
export type AssessmentRead = Procedures["workflow.v1.assessment.read"]["answer"];
export type Assessment = PackageAssessments["assessments"][number];
export type Turn = Assessment["next"][number];
export type You = PackageAssessments["you"];
export type SignedOff = Topics["workflow.v1.signed_off"];
type Added = Topics["workflow.v1.assessment_added"];
type Removed = Topics["workflow.v1.assessment_removed"];
type Shown = Topics["workflow.v1.assessment_shown"];
type Notified = Topics["workflow.v1.sign_off_notified"];

/** Whether a turn is the reader's by name or by a group; more may act, but these are waited for. */
export function isTurnOf(turn: Turn, you: You): boolean {
  return turn.people.includes(you.person) || turn.groups.some((group) => you.groups.includes(group));
}

export function waitsFor(assessment: Assessment, you: You): boolean {
  return !assessment.ended && assessment.next.some((turn) => isTurnOf(turn, you));
}

/** What a sign-off makes of an assessment. */
export function signedOff(assessment: Assessment, event: SignedOff): Assessment {
  const { state, state_title, ended, next, version, number, at } = event;
  return { ...assessment, state, state_title, ended, next, version, sign_offs: number, since: at };
}

const byModule = (a: Assessment, b: Assessment) =>
  a.module_code.localeCompare(b.module_code) || a.kind.localeCompare(b.kind) || a.title.localeCompare(b.title);

function put(state: PackageAssessments, assessment: Assessment, names: Record<string, string>): PackageAssessments {
  const assessments = [...state.assessments.filter((other) => other.id !== assessment.id), assessment].sort(byModule);
  return mine({ ...state, assessments, names: { ...state.names, ...names } });
}

function mine(state: PackageAssessments): PackageAssessments {
  const { assessments, you } = state;
  return { ...state, mine: assessments.filter((assessment) => waitsFor(assessment, you)).map((assessment) => assessment.id) };
}

/** A package's assessments after an event of the package's stream. */
export function foldAssessments(state: PackageAssessments, event: Envelope): PackageAssessments | "reload" {
  switch (event.name) {
    case "signed_off": {
      const data = event.data as SignedOff;
      const before = state.assessments.find((assessment) => assessment.id === data.assessment);
      return before ? put(state, signedOff(before, data), data.names) : "reload";
    }
    case "assessment_added":
    case "assessment_changed": {
      const { assessment, names } = event.data as Added;
      return put(state, assessment, names);
    }
    case "assessment_removed": {
      const { assessment } = event.data as Removed;
      return mine({ ...state, assessments: state.assessments.filter((other) => other.id !== assessment) });
    }
  }
  return state;
}

export function packageAssessments(id: string): Source<PackageAssessments> {
  return {
    service: "workflow",
    scope: id,
    read: () => call("workflow.v1.assessments.list", { package: id }),
    fold: foldAssessments,
    happened: (event, before) => tell(event, before.you),
  };
}

/** What an examiner examines after an event of their own stream. */
export function foldExamined(state: Examined, event: Envelope): Examined | "reload" {
  const remine = (next: Examined): Examined => ({
    ...next,
    mine: next.examined.filter((entry) => waitsFor(entry.assessment, next.you)).map((entry) => entry.assessment.id),
  });
  switch (event.name) {
    case "examined_signed_off": {
      const data = event.data as SignedOff;
      if (!state.examined.some((entry) => entry.assessment.id === data.assessment)) return "reload";
      const examined = state.examined.map((entry) =>
        entry.assessment.id === data.assessment ? { ...entry, assessment: signedOff(entry.assessment, data) } : entry,
      );
      return remine({ ...state, examined, names: { ...state.names, ...data.names } });
    }
    case "assessment_shown": {
      const { examined: entry, names } = event.data as Shown;
      const others = state.examined.filter((other) => other.assessment.id !== entry.assessment.id);
      const examined = [...others, entry].sort((a, b) => Number(b.lead) - Number(a.lead) || byModule(a.assessment, b.assessment));
      return remine({ ...state, examined, names: { ...state.names, ...names } });
    }
    case "assessment_hidden": {
      const { assessment } = event.data as Removed;
      return remine({ ...state, examined: state.examined.filter((entry) => entry.assessment.id !== assessment) });
    }
  }
  return state;
}

export function examinedAssessments(scope: string): Source<Examined> {
  return {
    service: "workflow",
    scope,
    read: () => call("workflow.v1.examined.read", {}),
    fold: foldExamined,
    happened: (event, before) => tell(event, before.you),
  };
}

/** One assessment after an event of the stream it is in. Notes and reasons are in no event: a sign-off is read again. */
export function foldAssessment(state: AssessmentRead, event: Envelope): AssessmentRead | "reload" {
  const { id } = state.assessment;
  switch (event.name) {
    case "signed_off":
    case "examined_signed_off":
      return (event.data as SignedOff).assessment === id ? "reload" : state;
    case "assessment_changed":
      return (event.data as Added).assessment.id === id ? "reload" : state;
    case "assessment_shown":
      return (event.data as Shown).examined.assessment.id === id ? "reload" : state;
    case "assessment_removed":
    case "assessment_hidden":
      return (event.data as Removed).assessment === id ? "reload" : state;
    case "sign_off_notified": {
      const { sign_off, person, at } = event.data as Notified;
      const history = state.history.map((entry) =>
        entry.sign_off === sign_off
          ? { ...entry, notified: [...entry.notified.filter((told) => told.person !== person), { person, at }] }
          : entry,
      );
      return { ...state, history };
    }
  }
  return state;
}

export function oneAssessment(id: string, scope: string): Source<AssessmentRead> {
  return {
    service: "workflow",
    scope,
    read: () => call("workflow.v1.assessment.read", { assessment: id }),
    fold: foldAssessment,
    happened: (event, before) => {
      if ((event.data as Partial<SignedOff>).assessment === id) tell(event, before.you);
    },
  };
}

export function tell(event: Envelope, you: You): void {
  if (event.name !== "signed_off" && event.name !== "examined_signed_off") return;
  const data = event.data as SignedOff;
  arrived(`assessment:${data.assessment}`);
  arrived(`sign-off:${data.sign_off}`);
  if (event.by !== you.person) {
    announce(`${data.module_code}: ${data.state_title}, by ${data.names[data.signer] ?? data.signer}`);
  }
}
