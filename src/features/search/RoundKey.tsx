import { markPath, roundStyle } from "./round-style";
import classes from "./SearchPage.module.css";

/** Mark and colour of each round. */
export function RoundKey(props: { readonly rounds: readonly number[]; readonly recommended: boolean }) {
  return (
    <span className={classes.key}>
      {props.rounds.map((n, round) => {
        const { color, mark } = roundStyle(round);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a round is its place in the plan
          <span key={round}>
            <svg width="11" height="11" viewBox="-6 -6 12 12" aria-hidden="true">
              <path d={markPath(mark, 4.2)} fill={color} />
            </svg>
            round {round + 1} ({n})
          </span>
        );
      })}
      <span>◌ best</span>
      {props.recommended && <span>★ recommended</span>}
    </span>
  );
}
