/** Everybody's load in a package: as a table and as bars; and one person's, item by item. */
import { useSignal } from "@preact/signals";
import type { PageProps } from ".";
import { useLive } from "../live";
import { LoadBars } from "../parts/load-bars";
import { PackageChoice, presentPackage, usePackages } from "../parts/packages";
import { Empty, Loading, Refused } from "../parts/states";
import { to } from "../router";
import { amount, type Column, type Load, type Loads as LoadsType, packageLoads, percent, sorted } from "../state/loads";
import { OneLoad } from "./one-load";

export function Loads({ path, person }: PageProps) {
  const { packages, refusal } = usePackages();
  const chosen = path[0] ?? (packages && presentPackage(packages));
  if (path[0] && path[1]) return <OneLoad key={path.join("/")} package={path[0]} person={path[1]} />;
  return (
    <>
      <div class="page-head">
        <h1>Loads</h1>
        {packages && chosen && <PackageChoice page="loads" packages={packages} chosen={chosen} />}
      </div>
      <Refused error={refusal} />
      {!packages && !refusal && <Loading what="packages" />}
      {packages && !chosen && (
        <Empty>You see no package yet. When you come into a group that may see one, its loads are here.</Empty>
      )}
      {chosen && <OfPackage key={chosen} id={chosen} me={person.id} />}
    </>
  );
}

function OfPackage({ id, me }: { id: string; me: string }) {
  const live = useLive(id, () => packageLoads(id));
  const view = useSignal<"table" | "bars">("table");
  const scaled = useSignal(false);
  const order = useSignal<{ column: Column; down: boolean }>({ column: "name", down: false });
  const search = useSignal("");
  const loads = live.value.value;
  if (!loads) return live.refusal.value ? <Refused error={live.refusal.value} /> : <Loading what="loads" />;
  const words = search.value.trim().toLowerCase();
  const found = loads.loads.filter((load) => words === "" || load.name.toLowerCase().includes(words));
  const shown = sorted(found, order.value.column, order.value.down);
  const problems = loads.modules.filter((module) => module.problem !== "");
  return (
    <div class="stack">
      <Refused error={live.refusal.value} />
      <Mine loads={loads} me={me} />
      {problems.map((module) => (
        <p key={module.module} class="note refused">
          {module.module}: {module.problem}. Its hours are in nobody's load.
        </p>
      ))}
      <div class="row spread">
        <div class="row">
          <div class="tabs" role="group" aria-label="Show as">
            <button aria-pressed={view.value === "table"} onClick={() => (view.value = "table")}>
              Table
            </button>
            <button aria-pressed={view.value === "bars"} onClick={() => (view.value = "bars")}>
              Bars
            </button>
          </div>
          {view.value === "bars" && (
            <label class="row small">
              <input type="checkbox" checked={scaled.value} onChange={(event) => (scaled.value = event.currentTarget.checked)} /> as
              if full-time
            </label>
          )}
        </div>
        <input
          type="search"
          aria-label="Find a person"
          placeholder="Find a person"
          class="find"
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </div>
      {loads.loads.length === 0 && (
        <Empty>Nobody has work in this package yet. Activities and allocations of its modules make up the loads.</Empty>
      )}
      {view.value === "table" ? (
        <Table loads={loads} shown={shown} me={me} order={order.value} sort={(next) => (order.value = next)} />
      ) : (
        <LoadBars loads={loads} shown={shown} scaled={scaled.value} />
      )}
      <Averages loads={loads} />
    </div>
  );
}

function Mine({ loads, me }: { loads: LoadsType; me: string }) {
  const mine = loads.loads.find((load) => load.person === me);
  if (!mine) return null;
  return (
    <p class="note">
      Yours: <strong>{amount(mine.total, loads)}</strong>
      {mine.percent !== null && (
        <>
          , {percent(mine.percent)} of what {mine.fte} % FTE would be
        </>
      )}
      . <a href={to("loads", loads.package, me)}>What it is made of</a>
    </p>
  );
}

interface TableProps {
  loads: LoadsType;
  shown: Load[];
  me: string;
  order: { column: Column; down: boolean };
  sort: (order: { column: Column; down: boolean }) => void;
}

function Table({ loads, shown, me, order, sort }: TableProps) {
  if (shown.length === 0) return null;
  const heading = (column: Column, title: string) => {
    const here = order.column === column;
    const press = () => sort({ column, down: here ? !order.down : column !== "name" });
    return (
      <th
        scope="col"
        class={column === "name" ? "" : "number"}
        aria-sort={here ? (order.down ? "descending" : "ascending") : undefined}
      >
        <button class="heading" onClick={press}>
          {title}
          <span aria-hidden="true">{here ? (order.down ? " ↓" : " ↑") : ""}</span>
        </button>
      </th>
    );
  };
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Loads as a table">
      <table class="still">
        <caption>
          {loads.name}: {loads.show === "percentages" ? "percent of a full-time year" : "hours"}, a full-time year has{" "}
          {loads.nominal_hours} h
        </caption>
        <thead>
          <tr>
            {heading("name", "Person")}
            {heading("fte", "FTE")}
            {loads.periods.map((period, index) => heading(index, period.name))}
            {heading("total", "Total")}
            {heading("scaled", "As if full-time")}
            {heading("percent", "Of their FTE")}
          </tr>
        </thead>
        <tbody>
          {shown.map((load) => (
            <tr key={load.person} class={load.person === me ? "mine" : ""}>
              <th scope="row">
                <a href={to("loads", loads.package, load.person)}>{load.name}</a>
                {load.incomplete.length > 0 && <span class="small quiet"> without {load.incomplete.join(", ")}</span>}
              </th>
              <td class="number">{percent(load.fte)}</td>
              {load.periods.map((hours, index) => (
                <td key={index} class="number">
                  {amount(hours, loads)}
                </td>
              ))}
              <td class="number">
                <strong>{amount(load.total, loads)}</strong>
              </td>
              <td class="number">{load.scaled === null ? "–" : amount(load.scaled, loads)}</td>
              <td class="number">{percent(load.percent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Averages({ loads }: { loads: LoadsType }) {
  if (loads.loads.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="averages">
      <h2 id="averages">On average</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Averages">
        <table>
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col" class="number">
                People
              </th>
              <th scope="col" class="number">
                Average
              </th>
              <th scope="col" class="number">
                Of those with any
              </th>
            </tr>
          </thead>
          <tbody>
            {[{ ...loads.whole, group: "", name: "Everybody, each once" }, ...loads.groups].map((group) => (
              <tr key={group.group}>
                <th scope="row">{group.name}</th>
                <td class="number">{group.people}</td>
                <td class="number">{amount(group.average, loads)}</td>
                <td class="number">{amount(group.average_loaded, loads)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {loads.unallocated > 0 && <p class="quiet">{amount(loads.unallocated, loads)} are given to nobody yet.</p>}
    </section>
  );
}
