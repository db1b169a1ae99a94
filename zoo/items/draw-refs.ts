import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import type { Item, TaskSetSpec, TaskSpec } from "../../src/core/scoring/task";
import { isHeldOut } from "../corpus/documents";
import { MATH_DOCUMENTS, MATH_VERSION, mathName, problemOf } from "../corpus/math";
import { rng, sha256 } from "../corpus/rng";
import { drawTextRefs, prosePassage, proseSentence, pythonLine, pythonPassage } from "./draw-text";
import { DEMO, itemsText, REFS, writeFileWhole } from "./items-file";
import type { MathRefs, Refs } from "./refs";
import { DOMAINS, TASKS, type TaskDefinition } from "./tasks";

/** Different held-out worked problems for a task; `part` keeps tasks apart. */
function mathRefs(task: string, count: number, part: number): MathRefs {
  const names = Array.from({ length: MATH_DOCUMENTS }, (_, i) => mathName("math_high", i));
  const held = names.filter((name) => isHeldOut(name) && problemOf(name) !== null);
  const documents = rng("refs math")
    .shuffle(held)
    .slice(part, part + count);
  return {
    format: "demix-refs",
    version: 1,
    task,
    generator: MATH_VERSION,
    seed: `items ${task}`,
    documents,
  };
}

function draw({ spec: { id, items } }: TaskDefinition): Refs {
  switch (id) {
    case "prose_bytes":
      return drawTextRefs(id, "prose", items, prosePassage);
    case "prose_word":
      return drawTextRefs(id, "prose", items, proseSentence);
    case "python_bytes":
      return drawTextRefs(id, "python", items, pythonPassage);
    case "python_line":
      return drawTextRefs(id, "python", items, pythonLine);
    case "math_bytes":
      return mathRefs(id, items, 0);
    case "word_problems":
      return mathRefs(id, items, 200);
    default:
      return mathRefs(id, 0, 0);
  }
}

function refsText(refs: Refs): string {
  const { files, items, ...head } = { files: undefined, items: undefined, ...refs };
  const list = (values: readonly unknown[]): string =>
    values.map((value) => `\n${JSON.stringify(value)}`).join(",");
  if (!items || !files) return `${JSON.stringify(refs, null, 1)}\n`;
  return `${JSON.stringify(head).slice(0, -1)},"files":[${list(files)}\n],"items":[${list(items)}\n]}\n`;
}

let tokenizer: Tokenizer | undefined;

function encode(text: string): number[] {
  tokenizer ??= new Tokenizer(
    JSON.parse(readFileSync(join(DEMO, "base/tokenizer.json"), "utf8")),
    JSON.parse(readFileSync(join(DEMO, "base/tokenizer_config.json"), "utf8")),
  );
  return tokenizer.encode(text, { add_special_tokens: false }).ids;
}

/** Tokens of a task with each context counted once, and the items whose context is not a prefix of its choices' tokens. */
function count(items: readonly Item[]): { tokens: number; longest: number; split: number } {
  const total = { tokens: 0, longest: 0, split: 0 };
  for (const item of items) {
    if ("text" in item) {
      const length = encode(item.text).length;
      total.tokens += length;
      total.longest = Math.max(total.longest, length);
      continue;
    }
    const context = encode(item.context);
    const endings = "choices" in item && item.choices ? item.choices : "target" in item ? [item.target] : [];
    total.tokens += context.length;
    for (const ending of endings) {
      const whole = encode(item.context + ending);
      total.tokens += whole.length - context.length;
      total.longest = Math.max(total.longest, whole.length);
      if (context.some((id, i) => whole[i] !== id)) total.split++;
    }
  }
  return total;
}

/** Draws every task's references anew; writes zoo/items/refs/, the items and tasks.json. Only for a new set of tasks. */
function main(): void {
  const tasks: TaskSpec[] = [];
  for (const definition of TASKS) {
    const { id } = definition.spec;
    const refs = draw(definition);
    const items = definition.build(refs);
    const text = itemsText(id, items);
    writeFileWhole(join(REFS, `${id}.json`), refsText(refs));
    writeFileWhole(join(DEMO, `items/${id}.json`), text);
    tasks.push({
      ...definition.spec,
      itemsFile: `items/${id}.json`,
      itemsSha256: sha256(text),
      items: items.length,
    });
    const { tokens, longest, split } = count(items);
    console.log(
      `${id.padEnd(14)} ${items.length} items, ${tokens} tokens, longest ${longest}, ${split} contexts not a prefix`,
    );
  }
  const taskSet: TaskSetSpec = {
    format: "demix-tasks",
    version: 1,
    name: "Demo tasks",
    domains: DOMAINS,
    tasks,
  };
  writeFileWhole(join(DEMO, "tasks.json"), `${JSON.stringify(taskSet, null, 2)}\n`);
}

main();
