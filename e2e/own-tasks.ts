/** Items made for these tests, in the layouts of the benchmarks' files. */

const line = (value: unknown): string => JSON.stringify(value);

interface FilePayload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const file = (name: string, text: string): FilePayload => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(text),
});

const QUESTIONS = [
  ["Which of these floats on water?", ["a stone", "a cork", "an anvil", "a nail"], "B"],
  ["What melts in the sun?", ["iron", "glass", "ice", "brick"], "C"],
  ["Which animal can fly?", ["a gull", "a cow", "a frog", "a mole"], "A"],
  ["What is used to cut wood?", ["a spoon", "a cup", "a rope", "a saw"], "D"],
] as const;

/** ARC's layout. */
export const arcFile = file(
  "arc_easy_test.jsonl",
  QUESTIONS.map(([stem, texts, answerKey], i) =>
    line({
      id: `own_${i}`,
      question: { stem, choices: texts.map((text, c) => ({ text, label: "ABCD"[c] })) },
      answerKey,
    }),
  ).join("\n"),
);

/** An lm-eval task file and its data. */
export const yamlFiles = [
  file(
    "opposites.yaml",
    [
      "task: opposites",
      "output_type: multiple_choice",
      "test_split: test",
      'doc_to_text: "The opposite of {{word}} is"',
      "doc_to_choice: options",
      "doc_to_target: label",
      "num_fewshot: 0",
      "metric_list:",
      "  - metric: acc",
      "metadata:",
      "  version: 1.0",
    ].join("\n"),
  ),
  file(
    "opposites_test.jsonl",
    [
      line({ word: "hot", options: ["cold", "warm"], label: 0 }),
      line({ word: "up", options: ["over", "down"], label: 1 }),
      line({ word: "old", options: ["new", "grey"], label: 0 }),
    ].join("\n"),
  ),
];

export const corpusFile = file(
  "harbour.txt",
  "The harbour was quiet in the morning. Two boats lay at the wall, and a man mended a net.\n".repeat(6),
);

export const brokenFile = file("broken.jsonl", `${line({ question: "?" })}\n{"question": \n`);
export const unknownFile = file(
  "table.jsonl",
  `${line({ height: 3, width: 4 })}\n${line({ height: 5, width: 1 })}`,
);
export const forbiddenYaml = file(
  "scripted.yaml",
  ["task: scripted", "output_type: multiple_choice", "doc_to_text: !function utils.text"].join("\n"),
);
