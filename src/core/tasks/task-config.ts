import { fail, ok, type Result } from "../result";
import type { FilterPipeline } from "../scoring/filter-pipeline";
import type { MetricUse, OutputType } from "../scoring/task";
import type { Config } from "./read-config";
import { readFilters } from "./read-filters";
import { type Generating, readGeneration } from "./read-generation";
import { readMetrics } from "./read-metrics";
import { checkFields } from "./task-fields";

/** How the examples of a prompt are written, where it differs from the document's own. */
export interface FewshotConfig {
  readonly sampler: "default" | "first_n";
  readonly split: string | null;
  readonly samples: readonly Readonly<Record<string, unknown>>[] | null;
  readonly doc_to_text: unknown;
  readonly doc_to_choice: unknown;
  readonly doc_to_target: unknown;
  readonly gen_prefix: unknown;
  readonly fewshot_delimiter: string;
  readonly target_delimiter: string;
}

/** A task's configuration with lm-eval's defaults; fields keep lm-eval's names. */
export interface TaskConfig {
  readonly file: string;
  readonly task: string;
  readonly task_alias: string | null;
  readonly output_type: OutputType;
  readonly doc_to_text: unknown;
  readonly doc_to_target: unknown;
  readonly doc_to_choice: unknown;
  readonly description: string;
  readonly target_delimiter: string;
  readonly fewshot_delimiter: string;
  readonly fewshot: FewshotConfig;
  readonly num_fewshot: number;
  readonly gen_prefix: unknown;
  readonly repeats: number;
  readonly training_split: string | null;
  readonly validation_split: string | null;
  readonly test_split: string | null;
  readonly metrics: readonly MetricUse[];
  readonly filters: readonly FilterPipeline[] | undefined;
  readonly generating: Generating;
  readonly version: string | number;
  /** What lm-eval's results files say of it. */
  readonly written: Config;
  readonly notes: readonly string[];
}

const OUTPUT_TYPES: readonly string[] = [
  "multiple_choice",
  "loglikelihood",
  "loglikelihood_rolling",
  "generate_until",
];
const FEWSHOT_FIELDS = [
  "sampler",
  "split",
  "samples",
  "doc_to_text",
  "doc_to_choice",
  "doc_to_target",
  "gen_prefix",
  "fewshot_delimiter",
  "target_delimiter",
  "fewshot_indices",
  "process_docs",
];

/** Checks a task's fields and completes them; `shots` overrides num_fewshot, as lm-eval's --num_fewshot does. */
export function readTaskConfig(config: Config, file: string, shots?: number): Result<TaskConfig> {
  const notes = checkFields(config, file);
  if (!notes.ok) return notes;
  const bad = (message: string, remedy: string) => fail("bad-task", message, { file, remedy });
  const text = (field: string, otherwise: string): string => {
    const value = config[field];
    return value === undefined || value === null ? otherwise : String(value);
  };
  const split = (field: string): string | null => (config[field] ? String(config[field]) : null);
  const type = text("output_type", "generate_until");
  if (!OUTPUT_TYPES.includes(type))
    return bad(`output_type is ${JSON.stringify(type)}.`, `Use ${OUTPUT_TYPES.join(", ")}.`);
  const output_type = type as OutputType;
  const repeats = config.repeats === undefined || config.repeats === null ? 1 : Number(config.repeats);
  if (!Number.isInteger(repeats) || repeats < 1 || repeats > 1000)
    return bad("repeats is no whole number from 1 to 1000.", "Write how many texts an item gets.");
  const stated = config.num_fewshot === 0 ? 0 : (shots ?? Number(config.num_fewshot ?? 0));
  if (!Number.isInteger(stated) || stated < 0 || stated > 1000)
    return bad("num_fewshot is no whole number from 0 to 1000.", "Write the number of examples.");
  if (output_type === "multiple_choice" && (config.doc_to_choice ?? null) === null)
    return bad(
      "doc_to_choice is missing.",
      "Name the choices: a field, a list, or a template that gives a list.",
    );
  const target_delimiter = text("target_delimiter", " ");
  const fewshot_delimiter = text("fewshot_delimiter", "\n\n");
  const fewshot = readFewshot(config, { target_delimiter, fewshot_delimiter }, file);
  if (!fewshot.ok) return fewshot;
  const metrics = readMetrics(config.metric_list, output_type, file);
  if (!metrics.ok) return metrics;
  const filters = readFilters(config.filter_list, output_type, file);
  if (!filters.ok) return filters;
  const generates = output_type === "generate_until";
  const kwargs = generates ? config.generation_kwargs : null;
  const generating = readGeneration(kwargs, repeats, fewshot_delimiter, file);
  if (!generating.ok) return generating;
  const { version = 0 } = (config.metadata ?? {}) as { version?: string | number };
  return ok({
    file,
    task: text("task", ""),
    task_alias: split("task_alias"),
    output_type,
    doc_to_text: config.doc_to_text,
    doc_to_target: config.doc_to_target,
    doc_to_choice: config.doc_to_choice ?? null,
    description: text("description", ""),
    target_delimiter,
    fewshot_delimiter,
    fewshot: fewshot.value,
    num_fewshot: stated,
    gen_prefix: config.gen_prefix,
    repeats,
    training_split: split("training_split"),
    validation_split: split("validation_split"),
    test_split: split("test_split"),
    metrics: metrics.value,
    filters: filters.value,
    generating: generating.value,
    version,
    written: written(config, {
      output_type,
      target_delimiter,
      fewshot_delimiter,
      repeats,
      fewshot: fewshot.value,
      shots: config.num_fewshot === undefined && shots === undefined ? null : stated,
      kwargs: generates ? generating.value.kwargs : null,
    }),
    notes: notes.value,
  });
}

