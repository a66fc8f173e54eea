/** Loading, empty, refused; a state's word and shape. */
import type { ComponentChildren } from "preact";
import { Refusal, wordsOf } from "../client/refusal";
import { Shape } from "./icons";

export function Loading({ what }: { what: string }) {
  return <p class="loading">Loading {what} …</p>;
}

/** A page whose content is not there: being read, or refused. It still has its heading. */
export function NotYet({ title, what, refusal }: { title: string; what: string; refusal: unknown }) {
  return (
    <>
      <div class="page-head">
        <h1>{title}</h1>
      </div>
      {refusal ? <Refused error={refusal} /> : <Loading what={what} />}
    </>
  );
}

/** Says what would be here and how it comes to be. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** A refusal in the words of the contract, beside what caused it. `again` offers a way on. */
export function Refused({ error, again, words }: { error: unknown; again?: (() => void) | undefined; words?: string }) {
  if (!error) return null;
  const field = error instanceof Refusal ? error.path : "";
  return (
    <div class="note refused row spread" role="alert">
      <span>
        {field && <code>{field}</code>} {wordsOf(error)}
      </span>
      {again && <button onClick={again}>{words ?? "Try again"}</button>}
    </div>
  );
}

export function State({ shape, tone, children }: { shape: string; tone?: string | undefined; children: ComponentChildren }) {
  return (
    <span class={`state ${tone ?? ""}`}>
      <Shape of={shape} />
      {children}
    </span>
  );
}
