import { fail, ok, type Result } from "../result";
import { linear } from "./linear";
import type { MergeMethod } from "./merge-method";

/** Every method that the workbench merges with. */
export const MERGE_METHODS: readonly MergeMethod[] = [linear];

/** By mergekit's name; a recipe may ask for one that this version lacks. */
export function findMethod(name: string): Result<MergeMethod> {
  const method = MERGE_METHODS.find((m) => m.name === name);
  if (method) return ok(method);
  const names = MERGE_METHODS.map((m) => m.name).join(", ");
  return fail("bad-recipe", `the merge method "${name.slice(0, 80)}" is not known here.`, {
    remedy: `Use ${names}, or a newer version of the workbench.`,
  });
}
