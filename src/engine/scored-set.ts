import type { SetInfo } from "../core/checkpoint/component-set";
import { fail, ok, type Result } from "../core/result";
import type { TaskSetLayout } from "../core/scoring/task";
import type { OpenedSet } from "../protocol/engine-protocol";

/** An opened set that can be scored here, and whose weights are known by their checksums. */
export interface ScoredSet extends OpenedSet {
  readonly set: SetInfo & { readonly hash: string };
  readonly tasks: TaskSetLayout;
}

/** The same set, or why nothing can be measured with it. */
export function scoredSet(opened: OpenedSet): Result<ScoredSet> {
  const { set, tasks, unscored } = opened;
  if (!tasks)
    return unscored
      ? { ok: false, problem: unscored }
      : fail("bad-set", "the set has no tasks, so nothing is measured.");
  const { hash } = set;
  if (hash === null)
    return fail("bad-set", "the set's weights were not read yet, so measurements cannot be told apart.", {
      remedy: "Check the set's health first.",
    });
  return ok({ ...opened, set: { ...set, hash }, tasks });
}