function readFewshot(
  config: Config,
  delimiters: { target_delimiter: string; fewshot_delimiter: string },
  file: string,
): Result<FewshotConfig> {
  const own = (config.fewshot_config ?? {}) as Config;
  const bad = (message: string, remedy: string) =>
    fail("bad-task", `fewshot_config: ${message}`, { file, remedy });
  const unknown = Object.keys(own).find((key) => !FEWSHOT_FIELDS.includes(key));
  if (unknown !== undefined) return bad(`${JSON.stringify(unknown)} is not known.`, "Take it out.");
  for (const field of ["process_docs", "fewshot_indices"])
    if ((own[field] ?? null) !== null)
      return bad(`${field} cannot be honoured.`, "Give the examples as samples, or in a split's data file.");
  const { sampler = "default", samples = null } = own;
  if (sampler !== "default" && sampler !== "first_n")
    return bad(`the sampler ${JSON.stringify(sampler)} is not known.`, "Use default or first_n.");
  const isSample = (s: unknown) => typeof s === "object" && s !== null && !Array.isArray(s);
  if (samples !== null && !(Array.isArray(samples) && samples.length > 0 && samples.every(isSample)))
    return bad("samples is no list of documents.", "Write a list, each document with the data's fields.");
  const or = (field: string): unknown => (field in own ? own[field] : (config[field] ?? null));
  return ok({
    sampler,
    split: (own.split ?? config.fewshot_split ?? null) as string | null,
    samples: samples as FewshotConfig["samples"],
    doc_to_text: or("doc_to_text"),
    doc_to_choice: or("doc_to_choice"),
    doc_to_target: or("doc_to_target"),
    gen_prefix: or("gen_prefix"),
    fewshot_delimiter: String(own.fewshot_delimiter ?? delimiters.fewshot_delimiter),
    target_delimiter: String(own.target_delimiter ?? delimiters.target_delimiter),
  });
}

/** The configuration as lm-eval's results files show it: its dataclass's fields in order, those without a value left out. */
function written(
  config: Config,
  done: {
    output_type: string;
    target_delimiter: string;
    fewshot_delimiter: string;
    repeats: number;
    fewshot: FewshotConfig;
    shots: number | null;
    kwargs: Config | null;
  },
): Config {
  const { fewshot } = done;
  const all: Record<string, unknown> = {
    task: config.task,
    task_alias: config.task_alias,
    dataset_path: config.dataset_path,
    dataset_name: config.dataset_name,
    dataset_kwargs: config.dataset_kwargs,
    training_split: config.training_split,
    validation_split: config.validation_split,
    test_split: config.test_split,
    fewshot_split: config.fewshot_split,
    doc_to_text: config.doc_to_text,
    doc_to_target: config.doc_to_target,
    unsafe_code: config.unsafe_code ?? false,
    doc_to_choice: config.doc_to_choice,
    description: config.description ?? "",
    target_delimiter: done.target_delimiter,
    fewshot_delimiter: done.fewshot_delimiter,
    fewshot_config: {
      sampler: fewshot.sampler,
      split: fewshot.split,
      process_docs: null,
      fewshot_indices: null,
      samples: fewshot.samples,
      doc_to_text: fewshot.doc_to_text,
      doc_to_choice: fewshot.doc_to_choice,
      doc_to_target: fewshot.doc_to_target,
      gen_prefix: fewshot.gen_prefix,
      fewshot_delimiter: fewshot.fewshot_delimiter,
      target_delimiter: fewshot.target_delimiter,
    },
    num_fewshot: done.shots,
    metric_list: config.metric_list,
    output_type: done.output_type,
    generation_kwargs: done.kwargs,
    repeats: done.repeats,
    filter_list: config.filter_list,
    should_decontaminate: config.should_decontaminate ?? false,
    doc_to_decontamination_query: config.doc_to_decontamination_query,
    gen_prefix: config.gen_prefix,
    metadata: config.metadata,
  };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined && v !== null));
}
