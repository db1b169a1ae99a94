import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { sha256 } from "../../core/canonical";
import { fail, ok, type Result } from "../../core/result";
import { parseRunsHeader, type RunRow, type RunsHeader, splitScores } from "../../core/scoring/runs-file";
import type { ScoredSet } from "../scored-set";

const keyOf = ({ id, fraction }: Pick<RunRow, "id" | "fraction">): string => `${id} ${fraction ?? ""}`;

/** A demix-runs file in the making: rows that it already holds are kept, and every new row is on disk at once. */
export class RunsOutput {
  private readonly rows = new Map<string, { row: RunRow; scores: Float32Array }>();

  constructor(
    private readonly path: string,
    private readonly kind: RunsHeader["kind"],
    private readonly opened: ScoredSet,
    private readonly about: string,
  ) {}

  /** Takes over the rows of an existing file if it belongs to the same weights and tasks; counts them. */
  async resume(): Promise<Result<number>> {
    if (!existsSync(this.path)) return ok(0);
    const { set, tasks } = this.opened;
    const header = parseRunsHeader(readFileSync(this.path, "utf8"), this.path, set.spec.components.length);
    if (!header.ok) return header;
    const fits = header.value.set === set.hash && header.value.tasks === tasks.hash;
    if (!fits || header.value.floats !== tasks.floats) return ok(0);
    const bytes = readFileSync(this.binaryPath);
    if ((await sha256(bytes)) !== header.value.scoresSha256)
      return fail("bad-file", "does not have the SHA-256 that the JSON beside it states.", {
        file: this.binaryPath,
        remedy: "Delete both files and score again.",
      });
    const file = splitScores(header.value, bytes, this.binaryPath);
    if (!file.ok) return file;
    for (const [i, row] of header.value.rows.entries())
      this.rows.set(keyOf(row), { row, scores: file.value.scores[i]! });
    return ok(this.rows.size);
  }

  has(row: Pick<RunRow, "id" | "fraction">): boolean {
    return this.rows.has(keyOf(row));
  }

  get size(): number {
    return this.rows.size;
  }

  /** Adds a row and writes both files; `order` lists the rows that may stand in the file, in their order. */
  async add(
    row: RunRow,
    scores: Float32Array,
    order: readonly Pick<RunRow, "id" | "fraction">[],
  ): Promise<void> {
    this.rows.set(keyOf(row), { row, scores });
    await this.write(order);
  }

  async write(order: readonly Pick<RunRow, "id" | "fraction">[]): Promise<void> {
    const { set, tasks, backend } = this.opened;
    const entries = order.flatMap((row) => this.rows.get(keyOf(row)) ?? []);
    const floats = new Float32Array(entries.length * tasks.floats);
    for (const [i, { scores }] of entries.entries()) floats.set(scores, i * tasks.floats);
    const bytes = new Uint8Array(floats.buffer);
    const header: RunsHeader = {
      format: "demix-runs",
      version: 1,
      kind: this.kind,
      set: set.hash,
      tasks: tasks.hash,
      blocks: tasks.tasks.map((t) => ({ ...t.block })),
      floats: tasks.floats,
      scoresFile: basename(this.binaryPath),
      scoresSha256: await sha256(bytes),
      backend: backend.kind,
      versions: backend.versions,
      made: new Date().toISOString(),
      about: this.about,
      rows: entries.map((e) => e.row),
    };
    const { rows, ...head } = header;
    const list = rows.map((row) => JSON.stringify(row)).join(",\n");
    mkdirSync(dirname(this.path), { recursive: true });
    writeWhole(this.binaryPath, bytes);
    writeWhole(this.path, `${JSON.stringify(head, null, 1).slice(0, -2)},\n "rows": [\n${list}\n]}\n`);
  }

  private get binaryPath(): string {
    return this.path.replace(/\.json$/, ".f32");
  }
}

export function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}
