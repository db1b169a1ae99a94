import type { Result } from "../../core/result";

/** Storage for one session's intermediate values, gone once it is closed; positions are bytes. */
export interface ScratchFile {
  /** Fails where the storage is full. */
  write(at: number, bytes: Uint8Array): Promise<Result<null>>;
  /** Fills all of `into`, which must have been written. */
  read(at: number, into: Uint8Array): Promise<Result<null>>;
  close(): Promise<void>;
}

/** Opens a scratch file; null where there is no storage for one. */
export type OpenScratch = () => Promise<ScratchFile | null>;
