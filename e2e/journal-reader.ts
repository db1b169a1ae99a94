import type { Page } from "@playwright/test";
import type { Measurement } from "../src/core/scoring/measurement";

/** A record of the browser's journal, without its item scores. */
export interface JournalRecord {
  readonly address: string;
  readonly at: string;
  readonly done: number;
  readonly total: number;
  readonly backend: string;
  /** Merge shares; null for the base. */
  readonly alpha: readonly number[] | null;
}

type Stored = { readonly version: number; readonly record: Measurement };

/** Everything in IndexedDB, oldest first. The page opens the database when it starts; it is never created here. */
async function readAll(
  page: Page,
  address: string | null,
): Promise<(JournalRecord & { scores: number[] })[]> {
  return page.evaluate(async (only) => {
    const known = await indexedDB.databases();
    if (!known.some((d) => d.name === "demix-journal")) return [];
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("demix-journal");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const stored = await new Promise<Stored[]>((resolve, reject) => {
      const request = database.transaction("measurements").objectStore("measurements").getAll();
      request.onsuccess = () => resolve(request.result as Stored[]);
      request.onerror = () => reject(request.error);
    });
    database.close();
    return stored
      .map(({ record: { address, at, done, total, backend, key, scores } }) => ({
        address,
        at,
        done,
        total,
        backend,
        alpha: key.subject.kind === "mixture" ? [...key.subject.alpha] : null,
        scores: address === only ? Array.from(scores) : [],
      }))
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }, address);
}

export const readJournal = (page: Page): Promise<JournalRecord[]> => readAll(page, null);

/** Item scores of one record. */
export async function readScores(page: Page, address: string): Promise<number[]> {
  const record = (await readAll(page, address)).find((r) => r.address === address);
  if (!record) throw new Error(`the journal has no record ${address}`);
  return record.scores;
}

/** The complete records, which must never be computed again. */
export const complete = (records: readonly JournalRecord[]): JournalRecord[] =>
  records.filter((r) => r.done === r.total);
