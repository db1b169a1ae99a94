import type { SetInfo } from "../../core/checkpoint/component-set";
import { useLoadedSet } from "../../state/workbench-store";
import { amount, bytes } from "../../ui/amounts";
import classes from "./SetPage.module.css";

/** Keys of config.json that describe the architecture, with the words shown. */
const CONFIG: readonly (readonly [key: string, words: string])[] = [
  ["num_hidden_layers", "layers"],
  ["hidden_size", "hidden size"],
  ["num_attention_heads", "query heads"],
  ["num_key_value_heads", "key-value heads"],
  ["head_dim", "head size"],
  ["intermediate_size", "feed-forward size"],
  ["vocab_size", "vocabulary"],
  ["max_position_embeddings", "context"],
  ["tie_word_embeddings", "tied embeddings"],
];

const plain = (value: unknown): string => (value === true ? "yes" : value === false ? "no" : String(value));

/** Architecture, memory and identity of the set. */
export function FactsSection({ info }: { readonly info: SetInfo | null }) {
  const { hash, layout } = useLoadedSet();
  const facts: (readonly [string, string])[] = info
    ? [
        ["architecture", info.architecture],
        ["parameters, each model", amount(info.parameters)],
        ["stored as", info.dtype],
        ...CONFIG.filter(([key]) => info.config[key] !== undefined).map(
          ([key, words]) => [words, plain(info.config[key])] as const,
        ),
        ["weight files", bytes(info.bytes)],
        ["held by the engine", bytes(info.residentBytes)],
      ]
    : [];
  return (
    <section className={classes.section}>
      <h2>Model, memory, identity</h2>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div className={classes.long}>
          <dt>set hash</dt>
          <dd>{hash ? <code>{hash}</code> : "known when all weights were read"}</dd>
        </div>
        {layout.hash !== "" && (
          <div className={classes.long}>
            <dt>task hash</dt>
            <dd>
              <code>{layout.hash}</code>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
