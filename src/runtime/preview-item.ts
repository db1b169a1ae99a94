import { type ItemRequests, itemRequests } from "../core/scoring/requests";
import type { Item, TaskSpec } from "../core/scoring/task";
import type { TextTokenizer } from "../core/scoring/tokenizer";
import type { ItemPreview } from "../protocol/task-protocol";
import { tokenTexts } from "./token-texts";

/** Exactly what is asked of the model for an item, and how much of it the model's longest input cuts off. */
export function previewItem(
  item: Item,
  { outputType }: TaskSpec,
  tokenizer: TextTokenizer,
  maxLength: number,
): ItemPreview {
  const asked = itemRequests(item, outputType, tokenizer, maxLength);
  const whole =
    outputType === "loglikelihood_rolling"
      ? null
      : itemRequests(item, outputType, tokenizer, Number.POSITIVE_INFINITY);
  const cut = (length: (requests: ItemRequests) => number): number =>
    whole ? length(whole) - length(asked) : 0;
  const { generate } = asked;
  return {
    sequences: asked.sequences.map(({ tokens, from }, s) => ({
      tokens: tokenTexts(tokens, tokenizer),
      from,
      cut: cut((r) => r.sequences[s]!.tokens.length),
    })),
    generation: generate
      ? {
          prompt: tokenTexts(generate.prompt, tokenizer),
          cut: cut((r) => r.generate!.prompt.length),
          until: generate.until,
          maxTokens: generate.maxTokens,
        }
      : null,
  };
}
