import * as z from "zod/mini";
import { quote } from "../checkpoint/quote";
import { isObject, parseStrictJson, toPlain } from "../checkpoint/strict-json";
import { explainIssue } from "../explain-issue";
import { isMixture } from "../mixture/mixture";
import { fail, ok, type Result } from "../result";
import { isPathInside } from "../safe-text";
import type { BackendKind, Subject, TrainedRun } from "./measurement";
import type { ScoreBlock } from "./task";

/**
 * demix-runs, version 1: a JSON file that says what was scored, and a binary file beside it with the item scores:
 * little-endian float32, one row of `floats` per entry of `rows`, in that order, laid out by `blocks`.
 * kind "design": the engine's own measurements shipped with a set; kind "references": models really trained.
 */
const subjectSchema = z.union([
  z.object({ kind: z.literal("base") }),
  z.object({ kind: z.literal("mixture"), alpha: z.array(z.number()).check(z.maxLength(64)) }),
]);

const count = z.int().check(z.gte(0));
const amount = z.number().check(z.gte(0));
const path = z
  .string()
  .check(z.refine(isPathInside, { error: "must be a path relative to this file, without '..'" }));

const rowSchema = z.object({
  id: z.string().check(z.maxLength(1000)),
  subject: subjectSchema,
  split: z.optional(z.enum(["report", "tune"])),
  seed: z.optional(z.number()),
  tokens: z.optional(amount),
  fraction: z.optional(amount),
  seconds: z.optional(amount),
});

const runsSchema = z.object({
  format: z.literal("demix-runs"),
  version: z.literal(1),
  kind: z.enum(["references", "design"]),
  set: z.string(),
  tasks: z.string(),
  blocks: z.array(z.object({ task: z.string(), items: count, width: count, offset: count })),
  floats: count,
  scoresFile: path,
  scoresSha256: z.string(),
  backend: z.string(),
  versions: z.record(z.string(), z.string()),
  made: z.string(),
  about: z.optional(z.string()),
  rows: z.array(rowSchema).check(z.maxLength(100_000)),
});

const REMEDY = "Fetch the set again, or make the file anew.";

export type RunRow = z.infer<typeof rowSchema>;
export type RunsHeader = z.infer<typeof runsSchema>;

export interface RunsFile {
  readonly header: RunsHeader;
  /** One row of item scores per entry of header.rows. */
  readonly scores: readonly Float32Array[];
}

/** Parses and checks the JSON part; `components` is the length that every α must have. */
export function parseRunsHeader(text: string, file: string, components: number): Result<RunsHeader> {
  const bad = (message: string, remedy = REMEDY) => fail("bad-file", message, { file, remedy });
  const json = parseStrictJson(text, file, { ownFormat: true, remedy: REMEDY });
  if (!json.ok) return json;
  const version = isObject(json.value) ? json.value.get("version") : undefined;
  if (typeof version === "number" && version > 1)
    return bad(`has version ${version}, made by a newer workbench.`, "Update the workbench.");
  const parsed = runsSchema.safeParse(toPlain(json.value));
  if (!parsed.success) return bad(`is not a demix-runs file: ${explainIssue(parsed.error.issues[0]!)}`);
  const header = parsed.data;
  let floats = 0;
  for (const { task, items, width, offset } of header.blocks) {
    if (offset !== floats)
      return bad(`its block ${quote(task)} begins at float ${offset}, but ${floats} are before it.`);
    floats += items * width;
  }
  if (floats !== header.floats)
    return bad(`its blocks hold ${floats} floats, but "floats" is ${header.floats}.`);
  const wrong = header.rows.findIndex(
    (r) => r.subject.kind === "mixture" && !isMixture(r.subject.alpha, components),
  );
  if (wrong < 0) return ok(header);
  return bad(
    `"rows[${wrong}].subject.alpha" is no mixture of ${components} components: shares from 0 to 1 that sum to 1.`,
  );
}

/** Splits the binary part into rows; its length must be exactly rows × floats × 4 bytes. */
export function splitScores(header: RunsHeader, bytes: Uint8Array, file: string): Result<RunsFile> {
  const expected = header.rows.length * header.floats * 4;
  if (bytes.byteLength !== expected) {
    return fail(
      "bad-file",
      `has ${bytes.byteLength} bytes, ${expected} are needed for ${header.rows.length} rows.`,
      {
        file,
        remedy: "The file is cut or belongs to another JSON; fetch both again.",
      },
    );
  }
  const copy = bytes.slice().buffer;
  const scores = header.rows.map((_, i) => new Float32Array(copy, i * header.floats * 4, header.floats));
  return ok({ header, scores });
}

/** True when the rows can be read with this layout: same tasks, same blocks. */
export function fitsLayout(
  header: RunsHeader,
  layout: { hash: string; tasks: readonly { block: ScoreBlock }[] },
): boolean {
  return (
    header.tasks === layout.hash &&
    header.blocks.length === layout.tasks.length &&
    header.blocks.every((b, i) => {
      const block = layout.tasks[i]!.block;
      return (
        b.task === block.task &&
        b.items === block.items &&
        b.width === block.width &&
        b.offset === block.offset
      );
    })
  );
}

/** The runs of kind "references", as trained runs; rows without α, split or tokens are left out. */
export function trainedRuns(file: RunsFile): TrainedRun[] {
  return file.header.rows.flatMap((row, i) => {
    if (row.subject.kind !== "mixture" || row.tokens === undefined) return [];
    const { alpha } = row.subject;
    const { id, split = "report", seed = 0, tokens, fraction = 1 } = row;
    return [{ id, split, alpha, seed, tokens, fraction, scores: file.scores[i]! }];
  });
}

export const subjectOf = (row: RunRow): Subject =>
  row.subject.kind === "base" ? { kind: "base" } : { kind: "mixture", alpha: row.subject.alpha };

export const backendOf = (header: RunsHeader): BackendKind =>
  (["webgpu", "wasm-threads", "wasm", "native"] as const).find((b) => b === header.backend) ?? "imported";
