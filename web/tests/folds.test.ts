/** What events make of what is shown. That this equals a fresh snapshot from the services themselves is shown in tests/web. */
import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("location", { hash: "", protocol: "http:", host: "campus" });
vi.stubGlobal("addEventListener", () => undefined);

const { foldTasks, urgency } = await import("../src/state/tasks");
const { foldAssessments, foldExamined, foldAssessment } = await import("../src/state/assessments");
const { foldShare, shareOf } = await import("../src/state/waiting");
const { endOf, foldRoom, groupOf } = await import("../src/state/rooms");
const { foldCampus } = await import("../src/state/campus");
const { listed, nameOf } = await import("../src/state/names");
const { sorted, ticks } = await import("../src/state/loads");
const { relativeTime } = await import("../src/parts/times");

const event = (name: string, data: unknown) => ({
  service: "",
  scope: "cs-2026",
  name,
  epoch: "e",
  seq: 1,
  at: "2026-11-23T09:00:00Z",
  by: "ben-hill",
  correlation_id: "",
  data,
});
const position = { epoch: "e", seq: 0 };

describe("my tasks", () => {
  const task = (id: string, deadline: string, more = {}) =>
    ({ id, name: id, deadline, urgent_from: "2026-11-20T00:00:00Z", completion: null, ...more }) as never;
  const state = {
    position,
    at: "",
    tasks: [task("b", "2026-12-01T00:00:00Z")],
    reminders: [],
    notices: [],
    preferences: {},
  } as never;

  it("come in by deadline, are changed in place and leave", () => {
    let after = foldTasks(state, event("task_assigned", { task: task("a", "2026-11-30T00:00:00Z") }));
    expect(after.tasks.map((one) => one.id)).toEqual(["a", "b"]);
    after = foldTasks(after, event("task_changed", { task: task("a", "2026-12-24T00:00:00Z") }));
    expect(after.tasks.map((one) => one.id)).toEqual(["b", "a"]);
    after = foldTasks(after, event("task_withdrawn", { task: "b" }));
    expect(after.tasks.map((one) => one.id)).toEqual(["a"]);
  });

  it("are done and open again", () => {
    const done = foldTasks(state, event("task_completed", { task: "b", completion: { at: "x", by: "ada", comment: "" } }));
    expect(urgency(done.tasks[0] as never, Date.parse("2027-01-01"))).toBe("done");
    const open = foldTasks(done, event("completion_taken_back", { task: "b" }));
    expect(urgency(open.tasks[0] as never, Date.parse("2026-11-19"))).toBe("open");
    expect(urgency(open.tasks[0] as never, Date.parse("2026-11-21"))).toBe("urgent");
    expect(urgency(open.tasks[0] as never, Date.parse("2027-01-01"))).toBe("overdue");
  });

  it("bring reminders and notices, newest first, no more than are kept", () => {
    let after = state as ReturnType<typeof foldTasks>;
    for (let number = 0; number < 60; number += 1) {
      after = foldTasks(after, event("noticed", { notice: { sign_off: `s${number}`, sent_at: null } }));
      after = foldTasks(after, event("reminded", { reminder: { id: `r${number}` } }));
    }
    expect(after.notices).toHaveLength(50);
    expect(after.reminders).toHaveLength(20);
    expect(after.notices[0]?.sign_off).toBe("s59");
    after = foldTasks(after, event("notice_sent", { sign_off: "s59", at: "2026-11-23T10:00:00Z", channel: "mail" }));
    expect(after.notices[0]).toMatchObject({ sent_at: "2026-11-23T10:00:00Z", channel: "mail" });
  });
});

const turn = (people: string[], groups: string[] = []) => ({
  state: "next",
  title: "Next",
  people,
  groups,
  anyone: false,
  administrators: false,
});
const assessment = (id: string, more = {}) =>
  ({
    id,
    package: "cs-2026",
    module_code: id.toUpperCase(),
    kind: "exam",
    title: "",
    state: null,
    state_title: "",
    ended: false,
    version: 0,
    sign_offs: 0,
    since: "2026-11-01T00:00:00Z",
    next: [turn(["ben-hill"])],
    ...more,
  }) as never;
