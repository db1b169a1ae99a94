import { sentence } from "../../core/result";
import { useWorkbench } from "../../state/workbench-store";
import classes from "./ExplorePage.module.css";

/** Why nothing is predicted: still fitting, or too little measured; in words, instead of numbers. */
export function PredictorProblem() {
  const fitting = useWorkbench((s) => s.fitting);
  const problem = useWorkbench((s) => s.fitProblem);
  if (fitting) return <span className={classes.problem}>fitting the predictor …</span>;
  if (problem?.kind === "not-enough-data")
    return (
      <span className={classes.problem} title={sentence(problem)}>
        not enough measurements: {problem.message.replace(/^[\w:-]+: /, "")}
      </span>
    );
  if (problem) return <span className={classes.problem}>{sentence(problem)}</span>;
  return <span className={classes.problem}>no prediction yet</span>;
}
