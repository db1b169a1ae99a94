import type { SetInfo } from "../../core/checkpoint/component-set";
import { useLoadedSet } from "../../state/workbench-store";
import { amount, deltaPercent } from "../../ui/amounts";
import { componentColor } from "../../ui/colors";
import { GRADE_LABEL, gradeOf, gradeSentence } from "./grade";
import classes from "./SetPage.module.css";

/** What each component was trained on, and how far it moved. */
export function ComponentTable({ info }: { readonly info: SetInfo | null }) {
  const { spec } = useLoadedSet();
  return (
    <section className={`${classes.section} ${classes.wide}`}>
      <h2>Components</h2>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">component</th>
              <th scope="col">trained on</th>
              <th scope="col" title="Update magnitude Σ|Δ| / (Σ|Θᵢ| + Σ|Θ_base|), paper Eq. 4">
                update δ
              </th>
              <th scope="col" title="General share of its training data">
                β
              </th>
              <th scope="col">tokens trained</th>
              <th scope="col" title="Tokens available in its dataset">
                supply
              </th>
              <th scope="col">licences</th>
            </tr>
          </thead>
          <tbody>
            {spec.components.map((c, i) => {
              const delta = info?.health?.[i]?.delta;
              return (
                <tr key={c.id}>
                  <th scope="row">
                    <span className={classes.swatch} style={{ background: componentColor(i) }} />
                    {c.label}
                    {c.general && <span className={classes.tag}>general</span>}
                  </th>
                  <td>{c.trainedOn}</td>
                  <td>
                    {delta === undefined ? (
                      "–"
                    ) : (
                      <span title={gradeSentence(delta)}>
                        <strong>{deltaPercent(delta)}</strong>{" "}
                        <span className={classes.grade} data-grade={gradeOf(delta)}>
                          {GRADE_LABEL[gradeOf(delta)]}
                        </span>
                      </span>
                    )}
                  </td>
                  <td>{c.beta ?? "–"}</td>
                  <td>{amount(c.trainTokens ?? Number.NaN)}</td>
                  <td className={classes.nowrap}>{amount(c.supplyTokens ?? Number.NaN)}</td>
                  <td className={classes.quiet}>{c.licences?.join(", ") ?? "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
