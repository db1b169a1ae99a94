import * as z from "zod/mini";
import { hasHiddenCharacters, isPathInside } from "../safe-text";
import type { MetricId } from "./task";
import { translatePattern } from "./translate-pattern";

const METRIC_IDS = [
  "acc",
  "acc_norm",
  "acc_bytes",
  "acc_mutual_info",
  "acc_ppl",
  "brier_score",
  "f1",
  "mcc",
  "gold_prob",
  "gold_ll",
  "gold_margin",
  "token_acc",
  "bits_per_byte",
  "byte_prob",
  "byte_perplexity",
  "word_perplexity",
  "perplexity",
  "exact_match",
  "pass@1",
  "pass@k",
  "target_prob",
  "target_ll",
] as const satisfies readonly MetricId[];

/** Metrics of version 1. */
const OLD_METRICS = [
  "acc",
  "acc_norm",
  "gold_prob",
  "gold_ll",
  "gold_margin",
  "token_acc",
  "bits_per_byte",
  "byte_prob",
  "exact_match",
  "target_prob",
  "target_ll",
] as const satisfies readonly MetricId[];

const name = z.string().check(
  z.minLength(1),
  z.maxLength(200),
  z.refine((s: string) => !hasHiddenCharacters(s), {
    error: "must hold no control characters, line breaks or direction marks",
  }),
);
const path = name.check(
  z.refine(isPathInside, { error: "must be a path relative to the tasks file, without '..'" }),
);
const pattern = z.string().check(
  z.maxLength(2000),
  z.refine((s: string) => translatePattern(s).ok, {
    error: "must be a Python regular expression that JavaScript has too",
  }),
);
const count = z.int().check(z.gte(0), z.lte(1_000_000));
const positive = z.int().check(z.gte(1), z.lte(1_000_000));
const version = z.union([z.string(), z.number()]);
const record = z.record(z.string(), z.unknown());

const common = {
  id: name,
  label: name,
  domain: name,
  about: z.string(),
  itemsFile: path,
  itemsSha256: z.string().check(
    z.refine((s: string) => /^[0-9a-f]{64}$/.test(s), {
      error: "must be 64 lower-case hexadecimal digits",
    }),
  ),
  items: z.int().check(z.gte(1), z.lte(200_000)),
};

const set = <T extends z.core.$ZodType, V extends 1 | 2>(v: V, task: T) => ({
  format: z.literal("demix-tasks"),
  version: z.literal(v),
  name,
  domains: z.array(z.object({ id: name, label: name })).check(z.minLength(1), z.maxLength(64)),
  tasks: z.array(task).check(z.minLength(1), z.maxLength(1000)),
});

const step = z.discriminatedUnion("function", [
  z.object({ function: z.literal("take_first") }),
  z.object({ function: z.literal("take_first_k"), k: positive }),
  z.object({ function: z.literal("majority_vote") }),
  z.object({ function: z.literal("remove_whitespace") }),
  z.object({ function: z.literal("lowercase") }),
  z.object({ function: z.literal("uppercase") }),
  z.object({
    function: z.literal("map"),
    mapping: z.record(z.string(), z.union([z.string(), z.number()])),
    otherwise: z.union([z.string(), z.number(), z.null()]),
  }),
  z.object({ function: z.literal("regex"), pattern, groupSelect: z.int(), fallback: z.string() }),
  z.object({
    function: z.literal("multi_choice_regex"),
    pattern,
    groupSelect: z.int(),
    fallback: z.string(),
    ignoreCase: z.boolean(),
    ignorePunctuation: z.boolean(),
    regexesToIgnore: z.array(pattern),
  }),
]);

const exactMatch = z.object({
  ignoreCase: z.optional(z.boolean()),
  ignorePunctuation: z.optional(z.boolean()),
  ignoreNumbers: z.optional(z.boolean()),
  regexesToIgnore: z.optional(z.array(pattern)),
});

