import { type DragEvent, useState } from "react";
import { sentence } from "../../core/result";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { Choice } from "../../ui/Choice";
import { Section } from "../../ui/Section";
import { Exports } from "./Exports";
import { JournalExport } from "./JournalExport";
import { MergedModel } from "./MergedModel";
import { MethodSection } from "./MethodSection";
import { MixtureTable } from "./MixtureTable";
import { OpenBar } from "./OpenBar";
import { openRecipe } from "./open-recipe";
import { Provenance } from "./Provenance";
import classes from "./RecipePage.module.css";
import { RecordedScores } from "./RecordedScores";
import { useRecipeDraft } from "./recipe-draft";
import { ScoresTable } from "./ScoresTable";
import { TrustList } from "./TrustList";
import { useRecipe } from "./use-recipe";

const VIEWS = [
  { value: "continuous", label: "Continuous" },
  { value: "accuracy", label: "Accuracy" },
] as const;

/** What do I hand on? */
export default function RecipePage() {
  const set = useLoadedSet();
  const { alpha, method, recipe, record, base } = useRecipe();
  const { name, note, opened, method: ownMethod } = useRecipeDraft();
  const view = useView((s) => s.view);
  const setView = useView((s) => s.setView);
  const [over, setOver] = useState(false);
  const hasFile = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  /** The one recipe or YAML that was dropped; folders and set files are the window's. */
  const recipeFile = ({ dataTransfer: { files } }: DragEvent) => {
    const [file] = files;
    const isRecipe = file && /\.(json|ya?ml)$/i.test(file.name) && file.name !== "demix-set.json";
    return files.length === 1 && isRecipe ? file : null;
  };
  const drag = (event: DragEvent) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    if (!hasFile(event)) return;
    setOver(false);
    const file = recipeFile(event);
    if (!file) return;
    event.preventDefault();
    void openRecipe(file, set);
  };
  const leave = (event: DragEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button "Open a recipe" does the same
    <div
      className={classes.page}
      data-over={over}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={leave}
      onDrop={drop}
    >
      <h1 className={classes.hidden}>What do I hand on?</h1>
      <div className={classes.paper}>
        <OpenBar />
        <Section title="Recipe">
          <input
            className={classes.name}
            aria-label="Name of the recipe"
            maxLength={200}
            value={name}
            onChange={(event) => useRecipeDraft.setState({ name: event.target.value })}
          />
          <textarea
            className={classes.noteField}
            aria-label="Note"
            placeholder="A note: what it is for, what was decided and why"
            rows={2}
            maxLength={20_000}
            value={note}
            onChange={(event) => useRecipeDraft.setState({ note: event.target.value })}
          />
          <MixtureTable recipe={recipe} />
        </Section>
        <MethodSection method={method} />
        {opened && <RecordedScores opened={opened} alpha={alpha} record={record} />}
        {set.unscored ? (
          <Section title="Scores">
            <p className={classes.unscored}>{sentence(set.unscored)}</p>
          </Section>
        ) : (
          <Section
            title={record ? "Measured scores" : "Predicted scores"}
            aside={<Choice label="Scores" options={VIEWS} value={view} onChange={setView} />}
          >
            <ScoresTable alpha={alpha} record={record} base={base} predicts={ownMethod === null} />
          </Section>
        )}
        <div className={classes.pair}>
          <TrustList alpha={alpha} record={record} base={base} weighted={ownMethod === null} />
          <Provenance recipe={recipe} />
        </div>
      </div>
      <div className={classes.side}>
        <Exports recipe={recipe} />
        <MergedModel recipe={recipe} />
        {!set.unscored && <JournalExport />}
      </div>
    </div>
  );
}
