import { HeatTable } from "./HeatTable";
import classes from "./SetPage.module.css";
import type { CheckedSet } from "./use-health";

const text = (cosine: number) => cosine.toFixed(2).replace("-", "−");

/** Cosines between the components' updates: near 1 they pull the same way, near 0 they do not meet. */
export function CosineMatrix({ info }: { readonly info: CheckedSet }) {
  const { components } = info.spec;
  const cells = info.health.map((row) =>
    row.cosines.map((cosine, j) => ({
      text: text(cosine),
      tint: Math.abs(cosine),
      negative: cosine < 0,
      words: `${components[j]?.label ?? ""}: ${text(cosine)}`,
    })),
  );
  return (
    <section className={classes.section}>
      <h2>Cosines between updates</h2>
      <p className={classes.quiet}>
        1: the same direction; 0: unrelated; below 0: they undo each other. Shared general data raises all of
        them.
      </p>
      <HeatTable
        label="Cosines between the components' updates"
        rows={components.map((c, i) => ({ id: c.id, label: c.label, component: i }))}
        columns={components.map((c, i) => ({ id: c.id, label: c.label, component: i }))}
        cells={cells}
        stretch
      />
    </section>
  );
}
