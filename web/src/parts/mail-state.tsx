/** What was mailed and what was not; reminding people now. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call, change } from "../client/call";
import { campus } from "../client/connection";
import type { Procedures } from "../contracts";
import { Act } from "./act";
import { done } from "./say";
import { Empty, Refused, State } from "./states";
import { When } from "./times";

type Deliveries = Procedures["notifier.v1.deliveries.list"]["answer"];
type Delivery = Deliveries["deliveries"][number];

const LOOKS: Record<string, { shape: string; tone: string; word: string }> = {
  pending: { shape: "ring", tone: "", word: "waiting" },
  sending: { shape: "half", tone: "sky", word: "on its way" },
  sent: { shape: "tick", tone: "accent", word: "sent" },
  unknown: { shape: "dashed", tone: "brass", word: "not known whether sent" },
  failed: { shape: "back", tone: "brass", word: "failed, tried again" },
  dead: { shape: "cross", tone: "alarm", word: "given up" },
  dropped: { shape: "square", tone: "", word: "left out" },
};
const EVERY = 10_000;

export function MailState() {
  const list = useSignal<Deliveries | undefined>(undefined);
  const refusal = useSignal<unknown>(undefined);
  const read = () =>
    call("notifier.v1.deliveries.list", { limit: 12 }).then(
      (answer) => {
        list.value = answer;
        refusal.value = undefined;
      },
      (error: unknown) => (refusal.value = error),
    );
  useEffect(() => {
    const ask = () => document.visibilityState === "visible" && void read();
    const stop = campus.onSession(ask);
    const timer = setInterval(ask, EVERY);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  const answer = list.value;
  return (
    <section class="stack" aria-labelledby="mail">
      <h2 id="mail">Mail</h2>
      <Refused error={refusal.value} />
      {answer?.problem && <p class="note refused">{answer.problem}</p>}
      {answer && (
        <p class="row">
          {Object.entries(answer.counts).map(([state, count]) => (
            <State key={state} shape={LOOKS[state]?.shape ?? "ring"} tone={LOOKS[state]?.tone}>
              {count} {LOOKS[state]?.word ?? state}
            </State>
          ))}
        </p>
      )}
      {answer?.deliveries.length === 0 && <Empty>No mail yet. Reminders and sign-offs go out by mail to who wants it.</Empty>}
      {answer && answer.deliveries.length > 0 && (
        <ul class="things">
          {answer.deliveries.map((delivery) => (
            <Line key={delivery.id} delivery={delivery} reread={read} />
          ))}
        </ul>
      )}
      <RemindNow />
    </section>
  );
}

function Line({ delivery, reread }: { delivery: Delivery; reread: () => Promise<unknown> }) {
  const look = LOOKS[delivery.state];
  const again = ["dead", "failed", "unknown"].includes(delivery.state);
  return (
    <li class="thing">
      <div>
        <div class="title">{delivery.subject}</div>
        <div class="row small quiet">
          <State shape={look?.shape ?? "ring"} tone={look?.tone}>
            {look?.word ?? delivery.state}
          </State>
          <span>to {delivery.person}</span>
          <When at={delivery.sent ?? delivery.decided} />
        </div>
        {delivery.error && <div class="small">{delivery.error}</div>}
      </div>
      {again && (
        <div class="acts">
          <Act
            label={`Send again: ${delivery.subject}, to ${delivery.person}`}
            act={() => change("notifier.v1.delivery.send_again", { delivery: delivery.id }).then(reread)}
          >
            Send again
          </Act>
        </div>
      )}
    </li>
  );
}

/** Mail cannot be called back, so it is tried out first: who would get it. */
function RemindNow() {
  const tried = useSignal<{ urgent: boolean; people: string[] } | undefined>(undefined);
  const attempt = (urgent: boolean) => async () => {
    const answer = await change("notifier.v1.remind", { urgent_only: urgent, dry_run: true });
    tried.value = { urgent, people: answer.people };
  };
  const send = async () => {
    const answer = await change("notifier.v1.remind", { urgent_only: tried.value?.urgent ?? true });
    tried.value = undefined;
    done(`Reminded ${answer.people.length} people.`);
  };
  return (
    <div class="stack">
      <div class="row">
        <Act act={attempt(true)}>Remind of what is urgent</Act>
        <Act act={attempt(false)}>Remind of everything open</Act>
      </div>
      {tried.value && (
        <div class="note row spread" role="status">
          <span>
            {tried.value.people.length === 0
              ? "Nobody would be reminded."
              : `${tried.value.people.length} people would be reminded now.`}
          </span>
          <span class="row">
            {tried.value.people.length > 0 && (
              <Act kind="primary" act={send}>
                Remind them
              </Act>
            )}
            <button class="plain" onClick={() => (tried.value = undefined)}>
              Not now
            </button>
          </span>
        </div>
      )}
    </div>
  );
}
