import { PAGES, type PageId, useView } from "../state/view-store";

/** "#/explore" names a page; any other hash names none. */
export function pageOfHash(hash: string): PageId | null {
  const name = /^#\/([a-z]+)$/.exec(hash)?.[1];
  return PAGES.find((p) => p === name) ?? null;
}

/** Keeps the address and the page on show equal, in both directions; returns what undoes it. */
export function connectRouting(): () => void {
  const read = () => {
    const page = pageOfHash(location.hash);
    if (page) useView.getState().go(page);
  };
  const write = (page: PageId, replace: boolean) => {
    const hash = `#/${page}`;
    if (location.hash === hash) return;
    if (replace) history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
  };
  read();
  if (location.hash === "") write(useView.getState().page, true);
  const off = useView.subscribe((now, before) => {
    if (now.page !== before.page) write(now.page, pageOfHash(location.hash) === null);
  });
  addEventListener("hashchange", read);
  addEventListener("popstate", read);
  return () => {
    off();
    removeEventListener("hashchange", read);
    removeEventListener("popstate", read);
  };
}
