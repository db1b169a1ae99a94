import { lazy, Suspense } from "react";
import { useDialogs } from "../state/dialogs";

const OpenSetDialog = lazy(() => import("../features/open-set/OpenSetDialog"));

/** The dialog in which sets are opened; its code is loaded when it is first shown. */
export function OpenSet() {
  const open = useDialogs((s) => s.open === "open-set");
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <OpenSetDialog />
    </Suspense>
  );
}
