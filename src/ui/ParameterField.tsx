import { useId, useState } from "react";
import { type MergeParameter, settingProblem } from "../core/merge/merge-method";
import classes from "./MethodPicker.module.css";

interface FieldProps {
  readonly parameter: MergeParameter;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly onBegin?: () => void;
  readonly onEnd?: () => void;
}

/** Steps of a slider over its whole range. */
const STEPS = 200;

/** One parameter with its help: a switch, or a number with a slider where one can aim with it. */
export function ParameterField(props: FieldProps) {
  const { parameter, value, onChange } = props;
  const { label, help, kind, name } = parameter;
  const id = useId();
  const about = `${id}-about`;
  return (
    <div className={classes.parameter}>
      <div className={classes.row}>
        <label htmlFor={id} title={`mergekit: ${name}`}>
          {label}
        </label>
        {kind === "switch" ? (
          <input
            id={id}
            type="checkbox"
            checked={value === 1}
            aria-describedby={about}
            onChange={(event) => onChange(event.target.checked ? 1 : 0)}
          />
        ) : (
          <NumberField {...props} id={id} about={about} />
        )}
        {name === "seed" && (
          <button
            type="button"
            className={classes.small}
            onClick={() => onChange(Math.floor(Math.random() * 1e6))}
          >
            Draw another
          </button>
        )}
      </div>
      {isAimable(parameter) && <Slider {...props} />}
      <p id={about} className={classes.help}>
        {help}
      </p>
    </div>
  );
}

/** A slider cannot reach a default that lies within its first step. */
const isAimable = ({ kind, min, max, default: initial }: MergeParameter): boolean =>
  kind === "number" && max - min <= 100 && (initial === min || initial - min >= (max - min) / STEPS);

function Slider({ parameter, value, onChange, onBegin, onEnd }: FieldProps) {
  const { label, min, max } = parameter;
  return (
    <input
      type="range"
      className={classes.slider}
      aria-label={`${label}, slider`}
      min={min}
      max={max}
      step={(max - min) / STEPS}
      value={value}
      onPointerDown={onBegin}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
      onChange={(event) => onChange(Number(Number(event.target.value).toPrecision(6)))}
    />
  );
}

/** Enter or leaving the field takes the number over; one out of range is refused in words. */
function NumberField({
  parameter,
  value,
  onChange,
  id,
  about,
}: FieldProps & { readonly id: string; readonly about: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const typed =
    draft === null ? value : Number(draft.trim().replace(",", ".").replace("−", "-") || Number.NaN);
  const problem = draft === null ? null : settingProblem(parameter, typed);
  const commit = () => {
    if (draft !== null && problem === null) onChange(typed);
    setDraft(null);
  };
  return (
    <>
      <input
        id={id}
        className={classes.number}
        inputMode="decimal"
        aria-describedby={about}
        aria-invalid={problem !== null}
        value={draft ?? String(value)}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setDraft(null);
        }}
      />
      {parameter.unit && <span>{parameter.unit}</span>}
      {problem && (
        <span className={classes.problem} role="alert">
          {problem}
        </span>
      )}
    </>
  );
}
