import type { Page } from "@playwright/test";

export interface Watch {
  /** Errors on the console and errors that nobody caught. */
  readonly errors: string[];
  /** Addresses outside this machine that the page, or a worker of it, asked for. */
  readonly outside: string[];
}

/** Notes what must not happen on a page; call it before the page is opened. */
export function watchPage(page: Page): Watch {
  const watch: Watch = { errors: [], outside: [] };
  page.on("console", (message) => {
    if (message.type() === "error") watch.errors.push(message.text());
  });
  page.on("pageerror", (error) => watch.errors.push(error.message));
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && hostname !== "localhost") watch.outside.push(request.url());
  });
  return watch;
}
