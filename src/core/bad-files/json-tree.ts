/** JSON as it is written: keys may repeat, and a leaf is any text, valid or not. */
export type JsonTree = { readonly kind: "leaf"; readonly text: string } | JsonContainer;

export interface JsonContainer {
  kind: "list" | "object";
  /** A list's have keys too, which count for nothing. */
  members: [key: string, value: JsonTree][];
}

export function treeOf(value: unknown): JsonTree {
  if (typeof value !== "object" || value === null) return leaf(JSON.stringify(value));
  return {
    kind: Array.isArray(value) ? "list" : "object",
    members: Object.entries(value).map(([key, own]) => [key, treeOf(own)]),
  };
}

export const leaf = (text: string): JsonTree => ({ kind: "leaf", text });

export function treeText(tree: JsonTree): string {
  if (tree.kind === "leaf") return tree.text;
  if (tree.kind === "list") return `[${tree.members.map(([, value]) => treeText(value)).join(",")}]`;
  return `{${tree.members.map(([key, value]) => `${JSON.stringify(key)}:${treeText(value)}`).join(",")}}`;
}

/** Every list and object of a tree, the whole first. */
export function containers(tree: JsonTree): JsonContainer[] {
  if (tree.kind === "leaf") return [];
  return [tree, ...tree.members.flatMap(([, value]) => containers(value))];
}
