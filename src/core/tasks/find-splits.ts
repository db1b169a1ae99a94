import type { DataFile, Row } from "../benchmarks/row";
import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import { baseName, type Config } from "./read-config";
import type { TaskConfig } from "./task-config";

/** The documents that are evaluated, and those that examples are drawn from (null where no examples are needed). */
export interface Splits {
  readonly evaluated: readonly Row[];
  readonly examples: readonly Row[] | null;
}

/**
 * Which data file is which split: as dataset_kwargs' data_files say; else the file whose name holds the split's; else, where
 * there is a single file, that one for the evaluated split.
 */
export function findSplits(task: TaskConfig, raw: Config, data: readonly DataFile[]): Result<Splits> {
  const evaluated = task.test_split ?? task.validation_split;
  const bad = (message: string, remedy: string) => fail("bad-task", message, { file: task.file, remedy });
  if (evaluated === null)
    return bad("it names neither test_split nor validation_split.", "Name the split that is scored.");
  const of = (split: string): readonly Row[] | null => {
    const named = declared(raw, split);
    const files = data.filter(({ name }) =>
      named ? named.includes(baseName(name)) : nameHolds(baseName(name), split),
    );
    if (files.length > 0) return files.flatMap((f) => f.rows);
    return split === evaluated && data.length === 1 ? data[0]!.rows : null;
  };
  const docs = of(evaluated);
  if (!docs)
    return bad(
      `no data file is the split ${quote(evaluated)} of ${quote(task.task)}.`,
      `Drop in a file whose name holds ${quote(evaluated)}, or name it under dataset_kwargs, data_files.`,
    );
  if (docs.length === 0) return bad(`the split ${quote(evaluated)} has no rows.`, "Choose a file with rows.");
  if (task.num_fewshot === 0) return ok({ evaluated: withAllFields(docs), examples: null });
  const { split, samples } = task.fewshot;
  if (split === null && samples) return ok({ evaluated: withAllFields(docs), examples: samples });
  const from = split ?? task.training_split ?? task.validation_split ?? evaluated;
  const examples = of(from);
  if (!examples)
    return bad(
      `no data file is the split ${quote(from)}, which the ${task.num_fewshot} examples come from.`,
      `Drop in a file whose name holds ${quote(from)}, set num_fewshot to 0, or give fewshot_config samples.`,
    );
  return ok({ evaluated: withAllFields(docs), examples: withAllFields(examples) });
}

function declared(raw: Config, split: string): readonly string[] | null {
  const files = (raw.dataset_kwargs as Config | undefined | null)?.data_files;
  if (files === undefined || files === null) return null;
  const own =
    typeof files === "object" && !Array.isArray(files)
      ? (files as Config)[split]
      : split === "train"
        ? files
        : null;
  if (own === undefined || own === null) return null;
  return (Array.isArray(own) ? own : [own]).map((name) => baseName(String(name)));
}

const nameHolds = (file: string, split: string): boolean =>
  new RegExp(`(?:^|[^a-z0-9])${split.toLowerCase().replace(/[^a-z0-9]+/g, "[^a-z0-9]*")}(?:[^a-z]|$)`).test(
    file.toLowerCase(),
  );

/** A row without a field that others have holds None there, as in a dataset's table. */
function withAllFields(rows: readonly Row[]): readonly Row[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return rows.map((row) => Object.fromEntries([...names].map((name) => [name, row[name] ?? null])));
}
