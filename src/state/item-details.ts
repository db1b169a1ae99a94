import { createStore, get, set, type UseStore } from "idb-keyval";
import { useEffect, useState } from "react";
import type { ItemDetail } from "../core/scoring/item-outcome";

let opened: UseStore | null = null;
function store(): UseStore {
  opened ??= createStore("demix-item-details", "by-measurement");
  return opened;
}

/** What the models said in a measurement, by its address: generated texts; none where the browser did not keep them. */
export async function itemDetails(address: string): Promise<readonly ItemDetail[]> {
  try {
    return (await get<readonly ItemDetail[]>(address, store())) ?? [];
  } catch {
    return [];
  }
}

/** Adds to what is kept of a measurement; losing it costs no score, so a full disk is no news here. */
export async function keepItemDetails(address: string, details: readonly ItemDetail[]): Promise<void> {
  if (details.length === 0) return;
  const known = new Map((await itemDetails(address)).map((d) => [`${d.task} ${d.item}`, d]));
  for (const detail of details) known.set(`${detail.task} ${detail.item}`, detail);
  try {
    await set(address, [...known.values()], store());
  } catch {
    // The scores stand in the journal.
  }
}

/** What a measured model generated for an item; null where nothing is kept. */
export function useItemTexts(address: string | null, task: number, item: number): readonly string[] | null {
  const [found, setFound] = useState<{ address: string; details: readonly ItemDetail[] } | null>(null);
  useEffect(() => {
    if (address === null) return;
    let live = true;
    void itemDetails(address).then((details) => live && setFound({ address, details }));
    return () => {
      live = false;
    };
  }, [address]);
  if (!found || found.address !== address) return null;
  return found.details.find((d) => d.task === task && d.item === item)?.texts ?? null;
}
