/**
 * Follows one stream (a service's scope) so that the application gets every event once and in order.
 *
 * Subscribes first, keeps what arrives, loads a snapshot, then hands on what comes after it. A hole in the numbers or an announced
 * head is repaired by asking for the events since; so is the time away after a lost connection. Where the events are no longer kept,
 * or the history is another (the epoch), a fresh snapshot is loaded.
 */
import type { Session } from "./session";
import { NOT_ALLOWED, Refusal, Unanswered } from "./refusal";

export interface Position {
  epoch: string;
  seq: number;
}

export interface Envelope<Data = unknown> {
  service: string;
  scope: string;
  /** The last part of the topic: `signed_off`. */
  name: string;
  epoch: string;
  /** 1, 2, 3 ... without holes; 0 for a passing event. */
  seq: number;
  /** When it was recorded, ISO 8601. */
  at: string;
  /** A person's id, or `service.<name>`. */
  by: string;
  correlation_id: string;
  data: Data;
}

/** Where sessions come from: calls `listener` with the present one, if any, and with each that follows. */
export interface Link {
  onSession(listener: (session: Session) => void): () => void;
}

export interface Handlers<Snapshot extends { position: Position }> {
  /** Asks for the state to start from. Called after the subscription stands. */
  snapshot(): Promise<Snapshot>;
  /** Replaces everything shown. */
  load(snapshot: Snapshot): void;
  /** One recorded event, the next one of the stream. */
  apply(event: Envelope): void;
  /** An event without a record, as it comes. */
  passing?(event: Envelope): void;
  /** `loading` before the first snapshot, `following`, `away` without a session, `refused` with the reason. */
  status?(status: Status, refusal?: Refusal): void;
}

export type Status = "loading" | "following" | "away" | "refused";

export interface Following {
  /** Loads a fresh snapshot, for what events alone do not tell. */
  refresh(): void;
  /** Stops for good. */
  close(): void;
}

const PAGE = 500;
const KEEP = 5_000;
const HEAD = "head_announced";
const ENDED = "reading_ended";
const FINAL = new Set(["not_allowed", "not_found", "invalid"]);

interface Since {
  epoch: string;
  events: Envelope[];
  head: number;
}

export function follow<Snapshot extends { position: Position }>(
  link: Link,
  service: string,
  scope: string,
  handlers: Handlers<Snapshot>,
): Following {
  return new Follower(link, service, scope, handlers);
}

class Follower<Snapshot extends { position: Position }> implements Following {
  /** The latest session there was, and the one whose subscription stands. */
  private current: Session | undefined;
  private session: Session | undefined;
  private position: Position | undefined;
  /** What has arrived and cannot be handed on yet; of whatever epoch, until a snapshot says which one counts. */
  private ahead: Envelope[] = [];
  private need: "snapshot" | "replay" | undefined;
  private working = false;
  private loading = false;
  private head: Position | undefined;
  private closed = false;
  private failures = 0;
  private readonly leave: () => void;
  private unsubscribe: () => void = () => undefined;

  constructor(
    link: Link,
    private readonly service: string,
    private readonly scope: string,
    private readonly handlers: Handlers<Snapshot>,
  ) {
    this.handlers.status?.("loading");
    this.leave = link.onSession((session) => void this.attend(session));
  }

  refresh(): void {
    this.want("snapshot");
  }

  close(): void {
    this.closed = true;
    this.leave();
    this.unsubscribe();
  }

  private async attend(session: Session): Promise<void> {
    this.current = session;
    const stop = await this.subscribe(session);
    if (!stop) return;
    if (this.closed || this.current !== session) return stop();
    this.session = session;
    this.unsubscribe = stop;
    void session.over.then(() => {
      if (this.session !== session) return;
      this.session = undefined;
      if (!this.closed) this.handlers.status?.("away");
    });
    this.want(this.position ? "replay" : "snapshot");
  }

  /** Until the router agrees or declines; what may be known a moment later (the service is just starting) is asked again. */
  private async subscribe(session: Session): Promise<(() => void) | undefined> {
    const prefix = `chalkbell.${this.service}.v1.${this.scope}.`;
    for (let attempt = 1; !this.closed && this.current === session; attempt += 1) {
      try {
        return await session.subscribe(prefix, (event) => {
          if (this.current === session) this.receive(event as Envelope);
        });
      } catch (error) {
        if (error instanceof Unanswered) return undefined;
        if (!(error instanceof Refusal) || FINAL.has(error.kind)) {
          this.refuse(error as Refusal);
          return undefined;
        }
        await pause(attempt);
      }
    }
    return undefined;
  }

