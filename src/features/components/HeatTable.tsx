import { type KeyboardEvent, useRef, useState } from "react";
import { componentColor, scoreColor, textOn } from "../../ui/colors";
import classes from "./HeatTable.module.css";

export interface HeatHead {
  readonly id: string;
  readonly label: string;
  /** Set index of a component: its swatch stands before the label. */
  readonly component?: number;
  /** Neighbouring columns of one group share a head above theirs. */
  readonly group?: string;
}

export interface HeatCell {
  readonly text: string;
  /** What is said on hover and focus, after the row's label. */
  readonly words: string;
  /** Level in [0, 1] on the sequential map. */
  readonly level?: number;
  /** Or a tint in [0, 1] of the accent colour. */
  readonly tint?: number;
  readonly negative?: boolean;
}

/** A table of coloured numbers; one stop in the tab order, arrows move inside. */
export function HeatTable(props: {
  readonly label: string;
  readonly rows: readonly HeatHead[];
  readonly columns: readonly HeatHead[];
  readonly cells: readonly (readonly HeatCell[])[];
  readonly stretch?: boolean;
}) {
  const { label, rows, columns, cells } = props;
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const [shown, setShown] = useState<readonly [number, number] | null>(null);
  const key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const clamp = (x: number, n: number) => Math.min(n - 1, Math.max(0, x));
    const to = [clamp(at[0] + step[0]!, rows.length), clamp(at[1] + step[1]!, columns.length)] as const;
    setAt(to);
    table.current?.querySelector<HTMLElement>(`[data-cell="${to[0]} ${to[1]}"]`)?.focus();
  };
  const grouped = columns.some((c) => c.group !== undefined);
  const cell = shown ? cells[shown[0]]?.[shown[1]] : undefined;
  return (
    <>
      <div className={classes.scroll}>
        <table
          ref={table}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells take the focus is a grid
          role="grid"
          className={classes.table}
          data-stretch={props.stretch || undefined}
          aria-label={label}
          onKeyDown={key}
          onPointerLeave={() => setShown(null)}
        >
          <thead>
            {grouped && (
              <tr>
                <td />
                {groupsOf(columns).map(({ name, span, first }) => (
                  <th key={first} scope="colgroup" colSpan={span} className={classes.group}>
                    {name}
                  </th>
                ))}
              </tr>
            )}
            <tr>
              <td />
              {columns.map((c) => (
                <th key={c.id} scope="col" className={classes.column}>
                  <Head head={c} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={row.id}>
                <th scope="row" className={classes.row}>
                  <Head head={row} />
                </th>
                {(cells[i] ?? []).map((c, j) => (
                  <td
                    key={columns[j]?.id ?? j}
                    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: as above
                    role="gridcell"
                    className={classes.cell}
                    data-cell={`${i} ${j}`}
                    tabIndex={i === at[0] && j === at[1] ? 0 : -1}
                    aria-label={`${row.label}, ${c.words}`}
                    style={colors(c)}
                    onPointerEnter={() => setShown([i, j])}
                    onFocus={() => {
                      setAt([i, j]);
                      setShown([i, j]);
                    }}
                    onBlur={() => setShown(null)}
                  >
                    {c.text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.readout} aria-hidden>
        {shown && cell ? `${rows[shown[0]]?.label}, ${cell.words}` : "\u00a0"}
      </p>
    </>
  );
}

function Head({ head }: { readonly head: HeatHead }) {
  return (
    <>
      {head.component !== undefined && (
        <span className={classes.swatch} style={{ background: componentColor(head.component) }} />
      )}
      {head.label}
    </>
  );
}

function colors(cell: HeatCell) {
  if (cell.level !== undefined) {
    const background = scoreColor(cell.level);
    return { background, color: textOn(background) };
  }
  const hue = cell.negative ? "--best" : "--accent";
  return { background: `color-mix(in srgb, var(${hue}) ${(cell.tint ?? 0) * 45}%, var(--panel))` };
}

function groupsOf(columns: readonly HeatHead[]): { name: string; span: number; first: string }[] {
  const groups: { name: string; span: number; first: string }[] = [];
  for (const { id, group = "" } of columns) {
    const last = groups.at(-1);
    if (last?.name === group) last.span += 1;
    else groups.push({ name: group, span: 1, first: id });
  }
  return groups;
}