const you = { person: "ada-stone", groups: ["assessors"], staff: true, administrator: false };
const signedOff = (id: string, more = {}) =>
  event("signed_off", {
    assessment: id,
    package: "cs-2026",
    module_code: id.toUpperCase(),
    kind: "exam",
    title: "",
    state: "moderated",
    state_title: "Moderated",
    ended: false,
    version: 1,
    number: 1,
    at: "2026-11-23T09:00:00Z",
    next: [turn([], ["assessors"])],
    names: { "cleo-marsh": "Cleo Marsh" },
    ...more,
  });

describe("a package's assessments", () => {
  const state = {
    position,
    package: "cs-2026",
    package_name: "",
    may_add: false,
    assessments: [assessment("b")],
    mine: [],
    you,
    names: {},
  } as never;

  it("move with a sign-off, and become mine by a group", () => {
    const after = foldAssessments(state, signedOff("b"));
    if (after === "reload") throw new Error("reload");
    expect(after.assessments[0]).toMatchObject({ state: "moderated", state_title: "Moderated", version: 1, sign_offs: 1 });
    expect(after.mine).toEqual(["b"]);
    expect(nameOf("cleo-marsh", after.names)).toBe("Cleo Marsh");
  });

  it("are nobody's once they have ended", () => {
    const after = foldAssessments(state, signedOff("b", { ended: true }));
    expect(after).toMatchObject({ mine: [] });
  });

  it("are added in the order of their modules, and removed", () => {
    const added = foldAssessments(state, event("assessment_added", { assessment: assessment("a"), names: {} }));
    if (added === "reload") throw new Error("reload");
    expect(added.assessments.map((one) => one.id)).toEqual(["a", "b"]);
    expect(foldAssessments(added, event("assessment_removed", { assessment: "b" }))).toMatchObject({ assessments: [{ id: "a" }] });
  });

  it("are read again when something unknown was signed off", () => {
    expect(foldAssessments(state, signedOff("unknown"))).toBe("reload");
  });
});

it("what an examiner examines keeps those they lead first", () => {
  const state = {
    position,
    scope: "examiner-x",
    examined: [{ assessment: assessment("b"), package_name: "", lead: false }],
    mine: [],
    you,
    names: {},
  } as never;
  const after = foldExamined(
    state,
    event("assessment_shown", { examined: { assessment: assessment("c"), package_name: "", lead: true }, names: {} }),
  );
  expect(after).toMatchObject({ examined: [{ lead: true }, { lead: false }] });
  expect(foldExamined(after as never, event("assessment_hidden", { assessment: "b" }))).toMatchObject({
    examined: [{ lead: true }],
  });
});

it("an assessment's ledger learns who was told; a sign-off is read again, another's is not", () => {
  const state = { assessment: { id: "a" }, history: [{ sign_off: "a-1", notified: [] }] } as never;
  const told = foldAssessment(state, event("sign_off_notified", { sign_off: "a-1", person: "ben-hill", at: "x" }));
  expect(told).toMatchObject({ history: [{ notified: [{ person: "ben-hill", at: "x" }] }] });
  expect(foldAssessment(state, signedOff("a"))).toBe("reload");
  expect(foldAssessment(state, signedOff("b"))).toBe(state);
});

describe("what waits for me", () => {
  const item = {
    assessment: assessment("b", { next: [turn(["ada-stone"])] }) as { id: string },
    package_name: "Computing",
  } as never;

  it("is shared out among the streams that tell of it", () => {
    const elsewhere = { assessment: assessment("z", { package: "ma-2026" }), package_name: "Mathematics" } as never;
    const waiting = {
      items: [item, elsewhere],
      positions: { "cs-2026": position, "examiner-ada-stone": position },
      you,
      names: {},
    } as never;
    expect(shareOf("cs-2026", waiting)).toEqual([item]);
    expect(shareOf("examiner-ada-stone", waiting)).toEqual([elsewhere]);
  });

  it("comes with the sign-off that makes it mine and goes with the next", () => {
    const after = foldShare([item], signedOff("c"), you, "Computing");
    expect(after).toHaveLength(2);
    expect(foldShare(after as never, signedOff("c", { next: [turn(["ben-hill"])] }), you)).toEqual([item]);
  });

  it("is read again where the package's name is not known", () => {
    expect(foldShare([], signedOff("c"), you)).toBe("unknown");
    expect(foldShare([], signedOff("c", { next: [turn(["ben-hill"])] }), you)).toEqual([]);
  });
});

