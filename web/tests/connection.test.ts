import { describe, expect, it, vi } from "vitest";
import { Connection, type World } from "../src/client/connection";
import type { Welcome } from "../src/client/http";
import { Refusal, Unanswered } from "../src/client/refusal";
import { Campus, DoubleSession } from "./double";

const ada: Welcome = {
  person: { id: "ada-stone", name: "Ada Stone", email: "ada@example.org", kind: "staff", administrator: false },
  ticket: "one-use",
  realm: "campus",
};
const signedOut = new Refusal("chalkbell.directory.v1.error.not_signed_in", "Sign in.", { status: 401 });

/** A world in which a test decides what happens; pauses last until the test (or a nudge) ends them. */
function world(change: Partial<World> = {}) {
  const sessions: DoubleSession[] = [];
  const pauses: { milliseconds: number; wake: () => void }[] = [];
  const made = {
    ticket: vi.fn(async () => ada),
    signIn: vi.fn(async () => ada),
    signOut: vi.fn(async () => ({})),
    join: vi.fn(async () => {
      const session = new DoubleSession(new Campus());
      sessions.push(session);
      return session;
    }),
    pause: (milliseconds: number, woken: (wake: () => void) => void) =>
      new Promise<void>((resolve) => {
        pauses.push({ milliseconds, wake: resolve });
        woken(resolve);
      }),
    random: () => 1,
    ...change,
  };
  return { made, sessions, pauses, connection: new Connection(made) };
}
const settled = (check: () => void) => vi.waitFor(check, { interval: 1 });

describe("the connection", () => {
  it("takes up the session of the cookie and is live", async () => {
    const { connection, sessions } = world();
    connection.start();
    await settled(() => expect(connection.state.value.state).toBe("live"));
    expect(connection.person.value?.id).toBe("ada-stone");
    expect(sessions).toHaveLength(1);
  });

  it("knows that nobody is signed in, and does not try again", async () => {
    const { connection, made, pauses } = world({ ticket: vi.fn(async () => Promise.reject(signedOut)) });
    connection.start();
    await settled(() => expect(connection.person.value).toBeNull());
    expect(made.ticket).toHaveBeenCalledOnce();
    expect(pauses).toHaveLength(0);
  });

  it("says that it is lost, takes a fresh ticket and tells those who follow of the new session", async () => {
    const { connection, sessions, pauses, made } = world();
    const told: unknown[] = [];
    connection.onSession((session) => told.push(session));
    connection.start();
    await settled(() => expect(told).toHaveLength(1));
    sessions[0]?.close();
    await settled(() => expect(connection.state.value.state).toBe("lost"));
    pauses[0]?.wake();
    await settled(() => expect(told).toHaveLength(2));
    expect(connection.state.value.state).toBe("live");
    expect(made.ticket).toHaveBeenCalledTimes(2);
  });

  it("waits longer after each failure, up to ten seconds, and not at all when nudged", async () => {
    const { connection, pauses } = world({ join: vi.fn(async () => Promise.reject(new Unanswered("no"))) });
    connection.start();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await settled(() => expect(pauses).toHaveLength(attempt + 1));
      await connection.nudge();
    }
    expect(pauses.slice(0, 6).map((pause) => pause.milliseconds)).toEqual([800, 1600, 3200, 6400, 10_000, 10_000]);
    expect(connection.state.value.state).toBe("lost");
  });

  it("signs out when the campus no longer knows the cookie", async () => {
    let known = true;
    const { connection, sessions, pauses } = world({ ticket: async () => (known ? ada : Promise.reject(signedOut)) });
    connection.start();
    await settled(() => expect(sessions).toHaveLength(1));
    known = false;
    sessions[0]?.close();
    await settled(() => expect(pauses).toHaveLength(1));
    pauses[0]?.wake();
    await settled(() => expect(connection.person.value).toBeNull());
  });

  it("ends the session on signing out and joins no more", async () => {
    const { connection, sessions, made } = world();
    connection.start();
    await settled(() => expect(sessions).toHaveLength(1));
    await connection.signOut();
    expect(connection.person.value).toBeNull();
    await sessions[0]?.over;
    expect(made.join).toHaveBeenCalledOnce();
  });

  it("gives a caller the next session, or says that the connection is lost", async () => {
    const { connection } = world();
    await expect(connection.live(1)).rejects.toBeInstanceOf(Unanswered);
    const soon = connection.live(1000);
    connection.start();
    await expect(soon).resolves.toBeInstanceOf(DoubleSession);
  });

  it("closes a session that has been silent and does not answer", async () => {
    vi.useFakeTimers();
    try {
      const { connection, sessions } = world();
      connection.start();
      await vi.advanceTimersByTimeAsync(0);
      const session = sessions[0] as DoubleSession;
      session.call = () => new Promise(() => undefined);
      const nudged = connection.nudge();
      await vi.advanceTimersByTimeAsync(5_000);
      await nudged;
      expect(connection.state.value.state).toBe("lost");
    } finally {
      vi.useRealTimers();
    }
  });
});
