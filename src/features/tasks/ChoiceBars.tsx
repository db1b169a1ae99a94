import type { Item, TaskLayout } from "../../core/scoring/task";
import { itemRow, shares } from "./item-values";
import classes from "./TasksPage.module.css";

/** Log-likelihood of each choice; the bar is its share among the choices, the gold one marked. */
export function ChoiceBars(props: {
  readonly task: TaskLayout;
  readonly item: number;
  readonly source: Item | null;
  readonly scores: Float32Array;
}) {
  const { task, item, source, scores } = props;
  const facts = task.facts[item]!;
  const n = facts.tokens.length;
  const values = Array.from(itemRow(task, item, scores).subarray(0, n));
  if (Number.isNaN(values[0]!)) return <p className={classes.quiet}>Not scored yet.</p>;
  const golds = facts.golds ?? [facts.gold];
  const share = shares(values);
  const perChar = values.map((ll, i) => ll / facts.chars[i]!);
  const best = values.indexOf(Math.max(...values));
  const bestPerChar = perChar.indexOf(Math.max(...perChar));
  return (
    <table className={classes.choices}>
      <thead>
        <tr>
          <th scope="col">choice</th>
          <th scope="col" title="Its share where the choices' likelihoods sum to 1">
            share
          </th>
          <th scope="col" title="Σ log p of its tokens, nats">
            log p
          </th>
          <th scope="col" title="Divided by its characters">
            per character
          </th>
        </tr>
      </thead>
      <tbody>
        {values.map((ll, i) => {
          const gold = golds.includes(i);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: choices have no other name
            <tr key={i} data-gold={gold || undefined}>
              <th scope="row">
                {gold && <span className={classes.goldMark}>right</span>} {choiceText(source, i)}
              </th>
              <td>
                <span className={classes.barRail} aria-hidden="true">
                  <span style={{ width: `${share[i]! * 100}%` }} />
                </span>
                {(share[i]! * 100).toFixed(1)} %
              </td>
              <td data-best={i === best || undefined}>{ll.toFixed(2)}</td>
              <td data-best={i === bestPerChar || undefined}>{perChar[i]!.toFixed(3)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function choiceText(source: Item | null, i: number): string {
  if (!source || !("choices" in source) || !source.choices) return `choice ${i + 1}`;
  if ("contexts" in source && source.contexts) return source.contexts[i] ?? `choice ${i + 1}`;
  return source.choices[i]?.trim() || `choice ${i + 1}`;
}
