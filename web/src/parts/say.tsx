/** What is said aloud to those who do not see the page, and what can be undone for a while. */
import { signal } from "@preact/signals";
import { wordsOf } from "../client/refusal";

const spoken = signal("");
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells of something that happened, politely: what comes within half a second is told as one, and never more than three things. */
export function announce(words: string): void {
  waiting.push(words);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const more = waiting.length - 3;
    spoken.value = waiting.slice(0, 3).join(". ") + (more > 0 ? `. And ${more} more.` : ".");
    waiting = [];
  }, 500);
}

interface Toast {
  id: number;
  words: string;
  undo: (() => Promise<unknown>) | undefined;
}

const toasts = signal<Toast[]>([]);
let count = 0;

/** Says that something was done, with a way back for a while: longer while somebody points at it or is on it. */
export function done(words: string, undo?: () => Promise<unknown>): void {
  const toast: Toast = { id: (count += 1), words, undo };
  toasts.value = [...toasts.value.slice(-2), toast];
  const end = () => {
    const shown = document.getElementById(`toast-${toast.id}`);
    if (shown?.matches(":hover, :focus-within")) setTimeout(end, 3_000);
    else dismiss(toast.id);
  };
  setTimeout(end, undo ? 12_000 : 5_000);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

async function takeBack(toast: Toast): Promise<void> {
  dismiss(toast.id);
  try {
    await toast.undo?.();
    done("Taken back.");
  } catch (error) {
    done(wordsOf(error));
  }
}

export function Sayings() {
  return (
    <>
      <div class="unseen" aria-live="polite" id="spoken">
        {spoken}
      </div>
      <div class="toasts" role="status">
        {toasts.value.map((toast) => (
          <div class="toast" key={toast.id} id={`toast-${toast.id}`}>
            <span>{toast.words}</span>
            {toast.undo && <button onClick={() => void takeBack(toast)}>Undo</button>}
          </div>
        ))}
      </div>
    </>
  );
}
