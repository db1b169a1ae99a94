import { containers, type JsonTree, leaf } from "./json-tree";
import { NASTY_JSON, NASTY_KEYS } from "./nasty-values";
import type { SeededChoice } from "./seeded-choice";

const MUTATIONS = [
  ...(["replace", "replace", "replace", "drop", "copy", "rename", "swap", "wrap", "kind", "add"] as const),
  ...(["number", "number", "reorder"] as const),
];

/** One change of a tree, in place: of a value, a key, an order or a type, at a random depth. */
export function mutateJson(tree: JsonTree, choice: SeededChoice): void {
  const places = containers(tree).filter(({ members }) => members.length > 0);
  if (places.length === 0) return;
  const { members } = choice.one(places);
  const at = choice.below(members.length);
  const member = members[at]!;
  switch (choice.one(MUTATIONS)) {
    case "replace":
      member[1] = leaf(choice.one(NASTY_JSON));
      break;
    case "drop":
      members.splice(at, 1);
      break;
    case "copy":
      members.push([...member]);
      break;
    case "rename":
      member[0] = choice.one(NASTY_KEYS);
      break;
    case "swap": {
      const other = choice.one(members);
      [member[1], other[1]] = [other[1], member[1]];
      break;
    }
    case "wrap":
      member[1] = { kind: "list", members: [["0", member[1]]] };
      break;
    case "kind":
      member[1] = otherKind(member[1]);
      break;
    case "add":
      members.push([choice.one(NASTY_KEYS), leaf(choice.one(NASTY_JSON))]);
      break;
    case "number":
      member[1] = otherNumber(member[1], choice);
      break;
    case "reorder":
      members.reverse();
  }
}

/** A number as text, text as what it holds, a list as an object and the other way round. */
function otherKind(value: JsonTree): JsonTree {
  if (value.kind !== "leaf")
    return { kind: value.kind === "list" ? "object" : "list", members: value.members };
  return leaf(value.text.startsWith('"') ? value.text.slice(1, -1) : JSON.stringify(value.text));
}

/** A number near the old one, or written in another way. */
function otherNumber(value: JsonTree, choice: SeededChoice): JsonTree {
  if (value.kind !== "leaf" || !/^-?\d/.test(value.text)) return value;
  const number = Number(value.text);
  const ways = [
    ...[number + 1, number - 1, -number, number * 2, number / 2, number * 1000, number + 0.5].map(String),
    ...[`${value.text}.0`, `${value.text}e0`, `0${value.text}`, `${value.text}e1`, `${number}00000000000000`],
  ];
  return leaf(choice.one(ways));
}
