/** One task of mine, wherever it stands. */
import { change } from "../client/call";
import { slowNow } from "../client/clock";
import { type MyTask, type Urgency, urgency } from "../state/tasks";
import { Act } from "./act";
import { arrival } from "./arrivals";
import { done } from "./say";
import { State } from "./states";
import { When } from "./times";

const LOOKS: Record<Urgency, { word: string; shape: string; tone: string }> = {
  done: { word: "Done", shape: "tick", tone: "accent" },
  overdue: { word: "Overdue", shape: "triangle", tone: "alarm" },
  urgent: { word: "Urgent", shape: "diamond", tone: "brass" },
  open: { word: "Open", shape: "ring", tone: "" },
};

const takeBack = (task: MyTask) => change("notifier.v1.task.take_back", { task: task.id });
const complete = (task: MyTask) => change("notifier.v1.task.complete", { task: task.id });

export function TaskLine({ task }: { task: MyTask }) {
  const look = LOOKS[urgency(task, slowNow.value)];
  const { completion } = task;
  return (
    <li class={`thing ${arrival(`task:${task.id}`)}`}>
      <div class="stack" style={{ gap: "0.125rem" }}>
        <span class="title">{task.link ? <a href={task.link}>{task.name}</a> : task.name}</span>
        {task.description && <span class="quiet clamp">{task.description}</span>}
        <span class="row small">
          <State shape={look.shape} tone={look.tone}>
            {look.word}
          </State>
          {completion ? (
            <span class="quiet">
              <When at={completion.at} />
              {completion.comment && <>: {completion.comment}</>}
            </span>
          ) : (
            <span class="quiet">
              due <When at={task.deadline} />
            </span>
          )}
          {task.category && <span class="quiet">{task.category}</span>}
        </span>
      </div>
      <div class="acts">
        {completion ? (
          <Act act={() => takeBack(task)} label={`Take back: ${task.name}`}>
            Take back
          </Act>
        ) : (
          <Act
            label={`Done: ${task.name}`}
            act={async () => {
              await complete(task);
              done(`Done: ${task.name}`, () => takeBack(task));
            }}
          >
            Done
          </Act>
        )}
      </div>
    </li>
  );
}
