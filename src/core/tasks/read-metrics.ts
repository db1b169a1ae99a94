import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import type { ExactMatchOptions, MetricId, MetricUse, OutputType } from "../scoring/task";
import { translatePattern } from "../scoring/translate-pattern";

/** lm-eval's metrics by output type, those of a task without metric_list first. */
const METRICS: Readonly<Record<OutputType, { defaults: readonly MetricId[]; others: readonly MetricId[] }>> =
  {
    multiple_choice: {
      defaults: ["acc", "acc_norm"],
      others: ["acc_bytes", "acc_mutual_info", "brier_score", "f1", "mcc", "exact_match"],
    },
    loglikelihood: { defaults: ["perplexity", "acc"], others: [] },
    loglikelihood_rolling: { defaults: ["word_perplexity", "byte_perplexity", "bits_per_byte"], others: [] },
    generate_until: { defaults: ["exact_match"], others: [] },
  };

const AGGREGATION: Partial<Record<MetricId, string>> = {
  brier_score: "brier_score",
  f1: "f1",
  mcc: "matthews_corrcoef",
  perplexity: "perplexity",
  word_perplexity: "weighted_perplexity",
  byte_perplexity: "weighted_perplexity",
  bits_per_byte: "bits_per_byte",
};
/** lm-eval's own name of a metric's aggregation. */
export const aggregationOf = (metric: MetricId): string => AGGREGATION[metric] ?? "mean";

type Entry = Readonly<Record<string, unknown>>;
const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** metric_list → metrics; lm-eval's defaults of the output type where it is absent. */
export function readMetrics(list: unknown, type: OutputType, file: string): Result<MetricUse[]> {
  const { defaults, others } = METRICS[type];
  if (list === undefined || list === null) return ok(defaults.map((metric) => ({ metric })));
  const bad = (message: string, remedy: string) =>
    fail("bad-task", `metric_list: ${message}`, { file, remedy });
  const known = [...defaults, ...others];
  if (!Array.isArray(list) || list.length === 0) return bad("it is no list of metrics.", "Write a list.");
  const uses: MetricUse[] = [];
  for (const entry of list) {
    const metric = isEntry(entry) ? entry.metric : undefined;
    if (!isEntry(entry) || typeof metric !== "string")
      return bad("an entry has no metric.", 'Name it: "- metric: acc".');
    if (!known.includes(metric as MetricId))
      return bad(`${quote(metric)} is no metric of ${type} here.`, `Use ${known.join(", ")}.`);
    const id = metric as MetricId;
    const { aggregation, higher_is_better: higher } = entry;
    if (aggregation !== undefined && aggregation !== aggregationOf(id))
      return bad(
        `${id} with the aggregation ${quote(String(aggregation))} is not computed here.`,
        `Use ${aggregationOf(id)}.`,
      );
    const options = type === "generate_until" ? exactMatchOptions(entry) : ok({});
    if (!options.ok) return bad(options.problem.message, "Write it so that it can be read.");
    uses.push({
      metric: id,
      ...(typeof higher === "boolean" && { higherIsBetter: higher }),
      ...(Object.keys(options.value).length > 0 && { exactMatch: options.value }),
    });
  }
  return ok(uses);
}

function exactMatchOptions(entry: Entry): Result<ExactMatchOptions> {
  const patterns = entry.regexes_to_ignore;
  const list = patterns === undefined || patterns === null ? [] : patterns;
  if (!Array.isArray(list)) return fail("bad-task", "regexes_to_ignore is no list.");
  for (const pattern of list) {
    const translated = translatePattern(String(pattern));
    if (!translated.ok) return translated;
  }
  return ok({
    ...(entry.ignore_case === true && { ignoreCase: true }),
    ...(entry.ignore_punctuation === true && { ignorePunctuation: true }),
    ...(entry.ignore_numbers === true && { ignoreNumbers: true }),
    ...(list.length > 0 && { regexesToIgnore: list.map(String) }),
  });
}
