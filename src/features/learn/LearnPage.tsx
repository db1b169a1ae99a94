import { useView } from "../../state/view-store";
import classes from "./LearnPage.module.css";

const STEPS = [
  "What a mixture of training data is, and why finding a good one is dear",
  "Component models: one base, trained further on one source each",
  "Merging: a weighted sum of weights that stands for a training run",
  "α and effective data shares: why the two bars differ",
  "Scoring, items and intervals: when two mixtures are tied",
  "Predicting what was not measured, and how sure that is",
  "Searching in rounds",
  "When not to trust a merge",
] as const;

/** Says what will stand here; there is no lesson yet. */
export default function LearnPage() {
  const go = useView((s) => s.go);
  return (
    <article className={classes.page}>
      <h1>
        Learn: <span>why does this work, and when not?</span>
      </h1>
      <p>
        The lesson is not written yet. It will be eight short steps on the demo set, each a live widget with
        one thing to try:
      </p>
      <ol>
        {STEPS.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>
        Until then the tour (under “?” at the top right) shows the three things to do here, and the{" "}
        <button type="button" onClick={() => go("set")}>
          Set page
        </button>{" "}
        says how far merging can be trusted.
      </p>
    </article>
  );
}
