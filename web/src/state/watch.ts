/** The events of several streams as they come, with the last few of each from before: for the operator's page. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { campus } from "../client/connection";
import { follow, type Envelope, type Following, type Position } from "../client/follow";

export interface Stream {
  service: string;
  scope: string;
}

export interface Watched {
  readonly events: ReadonlySignal<Envelope[]>;
  add(streams: Stream[]): void;
  close(): void;
}

const BEFORE = 10;
const KEPT = 300;

interface Start {
  position: Position;
  events: Envelope[];
}

/** Newest first. `arrived` is told of each event that comes while watching. */
export function watch(arrived: (event: Envelope) => void): Watched {
  const events = signal<Envelope[]>([]);
  const followings = new Map<string, Following>();
  const put = (more: Envelope[]) => {
    const known = new Map(events.value.map((event) => [keyOf(event), event]));
    for (const event of more) known.set(keyOf(event), event);
    events.value = [...known.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.seq - a.seq)).slice(0, KEPT);
  };
  const add = (streams: Stream[]) => {
    for (const { service, scope } of streams) {
      const name = `${service}/${scope}`;
      if (followings.has(name)) continue;
      const following = follow<Start>(campus, service, scope, {
        snapshot: () => lately(service, scope),
        load: (start) => put(start.events),
        apply: (event) => {
          put([event]);
          arrived(event);
        },
      });
      followings.set(name, following);
    }
  };
  return {
    events,
    add,
    close: () => {
      for (const following of followings.values()) following.close();
    },
  };
}

export function keyOf(event: Envelope): string {
  return `${event.service}/${event.scope}/${event.epoch}/${event.seq}`;
}

async function lately(service: string, scope: string): Promise<Start> {
  const session = await campus.live(15_000);
  const heads = (await session.call(`chalkbell.${service}.v1.events.heads`, { scopes: [scope] })) as {
    epoch: string;
    heads: Record<string, number>;
  };
  const seq = heads.heads[scope] ?? 0;
  const position = { epoch: heads.epoch, seq };
  if (seq === 0) return { position, events: [] };
  const from = Math.max(0, seq - BEFORE);
  try {
    const since = (await session.call(`chalkbell.${service}.v1.events.since`, {
      scope,
      epoch: heads.epoch,
      seq: from,
      limit: BEFORE,
    })) as {
      events: Envelope[];
    };
    return { position, events: since.events.filter((event) => event.seq <= seq) };
  } catch {
    // No longer kept: what happens from now on is still seen.
    return { position, events: [] };
  }
}
