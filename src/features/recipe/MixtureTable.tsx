import { dataMixture } from "../../core/recipe/data-mixture";
import type { Recipe } from "../../core/recipe/recipe";
import { componentColor } from "../../ui/colors";
import { sharePercent } from "../../ui/format";
import classes from "./RecipeTables.module.css";

/** Merge weights and effective data shares, side by side. */
export function MixtureTable({ recipe }: { readonly recipe: Recipe }) {
  const rows = dataMixture(recipe);
  const color = (id: string) => {
    const i = recipe.components.findIndex((c) => c.id === id);
    return i < 0 ? "var(--base)" : componentColor(i);
  };
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">source</th>
            <th scope="col" colSpan={2}>
              merge weight α
            </th>
            <th scope="col" colSpan={2}>
              data share e
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, label, alpha, share }) => (
            <tr key={id}>
              <th scope="row">
                <i className={classes.swatch} style={{ background: color(id) }} />
                {label}
              </th>
              <td className={classes.number}>{alpha === null ? "–" : `${sharePercent(alpha, 2)} %`}</td>
              <td className={classes.barCell}>
                <span style={{ width: `${100 * (alpha ?? 0)}%`, background: color(id) }} />
              </td>
              <td className={classes.number}>{sharePercent(share, 2)} %</td>
              <td className={classes.barCell}>
                <span style={{ width: `${100 * share}%`, background: color(id) }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.note}>
        <strong>Merge with α, train on e.</strong> Every component already holds{" "}
        {sharePercent(recipe.set.beta, 0)} % general data (β), so α is not a data recipe.
      </p>
    </>
  );
}
