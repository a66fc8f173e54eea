/** The connection to the campus: kept, lost, found again. One per page. */
import { signal } from "@preact/signals";
import type { Link } from "./follow";
import type { Person, Welcome } from "./http";
import * as http from "./http";
import { Refusal, Unanswered } from "./refusal";
import { join as joinRouter, type Session } from "./session";

export interface ConnectionState {
  /** `connecting` for the first time, `live`, or `lost` and trying again. */
  state: "connecting" | "live" | "lost";
  /** Since when, in milliseconds since 1970. When lost: when something was last heard, so how old the page is. */
  since: number;
}

/** What a connection needs from the world; tests put doubles in its place. */
export interface World {
  ticket(): Promise<Welcome>;
  signIn(email: string, password: string): Promise<Welcome>;
  signOut(): Promise<unknown>;
  join(welcome: Welcome): Promise<Session>;
  /** Resolves after so many milliseconds, or when `woken` is called before. */
  pause(milliseconds: number, woken: (wake: () => void) => void): Promise<void>;
  random(): number;
}

const SILENCE = 20_000;
const PROBE = "chalkbell.notifier.v1.events.heads";

export class Connection implements Link {
  readonly state = signal<ConnectionState>({ state: "connecting", since: Date.now() });
  /** Who is signed in; `undefined` until that is known, `null` for nobody. */
  readonly person = signal<Person | null | undefined>(undefined);
  private session: Session | undefined;
  private running = 0;
  private wake: () => void = () => undefined;
  private readonly listeners = new Set<(session: Session) => void>();

  constructor(private readonly world: World) {}

  /** Takes up the session that the cookie stands for, if there is one. */
  start(): void {
    void this.run();
  }

  /** Signs in with a password; refuses as the campus does. */
  async signIn(email: string, password: string): Promise<void> {
    const welcome = await this.world.signIn(email, password);
    void this.run(welcome);
  }

  async signOut(): Promise<void> {
    await this.world.signOut().catch((error: unknown) => {
      if (error instanceof Unanswered) throw error;
    });
    this.leave();
  }

  onSession(listener: (session: Session) => void): () => void {
    this.listeners.add(listener);
    if (this.session) listener(this.session);
    return () => this.listeners.delete(listener);
  }

  /** The present session, or the next within so many milliseconds; else `Unanswered`. */
  async live(patience: number): Promise<Session> {
    if (this.session) return this.session;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(new Unanswered("The connection is lost. Nothing was changed. Try again when it is back."));
      }, patience);
      const stop = this.onSession((session) => {
        clearTimeout(timer);
        queueMicrotask(() => stop());
        resolve(session);
      });
    });
  }

  /**
   * Tries again now instead of waiting; where there is a session, asks whether it is still there, unless something was heard of it
   * within so many milliseconds.
   */
  async nudge(silence = SILENCE / 2): Promise<void> {
    this.wake();
    const session = this.session;
    if (!session || Date.now() - session.heardAt() < silence) return;
    const alive = session.call(PROBE, { scopes: [] }).then(
      () => true,
      (error: unknown) => !(error instanceof Unanswered),
    );
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 5_000));
    if (!(await Promise.race([alive, late]))) session.close();
  }

  private leave(): void {
    this.running += 1;
    this.session?.close();
    this.session = undefined;
    this.person.value = null;
    this.state.value = { state: "connecting", since: Date.now() };
    this.wake();
  }

  private async run(first?: Welcome): Promise<void> {
    const turn = ++this.running;
    let welcome = first;
    let attempt = 0;
    while (turn === this.running) {
      try {
        welcome ??= await this.world.ticket();
        if (turn !== this.running) return;
        // Rights may have changed; the same person as before is no change.
        if (JSON.stringify(this.person.value) !== JSON.stringify(welcome.person)) this.person.value = welcome.person;
        const session = await this.world.join(welcome);
        if (turn !== this.running) return session.close();
        attempt = 0;
        await this.keep(session);
      } catch (error) {
        if (turn !== this.running) return;
        if (error instanceof Refusal && error.details["status"] === 401) return this.leave();
        if (this.state.value.state === "connecting" && attempt > 1)
          this.state.value = { state: "lost", since: this.state.value.since };
      }
      welcome = undefined;
      // All browsers lose a restarted router at the same moment; they should not all come back at the same moment.
      const longest = Math.min(10_000, 800 * 2 ** attempt);
      attempt += 1;
      await this.world.pause(longest * (0.2 + 0.8 * this.world.random()), (wake) => (this.wake = wake));
    }
  }

  private async keep(session: Session): Promise<void> {
    this.session = session;
    this.state.value = { state: "live", since: Date.now() };
    for (const listener of [...this.listeners]) listener(session);
    await session.over;
    if (this.session !== session) return;
    this.session = undefined;
    this.state.value = { state: "lost", since: session.heardAt() };
  }
}

const browser: World = {
  ticket: http.ticket,
  signIn: http.signIn,
  signOut: http.signOut,
  join: ({ person, ticket, realm }) => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return joinRouter({ url: `${scheme}://${location.host}/ws`, realm, person: person.id, ticket });
  },
  pause: (milliseconds, woken) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      woken(() => {
        clearTimeout(timer);
        resolve();
      });
    }),
  random: Math.random,
};

export const campus = new Connection(browser);
export const connection = campus.state;
export const me = campus.person;

/** Starts the connection, and looks after it when the page comes back into view or the network returns. */
export function startConnection(): void {
  campus.start();
  const nudge = () => void campus.nudge();
  addEventListener("online", nudge);
  addEventListener("offline", () => void campus.nudge(0));
  addEventListener("pageshow", nudge);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && nudge());
  setInterval(() => document.visibilityState === "visible" && connection.value.state === "live" && nudge(), SILENCE);
}
