import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readFiles } from "../../engine/node/benchmark-items.fixture";
import { sentence } from "../result";
import { compileBenchmark } from "./compile-benchmark";
import { recognise } from "./recognise";

const FOLDER = fileURLToPath(new URL("../../../../shared/benchmarks/", import.meta.url));
/** File or files → task, its items, its shots. */
const FILES: readonly (readonly [readonly string[], string, number, number])[] = [
  [["arc_easy.jsonl"], "arc_easy", 300, 0],
  [["piqa_valid.jsonl"], "piqa", 300, 0],
  [["winogrande_dev.jsonl"], "winogrande", 300, 0],
  [["siqa_dev.jsonl"], "social_iqa", 300, 0],
  [["gsm8k_test.jsonl", "gsm8k_train_first64.jsonl"], "gsm8k", 300, 5],
  [["math_test.jsonl"], "minerva_math", 300, 0],
  [["HumanEval.jsonl"], "humaneval", 82, 0],
  [["mbpp.jsonl"], "mbpp", 290, 3],
];
const present = existsSync(FOLDER);
if (!present) console.log("Skipped: ../shared/benchmarks, with items of the authors' files, is not there.");

/** Items as their authors publish them are recognised and compiled whole. */
describe.skipIf(!present)("the authors' files", () => {
  it.each(FILES)("%s", async (names, id, items, shots) => {
    const { tasks, others, problems } = recognise(await readFiles(names, FOLDER));
    expect([others, problems]).toEqual([[], []]);
    expect(tasks).toHaveLength(1);
    const made = await compileBenchmark(tasks[0]!);
    if (!made.ok) throw new Error(sentence(made.problem));
    const { spec } = made.value;
    expect([spec.id, spec.items, spec.origin?.nShot]).toEqual([id, items, shots]);
    expect(made.value.notes.filter((note) => note.includes("left out"))).toEqual([]);
  });
});
