import { Button } from "@mantine/core";
import { useState } from "react";
import { sentence } from "../../core/result";
import type { Item } from "../../core/scoring/task";
import { useController } from "../../state/controller-context";
import { useItemTexts } from "../../state/item-details";
import { type Answer, answerOf, type ItemMeasurement, useItemPreview } from "../../state/item-questions";
import { useMixture } from "../../state/mixture-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { Asked } from "./Asked";
import { ChoiceBars } from "./ChoiceBars";
import { ItemNumbers } from "./ItemNumbers";
import { Prompt } from "./Prompt";
import type { ScoredRow } from "./scored-rows";
import classes from "./TasksPage.module.css";

/** One item: what is asked of the model, exactly, and what the measured models said. */
export function ItemDetail(props: {
  readonly task: number;
  readonly item: number;
  /** Null where the items cannot be read here: the prompt still comes from the engine. */
  readonly source: Item | null;
  readonly rows: readonly ScoredRow[];
}) {
  const { task, item, source, rows } = props;
  const { layout } = useLoadedSet();
  const one = layout.tasks[task]!;
  const preview = useItemPreview(layout.hash, task, item);
  const generated = source && "target" in source ? source : null;
  return (
    <section className={classes.detail} aria-label={`Item ${item + 1} of ${one.spec.label}`}>
      <h2>
        {one.spec.label} · item {item + 1}
      </h2>
      {rows.map((row) => (
        <div key={row.key} className={classes.answer}>
          {rows.length > 1 && <h3>{row.label}</h3>}
          {one.spec.outputType === "multiple_choice" ? (
            <ChoiceBars task={one} item={item} source={source} scores={row.scores} />
          ) : (
            <>
              <ItemNumbers task={one} item={item} scores={row.scores} />
              {generated && <KeptTexts address={row.address} task={task} item={item} />}
            </>
          )}
        </div>
      ))}
      {generated && (
        <dl className={classes.facts}>
          <dt>right answer</dt>
          <dd>{(generated.targets ?? [generated.target.trim()]).join(" | ").slice(0, 600)}</dd>
          {generated.code && (
            <>
              <dt>checked by</dt>
              <dd>running its tests in the sandbox</dd>
            </>
          )}
        </dl>
      )}
      <AskNow task={task} item={item} preview={preview.phase === "ready" ? preview.value : null} />
      <h3>What is asked</h3>
      <PromptOrWhy preview={preview} />
    </section>
  );
}

function PromptOrWhy({ preview }: { readonly preview: ReturnType<typeof useItemPreview> }) {
  if (preview.phase === "waiting")
    return (
      <p className={classes.quiet} role="status">
        The prompt stands here when the engine has opened the set.
      </p>
    );
  if (preview.phase === "failed") return <p className={classes.problem}>{sentence(preview.problem)}</p>;
  return <Prompt preview={preview.value} />;
}

/** What was generated in the measurement, where it is kept. */
function KeptTexts(props: { readonly address: string | null; readonly task: number; readonly item: number }) {
  const texts = useItemTexts(props.address, props.task, props.item);
  return texts?.map((text, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: texts have no other name
    <section key={i} className={classes.prompt} aria-label="Generated in the measurement">
      <pre>{text || "(nothing)"}</pre>
    </section>
  ));
}

/** Asks the mixture under the cursor this item alone. */
function AskNow(
  props: Pick<Parameters<typeof Asked>[0], "preview"> & { readonly task: number; readonly item: number },
) {
  const { task, item, preview } = props;
  const controller = useController();
  const ready = useWorkbench((s) => s.engine.phase === "ready" && s.running?.by !== "search");
  const [answer, setAnswer] = useState<Answer<ItemMeasurement> | null>(null);
  const ask = async () => {
    const engine = controller.engine();
    if (!engine) return;
    const { alpha, method } = useMixture.getState();
    setAnswer({ phase: "waiting" });
    const request = { subject: { kind: "mixture", alpha }, method, task, item } as const;
    setAnswer(answerOf(await engine.measureItem(new AbortController().signal, request)));
  };
  return (
    <>
      <div className={classes.useRow}>
        <Button
          fw={500}
          size="compact-xs"
          variant="default"
          disabled={!ready || !preview || answer?.phase === "waiting"}
          onClick={() => void ask()}
        >
          {answer?.phase === "waiting" ? "Asking …" : "Ask this mixture now, token by token"}
        </Button>
      </div>
      {answer?.phase === "failed" && (
        <p className={classes.problem} role="alert">
          {sentence(answer.problem)}
        </p>
      )}
      {answer?.phase === "ready" && preview && <Asked preview={preview} answer={answer.value} />}
    </>
  );
}
