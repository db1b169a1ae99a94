import type { PageId } from "../../state/view-store";
import type { Done } from "./tour-store";

export interface TourStep {
  readonly id: string;
  readonly page: PageId;
  /** Value of the data-tour attribute that the card points at; the card stands in the middle without one, and at the foot while the page does not show it. */
  readonly anchor: string | null;
  readonly title: string;
  readonly text: string;
  /** What the visitor does to go on by itself. */
  readonly until?: keyof Done;
  readonly todo?: string;
}

/** At most seven, and every act is a real one. */
export const TOUR_STEPS: readonly TourStep[] = [
  {
    id: "welcome",
    page: "explore",
    anchor: null,
    title: "Which data should a model be trained on?",
    text: "Training on every mixture to find out is dear. Here one model per source was trained once; their weighted merge stands for a model trained on that mixture, and this page merges and scores it in your browser.",
  },
  {
    id: "drag",
    page: "explore",
    anchor: "sliders",
    title: "Shift the mixture",
    text: "A slider's track is coloured by the predicted score along it, the other shares giving way. Drag towards the bright end.",
    until: "dragged",
    todo: "Drag a slider, or press → on one",
  },
  {
    id: "measure",
    page: "explore",
    anchor: "scores",
    title: "Predicted at once, measured a moment later",
    text: "◇ is predicted from earlier measurements. When you let go, the models are merged and scored: ● appears, and its interval shrinks as items are scored.",
    until: "measured",
    todo: "Let go and wait for a complete measurement",
  },
  {
    id: "triangle",
    page: "explore",
    anchor: "triangle",
    title: "The same mixture as a point",
    text: "The triangle shows predicted scores over three components. Drag the ring, or move it with the arrow keys; click a corner to show another component there.",
  },
  {
    id: "search",
    page: "search",
    anchor: "search-run",
    title: "Let it search",
    text: "A search measures mixtures in rounds, each nearer to what the predictor likes, and recommends one. A short one shows how it goes; for a real answer take the paper's 64 + 32 + 16.",
    until: "searched",
    todo: "Run a search",
  },
  {
    id: "journal",
    page: "explore",
    anchor: "journal",
    title: "Nothing measured is lost",
    text: "Every measurement stays in this browser, also after a reload. Point at a bar to see it, click to return to its mixture.",
  },
  {
    id: "end",
    page: "explore",
    anchor: null,
    title: "That is the whole loop",
    text: "On Ranks see whether merged models rank like really trained ones; on Recipe take the mixture with you. The tour is under “?” whenever you want it again.",
  },
];
