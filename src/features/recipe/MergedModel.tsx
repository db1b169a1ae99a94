import { Button } from "@mantine/core";
import { IconFolderDown, IconPackageExport } from "@tabler/icons-react";
import { useState } from "react";
import type { WritableDtype } from "../../core/checkpoint/dtype";
import { findMethod } from "../../core/merge/registry";
import type { Recipe } from "../../core/recipe/recipe";
import { type Problem, sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { useMergeOut } from "../../state/merge-out";
import { useWorkbench } from "../../state/workbench-store";
import { bytes } from "../../ui/amounts";
import { Choice } from "../../ui/Choice";
import { ProgressLine } from "../../ui/ProgressLine";
import { Section } from "../../ui/Section";
import { MergedFiles } from "./MergedFiles";
import classes from "./MergedModel.module.css";
import { StoredModels } from "./StoredModels";
import { canWriteToDisk, pickTarget, storageTarget, targetName } from "./write-target";

const DTYPES = [
  { value: "BF16", label: "BF16", title: "2 bytes a parameter, rounded to nearest even as PyTorch does" },
  { value: "F16", label: "F16", title: "2 bytes a parameter" },
  { value: "F32", label: "F32", title: "4 bytes a parameter, as it is merged" },
] as const satisfies readonly { value: WritableDtype; label: string; title: string }[];

const SHARDS = [
  { value: "1", label: "1 GB" },
  { value: "5", label: "5 GB" },
  { value: "50", label: "one file" },
] as const;

const WIDTH: Readonly<Record<WritableDtype, number>> = { F32: 4, BF16: 2, F16: 2 };

/** Merges the components at α and writes a Hugging Face checkpoint, to a folder or to the browser's storage. */
export function MergedModel({ recipe }: { readonly recipe: Recipe }) {
  const { mergeOut } = useController();
  const out = useMergeOut((s) => s.out);
  const engine = useWorkbench((s) => s.engine);
  const checking = useWorkbench((s) => s.health.phase === "running");
  const [dtype, setDtype] = useState<WritableDtype>("BF16");
  const [shard, setShard] = useState<(typeof SHARDS)[number]["value"]>("5");
  const [mergekit, setMergekit] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const info = engine.phase === "ready" ? engine.opened.set : null;
  const method = findMethod(recipe.method.name);
  const random = method.ok && method.value.random;
  const size = info ? info.parameters * WIDTH[dtype] : null;
  const settings = { dtype, mergekit, shardBytes: Number(shard) * 1e9 };
  const problem = refused ?? (out.phase === "failed" ? out.problem : null);
  const busy = out.phase === "running" || !info;

  const toDisk = async () => {
    setRefused(null);
    const target = await pickTarget();
    if (!target.ok) setRefused(target.problem);
    else if (target.value) await mergeOut.write(recipe, settings, target.value);
  };
  const toStorage = () => {
    setRefused(null);
    void mergeOut.write(recipe, settings, storageTarget(recipe.name, new Date()));
  };
  return (
    <Section title="Merged model" aside={size === null ? "" : `about ${bytes(size)} of weights`}>
      <p className={classes.about}>
        A checkpoint that transformers loads: weights, config, tokenizer, a model card and this recipe. It is
        merged tensor by tensor, so memory does not grow with the model.
      </p>
      <div className={classes.options}>
        <div>
          <span>stored as</span>
          <Choice label="Stored as" options={DTYPES} value={dtype} onChange={setDtype} />
        </div>
        <div>
          <span>files of at most</span>
          <Choice label="Files of at most" options={SHARDS} value={shard} onChange={setShard} />
        </div>
      </div>
      <label className={classes.switch}>
        <input
          type="checkbox"
          checked={mergekit}
          onChange={(event) => setMergekit(event.target.checked)}
          aria-describedby="mergekit-about"
        />
        mergekit-compatible
      </label>
      <p id="mergekit-about" className={classes.about}>
        {mergekit
          ? `Inputs, weights and every operation are rounded to ${dtype}, as mergekit does with that dtype: for a model that must equal mergekit's.`
          : `Merged in float32 and rounded once, at the end: closest to the exact merge, and to what was measured.`}
        {mergekit && random && " Its random masks are drawn here from the seed; mergekit draws other ones."}
      </p>
      <div className={classes.buttons}>
        {canWriteToDisk() && (
          <Button
            fw={500}
            size="compact-sm"
            disabled={busy}
            leftSection={<IconFolderDown size={15} aria-hidden="true" />}
            onClick={() => void toDisk()}
          >
            Write to a folder
          </Button>
        )}
        <Button
          fw={500}
          size="compact-sm"
          variant={canWriteToDisk() ? "default" : "filled"}
          disabled={busy}
          leftSection={<IconPackageExport size={15} aria-hidden="true" />}
          title="Written to the browser's own storage first, then downloaded file by file"
          onClick={toStorage}
        >
          Write for download
        </Button>
        {!info && <span className={classes.about}>once the engine has opened the set</span>}
        {checking && out.phase !== "running" && (
          <span className={classes.about}>begins after the health check, which can be cancelled</span>
        )}
      </div>
      {out.phase === "running" && (
        <div role="status">
          <ProgressLine
            label={`Writing ${targetName(out.target)}`}
            progress={out.progress}
            startedAt={out.startedAt}
            onCancel={mergeOut.cancelWrite}
          />
          <p className={classes.about}>
            Nothing stands under its final name before everything is written; cancelling leaves nothing
            behind.
          </p>
        </div>
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          {sentence(problem)}{" "}
          <button
            type="button"
            onClick={() => {
              setRefused(null);
              mergeOut.forgetWrite();
            }}
          >
            Dismiss
          </button>
        </p>
      )}
      {out.phase === "done" && <MergedFiles out={out} current={recipe.merged !== undefined} />}
      <StoredModels />
    </Section>
  );
}
