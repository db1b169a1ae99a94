import { filtersOf, textScores } from "../../core/scoring/item-scores";
import type { TaskLayout } from "../../core/scoring/task";
import { itemRow } from "./item-values";
import classes from "./TasksPage.module.css";

/** What a model made of an item without choices. */
export function ItemNumbers(props: {
  readonly task: TaskLayout;
  readonly item: number;
  readonly scores: Float32Array;
}) {
  const { task, item, scores } = props;
  const row = itemRow(task, item, scores);
  if (Number.isNaN(row[0]!)) return <p className={classes.quiet}>Not scored yet.</p>;
  return (
    <dl className={classes.facts}>
      {numbersOf(task, item, row).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function numbersOf({ spec, facts }: TaskLayout, item: number, row: Float32Array): [string, string][] {
  const { tokens, bytes } = facts[item]!;
  const nats = (x: number) => `${x.toFixed(2)} nats`;
  if (spec.outputType === "loglikelihood_rolling")
    return [
      ["log p of the text", nats(row[0]!)],
      ["bits per byte", (-row[0]! / Math.LN2 / bytes[0]!).toFixed(3)],
      ["tokens that greedy decoding gets right", `${row[1]} of ${tokens[0]}`],
    ];
  if (spec.outputType === "loglikelihood")
    return [
      ["log p of the continuation", nats(row[0]!)],
      ["greedy decoding gives it", row[1] === 1 ? "yes" : "no"],
    ];
  const columns = textScores(spec);
  const several = filtersOf(spec).length > 1;
  const values = columns.map(({ filter, use }, i): [string, string] => {
    const name = use.name ?? use.metric;
    const value = row[i]!;
    const said = value === 1 ? "right" : value === 0 ? "wrong" : value.toFixed(3);
    return [several ? `${name}, ${filter}` : name, said];
  });
  const ll = row[row.length - 1]!;
  return Number.isNaN(ll) ? values : [...values, ["log p of the right answer", nats(ll)]];
}
