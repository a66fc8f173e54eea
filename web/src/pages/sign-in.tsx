import { useSignal } from "@preact/signals";
import { campus } from "../client/connection";
import { Mark } from "../parts/icons";
import { Refused } from "../parts/states";

export function SignIn() {
  const refusal = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy.value) return;
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    busy.value = true;
    refusal.value = undefined;
    try {
      await campus.signIn(String(fields.get("email")), String(fields.get("password")));
    } catch (error) {
      refusal.value = error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        <h1 class="brand">
          <Mark /> Chalkbell
        </h1>
        <p class="quiet">What happens on campus, as it happens.</p>
        <div class="field">
          <label for="email">Email</label>
          <input id="email" name="email" type="email" autocomplete="username" required autofocus />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
        </div>
        <Refused error={refusal.value} />
        <button class="primary" type="submit" aria-disabled={busy.value}>
          {busy.value ? "Signing in …" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
