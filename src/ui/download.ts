/** Saves text as a file through the browser. */
export function download(name: string, parts: readonly string[], type: string): void {
  downloadBlob(name, new Blob([...parts], { type }));
}

/** The blob's bytes stay where they are until the browser has copied them. */
export function downloadBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
