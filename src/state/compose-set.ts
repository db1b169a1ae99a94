import type { CheckpointSummary } from "../core/checkpoint/checkpoint-summary";
import type { ComponentSetSpec } from "../core/checkpoint/component-set";
import type { MemberSource } from "../core/checkpoint/member-source";
import { newSetSpec } from "../core/checkpoint/new-set-spec";
import { fail, ok, type Problem, type Result } from "../core/result";
import type { FolderRef } from "../protocol/folder-ref";

export type CandidateCheck =
  | { readonly phase: "checking" }
  | { readonly phase: "fine"; readonly summary: CheckpointSummary }
  | { readonly phase: "refused"; readonly problem: Problem };

/** A checkpoint that was found, and what somebody says of it; numbers as typed, empty where nobody knows. */
export interface Candidate {
  readonly key: string;
  /** Where it was found, as people know it. */
  readonly name: string;
  readonly source: MemberSource;
  readonly ref: FolderRef;
  /** The chosen folder that holds it. */
  readonly root: FileSystemDirectoryHandle | null;
  readonly check: CandidateCheck;
  /** Why it did not fit the others when the set was opened. */
  readonly problem: Problem | null;
  readonly used: boolean;
  readonly label: string;
  readonly trainedOn: string;
  readonly general: boolean;
  readonly beta: string;
  readonly supply: string;
}

export interface SetDraft {
  readonly name: string;
  /** General share with which effective data shares are computed, as typed. */
  readonly beta: string;
  /** Key of the base; null until there is one. */
  readonly base: string | null;
  readonly candidates: readonly Candidate[];
}

export const EMPTY_DRAFT: SetDraft = { name: "My set", beta: "0.5", base: null, candidates: [] };

export interface ComposedSet {
  readonly spec: ComponentSetSpec;
  readonly folders: Readonly<Record<string, FolderRef>>;
  readonly roots: readonly FileSystemDirectoryHandle[];
  /** Member ids by candidate key. */
  readonly ids: ReadonlyMap<string, string>;
}

/** A candidate as it is found, before anybody said anything of it. */
export function newCandidate(
  found: Pick<Candidate, "name" | "source" | "ref" | "root">,
  key: string,
): Candidate {
  const label = labelOf(found.name);
  return {
    ...found,
    key,
    check: { phase: "checking" },
    problem: null,
    used: true,
    label,
    trainedOn: "",
    general: /(^|[^a-z])general([^a-z]|$)/i.test(label),
    beta: "",
    supply: "",
  };
}

/** The last part of a path that says something. */
function labelOf(name: string): string {
  const parts = name
    .replace(/@.*$/, "")
    .split("/")
    .filter((part) => part !== "");
  return parts.at(-1) ?? name;
}

/** Adds what was found; what is there already (by its source) is not added again. The base is guessed by its name. */
export function withFound(draft: SetDraft, found: readonly Candidate[]): SetDraft {
  const known = new Set(draft.candidates.map((c) => sourceKey(c)));
  const fresh = found.filter((c) => !known.has(sourceKey(c)));
  const candidates = [...draft.candidates, ...fresh];
  const general = candidates.find((c) => c.general);
  const base = draft.base ?? guessBase(candidates);
  return {
    ...draft,
    base,
    candidates: candidates.map((c) => ({ ...c, general: c === general && c.key !== base })),
  };
}

/** Two folders of one name may lie in different places: only addresses tell a checkpoint. */
const sourceKey = ({ source, key }: Candidate): string =>
  source.kind === "local" ? key : JSON.stringify(source);

const guessBase = (candidates: readonly Candidate[]): string | null =>
  candidates.find((c) => /(^|[^a-z])(base|init)([^a-z]|$)/i.test(c.label))?.key ?? candidates[0]?.key ?? null;

/** The set that the draft describes, with its members' folders. */
export function composeSet(draft: SetDraft): Result<ComposedSet> {
  const bad = (message: string, remedy: string) => fail("bad-set", message, { remedy });
  const base = draft.candidates.find((c) => c.key === draft.base);
  if (!base)
    return bad("No checkpoint is marked as the base.", "Mark the model that all others started from.");
  const used = draft.candidates.filter((c) => c.used && c !== base);
  if (used.length === 0)
    return bad("The set has no component.", "Add the checkpoints that were trained from the base.");
  const refused = [base, ...used].find((c) => c.check.phase === "refused");
  if (refused)
    return bad(`"${refused.name}" cannot be opened.`, "Leave it out, or put it right and add it again.");
  const beta = share(draft.beta);
  if (beta === null) return bad(`β is ${draft.beta || "empty"}.`, "Give a share from 0 to 1.");
  const components = [];
  for (const c of used) {
    const own = c.beta.trim() === "" ? undefined : share(c.beta);
    if (own === null)
      return bad(`β of "${c.label}" is ${c.beta}.`, "Give a share from 0 to 1, or leave it empty.");
    const supply = c.supply.trim() === "" ? undefined : tokenCount(c.supply);
    if (supply === null)
      return bad(
        `The token supply of "${c.label}" is ${c.supply}.`,
        "Give a number of tokens, such as 1500000 or 1.5 M, or leave it empty.",
      );
    components.push({
      label: c.label.trim() || c.name,
      source: c.source,
      trainedOn: c.trainedOn.trim(),
      general: c.general,
      beta: own ?? null,
      supplyTokens: supply ?? null,
    });
  }
  const spec = newSetSpec({
    name: draft.name.trim() || "My set",
    beta,
    base: { label: base.label.trim() || base.name, source: base.source },
    components,
  });
  if (!spec.ok) return spec;
  const members = [spec.value.base, ...spec.value.components];
  const chosen = [base, ...used];
  return ok({
    spec: spec.value,
    folders: Object.fromEntries(chosen.map((c, i) => [members[i]!.id, c.ref])),
    roots: [...new Set(chosen.flatMap((c) => (c.root ? [c.root] : [])))],
    ids: new Map(chosen.map((c, i) => [c.key, members[i]!.id])),
  });
}

function share(text: string): number | null {
  const value = Number(text.trim().replace(",", ".") || Number.NaN);
  return value >= 0 && value <= 1 ? value : null;
}

const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

/** "1500000", "1.5 M" or "2b" tokens; null for anything else. */
export function tokenCount(text: string): number | null {
  const [, digits, unit] = /^\s*([\d_,.\s]*\d)\s*([kmbt]?)\s*$/i.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const value = Number(digits.replace(/[_,\s]/g, "")) * FACTORS[unit.toLowerCase()]!;
  return Number.isFinite(value) ? Math.round(value) : null;
}

/** What messages of the engine call a folder. */
export function refName(ref: FolderRef): string {
  switch (ref.kind) {
    case "handle":
      return ref.handle.name;
    case "files":
      return ref.name;
    case "http":
      return new URL(ref.url).pathname.replace(/^\/+|\/+$/g, "");
    case "hub":
      return `hf://${ref.repo}@${ref.revision}`;
    case "opfs":
      return `browser storage/${ref.path}`;
  }
}

/** The candidate that a problem is about; null where it is about none or cannot be told. */
export function candidateOf(candidates: readonly Candidate[], { file }: Problem): Candidate | null {
  if (!file) return null;
  const named = candidates.filter(({ ref }) => {
    const name = refName(ref);
    return file === name || file.startsWith(`${name}/`);
  });
  return named.length === 1 ? named[0]! : null;
}
