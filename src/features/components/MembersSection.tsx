import { parseSource } from "../../core/checkpoint/member-source";
import { useLoadedSet } from "../../state/workbench-store";
import classes from "./SetPage.module.css";

const KINDS = {
  relative: "beside the set file",
  http: "web server",
  hub: "Hugging Face",
  local: "this machine",
} as const;

/** Where each member's checkpoint lies. */
export function MembersSection() {
  const { spec } = useLoadedSet();
  return (
    <section className={classes.section} aria-labelledby="members">
      <h2 id="members">Where they lie</h2>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">member</th>
              <th scope="col">source</th>
              <th scope="col">on</th>
            </tr>
          </thead>
          <tbody>
            {[spec.base, ...spec.components].map((member, i) => {
              const source = parseSource(member.source, "the set file");
              return (
                <tr key={member.id}>
                  <th scope="row">
                    {member.label}
                    {i === 0 && <span className={classes.tag}>base</span>}
                  </th>
                  <td className={classes.source}>{member.source.replace(/^local:/, "")}</td>
                  <td className={classes.quiet}>{source.ok ? KINDS[source.value.kind] : "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
