import { useHover } from "../../state/hover-store";
import { withInterval } from "../../ui/format";
import { MiniMix } from "../../ui/MiniMix";
import classes from "./PointStrip.module.css";
import { mixtureKey, type RankPoint } from "./rank-points";

export interface TargetPoints {
  readonly id: string;
  readonly label: string;
  readonly points: readonly RankPoint[];
}

/** What is pointed at in any chart of the page: the mixture, and its proxy and reference scores with intervals. */
export function PointStrip(props: {
  readonly targets: readonly TargetPoints[];
  readonly components: readonly string[];
  readonly proxyLabel: string;
}) {
  const { targets, components, proxyLabel } = props;
  const subject = useHover((s) => s.subject);
  const key = subject?.kind === "mixture" ? mixtureKey(subject.alpha) : null;
  const at = key === null ? -1 : (targets[0]?.points.findIndex((p) => p.key === key) ?? -1);
  const first = targets[0]?.points[at];
  return (
    <div className={classes.strip} aria-live="polite">
      {!first ? (
        <span className={classes.hint}>
          Point at a mixture in any chart, or focus a chart and use the arrow keys: both scores appear here. A
          click or Enter sets the sliders to it.
        </span>
      ) : (
        <>
          <span className={classes.who}>
            <strong>{first.id}</strong>
            <MiniMix shares={first.alpha} labels={components} width={120} />
            {first.top && <span className={classes.top}>top 25 %</span>}
          </span>
          <span className={classes.scores}>
            {targets.map(({ id, label, points }) => {
              const p = points[at]!;
              const proxy = withInterval(p.proxy);
              const reference = withInterval(p.reference);
              return (
                <span key={id} className={classes.score}>
                  <span>
                    {label} · place {p.proxyPlace} → {p.referencePlace}
                  </span>
                  <span title={`${proxyLabel} → reference`}>
                    <b>{proxy.value}</b> <i>{proxy.half}</i> → <b>{reference.value}</b>{" "}
                    <i>{reference.half}</i>
                  </span>
                </span>
              );
            })}
          </span>
        </>
      )}
    </div>
  );
}
