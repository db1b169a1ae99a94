import { sliceRoom } from "../../core/mixture/slice";
import { useMixture } from "../../state/mixture-store";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { points, sharePercent } from "../../ui/format";
import { hatchedShare, type Uncertainty } from "../../ui/ternary-hatching";
import classes from "./ExplorePage.module.css";
import { NO_ROOM } from "./slice-field";

/** Under the triangle: what is held and how to free it, what the marks mean, which keys move the point. */
export function HeldNote(props: { readonly spread: number | null; readonly hatched: Uncertainty | null }) {
  const { spec } = useLoadedSet();
  const axes = useView((s) => s.axes);
  const overlays = useView((s) => s.overlays);
  const alpha = useMixture((s) => s.alpha);
  const { setAlpha } = useMixture.getState();
  const rest = spec.components.map((_, i) => i).filter((i) => !axes.includes(i));
  const room = sliceRoom(alpha, axes);
  const held = 1 - room;
  const names = rest.map((i) => spec.components[i]?.label).join(", ");
  // The corners get everything (or, when they have nothing to grow from, equal parts of half).
  const free = () =>
    setAlpha(
      room < NO_ROOM
        ? alpha.map((a, i) => (axes.includes(i) ? 1 / 6 : a / 2))
        : alpha.map((a, i) => (axes.includes(i) ? a : 0)),
    );
  const share = props.hatched ? hatchedShare(props.hatched) : 0;
  return (
    <p className={`${classes.hint} ${classes.held}`}>
      {rest.length > 0 && (
        <>
          rest ({names}) held at {sharePercent(held)} %
          {room < NO_ROOM && <strong>: the whole triangle is one mixture</strong>}
          {held > 0 && (
            <>
              {" "}
              <button type="button" className={classes.link} onClick={free}>
                {room < NO_ROOM ? "give half to the corners" : "free it"}
              </button>
            </>
          )}
          {" · "}
        </>
      )}
      arrows move 1 %, shift 5 %, keys 1 2 3 go to corners
      {overlays.measured && " · ○ measured"}
      {overlays.references && " · ◇ really trained"}
      {share > 0 &&
        ` · hatched: interval wider than the spread of scores, ${points(props.spread ?? Number.NaN)}`}
    </p>
  );
}
