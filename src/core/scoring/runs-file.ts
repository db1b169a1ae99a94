import * as z from "zod/mini";
import { isMixture } from "../mixture/mixture";
import { fail, ok, type Result } from "../result";
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

const rowSchema = z.object({
  id: z.string(),
  subject: subjectSchema,
  split: z.optional(z.enum(["report", "tune"])),
  seed: z.optional(z.number()),
  tokens: z.optional(z.number()),
  fraction: z.optional(z.number()),
  seconds: z.optional(z.number()),
});

const runsSchema = z.object({
  format: z.literal("demix-runs"),
  version: z.number(),
  kind: z.enum(["references", "design"]),
  set: z.string(),
  tasks: z.string(),
  blocks: z.array(z.object({ task: z.string(), items: z.number(), width: z.number(), offset: z.number() })),
  floats: z.number(),
  scoresFile: z.string(),
  scoresSha256: z.string(),
  backend: z.string(),
  versions: z.record(z.string(), z.string()),
  made: z.string(),
  about: z.optional(z.string()),
  rows: z.array(rowSchema).check(z.maxLength(100_000)),
});

export type RunRow = z.infer<typeof rowSchema>;
export type RunsHeader = z.infer<typeof runsSchema>;

export interface RunsFile {
  readonly header: RunsHeader;
  /** One row of item scores per entry of header.rows. */
  readonly scores: readonly Float32Array[];
}

/** Parses and checks the JSON part; `components` is the length that every α must have. */
export function parseRunsHeader(text: string, file: string, components: number): Result<RunsHeader> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail("bad-file", "is not JSON.", { file, remedy: "Fetch the set again or make the file anew." });
  }
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1) {
    return fail("bad-file", `has version ${version}, made by a newer workbench.`, {
      file,
      remedy: "Update the workbench.",
    });
  }
  const parsed = runsSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail(
      "bad-file",
      `is not a demix-runs file: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}.`,
      { file },
    );
  }
  const header = parsed.data;
  const floats = header.blocks.reduce((n, b) => n + b.items * b.width, 0);
  if (floats !== header.floats)
    return fail("bad-file", `blocks hold ${floats} floats, the file says ${header.floats}.`, { file });
  const wrong = header.rows.find(
    (r) => r.subject.kind === "mixture" && !isMixture(r.subject.alpha, components),
  );
  if (wrong)
    return fail("bad-file", `row ${wrong.id} has α off the simplex of ${components} components.`, { file });
  return ok(header);
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
