/**
 * One WAMP session: as much of the protocol as a page needs, over the browser's own websocket. What reconnects is `connection.ts`.
 *
 * Written here because neither library fits: see web/README.md.
 */
import { type Refusal, Unanswered, refusalFrom } from "./refusal";

export type OnEvent = (envelope: unknown) => void;

/** What a session offers. Tests put a double in its place. */
export interface Session {
  /** Calls a procedure by its full URI. Refuses with `Refusal`; with `Unanswered` when the session ends first. */
  call(uri: string, ask: Record<string, unknown>): Promise<unknown>;
  /** Subscribes to all topics that begin with `prefix`; resolves, once the router has agreed, to what ends it. */
  subscribe(prefix: string, onEvent: OnEvent): Promise<() => void>;
  /** When something was last heard from the router, in milliseconds since 1970. */
  heardAt(): number;
  /** Resolves when the session is over, for whatever reason. */
  readonly over: Promise<void>;
  /** Ends the session at once. */
  close(): void;
}

export interface JoinOptions {
  url: string;
  realm: string;
  person: string;
  ticket: string;
  /** Milliseconds until an attempt is given up. */
  patience?: number;
  /** The class to connect with, where the browser's own is not to be used. */
  socket?: typeof WebSocket;
}

/** Opens a session with a single-use ticket. Throws a `Refusal` where the router declines, `Unanswered` where it is not reached. */
export function join(options: JoinOptions): Promise<Session> {
  const Socket = options.socket ?? WebSocket;
  return new WampSession(new Socket(options.url, ["wamp.2.json"]), options).joined;
}

const [HELLO, WELCOME, ABORT, CHALLENGE, AUTHENTICATE, GOODBYE, ERROR] = [1, 2, 3, 4, 5, 6, 8];
const [SUBSCRIBE, SUBSCRIBED, UNSUBSCRIBE, EVENT, CALL, RESULT] = [32, 33, 34, 36, 48, 50];
const ROLES = { caller: {}, subscriber: { features: { pattern_based_subscription: true } } };

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Refusal): void;
}

/** One subscription, shared by all who follow the same prefix; the last that leaves ends it. */
interface Subscription {
  listeners: Set<OnEvent>;
  ready: Promise<unknown>;
  id?: number;
}

class WampSession implements Session {
  readonly joined: Promise<Session>;
  readonly over: Promise<void>;
  private welcome!: Waiting;
  private finish: () => void = () => undefined;
  private ended = false;
  private heard = Date.now();
  private requests = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly byPrefix = new Map<string, Subscription>();
  private readonly byId = new Map<number, Subscription>();

  constructor(
    private readonly socket: WebSocket,
    private readonly options: JoinOptions,
  ) {
    this.over = new Promise((resolve) => (this.finish = resolve));
    this.joined = new Promise<unknown>((resolve, reject) => (this.welcome = { resolve, reject })) as Promise<Session>;
    const timer = setTimeout(() => this.close(), options.patience ?? 10_000);
    const calm = () => clearTimeout(timer);
    this.joined.then(calm, calm);
    socket.onopen = () => {
      this.send([HELLO, options.realm, { roles: ROLES, authid: options.person, authmethods: ["ticket"] }]);
    };
    socket.onmessage = (message: MessageEvent<string>) => this.receive(JSON.parse(message.data) as unknown[]);
    // What went wrong is not told to pages; that it closed is.
    socket.onerror = () => undefined;
    socket.onclose = () => this.end(new Unanswered("The connection was lost before the answer came."));
  }

  call(uri: string, ask: Record<string, unknown>): Promise<unknown> {
    return this.request((request) => [CALL, request, {}, uri, [], ask]);
  }

  async subscribe(prefix: string, onEvent: OnEvent): Promise<() => void> {
    const subscription = this.byPrefix.get(prefix) ?? this.begin(prefix);
    subscription.listeners.add(onEvent);
    const leave = () => {
      subscription.listeners.delete(onEvent);
      this.release(prefix, subscription);
    };
    try {
      await subscription.ready;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  heardAt(): number {
    return this.heard;
  }

  close(): void {
    // A dead network leaves the closing handshake waiting; those who wait for answers are told now.
    this.end(new Unanswered("The connection was lost before the answer came."));
  }

  private begin(prefix: string): Subscription {
    const ready = this.request(
      (request) => [SUBSCRIBE, request, { match: "prefix" }, prefix],
      (id) => {
        subscription.id = id as number;
        this.byId.set(subscription.id, subscription);
        this.release(prefix, subscription);
      },
    );
    const subscription: Subscription = { listeners: new Set(), ready };
    this.byPrefix.set(prefix, subscription);
    ready.catch(() => this.byPrefix.get(prefix) === subscription && this.byPrefix.delete(prefix));
    return subscription;
  }

  /** Ends a subscription that nobody listens to any more. One that is not agreed yet ends as soon as it is. */
  private release(prefix: string, subscription: Subscription): void {
    const { id } = subscription;
    if (subscription.listeners.size > 0 || id === undefined || this.byPrefix.get(prefix) !== subscription) return;
    this.byPrefix.delete(prefix);
    this.byId.delete(id);
    if (!this.ended) this.send([UNSUBSCRIBE, (this.requests += 1), id]);
  }

  /** Sends a request. `settled` runs with the answer before any later message is looked at. */
  private request(message: (request: number) => unknown[], settled?: (answer: unknown) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(new Unanswered("The connection is lost."));
      const request = (this.requests += 1);
      const done = (answer: unknown) => {
        settled?.(answer);
        resolve(answer);
      };
      this.waiting.set(request, { resolve: done, reject });
      this.send(message(request));
    });
  }

  private send(message: unknown[]): void {
    if (this.socket.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  private receive(message: unknown[]): void {
    this.heard = Date.now();
    const [type, first, second] = message;
    switch (type) {
      case EVENT:
        this.byId.get(first as number)?.listeners.forEach((listener) => listener((message[4] as unknown[] | undefined)?.[0]));
        return;
      case RESULT:
        return this.settle(first, (waiting) => waiting.resolve((message[3] as unknown[] | undefined)?.[0]));
      case SUBSCRIBED:
        return this.settle(first, (waiting) => waiting.resolve(second));
      case ERROR: {
        const [, , , , uri, args, kwargs] = message as [0, 0, 0, 0, string, unknown[]?, Record<string, unknown>?];
        return this.settle(second, (waiting) => waiting.reject(refusalFrom(uri, args, kwargs)));
      }
      case CHALLENGE:
        return this.send([AUTHENTICATE, this.options.ticket, {}]);
      case WELCOME:
        return this.welcome.resolve(this);
      case ABORT:
        return this.end(refusalFrom(second as string, [(first as Record<string, unknown>)["message"]]));
      case GOODBYE:
        this.send([GOODBYE, {}, "wamp.close.goodbye_and_out"]);
        return this.end(new Unanswered("The campus ended the connection."));
    }
  }

  private settle(request: unknown, how: (waiting: Waiting) => void): void {
    const waiting = this.waiting.get(request as number);
    this.waiting.delete(request as number);
    if (waiting) how(waiting);
  }

  private end(reason: Refusal): void {
    if (this.ended) return;
    this.ended = true;
    this.welcome.reject(reason);
    for (const waiting of this.waiting.values()) waiting.reject(reason);
    this.waiting.clear();
    this.byId.clear();
    this.finish();
    this.socket.close();
  }
}
