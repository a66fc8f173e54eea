/** The assessments of a package, or those that I examine. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call, change } from "../client/call";
import { campus } from "../client/connection";
import { useLive } from "../live";
import { Act } from "../parts/act";
import { arrival } from "../parts/arrivals";
import { AssessmentState, whoIsNext } from "../parts/assessment-state";
import { PackageChoice, presentPackage, usePackages } from "../parts/packages";
import { done } from "../parts/say";
import { Empty, Loading, Refused } from "../parts/states";
import { useSteady } from "../parts/steady";
import { When } from "../parts/times";
import { to } from "../router";
import { type Assessment as AssessmentType, type You, examinedAssessments, packageAssessments } from "../state/assessments";
import { kindOf } from "../state/names";
import { Assessment } from "./assessment";
import type { PageProps } from ".";

export function Assessments({ path, person }: PageProps) {
  const [chosen, assessment] = path;
  if (assessment) return <Assessment key={assessment} id={assessment} person={person} />;
  if (chosen === undefined && person.kind === "external") return <MyExaminations />;
  return <OfPackages chosen={chosen} />;
}

function OfPackages({ chosen }: { chosen: string | undefined }) {
  const { packages, refusal } = usePackages();
  const present = chosen ?? (packages && presentPackage(packages));
  return (
    <>
      <div class="page-head">
        <h1>Assessments</h1>
        {packages && present && <PackageChoice page="assessments" packages={packages} chosen={present} />}
      </div>
      <Refused error={refusal} />
      {!packages && !refusal && <Loading what="packages" />}
      {packages && !present && (
        <Empty>You see no package yet. When you come into a group that may see one, its assessments are here.</Empty>
      )}
      {present && <OfPackage key={present} id={present} />}
    </>
  );
}

type Filter = "mine" | "open" | "all";
const FILTERS: [Filter, string][] = [
  ["mine", "Wait for me"],
  ["open", "Not finished"],
  ["all", "All"],
];

function OfPackage({ id }: { id: string }) {
  const live = useLive(id, () => packageAssessments(id));
  const filter = useSignal<Filter | undefined>(undefined);
  const search = useSignal("");
  const state = live.value.value;
  if (!state) return live.refusal.value ? <Refused error={live.refusal.value} /> : <Loading what="assessments" />;
  const chosen = filter.value ?? (state.mine.length > 0 ? "mine" : "all");
  const count = (of: Filter) =>
    of === "mine" ? state.mine.length : state.assessments.filter((one) => of === "all" || !one.ended).length;
  const words = search.value.trim().toLowerCase();
  const shown = state.assessments.filter(
    (one) =>
      (chosen === "all" || (chosen === "mine" ? state.mine.includes(one.id) : !one.ended)) &&
      (words === "" || `${one.module_code} ${one.module_name} ${one.state_title}`.toLowerCase().includes(words)),
  );
  return (
    <div class="stack">
      <Refused error={live.refusal.value} />
      <Progress assessments={state.assessments} />
      <div class="row spread">
        <div class="tabs" role="group" aria-label="Which assessments">
          {FILTERS.map(([name, title]) => (
            <button key={name} aria-pressed={chosen === name} onClick={() => (filter.value = name)}>
              {title} ({count(name)})
            </button>
          ))}
        </div>
        <input
          type="search"
          aria-label="Find a module or a state"
          placeholder="Find a module or a state"
          class="find"
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </div>
      <List
        key={`${chosen} ${words}`}
        assessments={shown}
        present={state.assessments}
        you={state.you}
        names={state.names}
        caption={state.package_name}
      />
      {shown.length === 0 && <Nothing filter={chosen} searched={words !== ""} />}
      {state.may_add && <AddMissing id={id} />}
    </div>
  );
}

function Nothing({ filter, searched }: { filter: Filter; searched: boolean }) {
  if (searched) return <Empty>No assessment has these words in its module or state.</Empty>;
  if (filter === "mine") return <Empty>None waits for you. When the next step of one is yours, it appears here at once.</Empty>;
  if (filter === "open") return <Empty>All are finished.</Empty>;
  return <Empty>This package has no assessments yet. Those who manage it put its modules under quality assurance.</Empty>;
}

/** For who manages the package: every module gets an assessment of a kind that it has none of. */
function AddMissing({ id }: { id: string }) {
  const kind = useSignal<"exam" | "coursework" | "resit">("exam");
  const fill = async () => {
    const { assessments } = await change("workflow.v1.assessments.fill", { package: id, kinds: [kind.value] });
    const undo = () => Promise.all(assessments.map((one) => change("workflow.v1.assessment.remove", { assessment: one.id })));
    if (assessments.length === 0) done("Every module has one already.");
    else done(`Added for ${assessments.length} modules.`, undo);
  };
  return (
    <details>
      <summary>Put modules under quality assurance</summary>
      <div class="row">
        <label class="row">
          Every module without
          <select value={kind.value} onChange={(event) => (kind.value = event.currentTarget.value as typeof kind.value)}>
            <option value="exam">an exam</option>
            <option value="coursework">a coursework</option>
            <option value="resit">a resit</option>
          </select>
        </label>
        <Act act={fill}>gets one</Act>
      </div>
    </details>
  );
}