  /** The end, until another session begins: this person may not read (any longer). */
  private refuse(refusal: Refusal): void {
    this.need = undefined;
    this.position = undefined;
    this.ahead = [];
    this.session = undefined;
    this.unsubscribe();
    this.handlers.status?.("refused", refusal);
  }

  private receive(event: Envelope): void {
    if (this.closed) return;
    if (event.name === HEAD) return this.announced(event.data as Position);
    if (event.name === ENDED) return this.refuse(new Refusal(NOT_ALLOWED, "You may no longer read this."));
    if (event.seq === 0) return this.handlers.passing?.(event);
    this.ahead.push(event);
    // What is let go of here is a hole, and found as one.
    if (this.ahead.length > KEEP) this.ahead.splice(0, KEEP / 2);
    this.drain();
  }

  private announced(head: Position): void {
    this.head = head;
    if (!this.position || this.loading) return;
    if (head.epoch !== this.position.epoch) this.want("snapshot");
    else if (head.seq > this.position.seq) this.want("replay");
  }

  /** Hands on what follows; asks for what is missing. */
  private drain(): void {
    let position = this.position;
    if (!position || this.loading) return;
    const known = position.epoch;
    const strange = this.ahead.some((event) => event.epoch !== known);
    this.ahead = this.ahead.filter((event) => event.epoch === known).sort((a, b) => a.seq - b.seq);
    while (!this.loading && this.ahead[0] && this.ahead[0].seq <= position.seq + 1) {
      const event = this.ahead.shift() as Envelope;
      if (event.seq <= position.seq) continue;
      this.position = position = { epoch: known, seq: event.seq };
      try {
        this.handlers.apply(event);
      } catch (error) {
        // What is shown can no longer be trusted; a snapshot can.
        console.error("an event could not be applied", event, error);
        this.want("snapshot");
      }
      if (this.closed) return;
    }
    if (strange) this.want("snapshot");
    else if (this.ahead.length > 0 && !this.loading) this.want("replay");
  }

  private want(need: "snapshot" | "replay"): void {
    if (this.need !== "snapshot") this.need = need;
    if (!this.working) void this.work();
  }

  /** One thing at a time until nothing is needed. Without a session it stops; the next session begins it again. */
  private async work(): Promise<void> {
    this.working = true;
    while (this.need && this.session && !this.closed) {
      const session = this.session;
      const need = this.need;
      // Cleared before asking: what is wanted while the answer is on its way is not in the answer.
      this.need = undefined;
      this.loading = need === "snapshot";
      try {
        await (need === "snapshot" ? this.load(session) : this.replay(session));
        this.failures = 0;
      } catch (error) {
        if (!(await this.recover(need, error))) break;
      }
    }
    this.loading = false;
    this.working = false;
  }

  private async load(session: Session): Promise<void> {
    const snapshot = await this.handlers.snapshot();
    if (this.closed) return;
    // An answer from before a reconnect says nothing about what was missed since: ask again.
    if (this.session !== session) return this.want("snapshot");
    this.loading = false;
    this.position = snapshot.position;
    this.handlers.load(snapshot);
    this.handlers.status?.("following");
    // Events of another epoch that came before this answer belong to the past; later ones ask for a new snapshot.
    const { epoch } = snapshot.position;
    this.ahead = this.ahead.filter((event) => event.epoch === epoch);
    this.drain();
    if (this.head?.epoch === epoch) this.announced(this.head);
  }

  private async replay(session: Session): Promise<void> {
    const from = this.position;
    if (!from) return this.want("snapshot");
    const since = (await session.call(`chalkbell.${this.service}.v1.events.since`, {
      scope: this.scope,
      epoch: from.epoch,
      seq: from.seq,
      limit: PAGE,
    })) as Since;
    if (this.closed) return;
    const lost = since.epoch !== from.epoch || since.head < from.seq || (since.events.length === 0 && since.head > from.seq);
    if (lost) return this.want("snapshot");
    this.ahead.push(...since.events);
    this.handlers.status?.("following");
    this.drain();
    if (this.position?.epoch === since.epoch && this.position.seq < since.head) this.want("replay");
  }

  /** Whether to go on after a failure. */
  private async recover(need: "snapshot" | "replay", error: unknown): Promise<boolean> {
    if (this.closed) return false;
    const kind = error instanceof Refusal ? error.kind : "internal";
    if (FINAL.has(kind)) {
      this.refuse(error as Refusal);
      return false;
    }
    this.want(kind === "too_old" ? "snapshot" : need);
    if (kind === "too_old" && need === "replay") return true;
    if (!this.session) return false;
    this.failures += 1;
    if (!this.position) this.handlers.status?.("loading", error instanceof Refusal ? error : undefined);
    await pause(this.failures);
    return true;
  }
}

const pause = (attempt: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(15_000, 400 * 2 ** attempt)));
