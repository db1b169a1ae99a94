import type { Item } from "../scoring/task";
import {
  type Benchmark,
  choiceModes,
  choiceRules,
  type ItemContext,
  type LeftOut,
  leftOut,
} from "./benchmark";
import { choiceItem, lettered, optionItem, pplItem } from "./choice-item";
import { hasFields, type Row, textField, wholeField } from "./row";

function piqaItem(row: Row, context: ItemContext): Item | LeftOut {
  const goal = textField(row, "goal");
  const solutions = [textField(row, "sol1"), textField(row, "sol2")];
  if (goal === undefined || solutions[0] === undefined || solutions[1] === undefined)
    return leftOut("goal, sol1 or sol2 is no text");
  const choices = [solutions[0], solutions[1]];
  const gold = wholeField(row, "label");
  if (gold === undefined || gold === -1) return leftOut("label is missing");
  if (gold !== 0 && gold !== 1) return leftOut("label is neither 0 nor 1");
  if (context.mode === "lm-eval") return choiceItem(row, `Question: ${goal}\nAnswer:`, choices, gold);
  if (context.mode === "opencompass-ppl")
    return pplItem(
      row,
      `The following makes sense: \nQ: ${goal}\nA: `,
      choices.map((solution) => `${solution}\n`),
      gold,
    );
  return optionItem(row, `${goal}\n${lettered(choices)}\nAnswer:`, 2, gold, context);
}

export const piqa: Benchmark = {
  id: "piqa",
  label: "PIQA",
  domain: "general",
  version: 1,
  licence: "Academic Free License 3.0 (Bisk et al.)",
  fields: "goal, sol1, sol2, label (or a file of labels beside it, one a line)",
  reports:
    "acc_norm and acc: share of goals whose right solution is the likelier, per character or as a whole.",
  shots: 0,
  modes: choiceModes,
  recognises: (row) => hasFields(row, "goal", "sol1", "sol2"),
  rules: (mode) => choiceRules(mode, true),
  item: piqaItem,
};
