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

/** Pages are loaded when first shown. */
const modules = import.meta.glob<{ default: ComponentType }>("../features/*/*Page.tsx");

function page(path: string): ComponentType {
  return lazy(() => {
    const load = modules[`../features/${path}.tsx`];
    if (!load) return Promise.reject(new Error("This page is not part of this build."));
    return load();
  });
}

export interface PageEntry {
  readonly id: PageId;
  readonly label: string;
  /** The question that the page answers. */
  readonly question: string;
  readonly Icon: typeof IconTriangle;
  readonly Page: ComponentType;
}

export const PAGE_LIST: readonly PageEntry[] = [
  {
    id: "set",
    label: "Set",
    question: "May I trust merging here?",
    Icon: IconStack2,
    Page: page("components/SetPage"),
  },
  {
    id: "explore",
    label: "Explore",
    question: "What if I shift the mixture?",
    Icon: IconTriangle,
    Page: page("explore/ExplorePage"),
  },
  {
    id: "search",
    label: "Search",
    question: "Which mixture is best, for how much?",
    Icon: IconListSearch,
    Page: page("search/SearchPage"),
  },
  {
    id: "ranks",
    label: "Ranks",
    question: "Do merged proxies rank like trained ones?",
    Icon: IconChartDots3,
    Page: page("ranks/RanksPage"),
  },
  {
    id: "recipe",
    label: "Recipe",
    question: "What do I hand on?",
    Icon: IconFileCertificate,
    Page: page("recipe/RecipePage"),
  },
  {
    id: "learn",
    label: "Learn",
    question: "Why does this work, and when not?",
    Icon: IconSchool,
    Page: page("learn/LearnPage"),
  },
];

export const pageEntry = (id: PageId): PageEntry => PAGE_LIST.find((p) => p.id === id) ?? PAGE_LIST[1]!;
