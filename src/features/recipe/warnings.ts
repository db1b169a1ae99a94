import type { ComponentHealth, ComponentSetSpec } from "../../core/checkpoint/component-set";
import type { Mixture } from "../../core/mixture/mixture";
import type { Estimate } from "../../core/scoring/measurement";
import { tied } from "../../core/scoring/paired";
import { sharePercent, withInterval } from "../../ui/format";

export interface TrustNote {
  readonly id: string;
  readonly level: "bad" | "caution" | "good";
  readonly title: string;
  readonly text: string;
}

export interface TrustInput {
  readonly alpha: Mixture;
  readonly spec: Pick<ComponentSetSpec, "beta" | "components">;
  /** Null until the weights are open. */
  readonly health: readonly ComponentHealth[] | null;
  readonly measured: boolean;
  /** Null where the page predicts or measures scores; else why this merge has none. */
  readonly unscored?: string | null;
  /** Paired differences of the measured score, macro and domains; empty when not measured. */
  readonly differences: readonly {
    readonly against: string;
    readonly target: string;
    readonly difference: Estimate;
  }[];
}

/** Above this update magnitude the paper's merged models lose a fifth of what trained ones reach (its Table 12). */
const DELTA_BAD = 0.1;
/** From here on the paper's code scores fall behind (.81 at 6.9 %). */
const DELTA_CAUTION = 0.06;
/** A share from which a mixture counts as near a corner. */
const CORNER = 0.8;

const percent = (share: number) => `${sharePercent(share)} %`;

/** What speaks against trusting the proxy here (method §6), each with its measured number; one good note when nothing does. */
export function trustNotes(input: TrustInput): TrustNote[] {
  const { alpha, spec, health, measured, differences, unscored = null } = input;
  const notes: TrustNote[] = [];
  const used = spec.components.map((c, i) => ({ ...c, share: alpha[i]! })).filter((c) => c.share > 0);

  for (const component of used) {
    const delta = health?.find((h) => h.id === component.id)?.delta;
    if (delta === undefined || delta < DELTA_CAUTION) continue;
    notes.push({
      id: `delta ${component.id}`,
      level: delta >= DELTA_BAD ? "bad" : "caution",
      title: `δ of ${component.label} is ${percent(delta)}`,
      text:
        delta >= DELTA_BAD
          ? "Above 10 % the paper’s merged models keep only .75 to .82 of the trained score (Table 12)."
          : "At 6.9 % the paper’s merged models kept .96 of the math and .81 of the code score (Table 12).",
    });
  }

  const low = used.filter((c) => !c.general && c.beta !== null && c.beta < 0.5);
  if (low.length > 0) {
    notes.push({
      id: "beta",
      level: "caution",
      title: `β of ${low.map((c) => `${c.label} is ${c.beta}`).join(", ")}`,
      text: "With less than half general data in the components the paper’s ρ falls: .79 at 50 %, .67 at 25 %, .65 at 0 % (Table 5).",
    });
  }

  const unknown = used.filter((c) => !c.general && c.beta === null);
  if (unknown.length > 0) {
    notes.push({
      id: "beta unknown",
      level: "caution",
      title: `β of ${unknown.map((c) => c.label).join(", ")} is not known`,
      text: `Effective data shares are computed with β ${spec.beta}; where a component was trained with less general data, merges predict less well.`,
    });
  }

  for (const component of used) {
    if (component.general || component.share < CORNER) continue;
    notes.push({
      id: `corner ${component.id}`,
      level: "caution",
      title: `${component.label} holds ${percent(component.share)} of the weight`,
      text: "Near a corner the mixture is hardly a mixture: the proxy is one component, and training on it would see little else.",
    });
  }

  if (unscored) {
    notes.push({
      id: "unscored",
      level: "caution",
      title: "The merge is not scored here",
      text: unscored,
    });
  } else if (!measured) {
    notes.push({
      id: "predicted",
      level: "caution",
      title: "The scores are predicted, not measured",
      text: "They come from other mixtures’ measurements. Let the measurement finish before handing this on.",
    });
  }
  for (const { against, target, difference } of differences) {
    if (!tied(difference)) continue;
    const { value, half } = withInterval(difference, true);
    notes.push({
      id: `tied ${against} ${target}`,
      level: "caution",
      title: `${target}: tied with ${against} (${value} ${half})`,
      text: "The interval of the paired difference holds 0: these items cannot tell the two apart.",
    });
  }
  if (notes.length > 0 || !health) return notes;
  const largest = Math.max(...used.map((c) => health.find((h) => h.id === c.id)?.delta ?? 0));
  return [
    {
      id: "fine",
      level: "good",
      title: "Nothing measured here speaks against it",
      text: `Update magnitudes δ up to ${percent(largest)}, β ${spec.beta}, no share above ${percent(CORNER)}, and the score differs from the base’s beyond its interval.`,
    },
  ];
}
