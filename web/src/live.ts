/** A read that stays true: its snapshot, and what the stream tells since. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { campus } from "./client/connection";
import { follow, type Envelope, type Following, type Position, type Status } from "./client/follow";
import type { Refusal } from "./client/refusal";

export interface Live<State> {
  /** The newest state, or undefined before the first. It stays when the connection is lost. */
  readonly value: ReadonlySignal<State | undefined>;
  readonly status: ReadonlySignal<Status>;
  readonly refusal: ReadonlySignal<Refusal | undefined>;
  refresh(): void;
  close(): void;
}

export interface Source<State extends { position: Position }> {
  service: string;
  scope: string;
  read: () => Promise<State>;
  /** The state after an event, or `reload` where the event alone does not tell it. */
  fold: (state: State, event: Envelope) => State | "reload";
  /** What else an event does to the page: an announcement, a highlight. */
  happened?: (event: Envelope, before: State) => void;
}

const TOGETHER = 120;

export function live<State extends { position: Position }>(source: Source<State>): Live<State> {
  const value = signal<State | undefined>(undefined);
  const status = signal<Status>("loading");
  const refusal = signal<Refusal | undefined>(undefined);
  let reload: ReturnType<typeof setTimeout> | undefined;
  const following: Following = follow<State>(campus, source.service, source.scope, {
    snapshot: source.read,
    load: (snapshot) => (value.value = snapshot),
    apply: (event) => {
      document.dispatchEvent(new CustomEvent("chalkbell:event", { detail: event }));
      const before = value.value;
      if (!before) return;
      const after = source.fold(before, event);
      if (after !== "reload") value.value = after;
      else if (reload === undefined) {
        // Many events at once are one reading, and many browsers do not read in the same moment.
        reload = setTimeout(
          () => {
            reload = undefined;
            following.refresh();
          },
          TOGETHER * (1 + Math.random()),
        );
      }
      source.happened?.(event, before);
    },
    status: (now, why) => {
      status.value = now;
      refusal.value = why;
    },
  });
  return {
    value,
    status,
    refusal,
    refresh: () => following.refresh(),
    close: () => {
      clearTimeout(reload);
      following.close();
    },
  };
}

/** A live read for as long as a component is shown; a new one when `key` changes. */
export function useLive<State extends { position: Position }>(key: string, source: () => Source<State>): Live<State> {
  const made = useMemo(() => live(source()), [key]);
  useEffect(() => () => made.close(), [made]);
  return made;
}
