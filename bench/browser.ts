import { openBrowser } from "./browser-session";
import { benchDrag } from "./drag";
import type { BenchOptions } from "./figure";
import { benchFirstLoad } from "./first-load";
import { serveBuild } from "./served-build";

/** The page itself, in a headless Chromium, cross-origin isolated, on a fresh production build. */
export async function benchBrowser(options: BenchOptions): Promise<void> {
  const served = await serveBuild(options.root, options.build, options.say);
  try {
    for (const backend of options.backends) {
      const url = `${served.url}?backend=${backend}`;
      // Chromium's own first start reads its files from disk; that is no part of a page's opening.
      const warm = await openBrowser(options.root, options.say);
      await warm.close();
      await benchFirstLoad(options, served, url, backend);
      await benchDrag(options, url, backend);
    }
  } finally {
    await served.close();
  }
}
