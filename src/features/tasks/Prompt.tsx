import type { ItemPreview } from "../../state/item-questions";
import classes from "./TasksPage.module.css";

const MOST_SHOWN = 8;
const textOf = (tokens: readonly { readonly text: string }[]): string => tokens.map((t) => t.text).join("");

/** The texts as the model sees them; what is scored is marked. */
export function Prompt({ preview }: { readonly preview: ItemPreview }) {
  const { sequences, generation } = preview;
  return (
    <div className={classes.prompts}>
      {generation && (
        <>
          <p className={classes.quiet}>
            Generates up to {generation.maxTokens} tokens behind this
            {generation.until.length > 0 &&
              `, until ${generation.until.map((text) => JSON.stringify(text)).join(", ")}`}
            {generation.cut > 0 && `; ${generation.cut} tokens are cut off on the left`}.
          </p>
          <Text label="Prompt of the generation">{textOf(generation.prompt)}</Text>
          {sequences.length > 0 && <p className={classes.quiet}>And how likely the right answer is:</p>}
        </>
      )}
      {sequences.slice(0, MOST_SHOWN).map(({ tokens, from, cut }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sequences have no other name
        <Text key={i} label={sequences.length > 1 ? `Sequence ${i + 1}` : "Sequence"}>
          {cut > 0 && <span className={classes.quiet}>[{cut} tokens cut off] </span>}
          {textOf(tokens.slice(0, from))}
          <mark title={`${tokens.length - from} scored tokens`}>{textOf(tokens.slice(from))}</mark>
        </Text>
      ))}
      {sequences.length > MOST_SHOWN && (
        <p className={classes.quiet}>and {sequences.length - MOST_SHOWN} more like these.</p>
      )}
    </div>
  );
}

function Text({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled text must be reachable by keyboard
    <section className={classes.prompt} tabIndex={0} aria-label={label}>
      <pre>{children}</pre>
    </section>
  );
}
