import { mutateBytes } from "./mutate-bytes";
import { NASTY_KEYS, NASTY_YAML } from "./nasty-values";
import type { SeededChoice } from "./seeded-choice";

const KEYS = [
  "models",
  "model",
  "parameters",
  "weight",
  "density",
  "filter",
  "value",
  "merge_method",
  "base_model",
  "<<",
];
const MARKS = ["---", "...", "%YAML 1.1", "# a comment", "", "\t", "- ", "? a", "<<: *a", "!!map", "}", "]"];

/** A line as its indentation with dashes, key and value. */
const LINE = /^((?: |- )*)(?:([\w"'<]+): ?)?(.*)$/;

const MUTATIONS = [
  ...([
    "value",
    "value",
    "value",
    "number",
    "number",
    "key",
    "drop",
    "copy",
    "move",
    "indent",
    "mark",
  ] as const),
  ...(["anchor", "comment", "flow", "quote"] as const),
];

/** One change of a YAML text, line by line. */
function mutateLines(lines: string[], choice: SeededChoice): void {
  const at = choice.below(lines.length);
  const line = lines[at] ?? "";
  const [, lead = "", key, value = ""] = LINE.exec(line) ?? [];
  const named = key === undefined ? lead : `${lead}${key}: `;
  switch (choice.one(MUTATIONS)) {
    case "value":
      lines[at] = `${named}${choice.one(NASTY_YAML)}`;
      break;
    case "number":
      lines[at] = line.replace(
        /-?\d+(\.\d+)?/,
        choice.one(["0", "1", "0.5", "-0.25", "1e-3", "7", "1_0", "0.30000000000000004"]),
      );
      break;
    case "key":
      if (key !== undefined)
        lines[at] = `${lead}${choice.chance(0.7) ? choice.one(KEYS) : choice.one(NASTY_KEYS)}: ${value}`;
      break;
    case "drop":
      lines.splice(at, 1);
      break;
    case "copy":
      lines.splice(choice.below(lines.length + 1), 0, line);
      break;
    case "move":
      lines.splice(at, 1);
      lines.splice(choice.below(lines.length + 1), 0, line);
      break;
    case "indent":
      lines[at] = choice.chance(0.5)
        ? `${choice.one([" ", "  ", "\t"])}${line}`
        : line.replace(/^ {1,2}/, "");
      break;
    case "mark":
      lines.splice(at, 0, choice.one(MARKS));
      break;
    case "anchor": {
      if (value !== "") lines[at] = `${named}&a ${value}`;
      const other = choice.below(lines.length);
      const [, otherLead, otherKey] = LINE.exec(lines[other] ?? "") ?? [];
      if (otherKey !== undefined && other !== at) lines[other] = `${otherLead}${otherKey}: *a`;
      break;
    }
    case "comment":
      lines[at] = `${line} # ${choice.one(NASTY_YAML)}`.replace(/[\n\r]/g, " ");
      break;
    case "flow":
      if (value !== "")
        lines[at] =
          `${named}${choice.one([`[${value}]`, `{value: ${value}}`, `[{filter: mlp, value: ${value}}]`])}`;
      break;
    case "quote":
      if (value !== "") lines[at] = `${named}${choice.one([`"${value}"`, `'${value}'`, `  ${value}  `])}`;
  }
}

/** One of the texts after up to three changes; line ends of Windows and a byte order mark now and then. */
export function mutatedYaml(texts: readonly string[], choice: SeededChoice): Uint8Array {
  const utf8 = new TextEncoder();
  const text = choice.one(texts);
  if (choice.chance(0.15)) {
    let bytes = utf8.encode(text);
    for (let n = 1 + choice.below(3); n > 0; n--)
      bytes = new Uint8Array(mutateBytes(bytes, utf8.encode(choice.one(texts)), choice));
    return bytes;
  }
  const lines = text.split("\n");
  for (let n = choice.below(4); n > 0; n--) mutateLines(lines, choice);
  const joined = lines.join(choice.chance(0.1) ? "\r\n" : "\n");
  return utf8.encode(choice.chance(0.05) ? `\ufeff${joined}` : joined);
}
