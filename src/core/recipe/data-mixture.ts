import type { Recipe } from "./recipe-schema";

/** One data source: the merge weight of its component and its share when the mixture is trained on. */
export interface DataMixtureRow {
  readonly id: string;
  readonly label: string;
  /** Merge weight α; null for general data that no component stands for. */
  readonly alpha: number | null;
  /** Effective data share e. */
  readonly share: number;
}

/** Both readings of the mixture side by side, in the order of the effective shares (method §1). */
export function dataMixture(recipe: Recipe): DataMixtureRow[] {
  const ownGeneral = recipe.components.some((c) => c.general);
  return recipe.effectiveShares.map(({ id, label, share }, i) => {
    const component = recipe.components[ownGeneral ? i : i - 1];
    return { id, label, alpha: component?.id === id ? component.alpha : null, share };
  });
}

const HEADER = ["id", "data source", "merge weight α", "data share e"] as const;

/** Comma-separated values (RFC 4180, UTF-8) with a header line. */
export function dataMixtureCsv(recipe: Recipe): string {
  const lines = dataMixture(recipe).map((r) => [r.id, r.label, r.alpha ?? "", r.share]);
  return [HEADER, ...lines].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

/** Markdown table under the recipe's name. */
export function dataMixtureMarkdown(recipe: Recipe): string {
  const rows = dataMixture(recipe).map((r) => [
    markdownCell(r.label),
    r.alpha === null ? "–" : r.alpha.toFixed(4),
    r.share.toFixed(4),
  ]);
  return [
    `**${markdownCell(recipe.name) || "Recipe"}** (merge weights α are for merging models; train on the data shares e)`,
    "",
    `| ${HEADER.slice(1).join(" | ")} |`,
    "| --- | ---: | ---: |",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
    "",
  ].join("\n");
}

/** Quoted where needed; a text that a spreadsheet would run as a formula is led by an apostrophe. */
function csvCell(cell: string | number): string {
  if (typeof cell === "number") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const markdownCell = (text: string): string =>
  text.replace(/\s+/g, " ").replaceAll("\\", "\\\\").replaceAll("|", "\\|").trim();
