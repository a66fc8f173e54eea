/** A campus of one stream in memory: records, publishes (or loses), replays, forgets, and drops its sessions. */
import { Refusal, Unanswered } from "../src/client/refusal";
import type { Envelope, Link, Position } from "../src/client/follow";
import type { OnEvent, Session } from "../src/client/session";

export class Campus implements Link {
  epoch = "first";
  readonly events: Envelope<{ value: number }>[] = [];
  forgotten = 0;
  /** How many subscriptions are answered with "ask again later". */
  undecided = 0;
  session: DoubleSession | undefined;
  readonly calls: string[] = [];
  private readonly listeners = new Set<(session: Session) => void>();

  onSession(listener: (session: Session) => void): () => void {
    this.listeners.add(listener);
    if (this.session) listener(this.session);
    return () => this.listeners.delete(listener);
  }

  connect(): void {
    this.session = new DoubleSession(this);
    for (const listener of this.listeners) listener(this.session);
  }

  disconnect(): void {
    this.session?.close();
    this.session = undefined;
  }

  /** Records an event; the caller decides whether and when it is published. */
  record(): Envelope {
    const seq = this.events.length + 1;
    const event = {
      service: "workflow",
      scope: "cs-2026",
      name: "signed_off",
      epoch: this.epoch,
      seq,
      at: "2026-11-23T09:00:00Z",
      by: "ada-stone",
      correlation_id: "",
      data: { value: seq },
    };
    this.events.push(event);
    return event;
  }

  publish(event: Envelope): void {
    this.session?.deliver(event);
  }

  happen(): void {
    this.publish(this.record());
  }

  announceHead(): void {
    const data = { epoch: this.epoch, seq: this.events.length };
    this.publish({ ...(this.events.at(-1) as Envelope), name: "head_announced", seq: 0, data });
  }

  /** As after a restore from a backup: fewer events, another history. */
  restore(kept: number): void {
    this.events.length = kept;
    this.epoch = `${this.epoch}+`;
    this.events.forEach((event) => (event.epoch = this.epoch));
  }

  snapshot(): { position: Position; values: number[] } {
    return { position: { epoch: this.epoch, seq: this.events.length }, values: this.events.map((event) => event.data.value) };
  }

  answer(uri: string, ask: Record<string, unknown>): unknown {
    this.calls.push(uri);
    if (!uri.endsWith(".events.since")) throw new Refusal("chalkbell.error.not_found", "no such procedure");
    const seq = ask["seq"] as number;
    if (ask["epoch"] !== this.epoch || seq < this.forgotten) throw new Refusal("chalkbell.error.too_old", "too old");
    const events = this.events.slice(seq, seq + Math.min(3, ask["limit"] as number));
    return { epoch: this.epoch, events, head: this.events.length };
  }
}

export class DoubleSession implements Session {
  private readonly listeners = new Map<OnEvent, string>();
  private end: () => void = () => undefined;
  private open = true;
  readonly over = new Promise<void>((resolve) => (this.end = resolve));

  constructor(private readonly campus: Campus) {}

  async call(uri: string, ask: Record<string, unknown>): Promise<unknown> {
    const answer = this.campus.answer(uri, ask);
    await Promise.resolve();
    if (!this.open) throw new Unanswered("lost");
    return structuredClone(answer);
  }

  async subscribe(prefix: string, onEvent: OnEvent): Promise<() => void> {
    await Promise.resolve();
    if (!this.open) throw new Unanswered("lost");
    if (this.campus.undecided > 0) {
      this.campus.undecided -= 1;
      throw new Refusal("chalkbell.error.unavailable", "later");
    }
    this.listeners.set(onEvent, prefix);
    return () => this.listeners.delete(onEvent);
  }

  get subscriptions(): number {
    return this.listeners.size;
  }

  deliver(event: Envelope): void {
    const topic = `chalkbell.${event.service}.v1.${event.scope}.${event.name}`;
    for (const [listener, prefix] of this.listeners) if (topic.startsWith(prefix)) listener(structuredClone(event));
  }

  heardAt(): number {
    return 0;
  }

  close(): void {
    this.open = false;
    this.end();
  }
}
