/** Lists that hold still while somebody points at them or is in them with the keyboard: nothing jumps under the pointer. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** After a touch or a move away, so long until the list moves again: for a second tap in the same place. */
const LINGER = 1_500;

function useEngaged() {
  const engaged = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const enter = () => {
    clearTimeout(timer.current);
    engaged.value = true;
  };
  const leave = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => (engaged.value = false), LINGER);
  };
  return { engaged, handlers: { onPointerEnter: enter, onPointerLeave: leave, onFocusIn: enter, onFocusOut: leave } };
}

export interface Steady<Item> {
  item: Item;
  /** It is no longer in the list, and is shown until the list may move. */
  gone: boolean;
}

/**
 * Items in their places while somebody is at the list: what is gone stays (as it was, or as `present` knows it), what is new comes last.
 */
export function useSteady<Item>(items: Item[], keyOf: (item: Item) => string, present?: (key: string) => Item | undefined) {
  const { engaged, handlers } = useEngaged();
  const before = useRef<Map<string, Item>>(new Map());
  const now = new Map(items.map((item) => [keyOf(item), item]));
  let shown: Steady<Item>[];
  if (engaged.value) {
    const kept = [...before.current].map(([key, item]) => ({ item: now.get(key) ?? present?.(key) ?? item, gone: !now.has(key) }));
    const fresh = items.filter((item) => !before.current.has(keyOf(item))).map((item) => ({ item, gone: false }));
    shown = [...kept, ...fresh];
  } else {
    shown = items.map((item) => ({ item, gone: false }));
  }
  before.current = new Map(shown.map(({ item }) => [keyOf(item), item]));
  return { shown, handlers };
}

/** A list with the newest first, which waits with what is new while somebody is at it. */
export function useHeld<Item>(items: Item[], keyOf: (item: Item) => string) {
  const { engaged, handlers } = useEngaged();
  const before = useRef(items);
  if (!engaged.value) before.current = items;
  const shown = before.current;
  const first = shown[0];
  const waiting = first ? items.findIndex((item) => keyOf(item) === keyOf(first)) : items.length;
  const release = () => (engaged.value = false);
  return { shown, waiting: Math.max(0, waiting), release, handlers };
}
