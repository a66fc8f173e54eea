/**
 * Signing off. It cannot be undone, so it takes two steps: choose the state, then sign. What was chosen stays as it is while somebody
 * is at it, even when the assessment moves on meanwhile: then the form says so, and offers what can be done now.
 */
import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { change } from "../client/call";
import { Refusal } from "../client/refusal";
import type { AssessmentRead } from "../state/assessments";
import { nameOf } from "../state/names";
import { done } from "./say";
import { Empty, Refused } from "./states";

interface Props {
  state: AssessmentRead;
  refresh: () => void;
}

export function SignOffForm({ state, refresh }: Props) {
  const chosen = useSignal<string | undefined>(undefined);
  const notes = useSignal("");
  const actFor = useSignal("");
  const reason = useSignal("");
  const refusal = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const seen = useRef(state);
  const id = useId();
  const engaged = chosen.value !== undefined;
  if (!engaged) seen.current = state;
  const decidedOn = seen.current;
  const movedOn = decidedOn.assessment.version !== state.assessment.version;

  const inOwnName = new Set(decidedOn.may_enter);
  const offered = decidedOn.assessment.next.filter((turn) => inOwnName.has(turn.state) || decidedOn.may_act_for);
  if (offered.length === 0 && !engaged) return <NotYours state={state} />;

  const turn = offered.find((one) => one.state === chosen.value);
  const definition = decidedOn.definition.states.find((one) => one.name === chosen.value);
  const forOthers = turn !== undefined && !inOwnName.has(turn.state);
  const actors = turn ? actorsOf(turn, decidedOn) : [];

  const start = () => {
    chosen.value = undefined;
    refusal.value = undefined;
    actFor.value = "";
  };
  const sign = async (event: Event) => {
    event.preventDefault();
    if (busy.value || movedOn || !turn) return;
    busy.value = true;
    refusal.value = undefined;
    try {
      const { assessment } = decidedOn;
      const signed = await change("workflow.v1.sign_off", {
        assessment: assessment.id,
        state: turn.state,
        seen: assessment.version,
        notes: notes.value,
        ...(forOthers ? { on_behalf_of: actFor.value, reason: reason.value } : {}),
      });
      notes.value = "";
      reason.value = "";
      start();
      done(`Signed off: ${signed.state_title}`);
    } catch (error) {
      refusal.value = error;
      if (error instanceof Refusal && error.kind === "conflict") refresh();
    } finally {
      busy.value = false;
    }
  };

  return (
    <form class="stack sheet" onSubmit={(event) => void sign(event)} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Sign off</h2>
      {movedOn ? (
        <MovedOn before={decidedOn} state={state} go={start} keptNotes={notes.value !== ""} />
      ) : (
        <Refused error={refusal.value} />
      )}
      <fieldset disabled={movedOn} class="choices">
        <legend class="small quiet">Next state</legend>
        {offered.map((one) => (
          <label key={one.state} class="choice">
            <input
              type="radio"
              name={`${id}-state`}
              checked={chosen.value === one.state}
              onChange={() => (chosen.value = one.state)}
            />
            <span>
              {one.title}
              {!inOwnName.has(one.state) && <span class="quiet small"> on behalf of somebody</span>}
            </span>
          </label>
        ))}
      </fieldset>
      {turn && (
        <>
          {definition?.description && <p class="quiet">{definition.description}</p>}
          {forOthers && (
            <>
              <div class="field">
                <label for={`${id}-for`}>On behalf of</label>
                <select
                  id={`${id}-for`}
                  required
                  value={actFor.value}
                  onChange={(event) => (actFor.value = event.currentTarget.value)}
                >
                  <option value="">Choose who</option>
                  {actors.map((person) => (
                    <option key={person} value={person}>
                      {nameOf(person, decidedOn.names)}
                    </option>
                  ))}
                </select>
              </div>
              <div class="field">
                <label for={`${id}-reason`}>Reason</label>
                <input
                  id={`${id}-reason`}
                  required
                  maxLength={200}
                  value={reason.value}
                  onInput={(event) => (reason.value = event.currentTarget.value)}
                />
              </div>
            </>
          )}
          <div class="field">
            <label for={`${id}-notes`}>Notes</label>
            <textarea
              id={`${id}-notes`}
              maxLength={10000}
              aria-describedby={`${id}-notes-help`}
              value={notes.value}
              onInput={(event) => (notes.value = event.currentTarget.value)}
            />
            <span id={`${id}-notes-help`} class="small quiet">
              For those concerned with this assessment. They are in no mail.
            </span>
          </div>
          <div class="row">
            <button class="primary" type="submit" aria-disabled={busy.value || movedOn}>
              {busy.value ? "Signing …" : `Sign: ${turn.title}`}
            </button>
            <button type="button" class="plain" onClick={start}>
              Not now
            </button>
          </div>
          <p class="small quiet">A sign-off stays in the ledger and cannot be taken back.</p>
        </>
      )}
    </form>
  );
}

function actorsOf(turn: AssessmentRead["assessment"]["next"][number], state: AssessmentRead): string[] {
  const people = new Set([...turn.people, ...turn.groups.flatMap((group) => state.members[group] ?? [])]);
  for (const inactive of state.inactive) people.delete(inactive);
  people.delete(state.you.person);
  return [...people].sort();
}

function NotYours({ state }: { state: AssessmentRead }) {
  if (state.assessment.next.length === 0) return null;
  return <Empty>The next step is not yours. When it is, you can sign off here.</Empty>;
}

interface MovedOnProps {
  before: AssessmentRead;
  state: AssessmentRead;
  go: () => void;
  keptNotes: boolean;
}

function MovedOn({ before, state, go, keptNotes }: MovedOnProps) {
  const latest = state.history[0];
  const moved = latest && before.assessment.state !== state.assessment.state;
  return (
    <div class="note refused row spread" role="alert">
      <span>
        {moved ? (
          <>
            Somebody was faster: {nameOf(latest.signer, state.names)} moved this to <strong>{latest.state_title}</strong>.
          </>
        ) : (
          <>This assessment has changed since you began.</>
        )}{" "}
        Nothing of yours was signed.{keptNotes && " Your notes are kept."}
      </span>
      <button type="button" onClick={go}>
        Show what I can do now
      </button>
    </div>
  );
}
