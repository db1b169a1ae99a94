import type { Domain, Item, TaskSpec } from "../../src/core/scoring/task";
import { MATH_VERSION } from "../corpus/math";
import { SourceError } from "../corpus/packages";
import { applyEdit, PYTHON_TOKEN, WORD } from "./edits";
import { generatedSumItems, mathBytesItem, sumItems, wordProblemItem } from "./math-items";
import { type MathRefs, type Refs, readSlice, type TextRefs } from "./refs";

export const DOMAINS: readonly Domain[] = [
  { id: "general", label: "General" },
  { id: "code", label: "Code" },
  { id: "math", label: "Math" },
];

export interface TaskDefinition {
  spec: Omit<TaskSpec, "itemsFile" | "itemsSha256">;
  /** The items that the references stand for; throws a SourceError where a source differs. */
  build(refs: Refs): Item[];
}

function textRefs(refs: Refs): TextRefs {
  if (!("files" in refs)) throw new SourceError(`${refs.task}: the references name no files.`);
  return refs;
}

function mathRefs(refs: Refs): MathRefs {
  if (!("generator" in refs)) throw new SourceError(`${refs.task}: the references name no generator.`);
  if (refs.generator !== MATH_VERSION) {
    throw new SourceError(
      `${refs.task}: the references need generator version ${refs.generator}, this is ${MATH_VERSION}: draw the references again (zoo/README.md).`,
    );
  }
  return refs;
}

const rolling = (refs: Refs): Item[] => {
  const { files, items, task } = textRefs(refs);
  return items.map((ref) => ({ text: readSlice(ref, files, task).text }));
};

const changed =
  (pattern: RegExp) =>
  (refs: Refs): Item[] => {
    const { files, items, task } = textRefs(refs);
    return items.map((ref) => {
      const { context, text, read } = readSlice(ref, files, task);
      const choices = (ref.edits ?? []).map((edit) => applyEdit(edit, text, pattern, read));
      const gold = ref.gold ?? 0;
      choices.splice(gold, 0, text);
      return { context, choices, gold };
    });
  };

export const TASKS: readonly TaskDefinition[] = [
  {
    spec: {
      id: "prose_bytes",
      label: "Prose, bits per byte",
      domain: "general",
      outputType: "loglikelihood_rolling",
      accuracyMetric: "token_acc",
      continuousMetric: "byte_prob",
      about: "Passages of held-out addresses and novel chapters, scored token by token.",
      items: 64,
    },
    build: rolling,
  },
  {
    spec: {
      id: "prose_word",
      label: "Prose, real word",
      domain: "general",
      outputType: "multiple_choice",
      accuracyMetric: "acc",
      continuousMetric: "gold_prob",
      about:
        "The real continuation of a held-out sentence against three with a word replaced by one of like length.",
      items: 250,
    },
    build: changed(WORD),
  },
  {
    spec: {
      id: "python_bytes",
      label: "Python, bits per byte",
      domain: "code",
      outputType: "loglikelihood_rolling",
      accuracyMetric: "token_acc",
      continuousMetric: "byte_prob",
      about: "Passages of held-out modules of Python's standard library, scored token by token.",
      items: 64,
    },
    build: rolling,
  },
  {
    spec: {
      id: "python_line",
      label: "Python, real line",
      domain: "code",
      outputType: "multiple_choice",
      accuracyMetric: "acc",
      continuousMetric: "gold_prob",
      about:
        "The real next line of a held-out module against three with a name replaced or neighbouring tokens exchanged.",
      items: 200,
    },
    build: changed(PYTHON_TOKEN),
  },
  {
    spec: {
      id: "math_bytes",
      label: "Worked problems, bits per byte",
      domain: "math",
      outputType: "loglikelihood_rolling",
      accuracyMetric: "token_acc",
      continuousMetric: "byte_prob",
      about: "Held-out word problems with their right worked answers, scored token by token.",
      items: 100,
    },
    build: (refs) => mathRefs(refs).documents.map(mathBytesItem),
  },
  {
    spec: {
      id: "sums",
      label: "Sums, by choice",
      domain: "math",
      outputType: "multiple_choice",
      accuracyMetric: "acc",
      continuousMetric: "gold_prob",
      about: "One-step sums: the right result against three near misses.",
      items: 200,
    },
    build: (refs) => sumItems(mathRefs(refs).seed, 200),
  },
  {
    spec: {
      id: "word_problems",
      label: "Word problems, next step",
      domain: "math",
      outputType: "multiple_choice",
      accuracyMetric: "acc",
      continuousMetric: "gold_prob",
      about: "The next step of a held-out worked problem against three with a wrong number or a slip.",
      items: 200,
    },
    build: (refs) => {
      const { documents, seed } = mathRefs(refs);
      return documents.map((name) => wordProblemItem(name, seed));
    },
  },
  {
    spec: {
      id: "sums_generate",
      label: "Sums, written out",
      domain: "math",
      outputType: "generate_until",
      accuracyMetric: "exact_match",
      continuousMetric: "target_prob",
      about: "Small one-step sums: the model writes the result, which must match exactly.",
      items: 200,
    },
    build: (refs) => generatedSumItems(mathRefs(refs).seed, 200),
  },
];
