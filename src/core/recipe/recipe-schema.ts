import * as z from "zod/mini";

const text = (max: number) => z.string().check(z.maxLength(max));
const finite = z.number();
const share = finite.check(z.minimum(0), z.maximum(1));
const count = z.int().check(z.minimum(0));

/** JSON has no NaN: an interval that does not exist has null ends. */
const estimate = z.object({
  value: finite,
  low: z.nullable(finite),
  high: z.nullable(finite),
  n: count,
});
const table = z.record(text(200), estimate);

/** demix-recipe, version 1. Objects may hold more than is listed: it is ignored. */
export const recipeSchema = z.object({
  format: z.literal("demix-recipe"),
  version: z.literal(1),
  name: text(200),
  note: text(20_000),
  /** An empty hash where the weights were not read when the recipe was written, or nothing was scored. */
  set: z.object({ name: text(200), hash: text(128), beta: share }),
  tasks: z.object({ name: text(200), hash: text(128) }),
  /** In the set's order; α sums to 1. */
  components: z
    .array(
      z.object({ id: text(200), label: text(200), alpha: share, general: z.boolean(), source: text(1000) }),
    )
    .check(z.minLength(1), z.maxLength(1000)),
  /** Share of each data source when α is read as data (method §1); "general" stands first when no component is it. */
  effectiveShares: z.array(z.object({ id: text(200), label: text(200), share })).check(z.maxLength(1001)),
  method: z.object({ name: text(80), parameters: z.record(text(80), finite) }),
  /** Null when the mixture was not measured. */
  scores: z.nullable(z.object({ continuous: table, accuracy: table })),
  provenance: z.object({
    backend: z.nullable(text(80)),
    origin: z.nullable(text(80)),
    versions: z.record(text(80), text(80)),
    seed: z.nullable(z.int()),
    /** Items scored, of all items. */
    items: z.nullable(z.object({ done: count, total: count })),
    measuredAt: z.nullable(text(40)),
    writtenAt: text(40),
  }),
  /** The written model; absent where none was written. */
  merged: z.optional(
    z.object({
      dtype: z.enum(["F32", "BF16", "F16"]),
      mergekit: z.boolean(),
      files: z.array(z.object({ path: text(300), bytes: count, sha256: text(64) })),
    }),
  ),
  /** Largest absolute difference of a score that a replay may show, by view. */
  tolerance: z.object({ continuous: finite, accuracy: finite }),
});

/** What the Recipe page hands on. Scores of 1; shares of 1; times ISO 8601, UTC. */
export type Recipe = z.infer<typeof recipeSchema>;
export type RecipeEstimate = z.infer<typeof estimate>;
