import type { Blueprint } from "./blueprint";

/** The same model in a checkpoint whose names lack the prefix. */
export function withoutPrefix(model: Blueprint): Blueprint {
  const { prefix, finalNorm, head, positions } = model;
  const bare = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  return {
    ...model,
    embedding: bare(model.embedding),
    ...(positions && { positions: { ...positions, name: bare(positions.name) } }),
    layerPrefix: (layer) => bare(model.layerPrefix(layer)),
    finalNorm: {
      weights: finalNorm.weights.map((w) => ({ ...w, name: bare(w.name) })),
      apply: (g, x, w) => finalNorm.apply(g, x, (name) => w(bare(name))),
    },
    head: { ...head, weight: bare(head.weight) },
  };
}
