import type { CacheStore } from "./cache-store";

const SETTINGS = "settings.json";
/** Of what the browser lets the site store, unless the user chose otherwise. */
const SHARE = 0.5;
/** Where the browser does not say how much it lets the site store. */
const UNKNOWN_BUDGET = 4 * 2 ** 30;

/** The budget that the user chose, else a share of the quota; bytes. */
export async function loadBudget(store: CacheStore): Promise<number> {
  const chosen = await chosenBudget(store).catch(() => null);
  const quota = await store.quota().catch(() => null);
  return chosen ?? (quota === null ? UNKNOWN_BUDGET : Math.floor(quota * SHARE));
}

export async function saveBudget(store: CacheStore, budget: number): Promise<void> {
  const file = await store.open(SETTINGS);
  try {
    file.truncate(0);
    file.write(new TextEncoder().encode(JSON.stringify({ budget })), 0);
  } finally {
    file.close();
  }
}

async function chosenBudget(store: CacheStore): Promise<number | null> {
  const bytes = await store.load(SETTINGS);
  if (!bytes) return null;
  const { budget } = JSON.parse(new TextDecoder().decode(bytes)) as { budget?: unknown };
  return typeof budget === "number" && budget >= 0 ? budget : null;
}
