import { useLoadedSet } from "../../state/workbench-store";
import classes from "./SetPage.module.css";

/** Whose texts the set was trained on, and under which licences. */
export function SourcesSection() {
  const { spec } = useLoadedSet();
  if (!spec.sources || spec.sources.length === 0) return null;
  return (
    <section className={`${classes.section} ${classes.wide}`}>
      <h2>Sources and licences</h2>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">source</th>
              <th scope="col">version</th>
              <th scope="col">licence</th>
              <th scope="col">used for</th>
            </tr>
          </thead>
          <tbody>
            {spec.sources.map((source) => (
              <tr key={`${source.name} ${source.what}`}>
                <th scope="row">{source.name}</th>
                <td>{source.version}</td>
                <td>{source.licence}</td>
                <td className={classes.quiet}>{source.what}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
