import {
  IconChartDots3,
  IconFileCertificate,
  IconListSearch,
  IconSchool,
  IconStack2,
  IconTriangle,
} from "@tabler/icons-react";
import { type ComponentType, lazy } from "react";
import type { PageId } from "../state/view-store";

export interface PageEntry {
  readonly id: PageId;
  readonly label: string;
  /** The question that the page answers. */
  readonly question: string;
  readonly Icon: typeof IconTriangle;
  readonly Page: ComponentType;
}

/** In the order of the navigation; a page's code is loaded when it is first shown. */
export const PAGE_LIST: readonly PageEntry[] = [
  {
    id: "set",
    label: "Set",
    question: "May I trust merging here?",
    Icon: IconStack2,
    Page: lazy(() => import("../features/components/SetPage")),
  },
  {
    id: "explore",
    label: "Explore",
    question: "What if I shift the mixture?",
    Icon: IconTriangle,
    Page: lazy(() => import("../features/explore/ExplorePage")),
  },
  {
    id: "search",
    label: "Search",
    question: "Which mixture is best, for how much?",
    Icon: IconListSearch,
    Page: lazy(() => import("../features/search/SearchPage")),
  },
  {
    id: "ranks",
    label: "Ranks",
    question: "Do merged proxies rank like trained ones?",
    Icon: IconChartDots3,
    Page: lazy(() => import("../features/ranks/RanksPage")),
  },
  {
    id: "recipe",
    label: "Recipe",
    question: "What do I hand on?",
    Icon: IconFileCertificate,
    Page: lazy(() => import("../features/recipe/RecipePage")),
  },
  {
    id: "learn",
    label: "Learn",
    question: "Why does this work, and when not?",
    Icon: IconSchool,
    Page: lazy(() => import("../features/learn/LearnPage")),
  },
];

export const pageEntry = (id: PageId): PageEntry => PAGE_LIST.find((p) => p.id === id) ?? PAGE_LIST[1]!;
