import {
  IconChartDots3,
  IconFileCertificate,
  IconListCheck,
  IconListSearch,
  IconSchool,
  IconStack2,
  IconTriangle,
} from "@tabler/icons-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { PageId } from "../state/view-store";

export interface PageEntry {
  readonly id: PageId;
  readonly label: string;
  /** The question that the page answers. */
  readonly question: string;
  readonly Icon: typeof IconTriangle;
  readonly Page: LazyExoticComponent<ComponentType>;
  /** Fetches the page's code before it is shown. */
  readonly preload: () => void;
}

function page(load: () => Promise<{ default: ComponentType }>): Pick<PageEntry, "Page" | "preload"> {
  // A failed preload is no news: showing the page tries again and says what is wrong.
  return { Page: lazy(load), preload: () => void load().catch(() => undefined) };
}

/** In the order of the navigation; a page's code is loaded when it is first shown. */
export const PAGE_LIST: readonly PageEntry[] = [
  {
    id: "set",
    label: "Set",
    question: "May I trust merging here?",
    Icon: IconStack2,
    ...page(() => import("../features/components/SetPage")),
  },
  {
    id: "tasks",
    label: "Tasks",
    question: "What is measured, and is it enough?",
    Icon: IconListCheck,
    ...page(() => import("../features/tasks/TasksPage")),
  },
  {
    id: "explore",
    label: "Explore",
    question: "What if I shift the mixture?",
    Icon: IconTriangle,
    ...page(() => import("../features/explore/ExplorePage")),
  },
  {
    id: "search",
    label: "Search",
    question: "Which mixture is best, for how much?",
    Icon: IconListSearch,
    ...page(() => import("../features/search/SearchPage")),
  },
  {
    id: "ranks",
    label: "Ranks",
    question: "Do merged proxies rank like trained ones?",
    Icon: IconChartDots3,
    ...page(() => import("../features/ranks/RanksPage")),
  },
  {
    id: "recipe",
    label: "Recipe",
    question: "What do I hand on?",
    Icon: IconFileCertificate,
    ...page(() => import("../features/recipe/RecipePage")),
  },
  {
    id: "learn",
    label: "Learn",
    question: "Why does this work, and when not?",
    Icon: IconSchool,
    ...page(() => import("../features/learn/LearnPage")),
  },
];

export const pageEntry = (id: PageId): PageEntry => PAGE_LIST.find((p) => p.id === id) ?? PAGE_LIST[2]!;
