import type { ItemMeasurement, ItemPreview } from "../../state/item-questions";
import classes from "./TasksPage.module.css";

/** What the model says of the scored tokens, one by one, and what it generates. */
export function Asked(props: { readonly preview: ItemPreview | null; readonly answer: ItemMeasurement }) {
  const { preview, answer } = props;
  if (!preview) return null;
  return (
    <div className={classes.asked} role="status">
      {answer.sequences.map(({ logProb, greedy }, i) => {
        const { tokens, from } = preview.sequences[i]!;
        const sum = logProb.reduce((a, b) => a + b, 0);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: sequences have no other name
          <p key={i} className={classes.tokens}>
            {tokens.slice(from).map(({ id, text }, t) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: tokens repeat
                key={`${t} ${id}`}
                data-greedy={greedy[t] || undefined}
                title={`p ${(100 * Math.exp(logProb[t]!)).toFixed(1)} %${greedy[t] ? ", the likeliest token" : ""}`}
                style={{
                  background: `color-mix(in srgb, var(--accent) ${Math.round(32 * Math.exp(logProb[t]!))}%, transparent)`,
                }}
              >
                {text || "·"}
              </span>
            ))}{" "}
            <strong>{sum.toFixed(2)}</strong>
          </p>
        );
      })}
      {answer.texts.map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts have no other name
        <section key={i} className={classes.prompt} aria-label="Generated text">
          <pre>{text || "(nothing)"}</pre>
        </section>
      ))}
    </div>
  );
}
