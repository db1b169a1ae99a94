import { useLoadedSet } from "../../state/workbench-store";
import { BackendSection } from "./BackendSection";
import { ComponentTable } from "./ComponentTable";
import { CosineMatrix } from "./CosineMatrix";
import { DeltaChart } from "./DeltaChart";
import { DeltaHeatMap } from "./DeltaHeatMap";
import { EngineState } from "./EngineState";
import { FactsSection } from "./FactsSection";
import classes from "./SetPage.module.css";
import { SourcesSection } from "./SourcesSection";
import { useCheckedSet, useSetInfo } from "./use-health";
import { Verdict } from "./Verdict";

/** May I trust merging here? The components, how far they moved from the base, and what computes. */
export default function SetPage() {
  const { spec } = useLoadedSet();
  const info = useSetInfo();
  const checked = useCheckedSet();
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>
        {spec.name}: <span>may I trust merging here?</span>
      </h1>
      {checked ? <Verdict info={checked} /> : <EngineState />}
      <ComponentTable info={info} />
      {checked && (
        <>
          <DeltaChart info={checked} />
          <CosineMatrix info={checked} />
          <DeltaHeatMap info={checked} />
        </>
      )}
      <BackendSection />
      <FactsSection info={info} />
      <SourcesSection />
    </div>
  );
}
