import { useMemo, useState } from "react";
import type { GroupUpdate } from "../../core/checkpoint/component-set";
import { deltaPercent } from "../../ui/amounts";
import { Choice } from "../../ui/Choice";
import { HeatLegend } from "./HeatLegend";
import { HeatTable } from "./HeatTable";
import classes from "./SetPage.module.css";
import type { CheckedSet } from "./use-health";

const KINDS = { embedding: "embed", attention: "attn", mlp: "mlp", norm: "norm" } as const;
type Shown = "all" | "attention" | "mlp" | "norm";

const SHOWN = [
  { value: "all", label: "all" },
  { value: "attention", label: "attention" },
  { value: "mlp", label: "MLP" },
  { value: "norm", label: "norms" },
] as const satisfies readonly { value: Shown; label: string }[];

/** With more columns one kind of tensors at a time is easier to read. */
const MANY_COLUMNS = 24;

/** δ of every tensor group and component: where in the network the components moved. */
export function DeltaHeatMap({ info }: { readonly info: CheckedSet }) {
  const { components } = info.spec;
  const groups = info.health[0]?.groups ?? [];
  const many = groups.length > MANY_COLUMNS;
  const [shown, setShown] = useState<Shown>("all");
  const largest = useMemo(
    () => Math.max(0, ...info.health.flatMap((h) => h.groups.map((g) => g.delta))),
    [info],
  );
  const wanted = ({ kind, place }: GroupUpdate) =>
    shown === "all" || kind === "embedding" || (kind === shown && place !== "final norm");
  const columns = groups.filter(wanted);
  const cells = info.health.map((h) =>
    h.groups.filter(wanted).map((g) => ({
      text: (g.delta * 100).toFixed(1),
      level: largest > 0 ? g.delta / largest : 0,
      words: `${g.place}, ${KINDS[g.kind]}: δ ${deltaPercent(g.delta, 2)}`,
    })),
  );
  return (
    <section className={`${classes.section} ${classes.wide}`} aria-labelledby="delta-map">
      <div className={classes.sectionHead}>
        <h2 id="delta-map">
          Update <span>δ</span> by layer, %
        </h2>
        <div className={classes.headTools}>
          {many && <Choice label="Tensors" options={SHOWN} value={shown} onChange={setShown} />}
          <HeatLegend largest={largest} />
        </div>
      </div>
      <HeatTable
        label="Update magnitude by tensor group and component, percent"
        rows={components.map((c, i) => ({ id: c.id, label: c.label, component: i }))}
        columns={columns.map((g) => headOf(g, shown === "all"))}
        cells={cells}
        stretch={columns.length <= MANY_COLUMNS}
      />
    </section>
  );
}

/** Kinds stand below their layer; one kind alone needs the layer's number only. */
function headOf({ place, kind }: GroupUpdate, all: boolean) {
  const id = `${place} ${kind}`;
  if (!all) return { id, label: place.replace(/^layer /, "") };
  return { id, label: kind === "embedding" || place === "final norm" ? "" : KINDS[kind], group: place };
}
