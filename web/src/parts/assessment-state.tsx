/** The state of an assessment: its word, and a shape that says whose turn it is. */
import { type Assessment, type Turn, isTurnOf, type You, waitsFor } from "../state/assessments";
import { listed, nameOf, readable } from "../state/names";
import { State } from "./states";

export function AssessmentState({ assessment, you }: { assessment: Assessment; you: You }) {
  const { shape, tone, hint } = lookOf(assessment, you);
  return (
    <State shape={shape} tone={tone}>
      <span>
        {assessment.state_title || "Not begun"}
        <span class="unseen"> ({hint})</span>
      </span>
    </State>
  );
}

function lookOf(assessment: Assessment, you: You): { shape: string; tone: string; hint: string } {
  if (assessment.ended) return { shape: "tick", tone: "accent", hint: "finished" };
  if (waitsFor(assessment, you)) return { shape: "diamond", tone: "brass", hint: "waits for you" };
  if (assessment.state === null) return { shape: "dashed", tone: "", hint: "not begun" };
  return { shape: "half", tone: "sky", hint: "waits for others" };
}

/** Who is to act next, each once: "you" first. */
export function whoIsNext(turns: Turn[], you: You, names: Record<string, string>): string {
  const found = new Set<string>();
  if (turns.some((turn) => isTurnOf(turn, you))) found.add("you");
  for (const turn of turns) {
    for (const person of turn.people) if (person !== you.person) found.add(nameOf(person, names));
    for (const group of turn.groups) if (!you.groups.includes(group)) found.add(readable(group));
    if (turn.anyone) found.add("any member of staff");
    if (turn.administrators && turn.people.length + turn.groups.length === 0) found.add("an administrator");
  }
  return listed([...found]);
}
