import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import type { FilterPipeline, FilterStep } from "../scoring/filter-pipeline";
import type { OutputType } from "../scoring/task";
import { translatePattern } from "../scoring/translate-pattern";

type Entry = Readonly<Record<string, unknown>>;

/** lm-eval's default pattern of its regex filters. */
const HASHES = "#### (\\-?[0-9\\.\\,]+)";
const PLAIN = ["take_first", "majority_vote", "remove_whitespace", "lowercase", "uppercase"] as const;

/** filter_list → pipelines; undefined where the task has none. */
export function readFilters(
  list: unknown,
  type: OutputType,
  file: string,
): Result<FilterPipeline[] | undefined> {
  if (list === undefined || list === null) return ok(undefined);
  const bad = (message: string, remedy: string) =>
    fail("bad-task", `filter_list: ${message}`, { file, remedy });
  if (!Array.isArray(list) || list.length === 0)
    return bad("it is no list of filters.", "Write a list, each with a name and a filter.");
  const pipelines: FilterPipeline[] = [];
  for (const entry of list as Entry[]) {
    const { name, filter } = entry ?? {};
    if (typeof name !== "string" || !Array.isArray(filter))
      return bad("an entry lacks name or filter.", "Give it both.");
    const steps: FilterStep[] = [];
    for (const one of filter as Entry[]) {
      const step = readStep(one ?? {});
      if (!step.ok) return bad(`in ${quote(name)} ${step.problem.message}`, step.problem.remedy ?? "");
      if (steps.at(-1)?.function === "take_first")
        return bad(
          `in ${quote(name)} "${step.value.function}" stands after "take_first", where lm-eval would see single characters.`,
          "Put take_first last.",
        );
      steps.push(step.value);
    }
    if (type !== "generate_until" && steps.some((s) => s.function !== "take_first"))
      return bad(
        `${quote(name)} has filters on texts, and a ${type} task has none.`,
        "Leave take_first alone there.",
      );
    pipelines.push({ name, steps });
  }
  return ok(pipelines);
}

function readStep(entry: Entry): Result<FilterStep> {
  const { function: name, ...rest } = entry;
  const unknown = (known: readonly string[]) => Object.keys(rest).find((key) => !known.includes(key));
  const bad = (message: string, remedy: string) => fail("bad-task", message, { remedy });
  const extra = (known: readonly string[]) => {
    const key = unknown(known);
    return key === undefined
      ? null
      : bad(`the filter "${String(name)}" has no setting ${quote(key)}.`, "Take it out.");
  };
  const plain = PLAIN.find((p) => p === name);
  if (plain) return extra([]) ?? ok({ function: plain });
  switch (name) {
    case "take_first_k": {
      const { k } = rest;
      if (!Number.isInteger(k) || (k as number) < 1)
        return bad("take_first_k needs a whole k.", "Write k: 8.");
      return extra(["k"]) ?? ok({ function: name, k: k as number });
    }
    case "map": {
      const { mapping_dict: mapping = {}, default_value: otherwise = null } = rest;
      const values = Object.values((mapping ?? {}) as Entry);
      if (![...values, otherwise ?? ""].every((v) => typeof v === "string" || typeof v === "number"))
        return bad("map has values that are no text and no number.", "Write texts or numbers.");
      return (
        extra(["mapping_dict", "default_value"]) ??
        ok({
          function: name,
          mapping: mapping as Record<string, string | number>,
          otherwise: otherwise as string | number | null,
        })
      );
    }
    case "regex":
    case "multi_choice_regex": {
      const { regex_pattern: pattern = HASHES, group_select: select = 0, fallback = "[invalid]" } = rest;
      const ignored = (rest.regexes_to_ignore ?? []) as unknown;
      const patterns = [pattern, ...(Array.isArray(ignored) ? ignored : [])];
      for (const one of patterns) {
        const translated = translatePattern(String(one));
        if (!translated.ok) return translated;
      }
      if (!Number.isInteger(select))
        return bad("group_select is no whole number.", "Write 0, or -1 for the last match.");
      const common = { pattern: String(pattern), groupSelect: select as number, fallback: String(fallback) };
      const settings = ["regex_pattern", "group_select", "fallback"];
      if (name === "regex") return extra(settings) ?? ok({ function: name, ...common });
      return (
        extra([...settings, "ignore_case", "ignore_punctuation", "regexes_to_ignore"]) ??
        ok({
          function: name,
          ...common,
          ignoreCase: rest.ignore_case === true,
          ignorePunctuation: rest.ignore_punctuation === true,
          regexesToIgnore: Array.isArray(ignored) ? ignored.map(String) : [],
        })
      );
    }
    default:
      return bad(
        `the filter ${quote(String(name))} is not known here.`,
        `Use ${[...PLAIN, "take_first_k", "map", "regex", "multi_choice_regex"].join(", ")}.`,
      );
  }
}
