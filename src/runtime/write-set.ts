import { checkpointFiles, DTYPE_NAMES } from "../core/checkpoint/model-files";
import type { WrittenFile } from "../core/checkpoint/model-writer";
import { type OutputFolder, writeModel } from "../core/checkpoint/model-writer";
import type { CallOptions } from "../core/checkpoint/progress";
import type { BlockOps } from "../core/merge/block-ops";
import { constantParameters, resolveChoice } from "../core/merge/merge-choice";
import type { MergePlan } from "../core/merge/merge-plan";
import { declaredTensors, modelData } from "../core/merge/model-data";
import { recipeCard } from "../core/recipe/model-card";
import { type Recipe, recipeAlpha, recipeText } from "../core/recipe/recipe";
import { fail, type Result } from "../core/result";
import type { WriteRequest } from "../protocol/engine-protocol";
import type { LoadedSet } from "./set-loader";

export interface WriteContext extends CallOptions {
  readonly ops: BlockOps;
}

/** Merges the set's components by the request and writes the model, tensor by tensor, in the base's shapes. */
export async function writeSet(
  set: LoadedSet,
  request: Omit<WriteRequest, "target">,
  out: OutputFolder,
  { ops, signal, onProgress }: WriteContext,
): Promise<Result<WrittenFile[]>> {
  const { recipe, dtype, mergekit, shardBytes } = request;
  const ids = set.components.map((c) => c.id);
  if (recipe.components.map((c) => c.id).join() !== ids.join())
    return fail("bad-recipe", `the recipe is for other components than ${ids.join(", ")}.`, {
      remedy: "Open the recipe's component set first.",
    });
  const weights = recipeAlpha(recipe);
  const choice = resolveChoice(recipe.method, weights.length);
  if (!choice.ok) return choice;
  const plan: MergePlan = {
    tensors: set.opened.tensors,
    components: set.components,
    base: set.base,
    method: choice.value.method,
    parameters: constantParameters(choice.value, weights),
    dtype,
    precision: mergekit ? DTYPE_NAMES[dtype] : "float32",
    mergekit,
    seed: choice.value.seed,
  };
  const files = await checkpointFiles(set.baseFolder, set.opened.base.config, dtype, signal);
  if (!files.ok) return files;
  const parts = {
    tensors: declaredTensors(plan, set.opened),
    data: modelData(plan, set.opened, { ops, signal }),
    files: (written: readonly WrittenFile[]) => {
      const merged: Recipe = { ...recipe, merged: { dtype, mergekit, files: [...written] } };
      return [
        ...files.value,
        { path: "README.md", content: recipeCard(merged) },
        { path: "recipe.demix.json", content: recipeText(merged) },
      ];
    },
  };
  return writeModel(out, parts, { shardBytes, signal, onProgress });
}