function Progress({ assessments }: { assessments: AssessmentType[] }) {
  const ended = assessments.filter((one) => one.ended).length;
  if (assessments.length === 0) return null;
  return (
    <div class="field">
      <label for="progress" class="small quiet">
        {ended} of {assessments.length} finished
      </label>
      <progress id="progress" max={assessments.length} value={ended} />
    </div>
  );
}

interface ListProps {
  assessments: AssessmentType[];
  /** Where those that are no longer in the list may still be known. */
  present?: AssessmentType[];
  you: You;
  names: Record<string, string>;
  caption: string;
}

function List({ assessments, present, you, names, caption }: ListProps) {
  const { shown, handlers } = useSteady(
    assessments,
    (one) => one.id,
    (id) => present?.find((one) => one.id === id),
  );
  if (shown.length === 0) return null;
  return (
    <div class="scroll" {...handlers} tabIndex={0} role="region" aria-label={caption}>
      <table class="rows" role="table">
        <caption class="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              Module
            </th>
            <th role="columnheader" scope="col">
              Kind
            </th>
            <th role="columnheader" scope="col">
              State
            </th>
            <th role="columnheader" scope="col">
              Since
            </th>
            <th role="columnheader" scope="col">
              Waits for
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.map(({ item: one, gone }) => (
            <tr role="row" key={one.id} class={gone ? "gone" : arrival(`assessment:${one.id}`)}>
              <th role="rowheader" scope="row">
                <a href={to("assessments", one.package, one.id)}>
                  {one.module_code} {one.module_name}
                </a>
              </th>
              <td role="cell" data-label="Kind">
                {kindOf(one.kind, one.title)}
              </td>
              <td role="cell" data-label="State">
                <AssessmentState assessment={one} you={you} />
              </td>
              <td role="cell" data-label="Since">
                <When at={one.since} />
              </td>
              <td role="cell" data-label="Waits for" class="quiet">
                {one.ended ? "nobody" : whoIsNext(one.next, you, names)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** An examiner lands on the modules that they examine, those they lead first. Which stream that is, the first answer says. */
function MyExaminations() {
  const scope = useSignal<string | undefined>(undefined);
  const refusal = useSignal<unknown>(undefined);
  useEffect(
    () =>
      campus.onSession(() => {
        if (scope.value) return;
        call("workflow.v1.examined.read", {}).then(
          (answer) => (scope.value = answer.scope),
          (error: unknown) => (refusal.value = error),
        );
      }),
    [],
  );
  return (
    <>
      <div class="page-head">
        <div>
          <h1>Assessments</h1>
          <p>of the modules that you examine</p>
        </div>
      </div>
      {scope.value ? <Examinations scope={scope.value} /> : <Refused error={refusal.value} />}
      {!scope.value && !refusal.value && <Loading what="assessments" />}
    </>
  );
}

function Examinations({ scope }: { scope: string }) {
  const live = useLive(scope, () => examinedAssessments(scope));
  const state = live.value.value;
  if (!state) return live.refusal.value ? <Refused error={live.refusal.value} /> : <Loading what="assessments" />;
  const lead = state.examined.filter((entry) => entry.lead).map((entry) => entry.assessment);
  const others = state.examined.filter((entry) => !entry.lead).map((entry) => entry.assessment);
  if (state.examined.length === 0)
    return <Empty>You examine no module yet. When a programme names you as its examiner, its assessments are here.</Empty>;
  return (
    <div class="stack wide">
      {lead.length > 0 && (
        <section class="stack">
          <h2>You examine ({lead.length})</h2>
          <List assessments={lead} you={state.you} names={state.names} caption="Assessments that you examine" />
        </section>
      )}
      {others.length > 0 && (
        <section class="stack">
          <h2>For information ({others.length})</h2>
          <List assessments={others} you={state.you} names={state.names} caption="Assessments of modules led by other programmes" />
        </section>
      )}
    </div>
  );
}
