import type { DecoderModel } from "../../core/decoder/decoder-model";
import { windowMask } from "../../core/decoder/window-mask";
import { HIDDEN } from "../../core/scoring/pack";
import type { Backend } from "../backend";
import type { Feeds } from "../ort";
import { RopeFeeds } from "../rope-feeds";

/** Arrays that say how tokens see each other; `keys` columns of the mask belong to earlier tokens first, then to these. */
export interface Layout {
  readonly rows: number;
  readonly length: number;
  readonly ids: Int32Array;
  readonly positions: BigInt64Array;
  /** [rows, 1, 1, length, keys], 0 or HIDDEN. */
  readonly mask: Float32Array;
  /** Of every token, how many tokens its sequence has. */
  readonly lengths: Int32Array;
}

/** Makes what blocks are fed besides weights and hidden states; tables of angles are kept. */
export class BatchInputs {
  private readonly rope: RopeFeeds;
  private readonly window: number | null;

  constructor(
    private readonly backend: Backend,
    model: DecoderModel,
  ) {
    this.rope = new RopeFeeds(backend, model.rotary);
    this.window = model.windows.find((w) => w !== null) ?? null;
  }

  /** Every input that any block of the model may name. */
  feeds({ rows, length, ids, positions, mask, lengths }: Layout): Feeds {
    const { Tensor } = this.backend.ort;
    const keys = mask.length / (rows * length);
    const tensor = (data: Float32Array) => new Tensor("float32", data, [rows, 1, 1, length, keys]);
    const placed = this.rope.place(positions, lengths, length);
    return {
      ...placed.feeds,
      ids: new Tensor("int32", ids, [rows, length]),
      positions: new Tensor("int64", placed.positions, [rows, length]),
      mask: tensor(mask),
      ...(this.window !== null && { "mask.window": tensor(windowMask(mask, keys, this.window, HIDDEN)) }),
    };
  }
}

/** Those of `feeds` that a graph names. */
export const pick = (feeds: Feeds, names: readonly string[]): Feeds =>
  Object.fromEntries(names.flatMap((name) => (feeds[name] ? [[name, feeds[name]]] : [])));
