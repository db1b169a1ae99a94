import { percent } from "../core/mixture/mixture";
import { useMixture } from "../state/mixture-store";
import { useLoadedSet } from "../state/workbench-store";
import { componentColor } from "../ui/colors";
import { MethodPopover } from "../ui/MethodPopover";
import { StackedBar } from "../ui/StackedBar";
import { alphaOfEffective, effectiveBar } from "./effective-bar";
import classes from "./MixtureBars.module.css";

/** General data that no component stands for. */
const GENERAL_DATA = "#7b8490";

/** The cursor of the workbench: merge weights α and what they mean as data, on every page. */
export function MixtureBars() {
  const { spec, general } = useLoadedSet();
  const alpha = useMixture((s) => s.alpha);
  const locked = useMixture((s) => s.locked);
  const method = useMixture((s) => s.method);
  const { setAlpha, setMethod, begin, end } = useMixture.getState();
  const labels = spec.components.map((c) => c.label);
  const colors = spec.components.map((_, i) => componentColor(i));
  const fixed = alpha.slice(0, -1).map((_, i) => locked[i] === true || locked[i + 1] === true);
  const data = effectiveBar(alpha, spec.beta, general, locked);
  const sum = alpha.reduce((a, b) => a + b, 0);
  return (
    <section className={classes.bars} aria-label="Mixture" data-tour="bars">
      <span className={classes.name} title="Weights of the component models in the merge">
        merge α
      </span>
      <StackedBar
        label="Merge weights α"
        shares={alpha}
        labels={labels}
        colors={colors}
        fixed={fixed}
        onBoundaryMove={setAlpha}
        onGestureBegin={begin}
        onGestureEnd={end}
      />
      <span className={`${classes.note} ${classes.method}`}>
        Σ = {percent(sum)} %
        <MethodPopover
          prefix="method "
          choice={method}
          components={spec.components.length}
          purpose="mixtures"
          onChange={setMethod}
          onBegin={begin}
          onEnd={end}
        />
      </span>
      <span
        className={classes.name}
        title="The same mixture as data: every component already holds β general data"
      >
        effective data
      </span>
      <StackedBar
        label="Effective data shares"
        shares={data.shares}
        labels={data.components.map((c) => (c === null ? "general data" : (labels[c] ?? "")))}
        colors={data.components.map((c) => (c === null ? GENERAL_DATA : componentColor(c)))}
        fixed={data.fixed}
        onBoundaryMove={(shares, b) => setAlpha(alphaOfEffective(shares, b, spec.beta, general))}
        onGestureBegin={begin}
        onGestureEnd={end}
      />
      <span className={classes.note} title="e = β general data + (1 − β) · α">
        Σ = {percent(data.shares.reduce((a, b) => a + b, 0))} % · β = {spec.beta}
      </span>
    </section>
  );
}
