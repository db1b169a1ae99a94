import { IconX } from "@tabler/icons-react";
import type { CheckpointSummary } from "../../core/checkpoint/checkpoint-summary";
import { sentence } from "../../core/result";
import type { Candidate } from "../../state/compose-set";
import { useController } from "../../state/controller-context";
import { setDraft } from "../../state/opening-store";
import { amount, bytes } from "../../ui/amounts";
import classes from "./OpenSet.module.css";

/** One checkpoint: what it is, what it is in the set, and what is wrong with it. */
export function CandidateRow(props: { readonly candidate: Candidate; readonly isBase: boolean }) {
  const { finder } = useController();
  const { candidate, isBase } = props;
  const { key, name, check } = candidate;
  const problem = candidate.problem ?? (check.phase === "refused" ? check.problem : null);
  const adapter = check.phase === "fine" && check.summary.kind === "adapter";
  const change = (patch: Partial<Candidate>) =>
    setDraft((draft) => ({
      ...draft,
      candidates: draft.candidates.map((c) =>
        c.key === key
          ? { ...c, ...patch, problem: null }
          : patch.general === true
            ? { ...c, general: false }
            : c,
      ),
    }));
  const remove = () =>
    setDraft((draft) => {
      const candidates = draft.candidates.filter((c) => c.key !== key);
      return { ...draft, candidates, base: isBase ? (candidates[0]?.key ?? null) : draft.base };
    });
  const field = (what: "label" | "trainedOn" | "beta" | "supply", words: string, short = false) => (
    <input
      className={short ? classes.short : undefined}
      aria-label={`${name}: ${words}`}
      value={candidate[what]}
      disabled={(isBase && what !== "label") || !candidate.used}
      onChange={(event) => change({ [what]: event.target.value })}
    />
  );
  return (
    <>
      <tr data-out={!candidate.used && !isBase} data-problem={problem !== null}>
        <td>
          <input
            type="checkbox"
            aria-label={`${name}: in the set`}
            checked={candidate.used || isBase}
            disabled={isBase}
            onChange={(event) => change({ used: event.target.checked })}
          />
        </td>
        <td>
          <input
            type="radio"
            name="set-base"
            aria-label={`${name}: base`}
            checked={isBase}
            disabled={adapter}
            onChange={() => setDraft((draft) => ({ ...draft, base: key }))}
          />
        </td>
        <th scope="row">
          <span className={classes.name}>{name}</span>
          <span className={classes.summary}>
            {check.phase === "checking" && "reading …"}
            {check.phase === "fine" && summaryWords(check.summary)}
          </span>
        </th>
        <td>{field("label", "label")}</td>
        <td>{field("trainedOn", "trained on")}</td>
        <td>
          <input
            type="checkbox"
            aria-label={`${name}: general`}
            checked={candidate.general && !isBase}
            disabled={isBase || !candidate.used}
            onChange={(event) => change({ general: event.target.checked })}
          />
        </td>
        <td>{field("beta", "β", true)}</td>
        <td>{field("supply", "token supply", true)}</td>
        <td>
          <button type="button" className={classes.icon} aria-label={`Remove ${name}`} onClick={remove}>
            <IconX size={15} aria-hidden="true" />
          </button>
        </td>
      </tr>
      {problem && (
        <tr className={classes.problemRow}>
          <td colSpan={2} />
          <td colSpan={7} role="alert">
            {sentence(problem)}{" "}
            <button type="button" className={classes.link} onClick={() => finder.tryAgain(key)}>
              Try again
            </button>
          </td>
        </tr>
      )}
    </>
  );
}

function summaryWords({ kind, architecture, parameters, dtype, bytes: size }: CheckpointSummary): string {
  const what = kind === "adapter" ? "LoRA adapter" : (architecture ?? "model");
  return `${what} · ${amount(parameters)} parameters · ${dtype} · ${bytes(size)}`;
}
