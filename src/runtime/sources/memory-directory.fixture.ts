export interface Entries {
  readonly [name: string]: string | File | Entries;
}

/** A directory handle over held files, with the errors that the File System standard names; read only. */
export function memoryDirectory(name: string, entries: Entries): FileSystemDirectoryHandle {
  const known = new Map(Object.entries(entries));
  const handleOf = (child: string, value: Entries[string]) =>
    typeof value === "string" || value instanceof File
      ? fileHandle(child, value)
      : memoryDirectory(child, value);
  const open = async (child: string, kind: "file" | "directory") => {
    if (child === "" || child === "." || child === "..") throw new TypeError("Name is not allowed.");
    const value = known.get(child);
    if (value === undefined) throw new DOMException("Not there.", "NotFoundError");
    const handle = handleOf(child, value);
    if (handle.kind !== kind) throw new DOMException("Of another kind.", "TypeMismatchError");
    return handle;
  };
  const directory = {
    kind: "directory",
    name,
    getFileHandle: (child: string) => open(child, "file"),
    getDirectoryHandle: (child: string) => open(child, "directory"),
    entries: async function* () {
      for (const [child, value] of known) yield [child, handleOf(child, value)] as const;
    },
  };
  return directory as unknown as FileSystemDirectoryHandle;
}

function fileHandle(name: string, content: string | File): FileSystemFileHandle {
  const file = content instanceof File ? content : new File([content], name);
  return { kind: "file", name, getFile: async () => file } as unknown as FileSystemFileHandle;
}
