/** What one person's load is made of: the same numbers as in the table. */
import { useLive } from "../live";
import { Empty, NotYet } from "../parts/states";
import { to } from "../router";
import { amount, percent, personLoad } from "../state/loads";
import { readable } from "../state/names";

const WORK: Record<string, string> = {
  activity: "Activity",
  contact: "Contact",
  admin: "Administration",
  assessment: "Assessment",
  coordination: "Coordination",
};

export function OneLoad({ package: id, person }: { package: string; person: string }) {
  const live = useLive(`${id}/${person}`, () => personLoad(id, person));
  const answer = live.value.value;
  if (!answer) return <NotYet title="Load" what="the load" refusal={live.refusal.value} />;
  const { load, items, categories } = answer;
  const category = new Map(categories.map((one) => [one.id, one.name]));
  return (
    <>
      <p class="small">
        <a href={to("loads", id)}>All loads</a>
      </p>
      <div class="page-head">
        <div>
          <h1>{load.name}</h1>
          <p>{[load.job_title, load.school, answer.name, `${load.fte} % FTE`].filter(Boolean).join(" · ")}</p>
        </div>
        <p>
          <strong class="standing">{amount(load.total, answer)}</strong>
          {load.percent !== null && <> {percent(load.percent)} of what the FTE would be</>}
        </p>
      </div>
      {items.length === 0 && <Empty>No work in this package yet.</Empty>}
      {items.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="What the load is made of">
          <table class="still">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Work</th>
                <th scope="col">Category</th>
                {answer.periods.map((period) => (
                  <th key={period.name} scope="col" class="number">
                    {period.name}
                  </th>
                ))}
                <th scope="col" class="number">
                  Total
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item, index) => (
                <tr key={index}>
                  <th scope="row">
                    {item.name || (item.confidential ? "Confidential" : readable(item.module ?? item.activity ?? ""))}
                    {item.share !== 100 && <span class="quiet small"> {item.share} %</span>}
                  </th>
                  <td>{WORK[item.work] ?? readable(item.work)}</td>
                  <td>{category.get(item.category) ?? readable(item.category)}</td>
                  {item.periods.map((hours, period) => (
                    <td key={period} class="number">
                      {amount(hours, answer)}
                    </td>
                  ))}
                  <td class="number">{amount(item.total, answer)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={3}>
                  Together
                </th>
                {load.periods.map((hours, period) => (
                  <td key={period} class="number">
                    {amount(hours, answer)}
                  </td>
                ))}
                <td class="number">
                  <strong>{amount(load.total, answer)}</strong>
                </td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </>
  );
}
