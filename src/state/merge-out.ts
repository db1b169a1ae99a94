import { create } from "zustand";
import { canonicalJson } from "../core/canonical";
import type { Recipe } from "../core/recipe/recipe";
import type { Problem } from "../core/result";
import type { Engine } from "../engine/engine";
import type { MergeTarget, Progress, WriteOutcome, WriteRequest } from "../protocol/engine-protocol";
import { deleteStored } from "./merged-storage";
import { openedSet } from "./workbench-store";

export type WriteSettings = Pick<WriteRequest, "dtype" | "mergekit" | "shardBytes">;

export type MergeOut =
  | { readonly phase: "idle" }
  | {
      readonly phase: "running";
      readonly progress: Progress | null;
      readonly startedAt: number;
      readonly target: MergeTarget;
    }
  | {
      readonly phase: "done";
      readonly outcome: WriteOutcome;
      readonly settings: WriteSettings;
      readonly target: MergeTarget;
      /** What was merged; see `mergeText`. */
      readonly merge: string;
    }
  | { readonly phase: "failed"; readonly problem: Problem };

/** The merged model that is being written, or was written last; writing goes on while other pages are on show. */
export const useMergeOut = create<{ readonly out: MergeOut }>(() => ({ out: { phase: "idle" } }));

/**
 * What of a recipe the written weights depend on: on one set, equal texts mean equal models. Without the set's hash,
 * which may become known after writing.
 */
export const mergeText = ({ components, method }: Recipe): string =>
  canonicalJson({ components: components.map((c) => [c.id, c.alpha]), method });

export function createMergeOut(engine: () => Engine | null) {
  let running: AbortController | null = null;

  /** Merges by the recipe and writes the model; one at a time. */
  async function write(recipe: Recipe, settings: WriteSettings, target: MergeTarget): Promise<void> {
    const writer = engine();
    if (running) return;
    if (!writer) {
      const problem = {
        kind: "backend",
        message: "The engine does not run.",
        remedy: "Start it first.",
      } as const;
      useMergeOut.setState({ out: { phase: "failed", problem } });
      return;
    }
    const mine = new AbortController();
    running = mine;
    const startedAt = performance.now();
    useMergeOut.setState({ out: { phase: "running", progress: null, startedAt, target } });
    const set = openedSet()?.reference;
    const { merged: _, ...plain } = recipe;
    const outcome = await writer.write(mine.signal, { recipe: plain, ...settings, target }, (progress) => {
      if (running === mine) useMergeOut.setState({ out: { phase: "running", progress, startedAt, target } });
    });
    running = null;
    if (outcome.ok) {
      const merge = openedSet()?.reference === set ? mergeText(recipe) : "of another set";
      const done = { outcome: outcome.value, settings, target, merge };
      useMergeOut.setState({ out: { phase: "done", ...done } });
      return;
    }
    // The writer leaves no file; the folder was made for this model alone.
    if (target.kind === "opfs") await deleteStored(target.path);
    if (outcome.problem.kind === "cancelled") useMergeOut.setState({ out: { phase: "idle" } });
    else useMergeOut.setState({ out: { phase: "failed", problem: outcome.problem } });
  }

  return {
    write,
    cancelWrite: () => running?.abort(),
    /** What was written is no longer spoken of. */
    forgetWrite: () => {
      if (!running) useMergeOut.setState({ out: { phase: "idle" } });
    },
  };
}

export type MergeWriter = ReturnType<typeof createMergeOut>;

/** `recipe.merged` of the written model; absent where that was another merge. */
export function mergedOf(out: MergeOut, recipe: Recipe): Recipe["merged"] {
  if (out.phase !== "done" || out.merge !== mergeText(recipe)) return undefined;
  const { dtype, mergekit } = out.settings;
  return { dtype, mergekit, files: out.outcome.files.filter(isWeights).map((file) => ({ ...file })) };
}

// As in the recipe that was written beside them: the other files follow from the set and the recipe.
const isWeights = ({ path }: { readonly path: string }): boolean => path.endsWith(".safetensors");
