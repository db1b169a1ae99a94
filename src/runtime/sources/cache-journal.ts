import { type CacheTarget, CHUNK, chunkCount } from "./byte-cache";

/** Where a chunk lies in the data file (slot · CHUNK), and the sum (`chunkSum`) of what it is. */
export interface HeldChunk {
  readonly slot: number;
  readonly sum: string;
}

/** What a journal says of a kept file. */
export interface JournalState {
  readonly key: string;
  readonly size: number;
  readonly lasting: boolean;
  address: string;
  checkpoint: CacheTarget["checkpoint"];
  /** Milliseconds since 1970. */
  lastUsed: number;
  readonly chunks: Map<number, HeldChunk>;
  /** Lines that a fresh journal of this state would not have. */
  stale: number;
}

/**
 * The journal of a kept file: a line of JSON per event, appended as chunks arrive. A line that a crash tore is not JSON and
 * is passed over, so that what it would have stated counts as not held.
 */
export const journalLine = {
  opened: ({ address, checkpoint }: Pick<CacheTarget, "address" | "checkpoint">, used: number): string =>
    line({ used, address, checkpoint }),
  held: (chunk: number, { slot, sum }: HeldChunk): string => line({ chunk, slot, sum }),
  dropped: (chunk: number): string => line({ drop: chunk }),
};

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

export const journalHead = ({ key, size, lasting }: Pick<CacheTarget, "key" | "size" | "lasting">): string =>
  line({ format: "demix-cache", version: 1, chunk: CHUNK, key, size, lasting });

/** The whole journal of a state, without what is stale. */
export function freshJournal(state: JournalState): string {
  const lines = [journalHead(state), journalLine.opened(state, state.lastUsed)];
  for (const [chunk, held] of state.chunks) lines.push(journalLine.held(chunk, held));
  return lines.join("");
}

/** Null where the journal does not begin as one of this version. */
export function parseJournal(text: string): JournalState | null {
  const [first = "", ...rest] = text.split("\n");
  const head = parsed(first);
  if (head?.format !== "demix-cache" || head.version !== 1 || head.chunk !== CHUNK) return null;
  const { key, size, lasting } = head;
  if (typeof key !== "string" || !isCount(size) || typeof lasting !== "boolean") return null;
  const unknown = { key: "", name: "" };
  const chunks = new Map<number, HeldChunk>();
  const state: JournalState = {
    key,
    size,
    lasting,
    address: "",
    checkpoint: unknown,
    lastUsed: 0,
    chunks,
    stale: 0,
  };
  for (const text of rest) if (text !== "") state.stale += apply(state, parsed(text));
  return state.address === "" ? null : state;
}

/** Carries one line into the state; the value is the number of lines that it makes stale, itself included. */
function apply(state: JournalState, event: Record<string, unknown> | null): number {
  if (event === null) return 1;
  const { used, address, checkpoint, chunk, slot, sum, drop } = event;
  if (isCount(used) && typeof address === "string" && isCheckpoint(checkpoint)) {
    const again = state.address === "" ? 0 : 1;
    Object.assign(state, { lastUsed: used, address, checkpoint });
    return again;
  }
  if (isCount(chunk) && isCount(slot) && typeof sum === "string" && chunk < chunkCount(state.size)) {
    const again = state.chunks.has(chunk) ? 1 : 0;
    state.chunks.set(chunk, { slot, sum });
    return again;
  }
  return isCount(drop) && state.chunks.delete(drop) ? 2 : 1;
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isCheckpoint = (value: unknown): value is CacheTarget["checkpoint"] => {
  const { key, name } = (value ?? {}) as Record<string, unknown>;
  return typeof key === "string" && typeof name === "string";
};
