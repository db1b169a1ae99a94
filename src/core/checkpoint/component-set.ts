export interface SetMember {
  readonly id: string;
  readonly label: string;
  /** Folder of the checkpoint, relative to the set file, ending in "/". */
  readonly source: string;
  /** SHA-256 of each weight file, by name; checked when the weights are read. */
  readonly sha256?: Readonly<Record<string, string>>;
}

export interface ComponentMember extends SetMember {
  readonly trainedOn: string;
  readonly general: boolean;
  /** General share of its training data (β). */
  readonly beta: number;
  /** Tokens it was trained on after the base. */
  readonly trainTokens: number;
  /** Tokens available in its dataset. */
  readonly supplyTokens: number;
  readonly licences?: readonly string[];
}

/** demix-set.json, version 1. */
export interface ComponentSetSpec {
  readonly format: "demix-set";
  readonly version: 1;
  readonly name: string;
  readonly beta: number;
  readonly base: SetMember;
  readonly components: readonly ComponentMember[];
  readonly tasks: string;
  readonly references?: string;
  readonly design?: string;
  readonly sources?: readonly { name: string; version: string; licence: string; what: string }[];
}

/** One tensor group's share of a component's update: layer by layer, by kind of tensor. */
export interface GroupUpdate {
  /** "embed", "layer 0" … or "final norm". */
  readonly place: string;
  readonly kind: "embedding" | "attention" | "mlp" | "norm";
  /** δ of paper Eq. 4 restricted to the group. */
  readonly delta: number;
}

export interface ComponentHealth {
  readonly id: string;
  /** Update magnitude δ = Σ|Δ| / (Σ|Θ_i| + Σ|Θ_base|), paper Eq. 4. */
  readonly delta: number;
  readonly groups: readonly GroupUpdate[];
  /** Cosine of this component's update with each component's update, in set order. */
  readonly cosines: readonly number[];
}

/** What the page may know of an opened set; no weights. */
export interface SetInfo {
  readonly hash: string;
  readonly spec: ComponentSetSpec;
  readonly architecture: string;
  readonly parameters: number;
  /** Bytes of all weight files. */
  readonly bytes: number;
  /** Bytes the engine holds: component weights, merged weights, packed requests. */
  readonly residentBytes: number;
  readonly dtype: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly health: readonly ComponentHealth[];
  readonly warnings: readonly string[];
}
