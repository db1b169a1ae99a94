import type { ScoringMode } from "../scoring/task";
import type { BenchmarkId } from "./benchmark";

export interface ModeInfo {
  readonly label: string;
  /** What the mode does, and where it differs from lm-eval, for people. */
  readonly about: string;
  /** What is to be said of one benchmark in this mode. */
  notes(id: BenchmarkId): readonly string[];
}

/** The scoring modes by name. OpenCompass's prompts are those of its default configurations for base models, August 2026. */
export const MODES: Readonly<Record<ScoringMode, ModeInfo>> = {
  "lm-eval": {
    label: "lm-eval",
    about:
      "lm-eval scores the answer alone: the log-likelihood of its tokens behind the prompt, as a sum (acc) or divided by the answer's characters (acc_norm).",
    notes: (id) =>
      id === "minerva_math"
        ? [
            "exact_match compares values where lm-eval asks sympy; math_verify is not computed. lm-eval names one task a subject.",
          ]
        : [],
  },
  "opencompass-ppl": {
    label: "OpenCompass PPL",
    about:
      "OpenCompass's PPL mode scores prompt and answer as one text: the option whose whole text has the smallest mean loss is chosen. The prompt's tokens count too, so a long option gains where lm-eval's sum loses; prompt and answer are joined by a line break; no token stands before the text unless the tokenizer adds one.",
    notes: (id) => {
      if (id === "winogrande")
        return [
          "Scored is \"Good sentence: \" and the sentence with the option in its place; OpenCompass's default for WinoGrande is another mode (LL), which skips as many tokens as the sentence's end has.",
        ];
      if (id === "hellaswag")
        return ["The activity's name before the context is left out, as OpenCompass does."];
      return [];
    },
  },
  "opencompass-gen": {
    label: "OpenCompass GEN",
    about:
      "OpenCompass's GEN mode shows the options under letters, lets the model generate and looks for a letter in the text. A base model that ignores the letters scores near chance. Searched are OpenCompass's English phrases; its Chinese ones are left out.",
    notes: (id) =>
      id === "hellaswag"
        ? ["Without shots; OpenCompass's default for HellaSwag shows ten from its own training sample."]
        : [],
  },
};
