/** A call that was refused: what the contract calls it, its message for people, and what goes with it. */
export class Refusal extends Error {
  constructor(
    readonly uri: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "Refusal";
  }

  /** The last part of the URI: `conflict`, `not_allowed`, `too_old` ... */
  get kind(): string {
    return this.uri.slice(this.uri.lastIndexOf(".") + 1);
  }

  /** The field that an `invalid` refusal is about, for example `notes`, or an empty string. */
  get path(): string {
    const path = this.details["path"];
    return typeof path === "string" ? path.replace(/^\$\.?/, "") : "";
  }
}

export const UNAVAILABLE = "chalkbell.error.unavailable";
export const NOT_ALLOWED = "chalkbell.error.not_allowed";

/** Nothing answered: the connection is gone, or the time ran out. Whether a change was made is not known. */
export class Unanswered extends Refusal {
  constructor(message: string) {
    super(UNAVAILABLE, message);
    this.name = "Unanswered";
  }
}

const OF_THE_ROUTER: Record<string, [uri: string, message: string]> = {
  "wamp.error.no_such_procedure": [UNAVAILABLE, "This part of the campus does not answer at the moment. Ask again a little later."],
  "wamp.error.no_eligible_callee": [
    UNAVAILABLE,
    "This part of the campus does not answer at the moment. Ask again a little later.",
  ],
  "wamp.error.canceled": [UNAVAILABLE, "The service went away while it was answering. Ask again a little later."],
  "wamp.error.authorization_failed": [
    UNAVAILABLE,
    "The campus could not find out whether you may do this. Ask again a little later.",
  ],
  "wamp.error.not_authorized": [NOT_ALLOWED, "You may not do this. Ask somebody who has the right to, or an administrator."],
};

/** The refusal for an error as it came over the wire. */
export function refusalFrom(uri: string, args?: unknown[], details?: Record<string, unknown>): Refusal {
  const known = OF_THE_ROUTER[uri];
  if (known) return new Refusal(known[0], known[1], { router_error: uri, ...details });
  const message = typeof args?.[0] === "string" && args[0] ? args[0] : `The call was refused (${uri}).`;
  return new Refusal(uri, message, details ?? {});
}

/** What to say to a person about anything that was thrown. */
export function wordsOf(error: unknown): string {
  if (error instanceof Refusal) {
    const incident = error.details["incident"];
    return typeof incident === "string" ? `${error.message} (incident ${incident})` : error.message;
  }
  return error instanceof Error ? error.message : String(error);
}