const metric = z.enum(METRIC_IDS);
const task = z.object({
  ...common,
  outputType: z.enum(["multiple_choice", "loglikelihood", "loglikelihood_rolling", "generate_until"]),
  accuracyMetric: metric,
  continuousMetric: metric,
  metrics: z.optional(
    z
      .array(
        z.object({
          metric,
          name: z.optional(name),
          higherIsBetter: z.optional(z.boolean()),
          exactMatch: z.optional(exactMatch),
          rule: z.optional(name),
          k: z.optional(positive),
        }),
      )
      .check(z.minLength(1), z.maxLength(64)),
  ),
  filters: z.optional(
    z
      .array(z.object({ name, steps: z.array(step).check(z.maxLength(32)) }))
      .check(z.minLength(1), z.maxLength(32)),
  ),
  accuracyFilter: z.optional(name),
  generation: z.optional(
    z.object({
      temperature: z.number().check(z.gte(0), z.lte(100)),
      topK: z.optional(positive),
      topP: z.optional(z.number().check(z.gt(0), z.lte(1))),
      repeats: z.optional(z.int().check(z.gte(1), z.lte(1000))),
      seed: z.optional(count),
    }),
  ),
  origin: z.optional(z.object({ task: name, version, nShot: count, config: record })),
  mode: z.optional(z.enum(["lm-eval", "opencompass-ppl", "opencompass-gen"])),
});

const group = z.object({
  id: name,
  label: name,
  tasks: z.array(name).check(z.minLength(1), z.maxLength(1000)),
  aggregates: z.array(
    z.object({ metric: name, filters: z.optional(z.array(name)), weightBySize: z.boolean() }),
  ),
  version: z.optional(version),
});

const oldMetric = z.enum(OLD_METRICS);
/** tasks.json by version. */
export const TASK_SETS = {
  1: z.object(
    set(
      1,
      z.object({
        ...common,
        outputType: z.enum(["multiple_choice", "loglikelihood_rolling", "generate_until"]),
        accuracyMetric: oldMetric,
        continuousMetric: oldMetric,
      }),
    ),
  ),
  2: z.object({ ...set(2, task), groups: z.optional(z.array(group).check(z.maxLength(1000))) }),
};

const text = z.string().check(z.minLength(1));
const texts = z.array(text).check(z.minLength(2), z.maxLength(64));
const rolling = { text };
const choice = { context: z.string(), choices: texts };
const generate = {
  context: z.string(),
  until: z.array(text),
  maxGenToks: z.int().check(z.gte(1), z.lte(65_536)),
};
const index = z.int().check(z.gte(0));
const scalar = z.union([z.string(), z.number()]);
const source = { source: z.optional(z.object({ doc: record, target: z.union([scalar, z.array(scalar)]) })) };

/** Items by version of their file and output type. */
export const ITEMS = {
  1: {
    loglikelihood_rolling: z.object(rolling),
    loglikelihood: z.object({ context: z.string(), continuation: text }),
    multiple_choice: z.object({ ...choice, gold: index }),
    generate_until: z.object({ ...generate, target: text }),
  },
  2: {
    loglikelihood_rolling: z.object({
      ...rolling,
      ...source,
      words: z.optional(positive),
      bytes: z.optional(positive),
    }),
    loglikelihood: z.object({ context: z.string(), continuation: text, ...source }),
    multiple_choice: z.object({
      ...choice,
      ...source,
      gold: z.union([index, z.array(index)]),
      contexts: z.optional(z.array(z.string())),
      plain: z.optional(z.array(z.string())),
    }),
    generate_until: z.object({
      ...generate,
      ...source,
      target: z.string(),
      targets: z.optional(z.array(z.string()).check(z.minLength(1))),
      choices: z.optional(z.array(z.string())),
      code: z.optional(
        z.object({
          prefix: z.string(),
          suffix: z.string(),
          timeLimit: z.optional(z.number().check(z.gt(0), z.lte(600))),
        }),
      ),
    }),
  },
};
