/** lm-eval's filters, with their own names and defaults; patterns are Python's. */
export type FilterStep =
  | { readonly function: "take_first" }
  | { readonly function: "take_first_k"; readonly k: number }
  | { readonly function: "majority_vote" }
  | { readonly function: "remove_whitespace" }
  | { readonly function: "lowercase" }
  | { readonly function: "uppercase" }
  | {
      readonly function: "map";
      readonly mapping: Readonly<Record<string, string | number>>;
      /** What an answer without entry becomes; null: it equals nothing. */
      readonly otherwise: string | number | null;
    }
  | {
      readonly function: "regex";
      readonly pattern: string;
      /** Index of the match; -1 is the last one. */
      readonly groupSelect: number;
      readonly fallback: string;
    }
  | {
      readonly function: "multi_choice_regex";
      readonly pattern: string;
      readonly groupSelect: number;
      readonly fallback: string;
      readonly ignoreCase: boolean;
      readonly ignorePunctuation: boolean;
      readonly regexesToIgnore: readonly string[];
    };

/** Filters one after another, under the name that results files show. */
export interface FilterPipeline {
  readonly name: string;
  readonly steps: readonly FilterStep[];
}
