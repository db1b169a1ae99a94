/** A tensor of a model: matrices are [out, in] but for families with Conv1D. */
export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export const elementsOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
