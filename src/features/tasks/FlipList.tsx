import { useMemo, useState } from "react";
import type { TaskBundle } from "../../protocol/task-protocol";
import { useLoadedSet } from "../../state/workbench-store";
import { Choice } from "../../ui/Choice";
import { count } from "../../ui/format";
import { Section } from "../../ui/Section";
import { type ItemPair, isGained, isLost } from "./flips";
import { ItemDetail } from "./ItemDetail";
import { itemTitle } from "./item-values";
import type { ScoredRow } from "./scored-rows";
import classes from "./TasksPage.module.css";

const KINDS = [
  { value: "flipped", label: "flipped" },
  { value: "gained", label: "wrong → right" },
  { value: "lost", label: "right → wrong" },
  { value: "moved", label: "all, by change" },
] as const;
type Kind = (typeof KINDS)[number]["value"];

const KEEPS: Readonly<Record<Kind, (p: ItemPair) => boolean>> = {
  flipped: (p) => isGained(p) || isLost(p),
  gained: isGained,
  lost: isLost,
  moved: (p) => Number.isFinite(p.gain),
};
const MOST = 100;

/** The items that two models answer differently, the largest changes of the gold's log-likelihood first. */
export function FlipList(props: {
  readonly pairs: readonly ItemPair[];
  readonly bundle: TaskBundle | null;
  readonly rows: readonly ScoredRow[];
}) {
  const { pairs, bundle, rows } = props;
  const { layout } = useLoadedSet();
  const [kind, setKind] = useState<Kind>("flipped");
  const [open, setOpen] = useState<ItemPair | null>(null);
  const found = useMemo(
    () => pairs.filter(KEEPS[kind]).sort((a, b) => Math.abs(b.gain || 0) - Math.abs(a.gain || 0)),
    [pairs, kind],
  );
  const current = open && found.includes(open) ? open : (found[0] ?? null);
  return (
    <Section
      title={`Items: ${count(found.length)}`}
      aside={<Choice label="Which items" options={KINDS} value={kind} onChange={setKind} />}
    >
      {found.length === 0 ? (
        <p className={classes.quiet} role="status">
          No item of these tasks {kind === "moved" ? "is scored by both" : "flipped"}.
        </p>
      ) : (
        <div className={classes.browser}>
          <ol className={classes.items} aria-label="Items that differ">
            {found.slice(0, MOST).map((pair) => {
              const item = bundle?.items[pair.task]?.[pair.item];
              return (
                <li key={`${pair.task} ${pair.item}`}>
                  <button
                    type="button"
                    aria-current={pair === current || undefined}
                    onClick={() => setOpen(pair)}
                  >
                    <span className={classes.itemHead}>
                      {layout.tasks[pair.task]!.spec.label} · {pair.item + 1}
                      <span className={classes.verdict}>
                        {pair.a && pair.b ? `${pair.a} → ${pair.b}` : ""}{" "}
                        {Number.isFinite(pair.gain) &&
                          `${pair.gain < 0 ? "−" : "+"}${Math.abs(pair.gain).toFixed(2)} nats`}
                      </span>
                    </span>
                    <span className={classes.itemText}>{item ? itemTitle(item) : ""}</span>
                  </button>
                </li>
              );
            })}
            {found.length > MOST && (
              <li className={classes.quiet}>and {count(found.length - MOST)} with smaller changes</li>
            )}
          </ol>
          {current && (
            <ItemDetail
              key={`${current.task} ${current.item}`}
              task={current.task}
              item={current.item}
              source={bundle?.items[current.task]?.[current.item] ?? null}
              rows={rows}
            />
          )}
        </div>
      )}
    </Section>
  );
}
