/** For who looks after the campus: how the services are, what happens, the mail, the people. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call, change } from "../client/call";
import { campus } from "../client/connection";
import type { Procedures } from "../contracts";
import { useLive } from "../live";
import { Act } from "../parts/act";
import { arrival } from "../parts/arrivals";
import { EventStream } from "../parts/event-stream";
import { MailState } from "../parts/mail-state";
import { done } from "../parts/say";
import { Empty, Loading, Refused, State } from "../parts/states";
import { theCampus, type CampusPerson, type CampusState } from "../state/campus";

export function Operator() {
  return (
    <>
      <div class="page-head">
        <h1>Operator</h1>
      </div>
      <div class="stack wide">
        <Services />
        <div class="columns">
          <EventStream />
          <MailState />
        </div>
        <People />
      </div>
    </>
  );
}

const SERVICES = ["directory", "gateway", "workload", "workflow", "notifier", "classroom"] as const;
type Health = Procedures["directory.v1.meta.health"]["answer"];
type Answer = { health?: Health; refusal?: unknown };

const EVERY = 10_000;

/** Health is not an event: it is asked again while the page is looked at. */
function Services() {
  const answers = useSignal<Record<string, Answer>>({});
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState !== "visible") return;
      for (const service of SERVICES) {
        call(`${service}.v1.meta.health`, {}).then(
          (health) => (answers.value = { ...answers.value, [service]: { health } }),
          (refusal: unknown) => (answers.value = { ...answers.value, [service]: { refusal } }),
        );
      }
    };
    const stop = campus.onSession(ask);
    const timer = setInterval(ask, EVERY);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return (
    <section class="stack" aria-labelledby="services">
      <h2 id="services">Services</h2>
      <ul class="services">
        {SERVICES.map((service) => (
          <Service key={service} name={service} answer={answers.value[service]} />
        ))}
      </ul>
    </section>
  );
}

function Service({ name, answer }: { name: string; answer: Answer | undefined }) {
  const health = answer?.health;
  return (
    <li class="sheet">
      <h3>{name}</h3>
      {!answer && <State shape="dashed">Asking</State>}
      {health && (
        <State shape={health.healthy ? "disc" : "triangle"} tone={health.healthy ? "accent" : "alarm"}>
          {health.healthy ? "Well" : "Not well"}
        </State>
      )}
      {answer && !health && (
        <State shape="cross" tone="alarm">
          No answer
        </State>
      )}
      {health && (
        <p class="small quiet">
          {health.version}, {health.streams} {health.streams === 1 ? "stream" : "streams"}
          {health.unpublished > 0 && `, ${health.unpublished} to publish`}
        </p>
      )}
      {health?.problems.map((problem) => (
        <p key={problem} class="small">
          {problem}
        </p>
      ))}
    </li>
  );
}

function People() {
  const live = useLive("campus", theCampus);
  const search = useSignal("");
  const state = live.value.value;
  if (!state) return live.refusal.value ? <Refused error={live.refusal.value} /> : <Loading what="people" />;
  const words = search.value.trim().toLowerCase();
  const found = state.people.filter((person) => `${person.name} ${person.id} ${person.email}`.toLowerCase().includes(words));
  return (
    <section class="stack" aria-labelledby="people">
      <div class="row spread">
        <h2 id="people">People ({state.people.length})</h2>
        <input
          type="search"
          aria-label="Find a person"
          placeholder="Find a person"
          class="find"
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </div>
      <Refused error={live.refusal.value} />
      {found.length === 0 && <Empty>Nobody has this in their name, id or email.</Empty>}
      {found.length > 0 && <PeopleTable people={found.slice(0, 100)} groups={state.groups} />}
      {found.length > 100 && <p class="quiet">And {found.length - 100} more: find them by name, id or email.</p>}
    </section>
  );
}

function PeopleTable({ people, groups }: { people: CampusPerson[]; groups: CampusState["groups"] }) {
  const of = (person: string) => groups.filter((group) => group.members.includes(person)).map((group) => group.name);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="People">
      <table class="rows" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              Name
            </th>
            <th role="columnheader" scope="col">
              Email
            </th>
            <th role="columnheader" scope="col">
              Kind
            </th>
            <th role="columnheader" scope="col">
              Groups
            </th>
            <th role="columnheader" scope="col">
              State
            </th>
            <th role="columnheader" scope="col">
              <span class="unseen">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {people.map((person) => (
            <tr role="row" key={person.id} class={arrival(`person:${person.id}`)}>
              <th role="rowheader" scope="row">
                {person.name} <code class="quiet">{person.id}</code>
              </th>
              <td role="cell">{person.email}</td>
              <td role="cell">
                {person.kind}
                {person.administrator && ", administrator"}
              </td>
              <td role="cell" class="quiet small">
                {of(person.id).join(", ")}
              </td>
              <td role="cell">
                <State shape={person.active ? "disc" : "cross"} tone={person.active ? "there" : ""}>
                  {person.active ? "Active" : "Disabled"}
                </State>
              </td>
              <td role="cell" class="number">
                <Letting person={person} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const enable = (id: string) => change("directory.v1.person.enable", { id });
const disable = (id: string) => change("directory.v1.person.disable", { id });

function Letting({ person }: { person: CampusPerson }) {
  const { id, name, active } = person;
  const act = async () => {
    await (active ? disable(id) : enable(id));
    done(active ? `${name} is no longer let in.` : `${name} is let in again.`, () => (active ? enable(id) : disable(id)));
  };
  return (
    <Act act={act} label={`${active ? "Disable" : "Enable"} ${name}`}>
      {active ? "Disable" : "Enable"}
    </Act>
  );
}
