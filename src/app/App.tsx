import { useWorkbench } from "../state/workbench-store";
import classes from "./App.module.css";
import { CommandSearch } from "./CommandSearch";
import { DropLayer } from "./DropLayer";
import { Header } from "./Header";
import { JournalStrip } from "./JournalStrip";
import { KeysDialog } from "./KeysDialog";
import { LiveRegion } from "./LiveRegion";
import { MixtureBars } from "./MixtureBars";
import { NavRail } from "./NavRail";
import { Notices } from "./Notices";
import { OpenSet } from "./OpenSet";
import { PageFrame } from "./PageFrame";
import { SetFailed } from "./SetFailed";
import { SetLoading } from "./SetLoading";
import { Tour } from "./tour/Tour";
import { useKeys } from "./use-keys";

/** The window around every page. */
export function App() {
  const phase = useWorkbench((s) => s.set.phase);
  const scored = useWorkbench((s) => s.set.phase === "ready" && s.set.set.unscored === null);
  useKeys();
  return (
    <div className={classes.shell}>
      <button type="button" className={classes.skip} onClick={focusPage}>
        Skip to the page
      </button>
      <Header />
      <NavRail />
      {phase === "ready" && <MixtureBars />}
      <main
        id="page"
        className={classes.main}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard
        tabIndex={0}
        data-testid="page"
      >
        {phase === "loading" && <SetLoading />}
        {phase === "failed" && <SetFailed />}
        {phase === "ready" && <PageFrame />}
      </main>
      {scored && <JournalStrip />}
      <Notices />
      {scored && <Tour />}
      <OpenSet />
      <CommandSearch />
      <KeysDialog />
      <LiveRegion />
      <DropLayer />
    </div>
  );
}

function focusPage() {
  document.getElementById("page")?.focus();
}
