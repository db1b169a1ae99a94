import { ok, type Result } from "../../core/result";

/**
 * For every step in turn: `load` fills one of two places (the step's number, odd or even, says which), and `use` works on it
 * while the next step is loaded into the other. The first failure ends it, once nothing is being loaded any more.
 */
export async function prefetched(
  steps: number,
  load: (step: number, place: 0 | 1) => Promise<Result<null>>,
  use: (step: number, place: 0 | 1) => Promise<Result<null>>,
): Promise<Result<null>> {
  const begin = (step: number): Promise<Result<null>> | null => {
    if (step >= steps) return null;
    const loading = load(step, place(step));
    // A failure is thrown where it is waited for.
    loading.catch(() => undefined);
    return loading;
  };
  let loading = begin(0);
  for (let step = 0; step < steps; step++) {
    const loaded = await loading!;
    if (!loaded.ok) return loaded;
    loading = begin(step + 1);
    try {
      const used = await use(step, place(step));
      if (!used.ok) return used;
    } finally {
      await loading?.catch(() => undefined);
    }
  }
  return ok(null);
}

const place = (step: number): 0 | 1 => (step % 2 === 0 ? 0 : 1);
