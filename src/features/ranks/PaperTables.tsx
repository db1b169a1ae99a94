import { correlation } from "../../ui/format";
import classes from "./FiguresTable.module.css";
import { PAPER_TABLE_2, PAPER_TABLE_3, type PaperBudget } from "./paper-tables";

/** The paper's own figures, printed there and not computed here. */
export function PaperTable2() {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">The paper’s</th>
            <th scope="col">tokens</th>
            <th scope="col">ρ</th>
            <th scope="col">top 25 %</th>
            <th scope="col">recovery</th>
          </tr>
        </thead>
        <tbody>
          {PAPER_TABLE_2.merged.map((row) => (
            <Row key={row.tokens} label="Merged" row={row} merged />
          ))}
          {PAPER_TABLE_2.trained.map((row) => (
            <Row key={row.tokens} label="112 trained" row={row} merged={false} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: { readonly label: string; readonly row: PaperBudget; readonly merged: boolean }) {
  const { label, row, merged } = props;
  return (
    <tr className={merged ? classes.merged : undefined}>
      <th scope="row">{label}</th>
      <td className={classes.tokens}>{row.tokens} B</td>
      <td>{correlation(row.rho)}</td>
      <td>{correlation(row.top25)}</td>
      <td>{row.recovery.toFixed(2)}</td>
    </tr>
  );
}

export function PaperTable3() {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">The paper’s mixtures</th>
            <th scope="col">average rank among 96</th>
          </tr>
        </thead>
        <tbody>
          {PAPER_TABLE_3.map(({ label, ranks }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{ranks.map((r) => r.toFixed(1)).join(" / ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
