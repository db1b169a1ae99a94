import type { ItemFacts, MetricId, OutputType, TaskLayout, TaskSetLayout } from "./task";

export interface SmallTask {
  readonly id: string;
  readonly domain: string;
  readonly outputType: OutputType;
  readonly accuracy: MetricId;
  readonly continuous: MetricId;
  readonly facts: readonly ItemFacts[];
}

/** A task set made by hand, for tests: item facts given, no texts. */
export function smallLayout(tasks: readonly SmallTask[]): TaskSetLayout {
  let offset = 0;
  const layouts = tasks.map((t): TaskLayout => {
    const widest = Math.max(...t.facts.map((f) => f.tokens.length));
    const width = t.outputType === "multiple_choice" ? widest : 2;
    const block = { task: t.id, items: t.facts.length, width, offset };
    offset += block.items * width;
    return {
      spec: {
        id: t.id,
        label: t.id,
        domain: t.domain,
        outputType: t.outputType,
        accuracyMetric: t.accuracy,
        continuousMetric: t.continuous,
        about: "",
        itemsFile: "",
        itemsSha256: "",
        items: t.facts.length,
      },
      block,
      facts: t.facts,
    };
  });
  const domains = [...new Set(tasks.map((t) => t.domain))].map((id) => ({ id, label: id }));
  return { hash: "small", name: "small", domains, tasks: layouts, floats: offset };
}

/** Facts of a choice item; characters and bytes from the choices' lengths. */
export const choiceFacts = (gold: number, lengths: readonly number[]): ItemFacts => ({
  gold,
  bytes: lengths,
  chars: lengths,
  tokens: lengths.map(() => 1),
});

/** Facts of a text or target. */
export const textFacts = (bytes: number, tokens: number): ItemFacts => ({
  gold: 0,
  bytes: [bytes],
  chars: [bytes],
  tokens: [tokens],
});
