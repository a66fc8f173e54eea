/** What concerns one person now: tasks, reminders, notices. Their own stream of the notifier. */
import { call } from "../client/call";
import type { Envelope } from "../client/follow";
import type { Procedures, Topics } from "../contracts";
import type { Source } from "../live";
import { arrived } from "../parts/arrivals";
import { announce } from "../parts/say";

export type MyTasks = Procedures["notifier.v1.tasks.mine"]["answer"];
export type MyTask = MyTasks["tasks"][number];
export type Notice = MyTasks["notices"][number];

type Told<Name extends string> = Topics[`notifier.v1.${Name}` & keyof Topics];

const KEPT_REMINDERS = 20;
const KEPT_NOTICES = 50;

const byDeadline = (tasks: MyTask[]) =>
  [...tasks].sort((a, b) => Date.parse(a.deadline) - Date.parse(b.deadline) || (a.id < b.id ? -1 : 1));

/** The state after an event of the person's stream. */
export function foldTasks(state: MyTasks, event: Envelope): MyTasks {
  const change = (id: string, how: (task: MyTask) => MyTask) => ({
    ...state,
    tasks: state.tasks.map((task) => (task.id === id ? how(task) : task)),
  });
  switch (event.name) {
    case "task_assigned":
    case "task_changed": {
      const { task } = event.data as Told<"task_changed">;
      return { ...state, tasks: byDeadline([...state.tasks.filter((other) => other.id !== task.id), task]) };
    }
    case "task_withdrawn": {
      const { task } = event.data as Told<"task_withdrawn">;
      return { ...state, tasks: state.tasks.filter((other) => other.id !== task) };
    }
    case "task_completed": {
      const { task, completion } = event.data as Told<"task_completed">;
      return change(task, (before) => ({ ...before, completion }));
    }
    case "completion_taken_back":
      return change((event.data as Told<"completion_taken_back">).task, (before) => ({ ...before, completion: null }));
    case "reminded":
      return { ...state, reminders: [(event.data as Told<"reminded">).reminder, ...state.reminders].slice(0, KEPT_REMINDERS) };
    case "noticed":
      return { ...state, notices: [(event.data as Told<"noticed">).notice, ...state.notices].slice(0, KEPT_NOTICES) };
    case "notice_sent": {
      const { sign_off, at, channel } = event.data as Told<"notice_sent">;
      const notices = state.notices.map((notice) => (notice.sign_off === sign_off ? { ...notice, sent_at: at, channel } : notice));
      return { ...state, notices };
    }
    case "preferences_changed":
      return { ...state, preferences: (event.data as Told<"preferences_changed">).preferences };
  }
  return state;
}

export function myTasks(person: string): Source<MyTasks> {
  return {
    service: "notifier",
    scope: person,
    read: () => call("notifier.v1.tasks.mine", {}),
    fold: foldTasks,
    happened: (event) => tell(event, person),
  };
}

function tell(event: Envelope, person: string): void {
  switch (event.name) {
    case "task_assigned": {
      const { task } = event.data as Told<"task_assigned">;
      arrived(`task:${task.id}`);
      return announce(`New task: ${task.name}`);
    }
    case "task_changed":
      return arrived(`task:${(event.data as Told<"task_changed">).task.id}`);
    case "task_completed":
    case "completion_taken_back":
      if (event.by !== person) arrived(`task:${(event.data as Told<"task_completed">).task}`);
      return;
    case "reminded":
      arrived(`reminder:${(event.data as Told<"reminded">).reminder.id}`);
      return announce("You were reminded of your open tasks");
    case "noticed": {
      const { notice } = event.data as Told<"noticed">;
      arrived(`notice:${notice.sign_off}`);
      return announce(`${notice.module}: ${notice.state}, by ${notice.signer}`);
    }
  }
}

export type Urgency = "done" | "overdue" | "urgent" | "open";

/** How a task stands at a moment (milliseconds since 1970). */
export function urgency(task: MyTask, now: number): Urgency {
  if (task.completion) return "done";
  if (now > Date.parse(task.deadline)) return "overdue";
  return now > Date.parse(task.urgent_from) ? "urgent" : "open";
}
