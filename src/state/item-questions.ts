import { useEffect, useState } from "react";
import type { Problem, Result } from "../core/result";
import type { ItemMeasurement, ItemPreview } from "../protocol/task-protocol";
import { useController } from "./controller-context";
import { useWorkbench } from "./workbench-store";

export type Answer<T> =
  | { readonly phase: "waiting" }
  | { readonly phase: "ready"; readonly value: T }
  | { readonly phase: "failed"; readonly problem: Problem };

export type { ItemMeasurement, ItemPreview };

/** Exactly what is asked of the model for an item of the tasks in use; waits until the engine has them. */
export function useItemPreview(tasks: string, task: number, item: number): Answer<ItemPreview> {
  const controller = useController();
  const ready = useWorkbench((s) => s.engine.phase === "ready");
  const place = `${tasks} ${task} ${item}`;
  const [answer, setAnswer] = useState<{ place: string; answer: Answer<ItemPreview> } | null>(null);
  useEffect(() => {
    const engine = controller.engine();
    if (!ready || !engine) return;
    const mine = new AbortController();
    void engine.previewItem(mine.signal, task, item).then((result) => {
      if (!mine.signal.aborted) setAnswer({ place, answer: answerOf(result) });
    });
    return () => mine.abort();
  }, [controller, ready, task, item, place]);
  return answer?.place === place ? answer.answer : { phase: "waiting" };
}

export const answerOf = <T>(result: Result<T>): Answer<T> =>
  result.ok ? { phase: "ready", value: result.value } : { phase: "failed", problem: result.problem };
