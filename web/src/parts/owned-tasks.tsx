/** Tasks that one has set or manages: how many have done them, who has not; certifying for others; setting a new one. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call, change } from "../client/call";
import { campus } from "../client/connection";
import type { Procedures } from "../contracts";
import { nameOf } from "../state/names";
import { Act } from "./act";
import { done } from "./say";
import { Empty, Loading, Refused, State } from "./states";
import { When } from "./times";

type Task = Procedures["notifier.v1.tasks.list"]["answer"]["tasks"][number];
type Targets = Procedures["notifier.v1.task.read"]["answer"]["targets"];

/** Administrators see everybody's. */
export function OwnedTasks({ all }: { all: boolean }) {
  const tasks = useSignal<Task[] | undefined>(undefined);
  const refusal = useSignal<unknown>(undefined);
  const read = () =>
    call("notifier.v1.tasks.list", {}).then(
      (answer) => {
        tasks.value = answer.tasks;
        refusal.value = undefined;
      },
      (error: unknown) => (refusal.value = error),
    );
  useEffect(() => {
    const stop = campus.onSession(() => void read());
    // Others' completions come in their own streams, not in this reader's; a look at the page is a fresh look.
    const look = () => document.visibilityState === "visible" && void read();
    document.addEventListener("visibilitychange", look);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return (
    <section class="stack" aria-labelledby="owned">
      <div class="row spread">
        <h2 id="owned">{all ? "All tasks" : "Set by you"}</h2>
        <button onClick={() => void read()}>Read again</button>
      </div>
      <Refused error={refusal.value} />
      {!tasks.value && !refusal.value && <Loading what="tasks" />}
      {tasks.value?.length === 0 && (
        <Empty>There is none yet. A task goes to people and groups, with reminders until each has done it.</Empty>
      )}
      {tasks.value && tasks.value.length > 0 && (
        <ul class="things">
          {tasks.value.map((task) => (
            <Owned key={task.id} task={task} reread={read} />
          ))}
        </ul>
      )}
      <NewTask added={read} />
    </section>
  );
}

function Owned({ task, reread }: { task: Task; reread: () => Promise<unknown> }) {
  const targets = useSignal<Targets | undefined>(undefined);
  const names = useSignal<Record<string, string>>({});
  const refusal = useSignal<unknown>(undefined);
  const read = async () => {
    try {
      targets.value = (await call("notifier.v1.task.read", { task: task.id })).targets;
      const { people } = await call("directory.v1.people.named", {
        ids: targets.value.map((target) => target.person).slice(0, 1000),
      });
      names.value = Object.fromEntries(people.map((person) => [person.id, person.name]));
    } catch (error) {
      refusal.value = error;
    }
  };
  const certify = async (person: string) => {
    await change("notifier.v1.task.complete", { task: task.id, person });
    await Promise.all([read(), reread()]);
    done(`${nameOf(person, names.value)} has done it.`, () => takeBack(person));
  };
  const takeBack = async (person: string) => {
    await change("notifier.v1.task.take_back", { task: task.id, person });
    await Promise.all([read(), reread()]);
  };
  const archive = async () => {
    await change("notifier.v1.task.archive", { task: task.id });
    await reread();
    done(`Put away: ${task.name}`, async () => {
      await change("notifier.v1.task.unarchive", { task: task.id });
      await reread();
    });
  };
  return (
    <li class="thing">
      <div class="stack" style={{ gap: "0.25rem" }}>
        <span class="title">{task.name}</span>
        <span class="small quiet">
          {task.completed} of {task.targets} done, due <When at={task.deadline} />
        </span>
        <progress
          max={Math.max(task.targets, 1)}
          value={task.completed}
          aria-label={`${task.name}: ${task.completed} of ${task.targets} done`}
        />
      </div>
      <div class="acts">
        <Act act={archive} label={`Put away: ${task.name}`}>
          Put away
        </Act>
      </div>
      <details class="below" onToggle={(event) => event.currentTarget.open && void read()}>
        <summary>Who has done it</summary>
        <Refused error={refusal.value} />
        {targets.value && (
          <ul class="things">
            {targets.value.map(({ person, completion }) => (
              <li key={person} class="thing">
                <span class="row">
                  <State shape={completion ? "tick" : "ring"} tone={completion ? "there" : ""}>
                    {nameOf(person, names.value)}
                  </State>
                  {completion && (
                    <span class="small quiet">
                      <When at={completion.at} />
                      {completion.by !== person && <>, by {nameOf(completion.by, names.value)}</>}
                    </span>
                  )}
                </span>
                <span class="acts">
                  {completion ? (
                    <Act act={() => takeBack(person)} label={`Take back for ${nameOf(person, names.value)}`}>
                      Take back
                    </Act>
                  ) : (
                    <Act act={() => certify(person)} label={`${nameOf(person, names.value)} has done it`}>
                      Has done it
                    </Act>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </details>
    </li>
  );
}

/** Sets a task for one group. Who may, the campus says. */
function NewTask({ added }: { added: () => Promise<unknown> }) {
  const groups = useSignal<{ id: string; name: string; size: number }[]>([]);
  const refusal = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const load = (event: Event) => {
    if (!(event.currentTarget as HTMLDetailsElement).open || groups.value.length > 0) return;
    call("directory.v1.groups.list", { limit: 500 }).then(
      (answer) => (groups.value = answer.groups),
      (error: unknown) => (refusal.value = error),
    );
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const field = (name: string) => String(fields.get(name) ?? "");
    busy.value = true;
    refusal.value = undefined;
    try {
      const task = await change("notifier.v1.task.add", {
        name: field("name"),
        description: field("description"),
        deadline: new Date(field("deadline")).toISOString(),
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        groups: [field("group")],
      });
      form.reset();
      await added();
      done(`Set for ${task.targets} people: ${task.name}`, async () => {
        await change("notifier.v1.task.archive", { task: task.id });
        await added();
      });
    } catch (error) {
      refusal.value = error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <details onToggle={load}>
      <summary>Set a task</summary>
      <form class="stack sheet" onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for="task-name">What is to be done</label>
          <input id="task-name" name="name" required maxLength={200} />
        </div>
        <div class="field">
          <label for="task-description">Details</label>
          <textarea id="task-description" name="description" maxLength={10000} />
        </div>
        <div class="field">
          <label for="task-deadline">By when</label>
          <input id="task-deadline" name="deadline" type="datetime-local" required />
        </div>
        <div class="field">
          <label for="task-group">For whom</label>
          <select id="task-group" name="group" required>
            {groups.value.map((group) => (
              <option key={group.id} value={group.id}>
                {group.name} ({group.size})
              </option>
            ))}
          </select>
        </div>
        <Refused error={refusal.value} />
        <div class="row">
          <button class="primary" type="submit" aria-disabled={busy.value}>
            Set the task
          </button>
        </div>
      </form>
    </details>
  );
}
