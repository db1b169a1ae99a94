/** Which set was open last: a recent set's id, or null for the demo set. */
const KEY = "demix-last-set";

export function lastSet(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function keepLastSet(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, id);
  } catch {
    // Without storage the demo set opens after a reload.
  }
}

/** "?set=ADDRESS" names a set on the web; the address bar says so, so that a copied address opens it. */
export function showSetAddress(address: string | null): void {
  const url = new URL(location.href);
  if (address === null) url.searchParams.delete("set");
  else url.searchParams.set("set", address);
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

export const askedSet = (): string | null => new URLSearchParams(location.search).get("set");
