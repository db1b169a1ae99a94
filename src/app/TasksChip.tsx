import { tasksByDomain } from "../core/scoring/score-table";
import { useView } from "../state/view-store";
import { useLoadedSet } from "../state/workbench-store";
import headerClasses from "./Header.module.css";
import { InfoChip } from "./InfoChip";
import classes from "./InfoChip.module.css";

export function TasksChip() {
  const { layout, own } = useLoadedSet();
  const go = useView((s) => s.go);
  const domains = tasksByDomain(layout);
  const items = layout.tasks.reduce((n, t) => n + t.block.items, 0);
  return (
    <InfoChip
      tone="none"
      about="The benchmarks"
      className={headerClasses.optional ?? ""}
      label={`${layout.tasks.length} benchmarks · ${domains.length} domains`}
    >
      <h2>{layout.name}</h2>
      <p className={classes.quiet}>
        {items.toLocaleString("en")} items. A domain's score is the mean of its benchmarks, the macro average
        the mean over domains.{own && " They were chosen on the Tasks page; the set came with others."}
      </p>
      <p>
        <button type="button" className={classes.link} onClick={() => go("tasks")}>
          Look at the items, or measure on other tasks
        </button>
      </p>
      {domains.map((domain) => (
        <table key={domain.id}>
          <thead>
            <tr>
              <th scope="col">{domain.label}</th>
              <th scope="col">items</th>
            </tr>
          </thead>
          <tbody>
            {domain.tasks.map(({ spec, block }) => (
              <tr key={spec.id} title={spec.about}>
                <td>
                  {spec.label}
                  <br />
                  <span className={classes.quiet}>
                    {spec.continuousMetric}, {spec.accuracyMetric}
                  </span>
                </td>
                <td>{block.items}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </InfoChip>
  );
}
