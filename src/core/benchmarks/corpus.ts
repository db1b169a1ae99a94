import { sha256 } from "../canonical";
import { fail, ok, type Result } from "../result";
import type { RollingItem, TaskSpec } from "../scoring/task";
import type { CompiledTask } from "../tasks/compile-tasks";
import { leftOutRows } from "./left-out";
import { type DataFile, type Row, textField } from "./row";
import { splitText } from "./split-text";

/** Documents of one corpus. */
const MAX_DOCUMENTS = 200_000;
/** Characters of one corpus. */
const MAX_CHARS = 64 * 1024 * 1024;

export interface CorpusOptions {
  readonly id?: string;
  readonly domain?: string;
}

/** A plain text → a bits-per-byte task: pieces of at most 16,384 characters, which joined are the text again. */
export async function textCorpus(
  text: string,
  file: string,
  options: CorpusOptions = {},
): Promise<Result<CompiledTask>> {
  const { pieces, by } = splitText(text);
  const notes =
    pieces.length > 1 ? [`The text is scored in ${pieces.length} pieces, cut ${by}; none sees another.`] : [];
  return corpusTask(pieces, file, options, notes);
}

/** Rows with a field `text`, or with one field of text only → a bits-per-byte task, one document a row. */
export async function rowCorpus(
  { name, rows }: DataFile,
  options: CorpusOptions = {},
): Promise<Result<CompiledTask>> {
  const field = corpusField(rows);
  if (field === null)
    return fail("bad-task", "is no known benchmark, and its rows have no field of text to score.", {
      file: name,
      remedy: 'Name the field "text", or write an lm-eval task file for it.',
    });
  const lost = rows.flatMap((row, i) =>
    textField(row, field) ? [] : [{ row: i + 1, reason: `${field} is empty or no text` }],
  );
  const documents = rows.flatMap((row) => textField(row, field) || []);
  return corpusTask(documents, name, options, leftOutRows(lost));
}

/** `text`, else the one field that holds text in every row; null without one. */
export function corpusField(rows: readonly Row[]): string | null {
  const [first] = rows;
  if (first === undefined) return null;
  if (textField(first, "text") !== undefined) return "text";
  const names = Object.keys(first).filter((name) => rows.every((row) => textField(row, name) !== undefined));
  return names.length === 1 ? names[0]! : null;
}

async function corpusTask(
  documents: readonly string[],
  file: string,
  { id = idOf(file), domain = "general" }: CorpusOptions,
  notes: readonly string[],
): Promise<Result<CompiledTask>> {
  const refuse = (message: string, remedy: string) => fail("bad-task", message, { file, remedy });
  const chars = documents.reduce((sum, text) => sum + text.length, 0);
  if (chars === 0) return refuse("has no text to score.", "Choose a file with text.");
  if (documents.length > MAX_DOCUMENTS)
    return refuse(`has more than ${MAX_DOCUMENTS} documents.`, "Keep fewer documents.");
  if (chars > MAX_CHARS)
    return refuse(`has more than ${MAX_CHARS / 1024 / 1024} million characters.`, "Score a sample of it.");
  const items: RollingItem[] = documents.map((text) => ({ text, source: { doc: { text }, target: text } }));
  const itemsText = JSON.stringify({ format: "demix-items", version: 2, task: id, items });
  const spec: TaskSpec = {
    id,
    label: `${file.replace(/\.[a-z.]+$/i, "")}, bits per byte`,
    domain,
    outputType: "loglikelihood_rolling",
    accuracyMetric: "token_acc",
    continuousMetric: "byte_prob",
    about: `${documents.length} documents of ${file}, scored token by token.`,
    itemsFile: `items/${id}.json`,
    itemsSha256: await sha256(itemsText),
    items: items.length,
    metrics: [
      { metric: "bits_per_byte", higherIsBetter: false },
      { metric: "byte_perplexity", higherIsBetter: false },
      { metric: "word_perplexity", higherIsBetter: false },
      { metric: "token_acc" },
      { metric: "byte_prob" },
    ],
    origin: {
      task: id,
      version: 1,
      nShot: 0,
      config: { task: id, output_type: "loglikelihood_rolling", num_fewshot: 0, metadata: { version: 1 } },
    },
  };
  return ok({ spec, items, itemsText, notes });
}

/** A task id of a file's name: letters, digits and underscores. */
function idOf(file: string): string {
  const base = file
    .split("/")
    .at(-1)!
    .replace(/\.[a-z.]+$/i, "");
  const id = base.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
  return `${id === "" ? "corpus" : id.slice(0, 80)}_bytes`;
}
