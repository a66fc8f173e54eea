/** My tasks and reminders; what I was told and why; the tasks that I set. */
import { useSignal } from "@preact/signals";
import type { PageProps } from ".";
import { call, change } from "../client/call";
import { slowNow } from "../client/clock";
import type { Procedures } from "../contracts";
import { useLive } from "../live";
import { Act } from "../parts/act";
import { arrival } from "../parts/arrivals";
import { done } from "../parts/say";
import { OwnedTasks } from "../parts/owned-tasks";
import { Empty, Loading, Refused, State } from "../parts/states";
import { useSteady } from "../parts/steady";
import { TaskLine } from "../parts/task-line";
import { When } from "../parts/times";
import { type MyTasks, myTasks, urgency } from "../state/tasks";

export function Tasks({ person }: PageProps) {
  const live = useLive(person.id, () => myTasks(person.id));
  const mine = live.value.value;
  return (
    <>
      <div class="page-head">
        <h1>Tasks</h1>
      </div>
      <Refused error={live.refusal.value} />
      {!mine && !live.refusal.value && <Loading what="your tasks" />}
      {mine && (
        <div class="columns">
          <div class="stack wide">
            <Mine mine={mine} />
            {(person.kind === "staff" || person.administrator) && <OwnedTasks all={person.administrator} />}
          </div>
          <div class="stack wide">
            <Reminders mine={mine} />
            <Why />
            <MailPreferences mine={mine} />
          </div>
        </div>
      )}
    </>
  );
}

function Mine({ mine }: { mine: MyTasks }) {
  const open = mine.tasks.filter((task) => urgency(task, slowNow.value) !== "done");
  const { shown, handlers } = useSteady(
    open,
    (task) => task.id,
    (id) => mine.tasks.find((task) => task.id === id),
  );
  const inPlace = new Set(shown.map(({ item }) => item.id));
  const finished = mine.tasks.filter((task) => task.completion && !inPlace.has(task.id));
  return (
    <>
      <section class="stack" aria-labelledby="open">
        <h2 id="open">To do ({open.length})</h2>
        {shown.length === 0 && <Empty>Nothing to do. Tasks that are set for you or your groups appear here at once.</Empty>}
        {shown.length > 0 && (
          <ul class="things" {...handlers}>
            {shown.map(({ item }) => (
              <TaskLine key={item.id} task={item} />
            ))}
          </ul>
        )}
      </section>
      {finished.length > 0 && (
        <section class="stack" aria-labelledby="done">
          <h2 id="done">Done ({finished.length})</h2>
          <ul class="things">
            {finished.map((task) => (
              <TaskLine key={task.id} task={task} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Reminders({ mine }: { mine: MyTasks }) {
  const names = new Map(mine.tasks.map((task) => [task.id, task.name]));
  return (
    <section class="stack" aria-labelledby="reminders">
      <h2 id="reminders">Reminders</h2>
      {mine.reminders.length === 0 && (
        <Empty>None yet. On Mondays you are reminded of all open tasks, on Wednesdays and Fridays of the urgent ones.</Empty>
      )}
      {mine.reminders.length > 0 && (
        <ul class="things">
          {mine.reminders.map((reminder) => (
            <li key={reminder.id} class={`thing ${arrival(`reminder:${reminder.id}`)}`}>
              <div>
                <div class="row">
                  <span class="title">
                    <When at={reminder.at} />
                  </span>
                  {reminder.urgent && (
                    <State shape="diamond" tone="brass">
                      Urgent
                    </State>
                  )}
                </div>
                <div class="small quiet">{reminder.tasks.map((id) => names.get(id) ?? "a task that is gone").join("; ")}</div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Why did I get this, why did I not, what comes next? */
function Why() {
  const answer = useSignal<Procedures["notifier.v1.messages.explain"]["answer"] | undefined>(undefined);
  const refusal = useSignal<unknown>(undefined);
  const ask = (event: Event) => {
    if (!(event.currentTarget as HTMLDetailsElement).open) return;
    call("notifier.v1.messages.explain", {}).then(
      (explanation) => (answer.value = explanation),
      (error: unknown) => (refusal.value = error),
    );
  };
  return (
    <details onToggle={ask}>
      <summary>
        <h2 class="inline">Why did I get this, and what comes next?</h2>
      </summary>
      <Refused error={refusal.value} />
      {answer.value && (
        <ul class="things">
          {[answer.value.next, ...answer.value.past].map((told, index) => (
            <li key={index} class="thing">
              <div>
                <div class="title">
                  {index === 0 ? "Next: " : ""}
                  {told.what}, <When at={told.at} />
                  {!told.sent && index > 0 && <span class="quiet"> (not sent)</span>}
                </div>
                <div class="small quiet">{told.why}</div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function MailPreferences({ mine }: { mine: MyTasks }) {
  const { reminder_mail, notice_mail } = mine.preferences;
  const flip = async (wish: { reminder_mail?: boolean; notice_mail?: boolean }, words: string) => {
    const before = { reminder_mail, notice_mail };
    await change("notifier.v1.preferences.change", wish);
    done(words, () => change("notifier.v1.preferences.change", before));
  };
  return (
    <section class="stack" aria-labelledby="mail">
      <h2 id="mail">Mail</h2>
      <p class="quiet">Pages show everything in any case.</p>
      <div class="row">
        <Act
          act={() =>
            flip({ reminder_mail: !reminder_mail }, reminder_mail ? "No reminders by mail any more." : "Reminders come by mail.")
          }
        >
          <State shape={reminder_mail ? "tick" : "ring"} tone={reminder_mail ? "accent" : ""}>
            Reminders by mail: {reminder_mail ? "yes" : "no"}
          </State>
        </Act>
        <Act
          act={() =>
            flip({ notice_mail: !notice_mail }, notice_mail ? "No sign-offs by mail any more." : "Sign-offs come by mail.")
          }
        >
          <State shape={notice_mail ? "tick" : "ring"} tone={notice_mail ? "accent" : ""}>
            Sign-offs by mail: {notice_mail ? "yes" : "no"}
          </State>
        </Act>
      </div>
    </section>
  );
}
