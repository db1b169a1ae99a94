import { clear, createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import { fail, ok, type Result } from "../core/result";
import type { Measurement } from "../core/scoring/measurement";

/** Keeps every measurement ever made, by content address; a record is replaced only by one with more items. */
export interface Journal {
  /** All readable records; the addresses of broken ones are named and left untouched. */
  load(): Promise<Result<{ records: Measurement[]; broken: string[] }>>;
  /** Resolves when the record is durable; "quota" when the browser has no room: the caller keeps the record. */
  put(record: Measurement): Promise<Result<Measurement>>;
  remove(address: string): Promise<void>;
  clear(): Promise<void>;
}

const JOURNAL_VERSION = 1;
interface Stored {
  readonly version: number;
  readonly record: Measurement;
}

function readable(value: unknown): Measurement | null {
  const stored = value as Partial<Stored> | null;
  const record = stored?.record;
  if (stored?.version !== JOURNAL_VERSION || !record) return null;
  const good =
    typeof record.address === "string" &&
    record.scores instanceof Float32Array &&
    Number.isInteger(record.done) &&
    Number.isInteger(record.total) &&
    typeof record.key?.set === "string";
  return good ? record : null;
}

/** The browser's journal, in IndexedDB. */
export function createIdbJournal(name = "demix-journal"): Journal {
  let store: UseStore | null = null;
  const open = () => {
    store ??= createStore(name, "measurements");
    return store;
  };
  return {
    async load() {
      try {
        const all = await entries<string, unknown>(open());
        const records: Measurement[] = [];
        const broken: string[] = [];
        for (const [address, value] of all) {
          const record = readable(value);
          if (record) records.push(record);
          else broken.push(String(address));
        }
        records.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
        return ok({ records, broken });
      } catch (error) {
        return fail("quota", `The journal cannot be opened (${String(error)}).`, {
          remedy: "Measurements are kept until this tab closes; export them on the Recipe page.",
        });
      }
    },
    async put(record) {
      try {
        const known = readable(await get(record.address, open()));
        if (known && known.done >= record.done) return ok(known);
        await set(record.address, { version: JOURNAL_VERSION, record } satisfies Stored, open());
        return ok(record);
      } catch (error) {
        return fail("quota", `The browser refused to store a measurement (${String(error)}).`, {
          remedy: "Free space for this site; the measurement is kept until this tab closes.",
        });
      }
    },
    remove: (address) => del(address, open()),
    clear: () => clear(open()),
  };
}

/** The same contract without a browser: for tests and for a browser that denies storage. */
export function createMemoryJournal(): Journal {
  const records = new Map<string, Measurement>();
  return {
    load: async () => ok({ records: [...records.values()], broken: [] }),
    async put(record) {
      const known = records.get(record.address);
      if (known && known.done >= record.done) return ok(known);
      records.set(record.address, record);
      return ok(record);
    },
    remove: async (address) => void records.delete(address),
    clear: async () => records.clear(),
  };
}
