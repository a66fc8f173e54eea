/** Calls, typed by the contracts. */
import type { Procedures } from "../contracts";
import { learn } from "./clock";
import { campus } from "./connection";
import { Unanswered } from "./refusal";

type Uri = keyof Procedures;
type Changing = { [U in Uri]: "request_id" extends keyof Procedures[U]["ask"] ? U : never }[Uri];

const PATIENCE = 15_000;

/** Asks a procedure (`workflow.v1.assessments`). Refuses with `Refusal`; `Unanswered` where nothing answers in time. */
export async function call<U extends Uri>(uri: U, ask: Procedures[U]["ask"]): Promise<Procedures[U]["answer"]> {
  const session = await campus.live(PATIENCE);
  const asked = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unanswered("No answer came in time. Try again.")), PATIENCE);
  });
  try {
    const answer = (await Promise.race([session.call(`chalkbell.${uri}`, { ...ask }), late])) as Procedures[U]["answer"];
    const now = (answer as { now?: unknown } | null)?.now;
    if (typeof now === "string") learn(asked, now, Date.now());
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Changes something. Where the connection breaks before the answer is known, the same request is sent again in the next session:
 * its `request_id` makes sure that it counts once.
 */
export async function change<U extends Changing>(uri: U, ask: Procedures[U]["ask"]): Promise<Procedures[U]["answer"]> {
  const once = { request_id: requestId(), ...ask };
  try {
    return await call(uri, once);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return call(uri, once);
  }
}

/** Not `crypto.randomUUID`: browsers withhold that from pages served over plain HTTP. */
function requestId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
