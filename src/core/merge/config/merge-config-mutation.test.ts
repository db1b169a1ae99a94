import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sentence } from "../../result";
import { seededRandom } from "../../seeded-random";
import { parseMergeConfig } from "./parse-merge-config";
import { writeMergeConfig } from "./write-merge-config";

const ROUNDS = 3000;
const FOLDERS = ["resolve", "merges"].map((name) => `reference/values/mergekit-yaml/${name}`);
const originals = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => readFileSync(`${folder}/${file}`, "utf8")),
);
const SNIPPETS = [
  ...[
    "\n",
    "\n  ",
    "  ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    "'",
    '"',
    "&a ",
    "*a",
    "<<: ",
    "? ",
    "!!str ",
    "|\n",
  ],
  ...[
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "\t",
    "\0",
    "\u2028",
    "\ud800",
    "yes",
    "~",
    "1e-3",
    "1e999",
    "-1",
    ".nan",
    "0x10",
  ],
  ...[
    "__proto__: 1\n",
    "constructor",
    "slices: []\n",
    "weight",
    "filter: ",
    "value: ",
    "models/a@x",
    "a+b+c",
    "=",
    "\\",
  ],
];

function mutate(text: string, random: () => number): string {
  const pick = (below: number) => Math.floor(random() * below);
  let result = text;
  for (let edits = 1 + pick(4); edits > 0; edits--) {
    const at = pick(result.length + 1);
    const length = pick(20);
    const cut = random() < 0.5 ? 0 : length;
    const lines = result.split("\n");
    const snippet =
      random() < 0.3
        ? `\n${lines[pick(lines.length)]}\n`
        : random() < 0.5
          ? ""
          : SNIPPETS[pick(SNIPPETS.length)]!;
    result = result.slice(0, at) + snippet + result.slice(at + cut);
  }
  return result;
}

it(`refuses ${ROUNDS} damaged configurations with a sentence, or reads what it would write`, () => {
  const random = seededRandom(11);
  let read = 0;
  let slowest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const text = mutate(originals[round % originals.length]!, random);
    const start = performance.now();
    const result = parseMergeConfig(text, "m.yaml");
    slowest = Math.max(slowest, performance.now() - start);
    if (!result.ok) {
      expect(sentence(result.problem), `round ${round}`).toMatch(/^m\.yaml: .+[.…]/);
      expect(result.problem.remedy, `round ${round}`).toBeTruthy();
      continue;
    }
    read++;
    const again = parseMergeConfig(writeMergeConfig(result.value), "m.yaml");
    if (!again.ok) throw new Error(`round ${round}: ${sentence(again.problem)}`);
    expect({ ...again.value, notes: [] }, `round ${round}`).toEqual({ ...result.value, notes: [] });
  }
  expect(read).toBeGreaterThan(ROUNDS / 20);
  expect(read).toBeLessThan(ROUNDS * 0.8);
  expect(slowest).toBeLessThan(1000);
  expect("polluted" in {} || Object.hasOwn(Object.prototype, "1")).toBe(false);
});