describe("a room", () => {
  const participant = (person: string, more = {}) => ({
    person,
    name: person,
    standing: "member",
    since: "",
    away_since: null,
    ...more,
  });
  const mode = (more = {}) => ({
    number: 1,
    kind: "idle",
    since: "",
    speaker: null,
    groups: [],
    size: null,
    until: null,
    before: null,
    pending: null,
    ...more,
  });
  const state = { position, room: { id: "cs101", teachers: [] }, participants: [participant("b")], mode: mode(), now: "" } as never;

  it("knows who comes, is away and goes", () => {
    let after = foldRoom(state, event("joined", { participant: participant("a") }));
    expect(after.participants.map((one) => one.person)).toEqual(["a", "b"]);
    after = foldRoom(after, event("participant_changed", { participant: participant("a", { away_since: "x" }) }));
    expect(after.participants[0]?.away_since).toBe("x");
    after = foldRoom(after, event("left", { person: "a" }));
    expect(after.participants.map((one) => one.person)).toEqual(["b"]);
  });

  it("switches as a whole, and takes groups of its own mode only", () => {
    const groups = [{ id: "g1", members: ["a", "b"] }];
    let after = foldRoom(
      state,
      event("switched", { mode: mode({ number: 2, kind: "groups", groups, until: "2026-11-23T10:00:00Z" }) }),
    );
    expect(groupOf(after.mode, "b")?.id).toBe("g1");
    expect(endOf(after.mode)).toBe(Date.parse("2026-11-23T10:00:00Z"));
    after = foldRoom(after, event("groups_changed", { number: 1, groups: [], moves: [] }));
    expect(after.mode.groups).toEqual(groups);
    after = foldRoom(after, event("groups_changed", { number: 2, groups: [{ id: "g2", members: ["b"] }], moves: [] }));
    expect(groupOf(after.mode, "b")?.id).toBe("g2");
  });
});

it("the campus takes a person's complete new state", () => {
  const state = { position, people: [{ id: "b", active: true }], groups: [] } as never;
  const after = foldCampus(state, event("person_changed", { person: { id: "a", active: true } }));
  expect(after).toMatchObject({ people: [{ id: "a" }, { id: "b" }] });
  expect(foldCampus(state, event("members_changed", {}))).toBe("reload");
});

describe("loads", () => {
  const load = (name: string, total: number, percent: number | null) => ({ name, total, percent, periods: [total, 0] }) as never;
  const loads = [load("B", 10, 50), load("A", 10, null), load("C", 5, 80)];

  it("are sorted by any column, by name among equals, those without a number last", () => {
    expect(sorted(loads, "total", true).map((one) => one.name)).toEqual(["A", "B", "C"]);
    expect(sorted(loads, "percent", true).map((one) => one.name)).toEqual(["C", "B", "A"]);
    expect(sorted(loads, 0, false).map((one) => one.name)).toEqual(["C", "A", "B"]);
  });

  it("are drawn from zero to a round number at or above the most", () => {
    for (const most of [0.3, 1, 7, 99, 1000, 1873, 123_456]) {
      const marks = ticks(most);
      expect(marks[0]).toBe(0);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(marks.length).toBeLessThan(8);
    }
  });
});

it("names are listed so that they can be read", () => {
  expect(listed([])).toBe("nobody");
  expect(listed(["A"])).toBe("A");
  expect(listed(["A", "B", "C", "D"])).toBe("A, B, C and D");
  expect(listed(["A", "B", "C", "D", "E"])).toBe("A, B, C and 2 others");
  expect(nameOf("ada-stone", {})).toBe("Ada Stone");
});

it("times are said as one would say them", () => {
  const now = Date.parse("2026-11-23T09:00:00Z");
  const said = (minutes: number) => relativeTime(now + minutes * 60_000, now);
  expect(said(0)).toBe("now");
  expect(said(-0.5)).toBe("less than a minute ago");
  expect(said(-20)).toBe("20 minutes ago");
  expect(said(24 * 60)).toBe("tomorrow");
  expect(said(10 * 24 * 60)).toBe("in 1 week");
});
