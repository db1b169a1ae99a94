import { choiceParameters } from "../core/merge/choose-method";
import type { MergeChoice } from "../core/merge/merge-choice";
import type { MergeParameter } from "../core/merge/merge-method";
import { findMethod } from "../core/merge/registry";

/** The method's name as people know it; its own where the registry lacks it. */
export function methodLabel({ name }: MergeChoice): string {
  const found = findMethod(name);
  return found.ok ? found.value.label : name;
}

export interface ParameterWords {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly help: string;
  readonly isDefault: boolean;
}

/** Every parameter of the choice with its value in words, defaults too. */
export function parameterWords({ name, parameters }: MergeChoice): readonly ParameterWords[] {
  const found = findMethod(name);
  if (!found.ok) return [];
  return choiceParameters(found.value).map((p) => {
    const value = parameters[p.name] ?? p.default;
    return {
      name: p.name,
      label: p.label,
      value: valueWords(p, value),
      help: p.help,
      isDefault: value === p.default,
    };
  });
}

export function valueWords({ kind, unit }: MergeParameter, value: number): string {
  if (kind === "switch") return value === 1 ? "on" : "off";
  return `${String(value).replace("-", "−")}${unit && ` ${unit}`}`;
}

/** "TIES, density 0.5": the method and what differs from its defaults. */
export function choiceWords(choice: MergeChoice): string {
  const changed = parameterWords(choice).filter((p) => !p.isDefault);
  return [methodLabel(choice), ...changed.map((p) => `${p.name} ${p.value}`)].join(", ");
}
