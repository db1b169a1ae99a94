import type { Result } from "../result";
import type { ComponentSetSpec } from "./component-set";
import { type MemberSource, sourceText } from "./member-source";
import { parseSetSpec, setSpecText } from "./set-spec";

/** A chosen folder that becomes a member of a set. */
export interface NewMember {
  readonly label: string;
  readonly source: MemberSource;
  readonly sha256?: Readonly<Record<string, string>>;
}

/** What is left out is not known. */
export interface NewComponent extends NewMember {
  readonly trainedOn?: string;
  readonly general?: boolean;
  readonly beta?: number | null;
  readonly trainTokens?: number | null;
  readonly supplyTokens?: number | null;
  readonly licences?: readonly string[];
}

export interface NewSet {
  readonly name: string;
  readonly base: NewMember;
  readonly components: readonly NewComponent[];
  /** General share with which effective data shares are computed; the paper's 0.5 when absent. */
  readonly beta?: number;
  readonly tasks?: string;
}

/** A set of opened folders. Ids are made from labels; refused where `parseSetSpec` would refuse it. */
export function newSetSpec({ name, base, components, beta = 0.5, tasks }: NewSet): Result<ComponentSetSpec> {
  const taken = new Set<string>();
  const member = ({ label, source, sha256 }: NewMember) => ({
    id: freeId(label, taken),
    label,
    source: sourceText(source),
    ...(sha256 && { sha256 }),
  });
  const spec: ComponentSetSpec = {
    format: "demix-set",
    version: 2,
    name,
    beta,
    base: member(base),
    components: components.map((c) => ({
      ...member(c),
      trainedOn: c.trainedOn ?? "",
      general: c.general ?? false,
      beta: c.beta ?? null,
      trainTokens: c.trainTokens ?? null,
      supplyTokens: c.supplyTokens ?? null,
      ...(c.licences && { licences: c.licences }),
    })),
    ...(tasks !== undefined && { tasks }),
  };
  return parseSetSpec(setSpecText(spec), name);
}

const LONGEST = 60;

/** Letters, digits, dots, dashes and underscores of the label, with a number where it is taken. */
function freeId(label: string, taken: Set<string>): string {
  const plain = label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, LONGEST);
  const stem = plain === "" ? "model" : plain;
  let id = stem;
  for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`;
  taken.add(id);
  return id;
}
