import { create } from "zustand";
import type { Problem, Result } from "../core/result";
import type { Engine } from "../engine/engine";
import type { CacheState } from "../protocol/engine-protocol";

interface StorageState {
  /** Null before the engine has told. */
  readonly cache: CacheState | null;
  readonly problem: Problem | null;
  readonly busy: boolean;
}

/** Remote bytes that are kept in the browser's storage. */
export const useStorage = create<StorageState>(() => ({ cache: null, problem: null, busy: false }));

export function createStorageControl(engine: () => Engine | null) {
  async function ask(call: (engine: Engine) => Promise<Result<CacheState>>): Promise<void> {
    const running = engine();
    if (!running) return;
    useStorage.setState({ busy: true });
    const answer = await call(running);
    useStorage.setState(
      answer.ok
        ? { cache: answer.value, problem: null, busy: false }
        : { problem: answer.problem, busy: false },
    );
  }
  return {
    look: () => ask((e) => e.cacheState()),
    /** Null evicts all that no open set needs. */
    evict: (key: string | null) => ask((e) => e.evict(key)),
    /** Bytes. */
    setBudget: (bytes: number) => ask((e) => e.setCacheBudget(bytes)),
  };
}

export type StorageControl = ReturnType<typeof createStorageControl>;
