import { Button } from "@mantine/core";
import { IconFileCertificate, IconTriangle } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { effectiveShares, type Mixture, uniform } from "../../core/mixture/mixture";
import { sentence } from "../../core/result";
import { subjectText } from "../../core/scoring/address";
import type { Subject } from "../../core/scoring/measurement";
import { pairedDifference } from "../../core/scoring/paired";
import { MACRO } from "../../core/scoring/score-table";
import type { ScoreView } from "../../core/scoring/task";
import { useController } from "../../state/controller-context";
import { predictedEstimate, useModel } from "../../state/hooks";
import { useMixture } from "../../state/mixture-store";
import { isComplete } from "../../state/records";
import { tableOf } from "../../state/tables";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { componentColor } from "../../ui/colors";
import { sharePercent } from "../../ui/format";
import { ScoreNumber } from "../../ui/ScoreNumber";
import { Section } from "../../ui/Section";
import { bestMeasured } from "./best-measured";
import { differenceText, settleText } from "./compare-with";
import classes from "./ResultPanel.module.css";

/** The recommended mixture, its score, and how it stands against the base, equal shares and the best measured. */
export function ResultPanel(props: { readonly recommended: Mixture; readonly view: ScoreView }) {
  const { recommended, view } = props;
  const controller = useController();
  const { spec, layout, general } = useLoadedSet();
  const bySubject = useWorkbench((s) => s.bySubject);
  const measurements = useWorkbench((s) => s.measurements);
  const shownView = useView((s) => s.view);
  const model = useModel(MACRO);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const record = bySubject.get(subjectText({ kind: "mixture", alpha: recommended })) ?? null;
  const best = useMemo(
    () => bestMeasured(measurements, layout, view, recommended),
    [measurements, layout, view, recommended],
  );
  const measured = record && isComplete(record) ? tableOf(layout, record.scores, view)[MACRO]! : null;
  const predicted = model && shownView === view ? predictedEstimate(model, recommended) : null;
  const shares = effectiveShares(recommended, spec.beta, general);
  const rivals: readonly { label: string; subject: Subject; hint?: string }[] = [
    { label: "base", subject: { kind: "base" } },
    { label: "equal shares", subject: { kind: "mixture", alpha: uniform(spec.components.length) } },
    ...(best
      ? [
          {
            label: "best measured",
            subject: best.key.subject,
            hint: "Picked as the best of many on these very items, so its score is flattered.",
          },
        ]
      : []),
  ];
  const measure = async (subject: Subject) => {
    setBusy(subjectText(subject));
    setProblem(null);
    const result = await controller.measureForSearch(subject, new AbortController().signal);
    setBusy(null);
    if (!result.ok) setProblem(sentence(result.problem));
  };
  const go = (page: "explore" | "recipe") => {
    useMixture.getState().setAlpha(recommended);
    useView.getState().go(page);
  };
  return (
    <Section
      title="Recommended mixture"
      aside={view === "continuous" ? "continuous scores" : "accuracy scores"}
    >
      <table className={classes.shares}>
        <thead>
          <tr>
            <th scope="col">component</th>
            <th scope="col">merge α</th>
            <th scope="col">data share</th>
          </tr>
        </thead>
        <tbody>
          {general === null && (
            <tr>
              <th scope="row">general data</th>
              <td>–</td>
              <td>{sharePercent(shares[0]!)} %</td>
            </tr>
          )}
          {spec.components.map((c, i) => (
            <tr key={c.id}>
              <th scope="row">
                <i style={{ background: componentColor(i) }} />
                {c.label}
              </th>
              <td>
                <span
                  className={classes.bar}
                  style={{ width: `${recommended[i]! * 44}px`, background: componentColor(i) }}
                />
                {sharePercent(recommended[i]!)} %
              </td>
              <td>{sharePercent(shares[general === null ? i + 1 : i]!)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className={classes.scores}>
        <dt>macro average, predicted ◇</dt>
        <dd>
          {predicted ? (
            <ScoreNumber estimate={predicted} kind="predicted" />
          ) : (
            <span className={classes.muted}>
              {shownView === view ? "no prediction" : `switch the page to ${view} scores`}
            </span>
          )}
        </dd>
        <dt>measured ●</dt>
        <dd>
          <ScoreNumber estimate={measured} kind="measured" strong />
        </dd>
        {rivals.map(({ label, subject, hint }) => {
          const text = subjectText(subject);
          const rival = bySubject.get(text);
          const difference =
            record && rival && isComplete(rival)
              ? pairedDifference(layout, record.scores, rival.scores, view)[MACRO]!
              : null;
          return (
            <div key={label} className={classes.rival} title={hint}>
              <dt>against {label}</dt>
              <dd>
                {difference ? (
                  <>
                    {differenceText(difference)}
                    <small>{settleText(difference)}</small>
                  </>
                ) : (
                  <Button
                    fw={500}
                    size="compact-xs"
                    variant="default"
                    loading={busy === text}
                    disabled={busy !== null}
                    onClick={() => void measure(subject)}
                  >
                    Measure it
                  </Button>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={classes.buttons}>
        <Button
          fw={500}
          size="compact-sm"
          variant="default"
          leftSection={<IconTriangle size={14} aria-hidden="true" />}
          onClick={() => go("explore")}
        >
          Show on the triangle
        </Button>
        <Button
          fw={500}
          size="compact-sm"
          leftSection={<IconFileCertificate size={14} aria-hidden="true" />}
          onClick={() => go("recipe")}
        >
          Make a recipe
        </Button>
      </div>
    </Section>
  );
}
