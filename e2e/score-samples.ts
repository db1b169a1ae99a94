import type { Page } from "@playwright/test";

/** What the Scores panel showed of a running measurement at one moment. */
export interface ScoreSample {
  readonly done: number;
  /** Half of the macro score's 95 % interval, in points. */
  readonly half: number;
}

/** Notes every change of the Scores panel while a mixture is measured; call it while Explore is on show. */
export async function sampleScores(page: Page): Promise<void> {
  await page.evaluate(() => {
    const samples: ScoreSample[] = [];
    Object.assign(window, { samples });
    const panel = document.querySelector('section[aria-label="Scores"]');
    if (!panel) throw new Error("no Scores panel");
    const look = () => {
      const status = /measuring · ([\d,]+) of/.exec(panel.textContent ?? "");
      const score = panel.querySelector('li[data-kind="macro"] [data-kind="measured"]');
      const half = / plus or minus ([\d.]+)$/.exec(score?.lastElementChild?.textContent ?? "");
      if (!status || !half) return;
      const sample = { done: Number(status[1]!.replace(",", "")), half: Number(half[1]) };
      if (samples.at(-1)?.done !== sample.done) samples.push(sample);
    };
    new MutationObserver(look).observe(panel, { subtree: true, childList: true, characterData: true });
  });
}

export const takenSamples = (page: Page): Promise<ScoreSample[]> =>
  page.evaluate(() => (window as unknown as { samples: ScoreSample[] }).samples);
