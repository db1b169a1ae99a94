import { DTYPE_NAMES } from "../checkpoint/model-files";
import type { WrittenFile } from "../checkpoint/model-writer";
import { dataMixture } from "./data-mixture";
import type { Recipe } from "./recipe-schema";

/** README.md of a model merged by a recipe: what it is, from what, by what method, and the files' hashes. */
export function recipeCard(recipe: Recipe): string {
  const { method, set, merged } = recipe;
  const parameters = Object.entries(method.parameters).map(([name, value]) => `\`${name}\` ${value}`);
  const rows = dataMixture(recipe).map(({ id, label, alpha, share }) => {
    const source = recipe.components.find((c) => c.id === id)?.source ?? "";
    return `| ${[label, code(source), alpha === null ? "–" : alpha.toFixed(4), share.toFixed(4)].map(cell).join(" | ")} |`;
  });
  return [
    front(),
    `# ${cell(recipe.name) || "Merged model"}`,
    "",
    `A proxy model of a data mixture: the component models of the set "${cell(set.name)}", merged by \`${method.name}\`${
      parameters.length > 0 ? ` (${parameters.join(", ")})` : ""
    }. It was not trained on the mixture; it stands in for a model that would be (DeMix, arXiv 2602.00747).`,
    ...(recipe.note ? ["", recipe.note] : []),
    "",
    "| data | component | merge weight α | data share e |",
    "| --- | --- | ---: | ---: |",
    ...rows,
    "",
    `The merge weights α are for merging models; a model is trained on the data shares e (general share β = ${set.beta} inside every component).`,
    ...(merged ? ["", ...written(merged.files, DTYPE_NAMES[merged.dtype], merged.mergekit)] : []),
    "",
    `Component set \`${set.hash}\`. The whole recipe stands in \`recipe.demix.json\`.`,
    "",
  ].join("\n");
}

/** README.md of a model merged by a mergekit configuration. */
export function mergeCard(
  name: string,
  yaml: string,
  files: readonly WrittenFile[],
  dtype: string,
  mergekit: boolean,
): string {
  return [
    front(),
    `# ${cell(name) || "Merged model"}`,
    "",
    "Merged by the following configuration.",
    "",
    ...yaml
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`),
    "",
    ...written(files, dtype, mergekit),
    "",
  ].join("\n");
}

const front = () => ["---", "library_name: transformers", "tags:", "- merge", "---", ""].join("\n");

function written(files: readonly WrittenFile[], dtype: string, mergekit: boolean): string[] {
  const weights = files.filter((f) => f.path.endsWith(".safetensors"));
  return [
    `Weights in ${dtype}, ${mergekit ? "every operation rounded to it as mergekit does" : "merged in float32 and rounded once"}:`,
    "",
    "| file | bytes | SHA-256 |",
    "| --- | ---: | --- |",
    ...weights.map((f) => `| ${f.path} | ${f.bytes} | \`${f.sha256}\` |`),
  ];
}

const cell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
const code = (text: string): string => (text ? `\`${text.replaceAll("`", "")}\`` : "");
