import type { OpenedComponentSet } from "../../core/checkpoint/open-set";
import type { BlockOps } from "../../core/merge/block-ops";
import { LINEAR, type MergeChoice, resolveChoice } from "../../core/merge/merge-choice";
import type { PlanComponent, TensorReader } from "../../core/merge/merge-plan";
import { ok, type Result } from "../../core/result";
import type { Subject } from "../../core/scoring/measurement";
import { mergedWeights, plainWeights, type SubjectWeights } from "./subject-weights";

/** The parts of a loaded set that are read when its model is streamed. */
export interface StreamedSet {
  readonly opened: Pick<OpenedComponentSet, "base" | "components">;
  readonly base: TensorReader;
  readonly components: readonly PlanComponent[];
}

export interface StreamedSubject {
  readonly weights: SubjectWeights;
  /** Bytes that one pass over the weights reads of all members together. */
  readonly passBytes: number;
  /** Whether the weights are put together from several models whenever they are read. */
  readonly merged: boolean;
  close?(): Promise<void>;
}

type Scorable = Subject | { readonly kind: "weights"; readonly reader: TensorReader };

/** What is to be scored, as weights that are read and merged piece by piece. */
export function streamedSubject(
  { opened, base, components }: StreamedSet,
  subject: Scorable,
  method: MergeChoice = LINEAR,
  ops: BlockOps,
): Result<StreamedSubject> {
  if (subject.kind !== "mixture") {
    const reader = subject.kind === "base" ? base : subject.reader;
    return ok({ weights: plainWeights(reader, ops), passBytes: opened.base.bytes, merged: false });
  }
  const choice = resolveChoice(method, components.length);
  if (!choice.ok) return choice;
  const { elementwise, weighted, base: wanted } = choice.value.method;
  const used = opened.components.filter((_, i) => !(elementwise && weighted) || subject.alpha[i] !== 0);
  const members = [...used.map((c) => c.checkpoint), ...(wanted === "unused" ? [] : [opened.base])];
  return ok({
    weights: mergedWeights({ base, components, ops }, { choice: choice.value, weights: subject.alpha }),
    passBytes: members.reduce((n, { bytes }) => n + bytes, 0),
    merged: members.length > 1,
  });
}
