import type { MergeChoice } from "../../core/merge/merge-choice";
import { findMethod } from "../../core/merge/registry";
import { useMixture } from "../../state/mixture-store";
import { useLoadedSet } from "../../state/workbench-store";
import { MethodPicker } from "../../ui/MethodPicker";
import { parameterWords } from "../../ui/merge-words";
import { Section } from "../../ui/Section";
import classes from "./MethodSection.module.css";
import { useRecipeDraft } from "./recipe-draft";

/** How the components are merged, in words; methods without weights can be chosen here alone. */
export function MethodSection({ method }: { readonly method: MergeChoice }) {
  const { spec } = useLoadedSet();
  const { setMethod, begin, end } = useMixture.getState();
  const found = findMethod(method.name);
  const weighted = found.ok && found.value.weighted;
  const choose = (choice: MergeChoice) => {
    const next = findMethod(choice.name);
    if (next.ok && next.value.weighted) {
      useRecipeDraft.setState({ method: null });
      setMethod(choice);
    } else useRecipeDraft.setState({ method: choice });
  };
  const words = parameterWords(method);
  return (
    <Section title="Merge method">
      <div className={classes.columns}>
        <MethodPicker
          choice={method}
          components={spec.components.length}
          purpose="recipes"
          onChange={choose}
          onBegin={begin}
          onEnd={end}
        />
        <div>
          <dl className={classes.words} aria-label="The merge in words">
            {words.map((p) => (
              <div key={p.name} data-default={p.isDefault}>
                <dt>{p.label}</dt>
                <dd>
                  {p.value}
                  {p.isDefault && <span> (default)</span>}
                </dd>
              </div>
            ))}
          </dl>
          {found.ok && <p className={classes.note}>{baseWords(found.value.base)}</p>}
          {!weighted && (
            <p className={classes.note} role="status">
              This method takes no weights: the mixture has no part in the merged model, and nothing is
              measured with it here.
            </p>
          )}
        </div>
      </div>
    </Section>
  );
}

const BASE = {
  needed: "It merges the components' updates of the base.",
  optional: "It merges the components themselves.",
  unused: "It merges the components themselves; the base has no part in it.",
} as const;
const baseWords = (base: keyof typeof BASE): string => BASE[base];
