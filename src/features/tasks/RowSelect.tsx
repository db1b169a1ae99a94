import type { ScoredRow } from "./scored-rows";
import classes from "./TasksPage.module.css";

/** One of the measured models. */
export function RowSelect(props: {
  readonly label: string;
  readonly rows: readonly ScoredRow[];
  readonly value: ScoredRow;
  readonly onChange: (key: string) => void;
}) {
  const { label, rows, value, onChange } = props;
  return (
    <label className={classes.rowSelect}>
      {label}{" "}
      <select className={classes.select} value={value.key} onChange={(event) => onChange(event.target.value)}>
        {rows.map((row) => (
          <option key={row.key} value={row.key}>
            {row.label}
          </option>
        ))}
      </select>
    </label>
  );
}
