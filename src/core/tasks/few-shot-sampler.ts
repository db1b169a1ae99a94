import type { Row } from "../benchmarks/row";
import { fail, ok, type Result } from "../result";
import { PythonRandom } from "../scoring/python-random";

/** lm-eval's seed for few-shot examples. */
export const FEWSHOT_SEED = 1234;

export type SamplerName = "default" | "first_n";

/**
 * lm-eval's samplers (0.4.13): "first_n" takes the first documents, "default" draws with Python's seeded generator, whose state
 * goes on from one evaluated document to the next. A document is never an example of itself where `evalDoc` is given.
 */
export class FewShotSampler {
  private readonly random: PythonRandom;

  constructor(
    private readonly pool: readonly Row[],
    private readonly name: SamplerName,
    seed = FEWSHOT_SEED,
  ) {
    this.random = new PythonRandom(seed);
  }

  sample(n: number, evalDoc: Row | null): Result<readonly Row[]> {
    if (n === 0) return ok([]);
    const others = (docs: readonly Row[]) => (evalDoc ? docs.filter((doc) => !equal(doc, evalDoc)) : docs);
    if (this.name === "first_n") {
      const pool = others(this.pool);
      return pool.length < n ? tooFew(n, pool.length) : ok(pool.slice(0, n));
    }
    const drawn = n + (evalDoc ? 1 : 0);
    if (this.pool.length < drawn) return tooFew(drawn, this.pool.length);
    const examples = others(this.random.sample(this.pool, drawn)).slice(0, n);
    if (examples.length === n) return ok(examples);
    const pool = others(this.pool);
    return pool.length < n ? tooFew(n, pool.length) : ok(this.random.sample(pool, n));
  }
}

const tooFew = (needed: number, found: number) =>
  fail("bad-task", `its few-shot examples are drawn from ${found} documents, and ${needed} are needed.`, {
    remedy: "Lower num_fewshot, or give more documents.",
  });

/** Python's ==: numbers and booleans by value, lists and dictionaries by their entries. */
function equal(a: unknown, b: unknown): boolean {
  if (typeof a === "boolean" || typeof b === "boolean") {
    const number = (x: unknown) => (typeof x === "boolean" ? Number(x) : x);
    return number(a) === number(b);
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
