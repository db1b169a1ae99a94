import { beforeAll, describe, expect, it } from "vitest";
import { type GenerationJob, generationJobs } from "../core/scoring/generation";
import { seededRandom } from "../core/seeded-random";
import { openBackend } from "./backend";
import { demoBase } from "./demo-base.fixture";
import { type GenerateOptions, generate } from "./generator";
import { testPlatform } from "./test-platform.fixture";

const WORDS = "the farmer has cows and buys three more apples each week so how many are left after".split(
  " ",
);
const SHOTS = Array.from({ length: 6 }, (_, i) => `Q: ${i + 2} + ${i + 3}\nA: ${2 * i + 5}\n\n`).join("");

let base: Awaited<ReturnType<typeof demoBase>>;
beforeAll(async () => {
  const backend = await openBackend(testPlatform(), "wasm");
  if (typeof backend === "string") throw new Error(backend);
  base = await demoBase(backend);
}, 120_000);

const question = (i: number) =>
  `Q: ${WORDS.slice(0, 1 + ((i * 5) % WORDS.length)).join(" ")} ${i} + ${i + 1}`;

function jobsOf(count: number, temperature: number, shots = "", repeats = 1): GenerationJob[] {
  const prefix = base.tokenizer.encode(shots);
  return Array.from({ length: count }, (_, i) => {
    const request = {
      prompt: [...prefix, ...base.tokenizer.encode(`${question(i)}\nA:`)],
      target: "",
      until: ["\n\n", "Q:"],
      maxTokens: 3 + ((i * 7) % 21),
      repeats,
      sampling: { temperature, topK: 40, topP: 0.95, seed: 11 },
    };
    return generationJobs(request, "test", i);
  }).flat();
}

async function texts(jobs: readonly GenerationJob[], options: GenerateOptions = {}): Promise<string[]> {
  const generations = await generate(base.session, base.weights, jobs, base.tokenizer, options);
  return generations!.map(({ tokens, text }) => `${tokens.join(" ")} → ${text}`);
}

describe("texts of the demo base", { timeout: 240_000 }, () => {
  it.each([
    ["greedy", 0],
    ["sampled", 0.9],
  ])("%s: depend on no batch size and no order", async (_, temperature) => {
    const jobs = jobsOf(17, temperature);
    const together = await texts(jobs);
    expect(new Set(together).size).toBeGreaterThan(8);
    for (const rows of [1, 3]) expect(await texts(jobs, { rows })).toEqual(together);
    const random = seededRandom(3);
    const order = jobs.map((_, i) => ({ i, key: random() })).sort((a, b) => a.key - b.key);
    const shuffled = await texts(order.map(({ i }) => jobs[i]!));
    expect(shuffled).toEqual(order.map(({ i }) => together[i]));
    const few = await texts(jobs.slice(5, 8));
    expect(few).toEqual(together.slice(5, 8));
  });

  it("are drawn anew for every repeat, and again the same", async () => {
    const jobs = jobsOf(3, 1, "", 4);
    const all = await texts(jobs);
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBeGreaterThan(9);
    expect(await texts(jobs)).toEqual(all);
  });

  it("are the same behind a prefix that is computed once", async () => {
    const prefix = base.tokenizer.encode(SHOTS);
    for (const temperature of [0, 0.9]) {
      const jobs = jobsOf(12, temperature, SHOTS);
      const behind = jobs.map((job) => ({ ...job, prefix }));
      expect(await texts(behind)).toEqual(await texts(jobs));
      expect(await texts(behind, { rows: 2 })).toEqual(await texts(behind));
    }
  });

  it("are handed over as soon as they end, and finished rows cost no more steps", async () => {
    const sizes: number[] = [];
    const { session } = base;
    const spy = {
      backend: session.backend,
      model: session.model,
      emptyCache: (rows: number) => session.emptyCache(rows),
      step: (...args: Parameters<typeof session.step>) => {
        sizes.push(args[1]);
        return session.step(...args);
      },
    };
    const [short] = jobsOf(1, 0);
    const jobs = Array.from({ length: 24 }, (_, i) => ({
      ...short!,
      request: { ...short!.request, until: [], maxTokens: i === 0 ? 30 : 2 },
    }));
    const order: number[] = [];
    const done = await generate(spy, base.weights, jobs, base.tokenizer, { onText: (i) => order.push(i) });
    expect(order).toHaveLength(24);
    expect(order.at(-1)).toBe(0);
    expect(done![0]!.tokens.slice(0, 2)).toEqual(done![1]!.tokens);
    expect(sizes.slice(0, 2)).toEqual([24, 24]);
    expect(sizes.slice(2).every((rows) => rows === 8)).toBe(true);
  });

  it("stop between steps", async () => {
    const controller = new AbortController();
    const stopped = await generate(base.session, base.weights, jobsOf(4, 0), base.tokenizer, {
      signal: controller.signal,
      onText: () => controller.abort(),
    });
    expect(stopped).toBeNull();
  });
});
