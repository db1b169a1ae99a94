import { NativeSelect } from "@mantine/core";
import { choiceParameters, countObstacle, mixtureObstacle } from "../core/merge/choose-method";
import type { MergeChoice } from "../core/merge/merge-choice";
import { findMethod, MERGE_METHODS } from "../core/merge/registry";
import classes from "./MethodPicker.module.css";
import { ParameterField } from "./ParameterField";

/** A merge method and its parameters, as the registry describes them. */
export function MethodPicker(props: {
  readonly choice: MergeChoice;
  /** Number of components of the set. */
  readonly components: number;
  /** "mixtures": methods that take weights, for proxies. "recipes": those that take none, too. */
  readonly purpose: "mixtures" | "recipes";
  readonly onChange: (choice: MergeChoice) => void;
  readonly onBegin?: () => void;
  readonly onEnd?: () => void;
}) {
  const { choice, components, purpose, onChange, onBegin, onEnd } = props;
  const obstacle = purpose === "mixtures" ? mixtureObstacle : countObstacle;
  const found = findMethod(choice.name);
  const method = found.ok ? found.value : null;
  const parameters = method ? choiceParameters(method) : [];
  const set = (name: string, value: number) =>
    onChange({ name: choice.name, parameters: { ...choice.parameters, [name]: value } });
  const changed = parameters.some((p) => (choice.parameters[p.name] ?? p.default) !== p.default);
  return (
    <div className={classes.picker}>
      <NativeSelect
        size="xs"
        aria-label="Merge method"
        value={choice.name}
        onChange={(event) => onChange({ name: event.currentTarget.value, parameters: {} })}
        data={MERGE_METHODS.map((m) => {
          const why = obstacle(m, components);
          return { value: m.name, label: why ? `${m.label}: ${why}` : m.label, disabled: why !== null };
        })}
      />
      {method && <p className={classes.help}>{method.help}</p>}
      {parameters.map((p) => (
        <ParameterField
          key={`${choice.name} ${p.name}`}
          parameter={p}
          value={choice.parameters[p.name] ?? p.default}
          onChange={(value) => set(p.name, value)}
          {...(onBegin && { onBegin })}
          {...(onEnd && { onEnd })}
        />
      ))}
      <button
        type="button"
        className={classes.reset}
        disabled={!changed}
        onClick={() => onChange({ name: choice.name, parameters: {} })}
      >
        Reset to defaults
      </button>
    </div>
  );
}
