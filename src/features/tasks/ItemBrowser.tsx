import { useMemo, useState } from "react";
import { sentence } from "../../core/result";
import { useTasks } from "../../state/tasks-store";
import { useLoadedSet } from "../../state/workbench-store";
import { count } from "../../ui/format";
import { ItemDetail } from "./ItemDetail";
import { type ItemVerdict, itemHaystack, itemTitle, itemVerdicts } from "./item-values";
import { RowSelect } from "./RowSelect";
import { useScoredRows } from "./scored-rows";
import classes from "./TasksPage.module.css";

const PAGE_SIZE = 50;
type Filter = "all" | "right" | "wrong" | "open";

interface Entry {
  readonly task: number;
  readonly item: number;
  readonly verdict: ItemVerdict;
  readonly scored: boolean;
}

/** The items of the tasks in use, and what a measured model made of each. */
export function ItemBrowser() {
  const { layout } = useLoadedSet();
  const inUse = useTasks((s) => s.inUse);
  const rows = useScoredRows();
  const [rowKey, setRowKey] = useState<string | null>(null);
  const [task, setTask] = useState("all");
  const [filter, setFilter] = useState<Filter>("all");
  const [query, setQuery] = useState("");
  const [page, setPage] = useState(0);
  const [open, setOpen] = useState<{ readonly task: number; readonly item: number } | null>(null);
  const row = rows.find((r) => r.key === rowKey) ?? rows[0] ?? null;
  const bundle = inUse.state === "known" && inUse.hash === layout.hash ? inUse.bundle : null;
  const haystacks = useMemo(() => bundle?.items.map((items) => items.map(itemHaystack)) ?? null, [bundle]);

  const entries = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return layout.tasks.flatMap((one, t) => {
      if (task !== "all" && one.spec.id !== task) return [];
      const verdicts = row ? itemVerdicts(one, row.scores) : null;
      const found: Entry[] = [];
      for (let item = 0; item < one.block.items; item++) {
        const text = haystacks?.[t]?.[item];
        if (words.length > 0 && !(text && words.every((w) => text.includes(w)))) continue;
        const verdict = verdicts?.[item] ?? null;
        const scored = row ? !Number.isNaN(row.scores[one.block.offset + item * one.block.width]!) : false;
        if (filter === "open" ? scored : filter !== "all" && verdict !== filter) continue;
        found.push({ task: t, item, verdict, scored });
      }
      return found;
    });
  }, [layout, row, task, filter, query, haystacks]);

  const pages = Math.max(1, Math.ceil(entries.length / PAGE_SIZE));
  const at = Math.min(page, pages - 1);
  const shown = entries.slice(at * PAGE_SIZE, (at + 1) * PAGE_SIZE);
  const current = open ?? shown[0] ?? null;
  return (
    <div className={classes.browser}>
      <section className={classes.list} aria-label="Items">
        <div className={classes.filters}>
          <input
            type="search"
            className={classes.search}
            aria-label="Search items"
            placeholder="search items"
            value={query}
            disabled={!bundle}
            onChange={(event) => {
              setQuery(event.target.value);
              setPage(0);
            }}
          />
          <select
            className={classes.select}
            aria-label="Task"
            value={task}
            onChange={(event) => {
              setTask(event.target.value);
              setPage(0);
            }}
          >
            <option value="all">all tasks</option>
            {layout.tasks.map(({ spec }) => (
              <option key={spec.id} value={spec.id}>
                {spec.label}
              </option>
            ))}
          </select>
          <select
            className={classes.select}
            aria-label="Right or wrong"
            value={filter}
            disabled={!row}
            onChange={(event) => {
              setFilter(event.target.value as Filter);
              setPage(0);
            }}
          >
            <option value="all">right and wrong</option>
            <option value="right">right</option>
            <option value="wrong">wrong</option>
            <option value="open">not scored yet</option>
          </select>
          {row && <RowSelect label="as scored by" rows={rows} value={row} onChange={setRowKey} />}
        </div>
        {inUse.state === "unknown" && <p className={classes.quiet}>{sentence(inUse.problem)}</p>}
        {shown.length === 0 ? (
          <p className={classes.quiet} role="status">
            No item is like this.
          </p>
        ) : (
          <ol className={classes.items} start={at * PAGE_SIZE + 1}>
            {shown.map((entry) => {
              const item = bundle?.items[entry.task]?.[entry.item];
              const chosen = entry.task === current?.task && entry.item === current.item;
              return (
                <li key={`${entry.task} ${entry.item}`}>
                  <button
                    type="button"
                    aria-current={chosen || undefined}
                    data-verdict={entry.verdict ?? undefined}
                    onClick={() => setOpen({ task: entry.task, item: entry.item })}
                  >
                    <span className={classes.itemHead}>
                      {layout.tasks[entry.task]!.spec.label} · {entry.item + 1}
                      <span className={classes.verdict}>
                        {entry.verdict ?? (entry.scored ? "" : row ? "not scored" : "")}
                      </span>
                    </span>
                    <span className={classes.itemText}>{item ? itemTitle(item) : ""}</span>
                  </button>
                </li>
              );
            })}
          </ol>
        )}
        <nav className={classes.pager} aria-label="Pages of items">
          <button
            type="button"
            className={classes.button}
            disabled={at === 0}
            onClick={() => setPage(at - 1)}
          >
            Before
          </button>
          <span role="status">
            {count(entries.length)} items, page {at + 1} of {pages}
          </span>
          <button
            type="button"
            className={classes.button}
            disabled={at >= pages - 1}
            onClick={() => setPage(at + 1)}
          >
            Next
          </button>
        </nav>
      </section>
      {current && (
        <ItemDetail
          key={`${current.task} ${current.item}`}
          task={current.task}
          item={current.item}
          source={bundle?.items[current.task]?.[current.item] ?? null}
          rows={row ? [row] : []}
        />
      )}
    </div>
  );
}
