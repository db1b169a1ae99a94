import { useId } from "react";
import classes from "./Choice.module.css";

export interface ChoiceOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly title?: string;
}

/** One of a few, as joined buttons: radio buttons to the keyboard and to screen readers. */
export function Choice<T extends string>(props: {
  readonly label: string;
  readonly options: readonly ChoiceOption<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}) {
  const name = useId();
  return (
    <fieldset className={classes.choice} aria-label={props.label} disabled={props.disabled}>
      {props.options.map(({ value, label, title }) => (
        <label key={value} className={classes.option} title={title}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
