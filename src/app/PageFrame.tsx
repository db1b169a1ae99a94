import { Suspense } from "react";
import { type PageId, useView } from "../state/view-store";
import { useWorkbench } from "../state/workbench-store";
import { NotScored } from "./NotScored";
import { PageBoundary } from "./PageBoundary";
import classes from "./PageFrame.module.css";
import { pageEntry } from "./pages";

const NEED_SCORES: readonly PageId[] = ["explore", "search", "ranks"];

/** The page on show, loaded on demand; a page that throws takes nothing else with it. */
export function PageFrame() {
  const page = useView((s) => s.page);
  const unscored = useWorkbench((s) => s.set.phase === "ready" && s.set.set.unscored !== null);
  const { Page, label } = pageEntry(page);
  if (unscored && NEED_SCORES.includes(page)) return <NotScored />;
  return (
    <PageBoundary key={page} name={label}>
      <Suspense
        fallback={
          <p className={classes.opening} role="status">
            Opening the {label} page …
          </p>
        }
      >
        <Page />
      </Suspense>
    </PageBoundary>
  );
}
