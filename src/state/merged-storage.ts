/** Folder of the browser's own storage where merged models are written; see runtime/output-folder.ts. */
const MERGED = "merged";

/** A merged model that lies in the browser's storage until it is downloaded and deleted. */
export interface StoredModel {
  readonly name: string;
  /** From the root of the browser's storage. */
  readonly path: string;
  readonly bytes: number;
}

type Directory = FileSystemDirectoryHandle & { keys(): AsyncIterable<string> };

async function mergedFolder(): Promise<Directory | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return (await root.getDirectoryHandle(MERGED)) as Directory;
  } catch {
    return null;
  }
}

/** The files of a stored model, largest first; empty where there is none. */
export async function storedFiles(name: string): Promise<File[]> {
  const merged = await mergedFolder();
  if (!merged) return [];
  try {
    const folder = (await merged.getDirectoryHandle(name)) as Directory;
    const files: File[] = [];
    for await (const key of folder.keys()) files.push(await (await folder.getFileHandle(key)).getFile());
    return files.sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

export async function storedModels(): Promise<StoredModel[]> {
  const merged = await mergedFolder();
  if (!merged) return [];
  const models: StoredModel[] = [];
  for await (const name of merged.keys()) {
    const bytes = (await storedFiles(name)).reduce((sum, file) => sum + file.size, 0);
    if (bytes > 0) models.push({ name, path: `${MERGED}/${name}`, bytes });
  }
  return models.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** False where the browser did not let it be deleted. */
export async function deleteStored(name: string): Promise<boolean> {
  const merged = await mergedFolder();
  if (!merged) return true;
  return merged.removeEntry(name, { recursive: true }).then(
    () => true,
    () => false,
  );
}

/** Bytes that the browser still lets this site store; null where it does not say. */
export async function freeStorage(): Promise<number | null> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
  } catch {
    return null;
  }
}
