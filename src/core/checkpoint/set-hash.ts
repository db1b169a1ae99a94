import { canonicalJson, sha256 } from "../canonical";
import type { ComponentSetSpec, SetMember } from "./component-set";

/** SHA-256 of each file of each member: member id → file → hex. */
export type SetSums = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The content address of a set's weights, by which measurements are known: the checksums of base and components in
 * order. Names, labels and notes are no part of it. Null where a member states no checksum.
 */
export async function setHash(spec: ComponentSetSpec): Promise<string | null> {
  const members: SetMember[] = [spec.base, ...spec.components];
  if (members.some((m) => !m.sha256 || Object.keys(m.sha256).length === 0)) return null;
  const [base, ...components] = members.map((m) => m.sha256);
  return sha256(canonicalJson({ base, components }));
}

/** The set with the checksums that were computed, for members that stated none; stated ones stay. */
export function withSums(spec: ComponentSetSpec, sums: SetSums): ComponentSetSpec {
  const fill = <T extends SetMember>(member: T): T => {
    const sha256 = member.sha256 ?? sums.get(member.id);
    return sha256 ? { ...member, sha256 } : member;
  };
  return { ...spec, base: fill(spec.base), components: spec.components.map(fill) };
}
