export interface SetMember {
  readonly id: string;
  readonly label: string;
  /** Where its checkpoint lies, as `parseSource` reads it: "code/", "https://host/path/", "hf://owner/name@revision", "local:NAME". */
  readonly source: string;
  /** SHA-256 of its weight files and others, by name; checked when they are read. */
  readonly sha256?: Readonly<Record<string, string>>;
}

export interface ComponentMember extends SetMember {
  readonly trainedOn: string;
  readonly general: boolean;
  /** General share of its training data (β); null where nobody knows. */
  readonly beta: number | null;
  /** Tokens it was trained on after the base; null where nobody knows. */
  readonly trainTokens: number | null;
  /** Tokens available in its dataset; null where nobody knows. */
  readonly supplyTokens: number | null;
  readonly licences?: readonly string[];
}

/** demix-set.json, version 2. */
export interface ComponentSetSpec {
  readonly format: "demix-set";
  readonly version: 2;
  readonly name: string;
  /** General share with which effective data shares are computed. */
  readonly beta: number;
  readonly base: SetMember;
  readonly components: readonly ComponentMember[];
  readonly tasks?: string;
  readonly references?: string;
  readonly design?: string;
  readonly sources?: readonly { name: string; version: string; licence: string; what: string }[];
}

type Components = ComponentSetSpec["components"];

/** Tokens available in each dataset, in set order; null where one of them is not known. */
export function suppliesOf(components: Components): readonly number[] | null {
  const supplies = components.flatMap((c) => (c.supplyTokens === null ? [] : [c.supplyTokens]));
  return supplies.length === components.length ? supplies : null;
}

/** Tokens that all components together were trained on; null where one of them is not known. */
export const trainTokensOf = (components: Components): number | null =>
  components.reduce<number | null>(
    (sum, c) => (sum === null || c.trainTokens === null ? null : sum + c.trainTokens),
    0,
  );

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
  /**
   * Of the entries where this component's update and another's are both non-zero, the share in which their signs are equal:
   * with each component, in set order. Unrelated updates have about 0.5.
   */
  readonly signAgreement: readonly number[];
}

/** What the page may know of an opened set; no weights. */
export interface SetInfo {
  /** Null until all weights were read, where the set file does not state their checksums. */
  readonly hash: string | null;
  readonly spec: ComponentSetSpec;
  readonly architecture: string;
  readonly parameters: number;
  /** Bytes of all weight files. */
  readonly bytes: number;
  /** Bytes the engine holds: component weights, merged weights, packed requests. */
  readonly residentBytes: number;
  readonly dtype: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Null until all weights were read. */
  readonly health: readonly ComponentHealth[] | null;
  readonly warnings: readonly string[];
}
