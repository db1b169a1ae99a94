import { type ItemRequests, itemRequests, requestOptions } from "../core/scoring/requests";
import type { Item, TaskSpec } from "../core/scoring/task";
import type { TextTokenizer } from "../core/scoring/tokenizer";
import type { ItemPreview } from "../protocol/task-protocol";
import { tokenTexts } from "./token-texts";

/** Exactly what is asked of the model for an item, and how much of it the model's longest input cuts off. */
export function previewItem(
  item: Item,
  spec: TaskSpec,
  tokenizer: TextTokenizer,
  maxLength: number,
): ItemPreview {
  const { outputType } = spec;
  const options = requestOptions(spec);
  const asked = itemRequests(item, outputType, tokenizer, maxLength, options);
  const whole =
    outputType === "loglikelihood_rolling"
      ? null
      : itemRequests(item, outputType, tokenizer, Number.POSITIVE_INFINITY, options);
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
