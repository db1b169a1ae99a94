import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sentence } from "../result";
import { compileTasks } from "./compile-tasks";

const read = (name: string) => readFileSync(`reference/lm-eval-tasks/${name}`, "utf8");
const rows = (name: string) =>
  read(name)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const FILES = [
  "choice/capitals.yaml",
  "answers/sums.yaml",
  "answers/votes.yaml",
  "shots/claims.yaml",
  "group/both.yaml",
];
const DATA = [
  { name: "test.jsonl", rows: rows("answers/test.jsonl") },
  { name: "train.jsonl", rows: rows("choice/own-train.jsonl") },
  { name: "validation.jsonl", rows: rows("answers/validation.jsonl") },
];
const PIECES = [
  "{{",
  "}}",
  "{%",
  "[",
  "]",
  "null",
  ": ",
  "- ",
  "\n",
  "  ",
  "'",
  "&a ",
  "*a",
  "-1",
  "true",
  "{}",
  "1e9",
  "\\",
  "(",
  "!x ",
];

/** A file with some pieces cut out, moved or put in. */
const damaged = fc
  .tuple(
    fc.constantFrom(...FILES),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.option(fc.constantFrom(...PIECES))), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([name, changes]) =>
    changes.reduce((text, [at, cut, piece]) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + (piece ?? "") + text.slice(from + cut);
    }, read(name)),
  );

it("compiles a damaged task file or refuses it with a sentence, and never fails otherwise", async () => {
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      const files = [
        { name: "t.yaml", text },
        { name: "_common.yaml", text: "dataset_path: json\n" },
      ];
      const result = await compileTasks(files, DATA, { limit: 3 });
      if (!result.ok) expect(sentence(result.problem).length).toBeGreaterThan(20);
    }),
    { seed: 5, numRuns: 200 },
  );
});
