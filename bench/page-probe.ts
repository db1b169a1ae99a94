/** What the page records about itself, in milliseconds since its time origin. */
export interface PageProbe {
  readonly moves: Move[];
  readonly longTasks: { start: number; ms: number }[];
  /** Frames above 50 ms with the scripts in them: the cause of a long task. */
  readonly longFrames: { start: number; ms: number; scripts: string[] }[];
  /** End of the first frame that shows a predicted surface. */
  surfacePainted: number | null;
  /** Time stamp of the last pointerup, and the end of the frame after the first estimate that followed it. */
  pointerUp: number;
  estimatePainted: number | null;
}

/** One pointermove of a drag. */
export interface Move {
  /** Handlers, React's render and commit (canvas included). */
  handlers: number;
  /** From the frame's animation callbacks to the end of its style, layout and paint on the main thread. */
  frame: number;
  /** From the event's time stamp to that end: waiting for the frame included. */
  total: number;
}

declare global {
  interface Window {
    demixProbe: PageProbe;
  }
}

/** Runs in the page before any of its scripts. */
export function installProbe(): void {
  const probe: PageProbe = {
    moves: [],
    longTasks: [],
    longFrames: [],
    surfacePainted: null,
    pointerUp: Number.POSITIVE_INFINITY,
    estimatePainted: null,
  };
  window.demixProbe = probe;
  // A message sent from an animation callback is handled after that frame's style, layout and paint.
  const afterFrame = (then: (begun: number, ended: number) => void) =>
    requestAnimationFrame(() => {
      const begun = performance.now();
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(begun, performance.now());
      port2.postMessage(null);
    });

  let from = 0;
  addEventListener(
    "pointermove",
    () => {
      from = performance.now();
    },
    true,
  );
  addEventListener("pointermove", (event) => {
    if (event.buttons === 0) return;
    const began = from;
    // Behind React's own microtask, which renders what the handlers changed.
    queueMicrotask(() => {
      const handlers = performance.now() - began;
      afterFrame((begun, ended) => {
        probe.moves.push({ handlers, frame: ended - begun, total: ended - event.timeStamp });
      });
    });
  });
  addEventListener(
    "pointerup",
    (event) => {
      probe.pointerUp = event.timeStamp;
      probe.estimatePainted = null;
    },
    true,
  );

  const lookForSurface = () => {
    const handle = document.querySelector('[aria-label="Mixture in the triangle"]');
    const shown = handle?.getAttribute("aria-valuetext")?.includes("predicted") === true;
    if (!shown) requestAnimationFrame(lookForSurface);
    else
      afterFrame((_, ended) => {
        probe.surfacePainted = ended;
      });
  };
  requestAnimationFrame(lookForSurface);

  new PerformanceObserver((list) => {
    const estimate = list.getEntriesByName("demix:first-estimate").at(-1);
    if (!estimate || estimate.startTime < probe.pointerUp || probe.estimatePainted !== null) return;
    afterFrame((_, ended) => {
      probe.estimatePainted ??= ended;
    });
  }).observe({ type: "mark" });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      probe.longTasks.push({ start: startTime, ms: duration });
  }).observe({ type: "longtask", buffered: true });
  if (!PerformanceObserver.supportedEntryTypes.includes("long-animation-frame")) return;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as LongFrame[]) {
      const scripts = entry.scripts.map((s) => {
        const file = s.sourceURL.split("/").at(-1) ?? "";
        const where = `${s.sourceFunctionName || "?"} ${file}:${s.sourceCharPosition}`;
        return `${Math.round(s.duration)} ms ${s.invoker}: ${where}, layout ${Math.round(s.forcedStyleAndLayoutDuration)} ms`;
      });
      probe.longFrames.push({ start: entry.startTime, ms: entry.duration, scripts });
    }
  }).observe({ type: "long-animation-frame", buffered: true });
}

/** As the Long Animation Frames specification has it; TypeScript's DOM library does not know it yet. */
interface LongFrame extends PerformanceEntry {
  readonly scripts: readonly {
    readonly duration: number;
    readonly invoker: string;
    readonly sourceURL: string;
    readonly sourceFunctionName: string;
    readonly sourceCharPosition: number;
    readonly forcedStyleAndLayoutDuration: number;
  }[];
}
