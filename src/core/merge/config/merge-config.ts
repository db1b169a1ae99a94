import type { Precision } from "../block-ops";
import type { MergeMethod } from "../merge-method";
import { type ModelReference, sameModel } from "./model-reference";

/** One number for every tensor, or a gradient: values spread evenly from the first layer to the last. */
export type ScalarOrGradient = number | readonly number[];

/** Holds for tensors whose name contains `filter`; null and "*" hold for all. */
export interface Condition {
  readonly filter: string | null;
  readonly value: ScalarOrGradient;
}

/** Of conditions the first that holds for a tensor counts. Switches are 0 or 1. */
export type Setting = ScalarOrGradient | { readonly conditions: readonly Condition[] };

/** By mergekit's parameter name. */
export type Settings = Readonly<Record<string, Setting>>;

export interface ConfigModel {
  readonly model: ModelReference;
  readonly parameters: Settings;
}

/** A mergekit configuration of the form `models`, every name and value in it known and allowed. */
export interface MergeConfig {
  readonly file: string;
  /** Name of a method in the registry. */
  readonly method: string;
  /** As the file lists them; the base stands among them where the file lists it. */
  readonly models: readonly ConfigModel[];
  readonly base: ModelReference | null;
  /** What counts for every model and tensor that has no setting of its own. */
  readonly parameters: Settings;
  /** Type that inputs are cast to; null keeps the tensors' own, the promoted one of a mixture. */
  readonly dtype: Precision | null;
  /** Type of the written tensors; null keeps that of the inputs. */
  readonly outDtype: Precision | null;
  /** Sentences on what the file says and the result does not depend on. */
  readonly notes: readonly string[];
}

/** What is merged with what, in mergekit's order. */
export interface MergeInputs {
  readonly components: readonly ConfigModel[];
  /** Origin of the components' updates; null where the method has none. */
  readonly base: ModelReference | null;
}

/**
 * As mergekit's planner reads `models` and `base_model`: a base that is not listed joins the inputs as the last one. A
 * method that knows no base merges it like any other model.
 */
export function mergeInputs(
  { models, base }: Pick<MergeConfig, "models" | "base">,
  method: MergeMethod,
): MergeInputs {
  if (!base) return { components: models, base: null };
  if (method.base !== "unused") return { components: models.filter((m) => !sameModel(m.model, base)), base };
  const listed = models.some((m) => sameModel(m.model, base));
  return { components: listed ? models : [...models, { model: base, parameters: {} }], base: null };
}

const NONE: readonly string[] = [];
const DEMANDED: ReadonlyMap<string, readonly string[]> = new Map([["slerp", ["t"]]]);

/** Parameters without a default in mergekit: a configuration sets them for every model and tensor. */
export function demandedParameters(method: MergeMethod): readonly string[] {
  const own = DEMANDED.get(method.name) ?? NONE;
  return takesWeight(method) ? ["weight", ...own] : own;
}

/** Methods that take a mixture here, and whose mergekit twin counts every model the same. */
const EQUAL_WEIGHTS: ReadonlySet<string> = new Set(["karcher"]);

/** Whether a configuration gives every model a `weight`. */
export const takesWeight = (method: MergeMethod): boolean =>
  method.weighted && !EQUAL_WEIGHTS.has(method.name);
