import { hover } from "../../state/hover-store";
import { useMixture } from "../../state/mixture-store";
import type { SearchPoint } from "../../state/search-store";
import { useLoadedSet } from "../../state/workbench-store";
import { points as scoreText } from "../../ui/format";
import { MiniMix, mixText } from "../../ui/MiniMix";
import { Section } from "../../ui/Section";
import { topPoints } from "./best-curve";
import classes from "./TopProxies.module.css";

/** The best proxies of the search; pointing at one marks it on the triangle, a click sets the sliders to it. */
export function TopProxies({ points }: { readonly points: readonly SearchPoint[] }) {
  const { spec } = useLoadedSet();
  const labels = spec.components.map((c) => c.label);
  return (
    <Section title="Best proxies so far" aside="macro average">
      <ol className={classes.list}>
        {topPoints(points, 5).map((point) => (
          <li key={point.alpha.join(" ")}>
            <button
              type="button"
              className={classes.row}
              aria-label={`Set the sliders to ${mixText(point.alpha, labels)}; round ${point.round + 1}, score ${scoreText(point.value)}`}
              onClick={() => useMixture.getState().setAlpha(point.alpha)}
              onPointerEnter={() => hover({ kind: "mixture", alpha: point.alpha })}
              onPointerLeave={() => hover(null)}
              onFocus={() => hover({ kind: "mixture", alpha: point.alpha })}
              onBlur={() => hover(null)}
            >
              <MiniMix shares={point.alpha} labels={labels} width="100%" />
              <span>round {point.round + 1}</span>
              <strong>{scoreText(point.value)}</strong>
            </button>
          </li>
        ))}
      </ol>
    </Section>
  );
}
