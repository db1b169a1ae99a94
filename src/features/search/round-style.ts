/** Colour and mark of a round: never told apart by colour alone. */
export interface RoundStyle {
  readonly color: string;
  readonly mark: "circle" | "square" | "triangle" | "diamond";
}

const STYLES: readonly RoundStyle[] = [
  { color: "var(--ink-2)", mark: "circle" },
  { color: "var(--accent)", mark: "square" },
  { color: "var(--best)", mark: "triangle" },
  { color: "var(--good)", mark: "diamond" },
];

export const roundStyle = (round: number): RoundStyle => STYLES[round % STYLES.length]!;

/** The mark as a path around the origin. */
export function markPath(mark: RoundStyle["mark"], r: number): string {
  switch (mark) {
    case "circle":
      return `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;
    case "square":
      return `M${-r * 0.9} ${-r * 0.9}H${r * 0.9}V${r * 0.9}H${-r * 0.9}Z`;
    case "triangle":
      return `M0 ${-r * 1.2}L${r * 1.1} ${r * 0.8}H${-r * 1.1}Z`;
    case "diamond":
      return `M0 ${-r * 1.3}L${r * 1.3} 0L0 ${r * 1.3}L${-r * 1.3} 0Z`;
  }
}
