/** The few things that are asked over HTTP, with the cookie: signing in and out, and the ticket for the websocket. */
import { Refusal, Unanswered } from "./refusal";

export interface Person {
  id: string;
  name: string;
  email: string;
  kind: string;
  administrator: boolean;
}

export interface Welcome {
  person: Person;
  ticket: string;
  realm: string;
}

async function post<Answer>(path: string, body?: unknown): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body ?? {}),
      signal: AbortSignal.timeout(10_000),
    });
  } catch {
    throw new Unanswered("The campus could not be reached. Check the network and try again.");
  }
  const text = await response.text();
  let answer: Record<string, unknown> = {};
  try {
    answer = text ? (JSON.parse(text) as Record<string, unknown>) : {};
  } catch {
    // Not ours: a proxy in between, or the router before its services have joined.
  }
  if (response.ok) return answer as Answer;
  if (response.status >= 500 && typeof answer["error"] !== "string") {
    throw new Unanswered("The campus does not answer at the moment. Try again a little later.");
  }
  throw refusalOf(response.status, answer);
}

function refusalOf(status: number, answer: Record<string, unknown>): Refusal {
  const { error, message, details } = answer;
  const uri = typeof error === "string" ? error : status === 401 ? "chalkbell.error.not_signed_in" : "chalkbell.error.refused";
  const words = typeof message === "string" ? message : `The campus refused (${status}).`;
  const more = typeof details === "object" && details !== null ? (details as Record<string, unknown>) : {};
  return new Refusal(uri, words, { status, ...more });
}

export const signIn = (email: string, password: string) => post<Welcome>("/api/sign-in", { email, password });
export const ticket = () => post<Welcome>("/api/ticket");
export const signOut = () => post<unknown>("/api/sign-out");
