import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import { compileTasks } from "./compile-tasks";

const ROWS = [
  { q: "one", options: ["a", "b"], gold: 0, n: 1 },
  { q: "two", options: ["a", "b"], gold: 1, n: 2 },
];
const GOOD = `task: t
output_type: multiple_choice
test_split: test
doc_to_text: q
doc_to_choice: options
doc_to_target: gold
`;
const compile = (text: string, data = [{ name: "test.jsonl", rows: ROWS }]) =>
  compileTasks([{ name: "dir/t.yaml", text }], data);

async function refused(text: string, data?: Parameters<typeof compile>[1]): Promise<string> {
  const result = await compile(text, data);
  if (result.ok) throw new Error("it was compiled");
  return sentence(result.problem);
}

it("compiles the task that the refusals vary", async () => {
  const result = await compile(GOOD);
  expect(result.ok && result.value.tasks[0]!.items).toMatchObject([
    { context: "one", choices: [" a", " b"], gold: 0 },
    { context: "two", choices: [" a", " b"], gold: 1 },
  ]);
});

describe("what cannot be honoured is refused by name, with what to write instead", () => {
  it.each([
    ["process_docs: !function utils.process", /"process_docs" is "!function utils.process".*Jinja template/],
    ["process_docs: utils.process", /"process_docs".*doc_to_text/],
    ["process_results: x", /"process_results".*metric_list/],
    ["doc_to_image: x", /"doc_to_image".*Only texts/],
    ["use_prompt: promptsource:x", /"use_prompt".*doc_to_text/],
    ["shuffle: true", /"shuffle".*Take the field out/],
    ["output_type: greedy_until", /the key "output_type" occurs twice|"greedy_until"/],
    ["metric_list: [{metric: bleu}]", /"bleu" is no metric of multiple_choice.*acc_norm/],
    ["metric_list: [{metric: acc, aggregation: median}]", /acc with the aggregation "median".*mean/],
    ["metric_list: [{metric: !function m.f}]", /the tag/],
    ["filter_list: [{name: a, filter: [{function: regex}]}]", /"a" has filters on texts/],
    ["fewshot_config: {sampler: balanced}", /sampler "balanced".*first_n/],
    ["fewshot_config: {process_docs: x}", /process_docs cannot be honoured/],
    ["num_fewshot: 3", /drawn from 2 documents, and 3 are needed/],
    ["num_fewshot: 1\nfewshot_split: train", /no data file is the split "train".*name holds "train"/],
    ["include: common.yaml", /includes "common.yaml", which is not among the files.*Drop that file in/],
    ["include: t.yaml", /includes itself/],
    ["description: '{{missing}}'", /row 1: description: .*"missing" has no value/],
    ["gen_prefix: '{{q|nothing}}'", /gen_prefix: .*nothing/],
    ["repeats: 0", /repeats/],
    ["when: 2020-01-01", /a date|"when"/],
  ])("%s", async (line, expected) => {
    expect(await refused(`${GOOD}${line}\n`)).toMatch(expected);
    expect(await refused(`${GOOD}${line}\n`)).toContain("t.yaml");
  });

  it("names the row of a choice that is no text", async () => {
    const rows = [...ROWS, { q: "three", options: "a", gold: 0, n: 3 }];
    expect(await refused(GOOD, [{ name: "test.jsonl", rows: rows as typeof ROWS }])).toMatch(
      /row 3: doc_to_choice gives "\\"a\\"", which is no list of texts/,
    );
  });

  const GENERATE = `task: t
output_type: generate_until
test_split: test
doc_to_text: q
doc_to_target: n
`;
  it.each([
    ["generation_kwargs: {num_beams: 4}", /"num_beams" cannot be honoured/],
    ["generation_kwargs: {do_sample: true}", /do_sample without a temperature/],
    [
      "filter_list: [{name: a, filter: [{function: take_first}, {function: lowercase}]}]",
      /Put take_first last/,
    ],
    [
      "filter_list: [{name: a, filter: [{function: custom}]}]",
      /the filter "custom" is not known.*take_first/,
    ],
    [
      "filter_list: [{name: a, filter: [{function: regex, regex_pattern: '(?>a)'}]}]",
      /the regular expression "\(\?>a\)" cannot be used: groups that begin with/,
    ],
    ["metric_list: [{metric: exact_match, regexes_to_ignore: ['a++']}]", /possessive/],
  ])("%s", async (line, expected) => {
    expect(await refused(`${GENERATE}${line}\n`)).toMatch(expected);
  });

  it("refuses aliases that unfold without end", async () => {
    const bomb = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? "a0: &a0 [x, x, x, x, x, x, x, x, x]"
        : `a${i}: &a${i} [${Array(9)
            .fill(`*a${i - 1}`)
            .join(", ")}]`,
    );
    expect(await refused(`${GOOD}${bomb.join("\n")}\n`)).toMatch(/stands for more than/);
  });
});

it("counts items whose right choice is none of the choices as wrong, and says so", async () => {
  const result = await compile(GOOD, [
    { name: "x.json", rows: [...ROWS, { q: "three", options: ["a", "b"], gold: 7, n: 3 }] },
  ]);
  const [task] = result.ok ? result.value.tasks : [];
  expect(task?.items[2]).toMatchObject({ gold: [] });
  expect(task?.notes.join()).toContain("1 of 3 items have no right choice");
});

it("says that examples come from the evaluated documents themselves", async () => {
  const notes = async (line: string) => {
    const result = await compile(`${GOOD}num_fewshot: 1\n${line}`);
    return result.ok ? result.value.tasks[0]!.notes.join() : sentence(result.problem);
  };
  expect(await notes("")).toContain("an item may be its own example");
  expect(await notes("fewshot_split: test\n")).toBe("");
});

it("lets num_fewshot be overridden, but not where a task states 0", async () => {
  const shots = async (line: string) => {
    const result = await compileTasks(
      [{ name: "t.yaml", text: `${GOOD}${line}` }],
      [{ name: "test.jsonl", rows: ROWS }],
      { numFewshot: 1 },
    );
    return result.ok ? result.value.tasks[0]!.spec.origin!.nShot : sentence(result.problem);
  };
  expect(await shots("")).toBe(1);
  expect(await shots("num_fewshot: 0\n")).toBe(0);
});
