/**
 * Asks the browser not to clear what this site stores when the disk runs full (the cache of checkpoints, the journal);
 * true when it promises so. Browsers decide by themselves or ask the user: call it when somebody keeps something.
 */
export async function persistStorage(): Promise<boolean> {
  try {
    const { storage } = navigator;
    return (await storage.persisted()) || (await storage.persist());
  } catch {
    return false;
  }
}
