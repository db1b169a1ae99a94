import { useMemo } from "react";
import { deltaPercent } from "../../ui/amounts";
import { HeatLegend } from "./HeatLegend";
import { HeatTable } from "./HeatTable";
import classes from "./SetPage.module.css";
import type { CheckedSet } from "./use-health";

const KINDS = { embedding: "embed", attention: "attn", mlp: "mlp", norm: "norm" } as const;

/** δ of every tensor group and component: where in the network the components moved. */
export function DeltaHeatMap({ info }: { readonly info: CheckedSet }) {
  const { components } = info.spec;
  const groups = info.health[0]?.groups ?? [];
  const largest = useMemo(
    () => Math.max(0, ...info.health.flatMap((h) => h.groups.map((g) => g.delta))),
    [info],
  );
  const cells = info.health.map((h) =>
    h.groups.map((g) => ({
      text: (g.delta * 100).toFixed(1),
      level: largest > 0 ? g.delta / largest : 0,
      words: `${g.place}, ${KINDS[g.kind]}: δ ${deltaPercent(g.delta, 2)}`,
    })),
  );
  return (
    <section className={`${classes.section} ${classes.wide}`}>
      <div className={classes.sectionHead}>
        <h2>
          Update <span>δ</span> by layer, %
        </h2>
        <HeatLegend largest={largest} />
      </div>
      <HeatTable
        label="Update magnitude by tensor group and component, percent"
        rows={components.map((c, i) => ({ id: c.id, label: c.label, component: i }))}
        columns={groups.map((g) => ({
          id: `${g.place} ${g.kind}`,
          label: g.kind === "embedding" || g.place === "final norm" ? "" : KINDS[g.kind],
          group: g.place,
        }))}
        cells={cells}
        stretch
      />
    </section>
  );
}
