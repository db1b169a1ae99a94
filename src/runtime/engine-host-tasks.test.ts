import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Result, sentence } from "../core/result";
import type { ChoiceItem, Item, TaskSpec } from "../core/scoring/task";
import type { TaskBundle } from "../protocol/task-protocol";
import { EngineHost } from "./engine-host";
import { testPlatform } from "./test-platform.fixture";
import { tinySet } from "./tiny-set.fixture";

const SUBJECT = { kind: "mixture", alpha: [0.5, 0.2, 0.3] } as const;
const LONG = "the cat ".repeat(12);

const spec = (id: string, outputType: TaskSpec["outputType"], items: number): TaskSpec => ({
  id,
  label: id,
  domain: "own",
  outputType,
  accuracyMetric: outputType === "generate_until" ? "exact_match" : "acc",
  continuousMetric: outputType === "generate_until" ? "target_prob" : "gold_prob",
  about: "",
  itemsFile: `${id}.json`,
  itemsSha256: "0".repeat(64),
  items,
});
const choices: ChoiceItem[] = [
  { context: "the cat is", choices: [" an ant", " the cat"], gold: 1 },
  { context: `${LONG}is`, choices: [" an ant", " a plant"], gold: 0 },
];
const writing: Item[] = [{ context: "3 + 4 =", target: " 7", until: ["."], maxGenToks: 6 }];

const OWN: TaskBundle = {
  spec: {
    format: "demix-tasks",
    version: 1,
    name: "Own tasks",
    domains: [{ id: "own", label: "Own" }],
    tasks: [spec("pick", "multiple_choice", 2), spec("write", "generate_until", 1)],
  },
  items: [choices, writing],
};

let host: EngineHost;
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
};

beforeAll(async () => {
  host = new EngineHost(testPlatform(await tinySet()));
  value(await host.openSet("mem/"));
}, 120_000);
afterAll(() => host.close());

describe("tasks of one's own", () => {
  it("are scored from now on, and the set's own again afterwards", async () => {
    const before = value(await host.measure({ subject: SUBJECT }));
    const layout = value(await host.setTasks(OWN));
    expect(layout.name).toBe("Own tasks");
    expect(layout.tasks.map((t) => t.block.items)).toEqual([2, 1]);
    const own = value(await host.measure({ subject: SUBJECT }));
    expect(own.total).toBe(3);
    expect(own.scores).toHaveLength(layout.floats);
    expect(own.complete).toBe(true);
    const back = value(await host.setTasks(null));
    expect(back.hash).not.toBe(layout.hash);
    expect(value(await host.measure({ subject: SUBJECT })).scores).toEqual(before.scores);
  });

  it("stay as they are when others are refused", async () => {
    value(await host.setTasks(OWN));
    const short = await host.setTasks({ ...OWN, items: [choices.slice(1), writing] });
    expect(short.ok ? "" : sentence(short.problem)).toContain("pick.json");
    const fewer = await host.setTasks({ ...OWN, items: [choices] });
    expect(fewer.ok).toBe(false);
    expect(value(await host.measure({ subject: SUBJECT })).total).toBe(3);
  });
});

describe("a set whose own tasks cannot be scored", () => {
  it("is scored on others, and says again why its own are not", async () => {
    const files = await tinySet();
    const spec = JSON.parse(files["demix-set.json"] as string) as { tasks?: string };
    delete spec.tasks;
    const left = Object.entries(files).filter(([name]) => name !== "tasks.json");
    const bare = new EngineHost(
      testPlatform({ ...Object.fromEntries(left), "demix-set.json": JSON.stringify(spec) }),
    );
    const opened = value(await bare.openSet("mem/"));
    expect(opened.tasks).toBeNull();
    expect(sentence(opened.unscored!)).toContain("tasks.json");
    value(await bare.setTasks(OWN));
    const measured = value(await bare.measure({ subject: SUBJECT, details: true }));
    expect(measured.total).toBe(3);
    expect(measured.warnings?.join()).toMatch(/1 of 2 items of "pick" are longer than the model's 48 tokens/);
    const details = [...(measured.details ?? [])].sort((a, b) => a.task - b.task || a.item - b.item);
    expect(details.map((d) => [d.task, d.item, d.greedy.length, d.texts.length])).toEqual([
      [0, 0, 2, 0],
      [0, 1, 2, 0],
      [1, 0, 1, 1],
    ]);
    const back = await bare.setTasks(null);
    expect(back.ok ? "" : sentence(back.problem)).toContain("tasks.json");
    await bare.close();
  });
});

describe("one item", () => {
  it("is shown as the tokens that the model gets", async () => {
    value(await host.setTasks(OWN));
    const { sequences, generation } = value(await host.previewItem(0, 0));
    expect(generation).toBeNull();
    expect(sequences.map((s) => s.tokens.map((t) => t.text).join(""))).toEqual([
      "the cat is an ant",
      "the cat is the cat",
    ]);
    for (const [i, { tokens, from }] of sequences.entries()) {
      const scored = tokens.slice(from).map((t) => t.text);
      expect(scored.join("")).toBe(choices[0]!.choices[i]);
    }
    const cut = value(await host.previewItem(0, 1)).sequences[0]!;
    expect(cut.tokens).toHaveLength(49);
    expect(cut.cut).toBe(12 * 6 + 2 + 5 - 49);
    const text = value(await host.previewItem(1, 0)).generation!;
    expect(text.prompt.map((t) => t.text).join("")).toBe("3 + 4 =");
    expect(text).toMatchObject({ cut: 0, until: ["."], maxTokens: 6 });
  });

  it("has log-probabilities that sum to its scores in the row", async () => {
    const layout = value(await host.setTasks(OWN));
    const { scores } = value(await host.measure({ subject: SUBJECT }));
    for (const item of [0, 1]) {
      const { sequences, texts } = value(await host.measureItem({ subject: SUBJECT, task: 0, item }));
      expect(texts).toEqual([]);
      for (const [s, { logProb, greedy }] of sequences.entries()) {
        expect(greedy).toHaveLength(logProb.length);
        const sum = logProb.reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(scores[layout.tasks[0]!.block.offset + 2 * item + s]!, 4);
      }
    }
    const { texts } = value(await host.measureItem({ subject: SUBJECT, task: 1, item: 0 }));
    expect(texts).toHaveLength(1);
  });

  it("that is not there is refused, and so is a cancelled one", async () => {
    value(await host.setTasks(null));
    const missing = await host.previewItem(7, 0);
    expect(missing.ok ? "" : sentence(missing.problem)).toContain("no item 0 of a task 7");
    const controller = new AbortController();
    controller.abort();
    const cancelled = await host.measureItem({ subject: SUBJECT, task: 0, item: 0 }, controller.signal);
    expect(cancelled.ok ? "" : cancelled.problem.kind).toBe("cancelled");
  });
});
