import { Button } from "@mantine/core";
import { IconDownload, IconFolderOpen } from "@tabler/icons-react";
import { setSpecText } from "../../core/checkpoint/set-spec";
import { openDialog } from "../../state/dialogs";
import { useLoadedSet } from "../../state/workbench-store";
import { download } from "../../ui/download";
import { AgreementMatrix } from "./AgreementMatrix";
import { BackendSection } from "./BackendSection";
import { ComponentTable } from "./ComponentTable";
import { DeltaChart } from "./DeltaChart";
import { DeltaHeatMap } from "./DeltaHeatMap";
import { FactsSection } from "./FactsSection";
import { Findings } from "./Findings";
import { HealthState } from "./HealthState";
import { MembersSection } from "./MembersSection";
import { ScoringSection } from "./ScoringSection";
import classes from "./SetPage.module.css";
import { SourcesSection } from "./SourcesSection";
import { StorageSection } from "./StorageSection";
import { useCheckedSet, useSetInfo } from "./use-health";
import { Verdict } from "./Verdict";

/** May I trust merging here? The components, how far they moved from the base, and what computes. */
export default function SetPage() {
  const { spec } = useLoadedSet();
  const info = useSetInfo();
  const checked = useCheckedSet();
  return (
    <div className={classes.page}>
      <div className={classes.titleRow}>
        <h1 className={classes.title}>
          {spec.name}: <span>may I trust merging here?</span>
        </h1>
        <Button
          fw={500}
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden="true" />}
          title="What the set says and where its members lie; no weights, no token"
          onClick={() => download("demix-set.json", [setSpecText(spec)], "application/json")}
        >
          Save set file
        </Button>
        <Button
          fw={500}
          size="compact-sm"
          variant="default"
          leftSection={<IconFolderOpen size={15} aria-hidden="true" />}
          onClick={() => openDialog("open-set")}
        >
          Open another set
        </Button>
      </div>
      {checked ? <Verdict info={checked} /> : <HealthState />}
      {info && info.warnings.length > 0 && <Findings warnings={info.warnings} />}
      <ComponentTable info={info} />
      {checked && (
        <>
          <DeltaChart info={checked} />
          <AgreementMatrix info={checked} />
          <DeltaHeatMap info={checked} />
        </>
      )}
      <ScoringSection />
      <BackendSection />
      <MembersSection />
      <FactsSection info={info} />
      <StorageSection />
      <SourcesSection />
    </div>
  );
}
