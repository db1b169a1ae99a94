import { type JsonTree, treeOf, treeText } from "./json-tree";
import { mutateBytes } from "./mutate-bytes";
import { mutateJson } from "./mutate-json";
import type { SeededChoice } from "./seeded-choice";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Where white space may stand without another meaning: behind signs that no string of these files has. */
const spaced = (text: string): string => text.replaceAll('":', '" :\n ').replaceAll(",", ",\r\n\t");

/**
 * One of the values as a JSON file after up to three changes: of its tree, which mostly stays JSON, or of its bytes. `touch`
 * makes changes of its own that a reader may have to accept.
 */
export function mutatedJsonFile(
  values: readonly unknown[],
  choice: SeededChoice,
  touch: (tree: JsonTree, choice: SeededChoice) => void = () => undefined,
): Uint8Array {
  const tree = treeOf(choice.one(values));
  if (choice.chance(0.5)) touch(tree, choice);
  if (choice.chance(0.2)) {
    const other = utf8(treeText(treeOf(choice.one(values))));
    let bytes = utf8(treeText(tree));
    for (let n = 1 + choice.below(3); n > 0; n--) bytes = mutateBytes(bytes, other, choice);
    return bytes;
  }
  for (let n = choice.below(4); n > 0; n--) mutateJson(tree, choice);
  const text = treeText(tree);
  return utf8(`${choice.chance(0.1) ? "\ufeff" : ""}${choice.chance(0.2) ? spaced(text) : text}`);
}
