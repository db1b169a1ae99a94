import type { ComponentSetSpec } from "../checkpoint/component-set";
import { LINEAR, type MergeChoice } from "../merge/merge-choice";
import { effectiveShares, type Mixture } from "../mixture/mixture";
import { plainChoice } from "../scoring/address";
import type { Estimate, Measurement } from "../scoring/measurement";
import { type ScoreTable, scoreTable } from "../scoring/score-table";
import type { TaskSetLayout } from "../scoring/task";
import type { Recipe, RecipeEstimate } from "./recipe-schema";

export type { Recipe } from "./recipe-schema";

export interface RecipeParts {
  readonly name: string;
  readonly note: string;
  /** The hash is null where the weights were not read yet. */
  readonly set: { readonly hash: string | null; readonly spec: ComponentSetSpec };
  readonly tasks: TaskSetLayout;
  readonly alpha: Mixture;
  /** Null when α was not measured: the recipe then has no scores. */
  readonly measurement: Measurement | null;
  /** How α is merged where it was not measured; linear when absent. */
  readonly method?: MergeChoice;
  /** Of the search that recommended α; null when it was set by hand. */
  readonly seed: number | null;
  /** ISO 8601, UTC. */
  readonly writtenAt: string;
  /** The model that was written by this recipe. */
  readonly merged?: Recipe["merged"];
}

/**
 * Item log-likelihoods agree within 1e-3 nats between backends; that moves a continuous score by far less than 5e-4, and
 * may flip an item that stands on the edge, which moves an accuracy.
 */
export const TOLERANCE = { continuous: 5e-4, accuracy: 0.01 } as const;

/** A recipe of the current version. */
export function buildRecipe(parts: RecipeParts): Recipe {
  const { set, tasks, alpha, measurement } = parts;
  const { components, beta } = set.spec;
  const method = measurement?.key.method ?? plainChoice(parts.method ?? LINEAR);
  return {
    format: "demix-recipe",
    version: 1,
    name: parts.name,
    note: parts.note,
    set: { name: set.spec.name, hash: set.hash ?? "", beta },
    tasks: { name: tasks.name, hash: tasks.hash },
    components: components.map(({ id, label, general, source }, i) => ({
      id,
      label,
      alpha: alpha[i]!,
      general,
      source,
    })),
    effectiveShares: namedShares(components, alpha, beta),
    method: { name: method.name, parameters: { ...method.parameters } },
    scores: measurement && {
      continuous: recipeTable(scoreTable(tasks, measurement.scores, "continuous")),
      accuracy: recipeTable(scoreTable(tasks, measurement.scores, "accuracy")),
    },
    provenance: {
      backend: measurement?.backend ?? null,
      origin: measurement?.origin ?? null,
      versions: { ...measurement?.versions },
      seed: parts.seed,
      items: measurement && { done: measurement.done, total: measurement.total },
      measuredAt: measurement?.at ?? null,
      writtenAt: parts.writtenAt,
    },
    ...(parts.merged && { merged: parts.merged }),
    tolerance: { ...TOLERANCE },
  };
}

/** Effective data shares with their names (method §1). */
export function namedShares(
  components: readonly { readonly id: string; readonly label: string; readonly general: boolean }[],
  alpha: Mixture,
  beta: number,
): { id: string; label: string; share: number }[] {
  const general = components.findIndex((c) => c.general);
  const names = components.map(({ id, label }) => ({ id, label }));
  if (general < 0) names.unshift({ id: "general", label: "General data" });
  const shares = effectiveShares(alpha, beta, general < 0 ? null : general);
  return names.map((name, i) => ({ ...name, share: Number(shares[i]!.toFixed(6)) }));
}

/** α in the recipe's component order. */
export const recipeAlpha = (recipe: Recipe): Mixture => recipe.components.map((c) => c.alpha);

/** The text of the file: two spaces, and a line feed at the end. */
export const recipeText = (recipe: Recipe): string => `${JSON.stringify(recipe, null, 2)}\n`;

/** A score table as a recipe holds it; targets without a value are left out. */
export function recipeTable(table: ScoreTable): Record<string, RecipeEstimate> {
  const orNull = (v: number) => (Number.isFinite(v) ? v : null);
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, e]) => Number.isFinite(e.value))
      .map(([id, e]) => [id, { value: e.value, low: orNull(e.low), high: orNull(e.high), n: e.n }]),
  );
}

/** The estimate that a recipe's entry stands for. */
export const asEstimate = ({ value, low, high, n }: RecipeEstimate): Estimate => ({
  value,
  low: low ?? Number.NaN,
  high: high ?? Number.NaN,
  n,
});
