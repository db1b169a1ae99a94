import type { OnnxGraph } from "./onnx-graph";

type Activation = (g: OnnxGraph, x: string) => string;

const silu: Activation = (g, x) => g.node("Mul", [x, g.node("Sigmoid", [x])]);

/** x · Φ(x). */
const gelu: Activation = (g, x) => {
  const erf = g.node("Erf", [g.node("Mul", [x, g.float(Math.SQRT1_2)])]);
  return g.node("Mul", [g.node("Mul", [x, g.float(0.5)]), g.node("Add", [erf, g.float(1)])]);
};

/** x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))). */
const geluTanh: Activation = (g, x) => {
  const square = g.node("Mul", [x, x]);
  const factor = g.node("Add", [g.node("Mul", [square, g.float(0.044715)]), g.float(1)]);
  const inner = g.node("Mul", [g.node("Mul", [x, factor]), g.float(Math.sqrt(2 / Math.PI))]);
  const sum = g.node("Add", [g.node("Tanh", [inner]), g.float(1)]);
  return g.node("Mul", [g.node("Mul", [x, g.float(0.5)]), sum]);
};

const ACTIVATIONS = {
  silu,
  swish: silu,
  gelu,
  gelu_new: geluTanh,
  gelu_fast: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  relu: (g, x) => g.node("Relu", [x]),
  quick_gelu: (g, x) => g.node("Mul", [x, g.node("Sigmoid", [g.node("Mul", [x, g.float(1.702)])])]),
} as const satisfies Readonly<Record<string, Activation>>;

/** Name of an activation as in transformers. */
export type ActivationName = keyof typeof ACTIVATIONS;

export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as readonly ActivationName[];

export const activate = (g: OnnxGraph, name: ActivationName, x: string): string => ACTIVATIONS[name](g, x);
