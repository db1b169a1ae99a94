import { useState } from "react";
import classes from "./ScentedSlider.module.css";

/** An editable percentage with one decimal; Enter or leaving the field takes it over, Escape does not. */
export function ShareField(props: {
  readonly label: string;
  readonly share: number;
  readonly disabled: boolean;
  readonly onCommit: (share: number) => void;
}) {
  const { label, share, disabled, onCommit } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    const value = Number((draft ?? "").trim().replace(",", ".").replace("%", ""));
    if (draft !== null && draft.trim() !== "" && Number.isFinite(value)) {
      onCommit(Math.min(1, Math.max(0, value / 100)));
    }
    setDraft(null);
  };
  return (
    <input
      className={classes.field}
      inputMode="decimal"
      aria-label={label}
      disabled={disabled}
      value={draft ?? (share * 100).toFixed(1)}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}
