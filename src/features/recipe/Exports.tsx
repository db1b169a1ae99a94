import { Button, Tabs } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { dataMixtureCsv, dataMixtureMarkdown } from "../../core/recipe/data-mixture";
import { mergekitYaml } from "../../core/recipe/mergekit-yaml";
import { type Recipe, recipeText } from "../../core/recipe/recipe";
import { sentence } from "../../core/result";
import { useLoadedSet } from "../../state/workbench-store";
import { Choice } from "../../ui/Choice";
import { download } from "../../ui/download";
import { Section } from "../../ui/Section";
import { CopyButton } from "./CopyButton";
import classes from "./Exports.module.css";
import { fileStem } from "./hand-over";
import { ShareLink } from "./ShareLink";

const DTYPES = [
  { value: "float32", label: "float32" },
  { value: "bfloat16", label: "bfloat16" },
  { value: "float16", label: "float16" },
] as const;
const TABLES = [
  { value: "markdown", label: "Markdown" },
  { value: "csv", label: "CSV" },
] as const;

/** Every form in which the recipe is handed on, with a live preview. */
export function Exports({ recipe }: { readonly recipe: Recipe }) {
  const { spec } = useLoadedSet();
  const [dtype, setDtype] = useState<(typeof DTYPES)[number]["value"]>("float32");
  const [table, setTable] = useState<(typeof TABLES)[number]["value"]>("markdown");
  const [folder, setFolder] = useState("");
  const stem = fileStem(recipe.name);
  const json = recipeText(recipe);
  const yaml = mergekitYaml(recipe, { root: folder.trim(), base: spec.base.source, outDtype: dtype });
  const mixture = table === "csv" ? dataMixtureCsv(recipe) : dataMixtureMarkdown(recipe);
  return (
    <Section title="Hand it on" className={classes.exports}>
      <Tabs defaultValue="json" className={classes.tabs} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="json">Recipe</Tabs.Tab>
          <Tabs.Tab value="mergekit">mergekit</Tabs.Tab>
          <Tabs.Tab value="data">Data mixture</Tabs.Tab>
          <Tabs.Tab value="link">Link</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="json">
          <Preview
            about="Everything on this page. The page opens it again, and npm run replay checks its scores without a browser."
            text={json}
            file={`${stem}.demix.json`}
            type="application/json"
          />
        </Tabs.Panel>
        <Tabs.Panel value="mergekit">
          <div className={classes.options}>
            <label>
              folder of the components{" "}
              <input
                value={folder}
                placeholder="as in the set"
                spellCheck={false}
                onChange={(event) => setFolder(event.target.value)}
              />
            </label>
            <Choice label="Type of the checkpoint" options={DTYPES} value={dtype} onChange={setDtype} />
          </div>
          {yaml.ok ? (
            <Preview
              about="Merges the components at α as this page does: in float32, cast once at the end."
              text={yaml.value}
              file={`${stem}.mergekit.yaml`}
              type="application/yaml"
            />
          ) : (
            <p className={classes.refusal} role="status">
              {sentence(yaml.problem)}
            </p>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="data">
          <div className={classes.options}>
            <Choice label="Form of the table" options={TABLES} value={table} onChange={setTable} />
          </div>
          <Preview
            about="For training: the data shares e. The merge weights stand beside them and are not a data recipe."
            text={mixture}
            file={table === "csv" ? `${stem}.csv` : `${stem}.md`}
            type={table === "csv" ? "text/csv" : "text/markdown"}
          />
        </Tabs.Panel>
        <Tabs.Panel value="link">
          <ShareLink recipe={recipe} />
        </Tabs.Panel>
      </Tabs>
    </Section>
  );
}

function Preview(props: {
  readonly about: string;
  readonly text: string;
  readonly file: string;
  readonly type: string;
}) {
  const { about, text, file, type } = props;
  return (
    <div className={classes.preview}>
      <p>{about}</p>
      <div className={classes.buttons}>
        <Button
          fw={500}
          size="compact-sm"
          leftSection={<IconDownload size={14} aria-hidden="true" />}
          onClick={() => download(file, [text], type)}
        >
          Download
        </Button>
        <CopyButton text={text} />
        <code>{file}</code>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled text must be reachable by keyboard */}
      <section tabIndex={0} aria-label={`Preview of ${file}`} className={classes.text}>
        <pre>{text}</pre>
      </section>
    </div>
  );
}
