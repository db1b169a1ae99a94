import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import type { Config } from "./read-config";

/** Fields of lm-eval's task configuration that are honoured here. */
const HONOURED = [
  "task",
  "task_alias",
  "output_type",
  "doc_to_text",
  "doc_to_target",
  "doc_to_choice",
  "description",
  "target_delimiter",
  "fewshot_delimiter",
  "fewshot_split",
  "fewshot_config",
  "num_fewshot",
  "gen_prefix",
  "metric_list",
  "filter_list",
  "generation_kwargs",
  "repeats",
  "training_split",
  "validation_split",
  "test_split",
  "dataset_kwargs",
] as const;

/** Fields that say nothing about scores, and why they are left aside. */
const LEFT_ASIDE: Readonly<Record<string, string | null>> = {
  tag: null,
  group: null,
  metadata: null,
  dataset_path: null,
  dataset_name: null,
  unsafe_code: null,
  should_decontaminate: "should_decontaminate is left aside: nothing is decontaminated here.",
  doc_to_decontamination_query: null,
};

const USE_FIELDS =
  "Write the processed fields into the data file, and name them in doc_to_text, doc_to_choice and doc_to_target.";
/** What cannot be honoured, and what to write instead. */
const REFUSED: Readonly<Record<string, string>> = {
  process_docs: USE_FIELDS,
  process_results: "Use metric_list and filter_list instead.",
  custom_dataset: "Drop the data in as a JSONL, JSON or Parquet file.",
  use_prompt: "Write the prompt as doc_to_text and doc_to_target.",
  doc_to_image: "Only texts are scored here.",
  doc_to_audio: "Only texts are scored here.",
  class: "Python tasks are not run here: write the task as YAML.",
  task_list: "Write one file a task.",
};

/** Checks a task's field names; gives notes on what is left aside. */
export function checkFields(config: Config, file: string): Result<readonly string[]> {
  const notes: string[] = [];
  for (const [field, value] of Object.entries(config)) {
    if (value === null || (HONOURED as readonly string[]).includes(field)) continue;
    if (field in LEFT_ASIDE) {
      const note = LEFT_ASIDE[field];
      if (note && value === true) notes.push(note);
      continue;
    }
    return fail("bad-task", `the field ${quote(field)} cannot be honoured.`, {
      file,
      remedy: REFUSED[field] ?? "Take the field out, or correct its name.",
    });
  }
  return ok(notes);
}
