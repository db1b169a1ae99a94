import { useState } from "react";
import { Choice } from "../../ui/Choice";
import { HeatTable } from "./HeatTable";
import classes from "./SetPage.module.css";
import type { CheckedSet } from "./use-health";

type Measure = "cosines" | "signAgreement";

const MEASURES = [
  { value: "cosines", label: "cosine" },
  { value: "signAgreement", label: "sign agreement" },
] as const;

const ABOUT: Readonly<Record<Measure, string>> = {
  cosines:
    "1: the same direction; 0: unrelated; below 0: they undo each other. Shared general data raises all of them.",
  signAgreement:
    "Of the entries that both components changed, the share that moved the same way: about 50 % where they are unrelated. TIES keeps what agrees.",
};

/** How the components' updates stand to each other: cosines, or the share of equal signs. */
export function AgreementMatrix({ info }: { readonly info: CheckedSet }) {
  const { components } = info.spec;
  const [measure, setMeasure] = useState<Measure>("cosines");
  const heads = components.map((c, i) => ({ id: c.id, label: c.label, component: i }));
  const cells = info.health.map((row) =>
    row[measure].map((value, j) => {
      const text = measure === "cosines" ? cosineText(value) : shareText(value);
      // An agreement of one half is what chance gives.
      const tint = measure === "cosines" ? value : Number.isFinite(value) ? (value - 0.5) * 2 : 0;
      return {
        text,
        tint: Math.abs(tint),
        negative: tint < 0,
        words: `${components[j]?.label ?? ""}: ${text}${measure === "cosines" ? "" : " percent"}`,
      };
    }),
  );
  return (
    <section className={classes.section} aria-labelledby="agreement">
      <div className={classes.sectionHead}>
        <h2 id="agreement">{measure === "cosines" ? "Cosines between updates" : "Sign agreement, %"}</h2>
        <Choice label="Compare updates by" options={MEASURES} value={measure} onChange={setMeasure} />
      </div>
      <p className={classes.quiet}>{ABOUT[measure]}</p>
      <HeatTable
        label={
          measure === "cosines"
            ? "Cosines between the components' updates"
            : "Share of equal signs between the components' updates, percent"
        }
        rows={heads}
        columns={heads}
        cells={cells}
        stretch
      />
    </section>
  );
}

const cosineText = (cosine: number) =>
  cosine
    .toFixed(2)
    .replace(/^-0.00$/, "0.00")
    .replace("-", "−");
const shareText = (share: number) => (Number.isFinite(share) ? (share * 100).toFixed(1) : "–");
