/** How far a long call is: `done` of `total` in `unit`s, and what it works on. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly what: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}
