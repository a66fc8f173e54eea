/** A button that asks the campus for something and shows a refusal beside itself. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Refused } from "./states";

interface Props {
  act: () => Promise<unknown>;
  kind?: "primary" | "plain" | undefined;
  children: ComponentChildren;
  /** What else to say of it, for those who hear only the button. */
  label?: string | undefined;
}

export function Act({ act, kind, children, label }: Props) {
  const busy = useSignal(false);
  const refusal = useSignal<unknown>(undefined);
  const press = async () => {
    // Not `disabled`: that would take the focus away from the button that was just pressed.
    if (busy.value) return;
    busy.value = true;
    refusal.value = undefined;
    try {
      await act();
    } catch (error) {
      refusal.value = error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      <button type="button" class={kind} aria-disabled={busy.value} aria-label={label} onClick={() => void press()}>
        {children}
      </button>
      <Refused error={refusal.value} />
    </>
  );
}
