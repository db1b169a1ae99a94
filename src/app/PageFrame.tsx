import { Suspense } from "react";
import { useView } from "../state/view-store";
import { PageBoundary } from "./PageBoundary";
import classes from "./PageFrame.module.css";
import { pageEntry } from "./pages";

/** The page on show, loaded on demand; a page that throws takes nothing else with it. */
export function PageFrame() {
  const page = useView((s) => s.page);
  const { Page, label } = pageEntry(page);
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
