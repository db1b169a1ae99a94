import type { Recipe } from "../../core/recipe/recipe";
import { choiceWords } from "../../ui/merge-words";
import { Section } from "../../ui/Section";
import classes from "./RecipeTables.module.css";

/** Where the numbers come from. */
export function Provenance({ recipe }: { readonly recipe: Recipe }) {
  const { set, tasks, method, provenance: p } = recipe;
  const versions = Object.entries(p.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  const facts: readonly (readonly [string, string, boolean?])[] = [
    ["component set", set.name],
    ["set hash", set.hash || "not known: its weights were not read", set.hash !== ""],
    ["task set", tasks.name || "none: not scored here"],
    ...(tasks.hash ? [["task hash", tasks.hash, true] as const] : []),
    ["merge", `${choiceWords(method)}, float32`],
    ["items", p.items ? `${p.items.done} of ${p.items.total}` : "not measured"],
    ["backend", p.backend ? `${p.backend}${p.origin ? `, ${p.origin}` : ""}` : "–"],
    ["versions", versions || "–"],
    ["measured", p.measuredAt ? dateText(p.measuredAt) : "–"],
    ["search seed", p.seed === null ? "none: set by hand" : String(p.seed)],
  ];
  return (
    <Section title="Provenance">
      <dl className={classes.facts}>
        {facts.map(([name, value, isHash]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{isHash ? <code title={value}>{value.slice(0, 16)}…</code> : value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

const dateText = (iso: string) => `${iso.slice(0, 16).replace("T", " ")} UTC`;
