/** One assessment: where it stands, what I may do about it, and its ledger. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call } from "../client/call";
import { campus } from "../client/connection";
import type { Person } from "../client/http";
import { useLive } from "../live";
import { arrival } from "../parts/arrivals";
import { AssessmentState, whoIsNext } from "../parts/assessment-state";
import { SignOffForm } from "../parts/sign-off-form";
import { Empty, NotYet, Refused } from "../parts/states";
import { When } from "../parts/times";
import { to } from "../router";
import { type AssessmentRead, oneAssessment } from "../state/assessments";
import { kindOf, listed, nameOf } from "../state/names";

/** Which stream an assessment is in, the first answer says. */
export function Assessment({ id }: { id: string; person: Person }) {
  const scope = useSignal<string | undefined>(undefined);
  const refusal = useSignal<unknown>(undefined);
  useEffect(
    () =>
      campus.onSession(() => {
        if (scope.value) return;
        call("workflow.v1.assessment.read", { assessment: id }).then(
          (answer) => {
            refusal.value = undefined;
            scope.value = answer.scope;
          },
          (error: unknown) => (refusal.value = error),
        );
      }),
    [id],
  );
  if (scope.value) return <Followed key={scope.value} id={id} scope={scope.value} />;
  return <NotYet title="Assessment" what="the assessment" refusal={refusal.value} />;
}

function Followed({ id, scope }: { id: string; scope: string }) {
  const live = useLive(`${scope}/${id}`, () => oneAssessment(id, scope));
  const state = live.value.value;
  if (!state) return <NotYet title="Assessment" what="the assessment" refusal={live.refusal.value} />;
  const { assessment, definition, you, names } = state;
  const present = definition.states.find((one) => one.name === assessment.state);
  return (
    <>
      <p class="small">
        <a href={scope.startsWith("examiner-") ? to("assessments") : to("assessments", assessment.package)}>All assessments</a>
      </p>
      <div class="page-head">
        <div>
          <h1>
            {assessment.module_code} {assessment.module_name}
          </h1>
          <p>
            {kindOf(assessment.kind, assessment.title)} · {definition.title}
          </p>
        </div>
      </div>
      <Refused error={live.refusal.value} />
      <div class="columns">
        <div class="stack wide">
          <section class={`stack now ${arrival(`assessment:${id}`)}`} aria-labelledby="now">
            <h2 id="now" class="unseen">
              Where it stands
            </h2>
            <p class="standing">
              <AssessmentState assessment={assessment} you={you} />
              <span class="quiet">
                {assessment.state === null && "added "}
                <When at={assessment.since} />
              </span>
            </p>
            {present?.guidance && <p>{present.guidance}</p>}
            <p class="quiet">
              {assessment.ended ? "It is finished and waits for nobody." : <>Waits for {whoIsNext(assessment.next, you, names)}.</>}
            </p>
          </section>
          <SignOffForm state={state} refresh={live.refresh} />
        </div>
        <section class="stack" aria-labelledby="history">
          <h2 id="history">History</h2>
          <History state={state} />
        </section>
      </div>
    </>
  );
}

function History({ state }: { state: AssessmentRead }) {
  const { history, names } = state;
  if (history.length === 0) return <Empty>Nobody has signed this off yet. The first sign-off begins its ledger.</Empty>;
  return (
    <ol class="things ledger" reversed>
      {history.map((entry) => (
        <li key={entry.sign_off} class={`thing ${arrival(`sign-off:${entry.sign_off}`)}`} value={entry.number}>
          <div class="stack" style={{ gap: "0.25rem" }}>
            <span class="title">{entry.state_title}</span>
            <span class="small quiet">
              {entry.number}. {nameOf(entry.signer, names)}
              {entry.on_behalf_of && <> for {nameOf(entry.on_behalf_of, names)}</>}, <When at={entry.at} />
            </span>
            {entry.reason && <p class="small">Reason: {entry.reason}</p>}
            {entry.notes && <p class="notes">{entry.notes}</p>}
            {entry.has_notes && entry.notes === null && <p class="small quiet">There are notes. They are for others.</p>}
            {entry.notified.length > 0 && <Told entry={entry} names={names} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Told({ entry, names }: { entry: AssessmentRead["history"][number]; names: Record<string, string> }) {
  const last = entry.notified.reduce((latest, told) => (told.at > latest ? told.at : latest), "");
  return (
    <p class="small quiet">
      Told:{" "}
      {listed(
        entry.notified.map((told) => nameOf(told.person, names)),
        4,
      )}
      , <When at={last} />
    </p>
  );
}
