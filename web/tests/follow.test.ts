import { describe, expect, it, vi } from "vitest";
import { follow, type Following, type Handlers, type Status } from "../src/client/follow";
import { Refusal } from "../src/client/refusal";
import { Campus } from "./double";

type Snapshot = ReturnType<Campus["snapshot"]>;

/** Follows a campus; `shown` is what a page would show: the snapshot's values and those of the events since. */
function watch(campus: Campus, change: Partial<Handlers<Snapshot>> = {}) {
  const seen = { shown: [] as number[], applied: [] as number[], loads: 0, passing: 0, status: [] as Status[] };
  const following: Following = follow<Snapshot>(campus, "workflow", "cs-2026", {
    snapshot: async () => campus.snapshot(),
    load: (snapshot) => {
      seen.loads += 1;
      seen.shown = [...snapshot.values];
    },
    apply: (event) => {
      seen.applied.push(event.seq);
      seen.shown.push((event.data as { value: number }).value);
    },
    passing: () => (seen.passing += 1),
    status: (status) => seen.status.push(status),
    ...change,
  });
  return Object.assign(seen, { following });
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const settled = (check: () => void) => vi.waitFor(check, { interval: 1, timeout: 3000 });

describe("follow", () => {
  it("loads a snapshot and hands on each later event once", async () => {
    const campus = new Campus();
    campus.record();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.happen();
    campus.happen();
    expect(seen.shown).toEqual([1, 2, 3]);
    expect(seen.applied).toEqual([2, 3]);
    expect(campus.calls).toEqual([]);
  });

  it("drops what it has already had", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    const event = campus.record();
    campus.publish(event);
    campus.publish(event);
    campus.happen();
    campus.publish(event);
    expect(seen.applied).toEqual([1, 2]);
  });

  it("keeps an event that arrives while the snapshot is loaded", async () => {
    const campus = new Campus();
    campus.record();
    campus.connect();
    let answer: (snapshot: Snapshot) => void = () => undefined;
    const asked = vi.fn(() => new Promise<Snapshot>((resolve) => (answer = resolve)));
    const seen = watch(campus, { snapshot: asked });
    await settled(() => expect(asked).toHaveBeenCalledOnce());
    campus.happen();
    const inTheAnswer = campus.snapshot();
    campus.happen();
    answer(inTheAnswer);
    await settled(() => expect(seen.shown).toEqual([1, 2, 3]));
    expect(seen.applied).toEqual([3]);
  });

  it("fills a hole from the replay", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    for (let lost = 0; lost < 10; lost += 1) campus.record();
    campus.happen();
    await settled(() => expect(seen.applied).toEqual(upTo(11)));
    expect(seen.loads).toBe(1);
  });

  it("puts events that overtook each other into order", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    const events = [campus.record(), campus.record(), campus.record()];
    for (const event of events.reverse()) campus.publish(event);
    await settled(() => expect(seen.applied).toEqual([1, 2, 3]));
  });

  it("learns of a lost last event from the announced head", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.record();
    campus.announceHead();
    await settled(() => expect(seen.applied).toEqual([1]));
    campus.announceHead();
    expect(campus.calls).toHaveLength(1);
  });

  it("asks again when a head is announced while a replay is on its way", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.record();
    campus.announceHead();
    campus.record();
    campus.announceHead();
    await settled(() => expect(seen.applied).toEqual([1, 2]));
  });

  it("goes on after a reconnect from where it was", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.happen();
    campus.disconnect();
    await settled(() => expect(seen.status.at(-1)).toBe("away"));
    for (let missed = 0; missed < 7; missed += 1) campus.happen();
    campus.connect();
    await settled(() => expect(seen.applied).toEqual(upTo(8)));
    expect(seen.loads).toBe(1);
    expect(seen.status.at(-1)).toBe("following");
  });

  it("asks for the snapshot again when the connection is lost before it came", async () => {
    const campus = new Campus();
    campus.connect();
    const answers: ((snapshot: Snapshot) => void)[] = [];
    const seen = watch(campus, { snapshot: () => new Promise<Snapshot>((resolve) => answers.push(resolve)) });
    await settled(() => expect(answers).toHaveLength(1));
    const early = campus.snapshot();
    campus.disconnect();
    campus.happen();
    campus.connect();
    answers[0]?.(early);
    await settled(() => expect(answers).toHaveLength(2));
    answers[1]?.(campus.snapshot());
    await settled(() => expect(seen.shown).toEqual([1]));
  });

  it("takes a fresh snapshot when the events are no longer kept", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.disconnect();
    for (let missed = 0; missed < 5; missed += 1) campus.record();
    campus.forgotten = 4;
    campus.connect();
    await settled(() => expect(seen.shown).toEqual(upTo(5)));
    expect(seen.loads).toBe(2);
    campus.happen();
    expect(seen.shown).toEqual(upTo(6));
  });

  it("takes a fresh snapshot when the history has changed while it was away", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    for (const _ of upTo(5)) campus.happen();
    campus.disconnect();
    campus.restore(2);
    campus.connect();
    await settled(() => expect(seen.shown).toEqual([1, 2]));
    campus.happen();
    expect(seen.shown).toEqual([1, 2, 3]);
  });

  it("takes a fresh snapshot when an event of another history arrives", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    for (const _ of upTo(5)) campus.happen();
    const late = structuredClone(campus.events[4]);
    campus.restore(2);
    campus.happen();
    await settled(() => expect(seen.shown).toEqual([1, 2, 3]));
    if (late) campus.publish(late);
    await settled(() => expect(seen.shown).toEqual([1, 2, 3]));
  });

  it("stops with the reason when reading is not allowed, and asks again in the next session", async () => {
    const campus = new Campus();
    campus.connect();
    let allowed = false;
    const seen = watch(campus, {
      snapshot: async () => {
        if (!allowed) throw new Refusal("chalkbell.error.not_allowed", "no");
        return campus.snapshot();
      },
    });
    await settled(() => expect(seen.status.at(-1)).toBe("refused"));
    allowed = true;
    campus.disconnect();
    campus.connect();
    await settled(() => expect(seen.status.at(-1)).toBe("following"));
  });

  it("ends with the reason when the right to read is lost", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.happen();
    campus.publish({ ...campus.record(), seq: 0, epoch: null as never, name: "reading_ended", data: {} });
    expect(seen.status.at(-1)).toBe("refused");
    campus.happen();
    expect(seen.applied).toEqual([1]);
  });

  it("asks again for a subscription that nobody could decide on", async () => {
    const campus = new Campus();
    campus.undecided = 2;
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.happen();
    expect(seen.applied).toEqual([1]);
  });

  it("tries again while the service is unavailable", async () => {
    const campus = new Campus();
    campus.connect();
    let attempts = 0;
    const seen = watch(campus, {
      snapshot: async () => {
        attempts += 1;
        if (attempts < 3) throw new Refusal("chalkbell.error.unavailable", "later");
        return campus.snapshot();
      },
    });
    await settled(() => expect(seen.loads).toBe(1));
    expect(attempts).toBe(3);
  });

  it("refreshes on request without losing or repeating an event", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.happen();
    seen.following.refresh();
    campus.happen();
    campus.happen();
    await settled(() => expect(seen.loads).toBe(2));
    await settled(() => expect(seen.shown).toEqual([1, 2, 3]));
  });

  it("loads anew when the application fails on an event", async () => {
    const campus = new Campus();
    campus.connect();
    const complain = vi.spyOn(console, "error").mockImplementation(() => undefined);
    let broken = true;
    const seen = watch(campus, {
      apply: () => {
        if (broken) throw new Error("broken");
      },
    });
    await settled(() => expect(seen.loads).toBe(1));
    campus.happen();
    broken = false;
    await settled(() => expect(seen.shown).toEqual([1]));
    expect(complain).toHaveBeenCalledOnce();
    complain.mockRestore();
  });

  it("hands passing events on at once and never counts them", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    campus.publish({ ...campus.record(), seq: 0, name: "spoke" });
    expect(seen.passing).toBe(1);
    expect(seen.applied).toEqual([]);
  });

  it("hears nothing more once closed", async () => {
    const campus = new Campus();
    campus.connect();
    const seen = watch(campus);
    await settled(() => expect(seen.loads).toBe(1));
    const session = campus.session;
    seen.following.close();
    campus.happen();
    expect(seen.applied).toEqual([]);
    expect(session?.subscriptions).toBe(0);
  });

  it("shows the same as the campus after any mixture of losses, repeats, reorderings and reconnects", async () => {
    let state = 20261123;
    const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let run = 0; run < 60; run += 1) {
      const campus = new Campus();
      campus.connect();
      const seen = watch(campus);
      const late: ReturnType<Campus["record"]>[] = [];
      for (let step = 0; step < 80; step += 1) {
        const dice = random();
        if (dice < 0.5) campus.happen();
        else if (dice < 0.62) campus.record();
        else if (dice < 0.74) late.push(campus.record());
        else if (dice < 0.84 && late.length > 0) campus.publish(late.splice(Math.floor(random() * late.length), 1)[0] as never);
        else if (dice < 0.9) campus.disconnect();
        else if (dice < 0.96 && !campus.session) campus.connect();
        else if (dice < 0.97) campus.restore(Math.floor(campus.events.length / 2));
        else if (dice < 0.98) campus.forgotten = Math.floor(campus.events.length * random());
        else if (campus.events.length > 0) campus.announceHead();
        if (random() < 0.4) await new Promise((resolve) => setImmediate(resolve));
      }
      if (!campus.session) campus.connect();
      campus.record();
      campus.announceHead();
      await settled(() => expect(seen.shown).toEqual(campus.snapshot().values));
      seen.following.close();
    }
  });
});
