import { canonicalJson, sha256 } from "../canonical";
import type { ComponentSetSpec, SetMember } from "./component-set";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from "./lora-adapter";

/** SHA-256 of each file of each member: member id → file → hex. */
export type SetSums = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The content address of a set's weights, by which measurements are known: the checksums of base and components in
 * order. Names, labels and notes are no part of it. Null where a member states no checksum, or an adapter only that of its
 * weights: its config fixes their scale.
 */
export async function setHash(spec: ComponentSetSpec): Promise<string | null> {
  const members: SetMember[] = [spec.base, ...spec.components];
  if (!members.every(isComplete)) return null;
  const [base, ...components] = members.map((m) => m.sha256);
  return sha256(canonicalJson({ base, components }));
}

function isComplete({ sha256 }: SetMember): boolean {
  if (!sha256 || Object.keys(sha256).length === 0) return false;
  return !Object.hasOwn(sha256, ADAPTER_WEIGHTS) || Object.hasOwn(sha256, ADAPTER_CONFIG);
}

/** The set with the checksums that were computed, for members that stated none or too few; stated ones stay. */
export function withSums(spec: ComponentSetSpec, sums: SetSums): ComponentSetSpec {
  const fill = <T extends SetMember>(member: T): T => {
    if (isComplete(member)) return member;
    const sha256 = { ...sums.get(member.id), ...member.sha256 };
    return Object.keys(sha256).length > 0 ? { ...member, sha256 } : member;
  };
  return { ...spec, base: fill(spec.base), components: spec.components.map(fill) };
}
