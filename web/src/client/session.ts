/** One WAMP session. The only module that knows the WAMP library; what reconnects is `connection.ts`. */
import { Errors, Wampy } from "wampy";
import { Refusal, Unanswered, refusalFrom } from "./refusal";

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

/** A prefix ends in a dot (`...cs-2026.`), so that `cs-2026` does not also mean `cs-2026b`. The library takes that for a mistake. */
function allowPrefixes(wampy: Wampy): void {
  const checked = wampy as unknown as { _validateURI(uri: string, isPattern: boolean): boolean };
  checked._validateURI = (uri) => /^[^\s#]+$/.test(uri);
}

/** Opens a session with a single-use ticket. Throws a `Refusal` where the router declines, `Unanswered` where it is not reached. */
export async function join(options: JoinOptions): Promise<Session> {
  const { url, realm, person, ticket, patience = 10_000, socket: Socket = WebSocket } = options;
  let socket: WebSocket | undefined;
  let heard = Date.now();
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  // Kept at hand so that a silent connection can be closed without waiting for the other side.
  const Held = class extends Socket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      socket = this;
      this.addEventListener("message", () => (heard = Date.now()));
      this.addEventListener("close", () => end());
    }
  };
  const wampy = new Wampy(url, {
    realm,
    authid: person,
    authmethods: ["ticket"],
    onChallenge: () => ticket,
    autoReconnect: false,
    ws: Held as never,
  });
  allowPrefixes(wampy);
  const waiting = new Waiting();
  void over.then(() => waiting.fail(new Unanswered("The connection was lost before the answer came.")));
  const close = () => {
    end();
    socket?.close();
  };
  const timer = setTimeout(close, patience);
  try {
    await waiting.for(wampy.connect());
  } catch (error) {
    close();
    throw translate(error);
  } finally {
    clearTimeout(timer);
  }
  return { call: caller(wampy, waiting), subscribe: subscriber(wampy, waiting), heardAt: () => heard, over, close };
}

/** What is under way in a session, so that its end fails all of it at once, however long the socket takes to close. */
class Waiting {
  private readonly rejects = new Set<(reason: Refusal) => void>();
  private reason: Refusal | undefined;

  get ended(): boolean {
    return this.reason !== undefined;
  }

  for<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.reason) reject(this.reason);
      this.rejects.add(reject);
      promise.then(resolve, reject).finally(() => this.rejects.delete(reject));
    });
  }

  fail(reason: Refusal): void {
    this.reason = reason;
    for (const reject of this.rejects) reject(reason);
    this.rejects.clear();
  }
}

function translate(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof Errors.WampError) return refusalFrom(error.errorUri, error.argsList, error.argsDict);
  if (error instanceof Errors.AbortError) return refusalFrom(error.errorUri, [error.details?.["message"]]);
  return new Unanswered("The connection was lost before the answer came.");
}

function caller(wampy: Wampy, waiting: Waiting): Session["call"] {
  return async (uri, ask) => {
    try {
      const result = await waiting.for(wampy.call(uri, { argsList: [], argsDict: ask }));
      return result.argsList?.[0];
    } catch (error) {
      throw translate(error);
    }
  };
}

/** Several followers of one stream share one subscription; the last that leaves ends it. */
function subscriber(wampy: Wampy, waiting: Waiting): Session["subscribe"] {
  const shared = new Map<string, { listeners: Set<OnEvent>; ready: Promise<{ subscriptionKey: string }> }>();
  return async (prefix, onEvent) => {
    let entry = shared.get(prefix);
    if (!entry) {
      const listeners = new Set<OnEvent>();
      const ready = wampy.subscribe(prefix, (event) => listeners.forEach((listener) => listener(event.argsList?.[0])), {
        match: "prefix",
      });
      entry = { listeners, ready };
      shared.set(prefix, entry);
    }
    const { listeners, ready } = entry;
    listeners.add(onEvent);
    try {
      await waiting.for(ready);
    } catch (error) {
      listeners.delete(onEvent);
      if (shared.get(prefix) === entry) shared.delete(prefix);
      throw translate(error);
    }
    return () => {
      listeners.delete(onEvent);
      if (listeners.size > 0 || shared.get(prefix) !== entry) return;
      shared.delete(prefix);
      if (!waiting.ended) void ready.then((made) => wampy.unsubscribe(made.subscriptionKey)).catch(() => undefined);
    };
  };
}
