/** Where the layers of a Hugging Face model stand among its tensors' names, for every supported architecture. */
const LAYER = /^(?:model\.layers|model\.language_model\.layers|transformer\.h|gpt_neox\.layers)\.(\d+)\./;
/** Names of tensors outside the layers that have a number in them would be taken for an unknown architecture's layers. */
const NUMBERED = /(?:^|\.)\d+\./;

/** Index of the layer that a tensor belongs to; null outside the layers; "unknown" where the name does not tell. */
export function layerIndex(tensor: string): number | null | "unknown" {
  const layer = LAYER.exec(tensor)?.[1];
  if (layer !== undefined) return Number(layer);
  return NUMBERED.test(tensor) ? "unknown" : null;
}
