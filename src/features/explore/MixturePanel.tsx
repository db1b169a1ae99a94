import { useMemo, useState } from "react";
import { effectiveShares } from "../../core/mixture/mixture";
import { useModel } from "../../state/hooks";
import { useMixture } from "../../state/mixture-store";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { componentColor } from "../../ui/colors";
import { sharePercent } from "../../ui/format";
import { MethodPopover } from "../../ui/MethodPopover";
import { ScentedSlider } from "../../ui/ScentedSlider";
import classes from "./ExplorePage.module.css";
import { MixtureActions } from "./MixtureActions";
import { scents } from "./scents";
import { useColorRange } from "./target-values";

/** One scented slider a component, α and effective data share side by side, and ready-made mixtures. */
export function MixturePanel() {
  const { spec, general } = useLoadedSet();
  const alpha = useMixture((s) => s.alpha);
  const locked = useMixture((s) => s.locked);
  const method = useMixture((s) => s.method);
  const { setShare, setMethod, begin, end, toggleLock } = useMixture.getState();
  const target = useView((s) => s.target);
  const model = useModel(target);
  const range = useColorRange(target);
  const recommended = useWorkbench((s) => s.recommended);
  const [dataFirst, setDataFirst] = useState(false);

  const effective = effectiveShares(alpha, spec.beta, general);
  const offset = general === null ? 1 : 0;
  const tracks = useMemo(
    () => (model && model.dims === alpha.length ? scents(model, alpha, locked, range) : null),
    [model, alpha, locked, range],
  );
  return (
    <section className={classes.panel} aria-label="Mixture sliders" data-tour="sliders">
      <header className={classes.panelHead}>
        <h2>Mixture</h2>
        <button
          type="button"
          className={classes.swap}
          aria-pressed={dataFirst}
          title="Which share the number fields show and edit: the merge's α, or the effective share of the training data"
          onClick={() => setDataFirst(!dataFirst)}
        >
          <span data-on={!dataFirst}>α</span> ⇄ <span data-on={dataFirst}>data</span>
        </button>
      </header>
      <div className={classes.sliders}>
        {spec.components.map((component, i) => {
          const share = alpha[i] ?? 0;
          const data = effective[i + offset] ?? 0;
          const floor = i === general ? spec.beta : 0;
          return (
            <ScentedSlider
              key={component.id}
              label={component.label}
              color={componentColor(i)}
              share={share}
              scent={tracks?.[i] ?? null}
              tick={recommended?.[i] ?? null}
              locked={locked[i] ?? false}
              field={
                dataFirst
                  ? {
                      label: `${component.label}, share of the data in percent`,
                      share: data,
                      toShare: (value) => Math.max(0, value - floor) / (1 - spec.beta || 1),
                    }
                  : null
              }
              aside={
                <span className={classes.aside}>
                  {dataFirst ? `α ${sharePercent(share)}` : `data ${sharePercent(data)}`}
                </span>
              }
              valueText={`${sharePercent(share)} percent of the merge, ${sharePercent(data)} percent of the data`}
              onChange={(value) => setShare(i, value)}
              onBegin={begin}
              onEnd={end}
              onToggleLock={() => toggleLock(i)}
            />
          );
        })}
      </div>
      {tracks && (
        <p className={classes.hint}>
          Track: predicted {target === "macro" ? "macro average" : "score"} along the slider, the others
          giving way{recommended ? " · ┃ recommended" : ""}.
        </p>
      )}
      <MixtureActions />
      <div className={classes.method}>
        <span>Merge method</span>
        <MethodPopover
          choice={method}
          components={spec.components.length}
          purpose="mixtures"
          onChange={setMethod}
          onBegin={begin}
          onEnd={end}
        />
      </div>
    </section>
  );
}
