/** The frame of every page: who is signed in, where one can go, whether it is live. */
import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { campus, me } from "./client/connection";
import type { Person } from "./client/http";
import { PAGES, type PageEntry, type PageProps } from "./pages";
import { SignIn } from "./pages/sign-in";
import { Act } from "./parts/act";
import { ConnectionBadge, ConnectionBanner } from "./parts/connection";
import { Icon, Mark } from "./parts/icons";
import { Sayings } from "./parts/say";
import { Empty, Loading, Refused } from "./parts/states";
import { ThemeSwitch } from "./parts/theme";
import { route, to } from "./router";

export function App() {
  const person = me.value;
  if (person === null) return <SignIn />;
  return <Shell person={person} />;
}

function Shell({ person }: { person: Person | undefined }) {
  return (
    <div class="shell">
      <a class="button skip" href="#main" onClick={skip}>
        Skip to the page
      </a>
      <header class="top">
        <a class="brand" href={to("home")}>
          <Mark /> Chalkbell
        </a>
        {person && <Ways person={person} />}
        <div class="top-end">
          <ConnectionBadge />
          <ThemeSwitch />
          {person && <span class="who">{person.name}</span>}
          {person && (
            <Act kind="plain" act={() => campus.signOut()}>
              Sign out
            </Act>
          )}
        </div>
        <ConnectionBanner />
      </header>
      <main id="main" tabIndex={-1}>
        {person ? <Page key={person.id} person={person} /> : <Loading what="the campus" />}
      </main>
      <Sayings />
    </div>
  );
}

/** The hash is the route, so the skip link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Ways({ person }: { person: Person }) {
  const here = route.value.page;
  return (
    <nav class="ways" aria-label="Pages">
      {Object.entries(PAGES)
        .filter(([, entry]) => entry.shown(person))
        .map(([name, entry]) => (
          <a key={name} href={to(name)} aria-current={name === here ? "page" : undefined}>
            <Icon of={name} />
            {entry.title}
          </a>
        ))}
    </nav>
  );
}

function Page({ person }: { person: Person }) {
  const { page, path } = route.value;
  const entry = PAGES[page];
  const address = [page, ...path].join("/");
  const first = useRef(true);
  useEffect(() => {
    document.title = entry ? `${entry.title} · Chalkbell` : "Chalkbell";
    // Whoever goes to another page is there with the keyboard and the screen reader too.
    if (!first.current) document.getElementById("main")?.focus();
    first.current = false;
    scrollTo(0, 0);
  }, [address]);
  if (!entry) return <NotHere />;
  if (entry.page) return <entry.page path={path} person={person} />;
  return <Fetched key={page} entry={entry} path={path} person={person} />;
}

function NotHere() {
  return (
    <>
      <h1>Not here</h1>
      <Empty>There is no page at this address. All pages are in the navigation.</Empty>
    </>
  );
}

function Fetched({ entry, path, person }: { entry: PageEntry } & PageProps) {
  const page = useSignal<{ component: ComponentType<PageProps> } | undefined>(undefined);
  const failed = useSignal(false);
  useEffect(() => {
    entry.fetch?.().then(
      (component) => (page.value = { component }),
      () => (failed.value = true),
    );
  }, [entry]);
  if (failed.value) {
    return <Refused error={new Error("This page could not be fetched.")} again={() => location.reload()} words="Load again" />;
  }
  if (!page.value) return <Loading what={entry.title.toLowerCase()} />;
  const Component = page.value.component;
  return <Component path={path} person={person} />;
}
