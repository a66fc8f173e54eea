/**
 * What waits for the reader, over all packages. One read gives the positions of several streams; each stream is followed by itself
 * and keeps its own share of the list, so that a snapshot taken for one of them never overwrites what another has told since.
 */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { call } from "../client/call";
import { campus } from "../client/connection";
import { follow, type Envelope, type Following, type Position } from "../client/follow";
import { NOT_ALLOWED, Refusal } from "../client/refusal";
import type { Procedures, Topics } from "../contracts";
import { signedOff, tell, waitsFor, type Assessment, type SignedOff, type You } from "./assessments";

export type Waiting = Procedures["workflow.v1.waiting.read"]["answer"];
type Added = Topics["workflow.v1.assessment_added"];
type Shown = Topics["workflow.v1.assessment_shown"];

export interface WaitingItem {
  assessment: Assessment;
  package_name: string;
}

/** The share of a stream: items of its package; those of an examiner's own stream are the ones of packages not followed. */
export function shareOf(scope: string, waiting: Waiting): WaitingItem[] {
  const examiner = scope.startsWith("examiner-");
  return waiting.items.filter(({ assessment }) =>
    examiner ? !(assessment.package in waiting.positions) : assessment.package === scope,
  );
}

/** A stream's share after an event; `unknown` where the event tells of something whose package's name is not known. */
export function foldShare(items: WaitingItem[], event: Envelope, you: You, packageName?: string): WaitingItem[] | "unknown" {
  const without = (id: string) => items.filter((item) => item.assessment.id !== id);
  const put = (assessment: Assessment, name: string | undefined) => {
    const rest = without(assessment.id);
    if (!waitsFor(assessment, you)) return rest;
    const present = items.find((item) => item.assessment.id === assessment.id)?.package_name ?? name;
    return present === undefined ? "unknown" : [...rest, { assessment, package_name: present }];
  };
  switch (event.name) {
    case "signed_off":
    case "examined_signed_off": {
      const data = event.data as SignedOff;
      const { assessment: id, module, module_code, module_name, kind, title } = data;
      const bare = { id, package: data.package, module, module_code, module_name, kind, title, definition: "" } as Assessment;
      return put(signedOff(bare, data), packageName);
    }
    case "assessment_added":
    case "assessment_changed":
      return put((event.data as Added).assessment, packageName);
    case "assessment_shown": {
      const { examined } = event.data as Shown;
      return put(examined.assessment, examined.package_name);
    }
    case "assessment_removed":
    case "assessment_hidden":
      return without((event.data as { assessment: string }).assessment);
  }
  return items;
}

export interface LiveWaiting {
  /** Longest waiting first; undefined before the first answer. */
  readonly items: ReadonlySignal<WaitingItem[] | undefined>;
  readonly refusal: ReadonlySignal<unknown>;
  close(): void;
}

export function liveWaiting(): LiveWaiting {
  const shares = signal<ReadonlyMap<string, WaitingItem[]> | undefined>(undefined);
  const refusal = signal<unknown>(undefined);
  const followings = new Map<string, Following>();
  const names = new Map<string, string>();
  let you: You | undefined;
  let reading: Promise<Waiting> | undefined;
  let closed = false;

  /** One read for all streams that need one in the same moment; it begins after they have subscribed. */
  const read = () => {
    reading ??= new Promise((resolve) => setTimeout(resolve, 20)).then(() => {
      reading = undefined;
      return call("workflow.v1.waiting.read", {});
    });
    return reading.then(learn);
  };
  const learn = (waiting: Waiting) => {
    you = waiting.you;
    for (const item of waiting.items) names.set(item.assessment.package, item.package_name);
    return waiting;
  };
  const set = (scope: string, items: WaitingItem[]) => (shares.value = new Map(shares.value).set(scope, items));

  const take = (scope: string) => {
    const following = follow<{ position: Position; waiting: Waiting }>(campus, "workflow", scope, {
      snapshot: async () => {
        const waiting = await read();
        const position = waiting.positions[scope];
        if (!position) throw new Refusal(NOT_ALLOWED, "You may no longer read this.");
        return { position, waiting };
      },
      load: ({ waiting }) => set(scope, shareOf(scope, waiting)),
      apply: (event) => {
        if (!you) return;
        const after = foldShare(shares.value?.get(scope) ?? [], event, you, names.get(scope));
        if (after === "unknown") following.refresh();
        else set(scope, after);
        tell(event, you);
      },
      status: (status) => status === "refused" && set(scope, []),
    });
    followings.set(scope, following);
  };

  // Which streams there are is learnt from each first answer of a session.
  const stop = campus.onSession(() => {
    call("workflow.v1.waiting.read", {}).then(
      (waiting) => {
        if (closed) return;
        learn(waiting);
        refusal.value = undefined;
        shares.value ??= new Map(Object.keys(waiting.positions).map((scope) => [scope, shareOf(scope, waiting)]));
        for (const scope of Object.keys(waiting.positions)) if (!followings.has(scope)) take(scope);
      },
      (error: unknown) => (refusal.value = error),
    );
  });

  const items = computed(
    () =>
      shares.value &&
      [...shares.value.values()].flat().sort((a, b) => Date.parse(a.assessment.since) - Date.parse(b.assessment.since)),
  );
  return {
    items,
    refusal,
    close: () => {
      closed = true;
      stop();
      for (const following of followings.values()) following.close();
    },
  };
}
