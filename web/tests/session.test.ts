import { describe, expect, it } from "vitest";
import { Refusal, Unanswered } from "../src/client/refusal";
import { join, type Session } from "../src/client/session";

/** The router's side of a websocket: a test says what it sends, and sees what it received. */
class Socket {
  static last: Socket;
  readyState = 0;
  onopen: () => void = () => undefined;
  onmessage: (message: { data: string }) => void = () => undefined;
  onclose: () => void = () => undefined;
  onerror: () => void = () => undefined;
  readonly received: unknown[][] = [];

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    Socket.last = this;
  }

  open(): void {
    this.readyState = 1;
    this.onopen();
  }
  send(text: string): void {
    this.received.push(JSON.parse(text) as unknown[]);
  }
  says(...message: unknown[]): void {
    this.onmessage({ data: JSON.stringify(message) });
  }
  close(): void {
    this.readyState = 3;
  }
  /** The latest message of a type, with its request id. */
  latest(type: number): unknown[] {
    return this.received.filter((message) => message[0] === type).at(-1) ?? [];
  }
}

const begin = () => {
  const joining = join({
    url: "ws://campus/ws",
    realm: "campus",
    person: "ada-stone",
    ticket: "t1",
    socket: Socket as never,
    patience: 50,
  });
  return { joining, socket: Socket.last };
};
async function joined(): Promise<{ session: Session; socket: Socket }> {
  const { joining, socket } = begin();
  socket.open();
  socket.says(4, "ticket", {});
  socket.says(2, 4711, {});
  return { session: await joining, socket };
}
const PREFIX = "chalkbell.workflow.v1.cs-2026.";

describe("a session", () => {
  it("joins as the person with the ticket", async () => {
    const { socket } = await joined();
    expect(socket.protocols).toEqual(["wamp.2.json"]);
    expect(socket.received[0]).toMatchObject([1, "campus", { authid: "ada-stone", authmethods: ["ticket"] }]);
    expect(socket.received[1]).toEqual([5, "t1", {}]);
  });

  it("is refused with the router's reason", async () => {
    const { joining, socket } = begin();
    socket.open();
    socket.says(3, { message: "This ticket was used." }, "chalkbell.directory.v1.error.ticket_used");
    await expect(joining).rejects.toMatchObject({
      uri: "chalkbell.directory.v1.error.ticket_used",
      message: "This ticket was used.",
    });
  });

  it("gives up on a router that says nothing", async () => {
    await expect(begin().joining).rejects.toBeInstanceOf(Unanswered);
  });

  it("calls with the request's fields and returns the answer", async () => {
    const { session, socket } = await joined();
    const answer = session.call("chalkbell.workflow.v1.sign_off", { assessment: "a1" });
    const [, request, , uri, args, kwargs] = socket.latest(48);
    expect([uri, args, kwargs]).toEqual(["chalkbell.workflow.v1.sign_off", [], { assessment: "a1" }]);
    socket.says(50, request, {}, [{ version: 2 }]);
    await expect(answer).resolves.toEqual({ version: 2 });
  });

  it("turns an error into a refusal with its details", async () => {
    const { session, socket } = await joined();
    const answer = session.call("chalkbell.workflow.v1.sign_off", {});
    socket.says(8, 48, socket.latest(48)[1], {}, "chalkbell.error.invalid", ["wrong"], { path: "$.notes" });
    const refusal = await answer.catch((error: unknown) => error as Refusal);
    expect(refusal).toMatchObject({ kind: "invalid", message: "wrong", path: "notes" });
  });

  it("says unavailable where the router knows nobody who answers", async () => {
    const { session, socket } = await joined();
    const answer = session.call("chalkbell.workflow.v1.sign_off", {});
    socket.says(8, 48, socket.latest(48)[1], {}, "wamp.error.no_such_procedure");
    await expect(answer).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("fails what is under way when it ends, at once", async () => {
    const { session, socket } = await joined();
    const answer = session.call("chalkbell.workflow.v1.sign_off", {});
    session.close();
    await expect(answer).rejects.toBeInstanceOf(Unanswered);
    await expect(session.call("chalkbell.workflow.v1.sign_off", {})).rejects.toBeInstanceOf(Unanswered);
    await session.over;
    expect(socket.readyState).toBe(3);
  });

  it("answers a goodbye and is over", async () => {
    const { session, socket } = await joined();
    socket.says(6, {}, "wamp.close.killed");
    await session.over;
    expect(socket.latest(6)).toEqual([6, {}, "wamp.close.goodbye_and_out"]);
  });

  it("hears an event that follows the subscription in the same breath", async () => {
    const { session, socket } = await joined();
    const heard: unknown[] = [];
    const subscribing = session.subscribe(PREFIX, (event) => heard.push(event));
    const [, request, options, topic] = socket.latest(32);
    expect([options, topic]).toEqual([{ match: "prefix" }, PREFIX]);
    socket.says(33, request, 9);
    socket.says(36, 9, 1, { topic: `${PREFIX}signed_off` }, [{ seq: 1 }]);
    await subscribing;
    expect(heard).toEqual([{ seq: 1 }]);
  });

  it("shares one subscription and ends it with the last that leaves", async () => {
    const { session, socket } = await joined();
    const one = session.subscribe(PREFIX, () => undefined);
    const two = session.subscribe(PREFIX, () => undefined);
    socket.says(33, socket.latest(32)[1], 9);
    (await one)();
    expect(socket.latest(34)).toEqual([]);
    (await two)();
    expect(socket.latest(34)[2]).toBe(9);
  });

  it("subscribes anew after it has left, even where the router gives the same number", async () => {
    const { session, socket } = await joined();
    const first = session.subscribe(PREFIX, () => undefined);
    socket.says(33, socket.latest(32)[1], 9);
    (await first)();
    const heard: unknown[] = [];
    const second = session.subscribe(PREFIX, (event) => heard.push(event));
    socket.says(35, socket.latest(34)[1]);
    socket.says(33, socket.latest(32)[1], 9);
    await second;
    socket.says(36, 9, 1, {}, [{ seq: 2 }]);
    expect(heard).toEqual([{ seq: 2 }]);
  });

  it("passes on that a subscription is not allowed", async () => {
    const { session, socket } = await joined();
    const subscribing = session.subscribe(PREFIX, () => undefined);
    socket.says(8, 32, socket.latest(32)[1], {}, "wamp.error.not_authorized");
    await expect(subscribing).rejects.toMatchObject({ kind: "not_allowed" });
  });
});
