import { fail, ok, type Result } from "../result";
import { breadcrumbs } from "./breadcrumbs";
import { breadcrumbsTies } from "./breadcrumbs-ties";
import { dareLinear } from "./dare-linear";
import { dareTies } from "./dare-ties";
import { della } from "./della";
import { dellaLinear } from "./della-linear";
import { karcher } from "./karcher";
import { linear } from "./linear";
import type { MergeMethod } from "./merge-method";
import { modelStock } from "./model-stock";
import { multislerp } from "./multislerp";
import { nuslerp } from "./nuslerp";
import { sce } from "./sce";
import { slerp } from "./slerp";
import { taskArithmetic } from "./task-arithmetic";
import { ties } from "./ties";

/** Every method that the workbench merges with. */
export const MERGE_METHODS: readonly MergeMethod[] = [
  linear,
  taskArithmetic,
  ties,
  dareLinear,
  dareTies,
  breadcrumbs,
  breadcrumbsTies,
  della,
  dellaLinear,
  multislerp,
  karcher,
  slerp,
  nuslerp,
  sce,
  modelStock,
];

/** By mergekit's name; a recipe may ask for one that this version lacks. */
export function findMethod(name: string): Result<MergeMethod> {
  const method = MERGE_METHODS.find((m) => m.name === name);
  if (method) return ok(method);
  const names = MERGE_METHODS.map((m) => m.name).join(", ");
  return fail("bad-recipe", `the merge method "${name.slice(0, 80)}" is not known here.`, {
    remedy: `Use ${names}, or a newer version of the workbench.`,
  });
}
