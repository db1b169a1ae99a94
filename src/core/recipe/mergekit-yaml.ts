import { Document } from "yaml";
import type { Recipe } from "./recipe-schema";

export interface MergekitOptions {
  /** Where each component's folder lies, by id; the set's relative folder when absent. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Type of the written checkpoint: "float32", "bfloat16" or "float16". */
  readonly outDtype?: "float32" | "bfloat16" | "float16";
}

/** mergekit configuration that reproduces the merge: M(α) in float32, cast once at the end. Shares of 0 are left out. */
export function mergekitYaml(
  recipe: Recipe,
  { paths = {}, outDtype = "float32" }: MergekitOptions = {},
): string {
  const used = recipe.components.filter((c) => c.alpha > 0);
  const document = new Document({
    models: used.map((c) => ({
      model: paths[c.id] ?? c.source.replace(/\/+$/, ""),
      parameters: { weight: c.alpha },
    })),
    merge_method: recipe.method.name,
    parameters: { normalize: true, ...recipe.method.parameters },
    dtype: "float32",
    out_dtype: outDtype,
  });
  document.commentBefore = [
    ` ${oneLine(recipe.name) || "Recipe"} (component set ${oneLine(recipe.set.name)}, ${recipe.set.hash.slice(0, 12)})`,
    " Merge weights alpha of component models; they are not a data mixture.",
  ].join("\n");
  return document.toString();
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
