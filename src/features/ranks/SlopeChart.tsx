import { memo, useMemo, useRef } from "react";
import type { TargetId } from "../../core/scoring/measurement";
import { hover, useHover } from "../../state/hover-store";
import type { Comparison } from "../../state/ranking";
import { componentColor } from "../../ui/colors";
import { useElementSize } from "../../ui/use-element-size";
import { mixtureKey, type RankPoint } from "./rank-points";
import classes from "./SlopeChart.module.css";
import { descending, type TieBand } from "./slope-order";
import { usePointKeys } from "./use-point-keys";
import { useTieBands } from "./use-tie-bands";

const MIX = 46;
const PLACE = 20;
const BAND = 7;
const MARGIN = MIX + PLACE + BAND + 8;

/** Order by proxy at the left, order by reference at the right, a mixture a line; bands are ties. */
export const SlopeChart = memo(function SlopeChart(props: {
  readonly points: readonly RankPoint[];
  /** Item scores of the points' two sides, in their order. */
  readonly comparison: Comparison;
  readonly target: TargetId;
  readonly proxyLabel: string;
  readonly targetLabel: string;
  readonly onPick: (point: RankPoint) => void;
}) {
  const { points, comparison, target, proxyLabel, targetLabel, onPick } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const byProxy = useMemo(() => [...points].sort((a, b) => a.proxyPlace - b.proxyPlace), [points]);
  const proxyBands = useTieBands(comparison.proxies, descending(points.map((p) => p.proxy.value)), target);
  const referenceBands = useTieBands(
    comparison.references,
    descending(points.map((p) => p.reference.value)),
    target,
  );
  const keys = usePointKeys(byProxy, onPick);
  const subject = useHover((s) => s.subject);
  const active = subject?.kind === "mixture" ? mixtureKey(subject.alpha) : null;
  const on = points.findIndex((p) => p.key === active);
  const band = on < 0 ? undefined : bandOf(referenceBands, points[on]!.referencePlace);
  const step = Math.max(8.5, Math.min(18, 620 / Math.max(1, points.length)));
  const height = step * points.length + 8;
  const y = (place: number) => 4 + step * (place - 0.5);
  const left = MARGIN;
  const right = Math.max(left + 40, width - MARGIN);
  const spoken = `${targetLabel}: order of ${points.length} mixtures by ${proxyLabel.toLowerCase()} and by reference. Arrow keys step through the mixtures by proxy, Enter sets the sliders to one.`;
  const last = on < 0 ? points : [...points.filter((_, i) => i !== on), points[on]!];
  return (
    <div>
      <div className={classes.heads} aria-hidden="true">
        <span>{proxyLabel}, best first</span>
        <span>references, best first</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is no chart */}
      <div ref={box} className={classes.holder} role="group" aria-label={spoken} {...keys}>
        <svg
          className={`${classes.svg} ${on >= 0 ? classes.dimmed : ""}`}
          height={height}
          aria-hidden="true"
          onPointerLeave={() => hover(null)}
        >
          {width > 0 && (
            <>
              <Bands bands={proxyBands} x={left - BAND - 2} step={step} />
              <Bands bands={referenceBands} x={right + 2} step={step} />
              {last.map((p) => {
                const y1 = y(p.proxyPlace);
                const y2 = y(p.referencePlace);
                const bend = (right - left) * 0.4;
                const path = `M${left} ${y1} C${left + bend} ${y1} ${right - bend} ${y2} ${right} ${y2}`;
                const i = points.indexOf(p);
                return (
                  // biome-ignore lint/a11y/noStaticElementInteractions: the group around it is operable by keyboard
                  <g
                    key={p.id}
                    className={classes.row}
                    data-top={p.top}
                    data-on={i === on}
                    data-tied={band !== undefined && band === bandOf(referenceBands, p.referencePlace)}
                    onPointerEnter={() => hover({ kind: "mixture", alpha: p.alpha })}
                    onClick={() => onPick(p)}
                  >
                    <path d={path} className={classes.hit} />
                    <path d={path} className={classes.line} />
                    <Mix point={p} x={0} y={y1} step={step} />
                    <Mix point={p} x={right + BAND + PLACE + 8} y={y2} step={step} />
                    <text x={left - BAND - 6} y={y1 + 3.4} textAnchor="end" className={classes.place}>
                      {p.proxyPlace}
                    </text>
                    <text x={right + BAND + 6} y={y2 + 3.4} className={classes.place}>
                      {p.referencePlace}
                    </text>
                  </g>
                );
              })}
            </>
          )}
        </svg>
      </div>
    </div>
  );
});

const bandOf = (bands: readonly TieBand[], place: number) =>
  bands.find((b) => b.first < place && place <= b.last + 1);

function Bands(props: { readonly bands: readonly TieBand[]; readonly x: number; readonly step: number }) {
  const { bands, x, step } = props;
  return bands.map(({ first, last }, i) => (
    <rect
      key={first}
      x={x}
      y={4 + step * first + 0.75}
      width={BAND}
      height={step * (last - first + 1) - 1.5}
      rx={2}
      className={classes.band}
      data-odd={i % 2 === 1}
    />
  ));
}

/** The mixture as a small bar. */
function Mix(props: {
  readonly point: RankPoint;
  readonly x: number;
  readonly y: number;
  readonly step: number;
}) {
  const { point, x, y, step } = props;
  const height = Math.min(8, step - 2.5);
  let from = x;
  return point.alpha.map((share, i) => {
    const width = share * MIX;
    const rect = (
      <rect
        // biome-ignore lint/suspicious/noArrayIndexKey: a component is its place in the set
        key={i}
        x={from}
        y={y - height / 2}
        width={width}
        height={height}
        fill={componentColor(i)}
      />
    );
    from += width;
    return rect;
  });
}
