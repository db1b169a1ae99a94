import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { setSpecText } from "../../core/checkpoint/set-spec";
import { composeSet, EMPTY_DRAFT } from "../../state/compose-set";
import { useController } from "../../state/controller-context";
import { setDraft, useOpening } from "../../state/opening-store";
import { download } from "../../ui/download";
import { CandidateRow } from "./CandidateRow";
import classes from "./OpenSet.module.css";

/** The checkpoints that were found, what each is in the set, and the set's own figures. */
export function ComposeSet() {
  const { sets } = useController();
  const draft = useOpening((s) => s.draft);
  const busy = useOpening((s) => s.opening !== null);
  const checking = draft.candidates.some((c) => c.check.phase === "checking");
  const composed = composeSet(draft);
  const save = () => {
    if (composed.ok) download("demix-set.json", [setSpecText(composed.value.spec)], "application/json");
    else useOpening.setState({ problem: composed.problem });
  };
  return (
    <section className={classes.panel} aria-labelledby="compose">
      <div className={classes.composeHead}>
        <h3 id="compose">The set</h3>
        <label>
          name{" "}
          <input
            value={draft.name}
            maxLength={200}
            onChange={(event) => setDraft((d) => ({ ...d, name: event.target.value }))}
          />
        </label>
        <label title="General share with which effective data shares are computed; the paper's is 0.5">
          β{" "}
          <input
            className={classes.short}
            inputMode="decimal"
            value={draft.beta}
            aria-label="β, general share of the set"
            onChange={(event) => setDraft((d) => ({ ...d, beta: event.target.value }))}
          />
        </label>
        <button type="button" className={classes.link} onClick={() => setDraft(() => EMPTY_DRAFT)}>
          Start over
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled table must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="Checkpoints of the set">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">in</th>
              <th scope="col" title="The model that all components were trained from">
                base
              </th>
              <th scope="col">checkpoint</th>
              <th scope="col">label</th>
              <th scope="col">trained on</th>
              <th scope="col" title="The component that was trained on general data alone">
                general
              </th>
              <th scope="col" title="General share of its training data; empty where nobody knows">
                β
              </th>
              <th
                scope="col"
                title="Tokens available in its dataset, such as 1.5 B; empty where nobody knows"
              >
                supply
              </th>
              <th scope="col">
                <span className={classes.hidden}>remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {draft.candidates.map((candidate) => (
              <CandidateRow key={candidate.key} candidate={candidate} isBase={candidate.key === draft.base} />
            ))}
          </tbody>
        </table>
      </section>
      <div className={classes.buttons}>
        <Button
          fw={500}
          size="compact-sm"
          disabled={busy || checking || !composed.ok}
          onClick={() => void sets.openDraft()}
        >
          Open the set
        </Button>
        <Button
          fw={500}
          size="compact-sm"
          variant="default"
          disabled={!composed.ok}
          leftSection={<IconDownload size={15} aria-hidden="true" />}
          onClick={save}
        >
          Save set file
        </Button>
        <span className={classes.quiet} role="status">
          {checking
            ? "Reading headers …"
            : composed.ok
              ? "The set file names the folders and says what you said of them; it holds no weights and no token."
              : `${composed.problem.message} ${composed.problem.remedy ?? ""}`}
        </span>
      </div>
    </section>
  );
}
