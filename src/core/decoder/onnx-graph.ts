import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";

export type ElementType = "float32" | "int32" | "int64";
/** A fixed size or the name of a free one. */
export type Dim = number | string;
type Attribute = number | { readonly float: number } | readonly number[];

const OPSET = 23;
const IR_VERSION = 11;
const elementCode: Record<ElementType, DataType> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
};

/** Collects nodes of an ONNX graph (opset 23) and encodes the model. Values are referred to by name. */
export class OnnxGraph {
  private readonly nodes: NodeProto[] = [];
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];
  private readonly constants = new Map<string, TensorProto>();

  /** Declares a graph input and returns its name. */
  input(name: string, type: ElementType, dims: readonly Dim[]): string {
    this.inputs.push(valueInfo(name, type, dims));
    return name;
  }

  /** Makes `value` a graph output called `name`. */
  output(value: string, name: string, type: ElementType, dims: readonly Dim[]): void {
    this.nodes.push(create(NodeProtoSchema, { opType: "Identity", input: [value], output: [name] }));
    this.outputs.push(valueInfo(name, type, dims));
  }

  get outputNames(): string[] {
    return this.outputs.map(({ name }) => name);
  }

  /** A small int64 vector, e.g. a shape or axes. */
  ints(...values: number[]): string {
    return this.constant("int64", [values.length], values, BigInt64Array.from(values.map(BigInt)));
  }

  int32(value: number): string {
    return this.constant("int32", [], [value], Int32Array.of(value));
  }

  float(value: number): string {
    return this.constant("float32", [], [value], Float32Array.of(value));
  }

  /** Adds a node with one output and returns the output's name. */
  node(opType: string, input: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.nodeN(opType, input, 1, attributes)[0]!;
  }

  /** Adds a node with `count` outputs and returns their names. */
  nodeN(
    opType: string,
    input: readonly string[],
    count: number,
    attributes: Record<string, Attribute> = {},
  ): string[] {
    const id = `${opType}_${this.nodes.length}`;
    const output = Array.from({ length: count }, (_, i) => (count === 1 ? id : `${id}.${i}`));
    const attribute = Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value));
    this.nodes.push(create(NodeProtoSchema, { opType, name: id, input: [...input], output, attribute }));
    return output;
  }

  /** The model's protobuf bytes. */
  encode(name: string): Uint8Array {
    const graph = create(GraphProtoSchema, {
      name,
      node: this.nodes,
      input: this.inputs,
      output: this.outputs,
      initializer: [...this.constants.values()],
    });
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      producerName: "demix-workbench",
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: "", version: BigInt(OPSET) })],
      graph,
    });
    return toBinary(ModelProtoSchema, model);
  }

  private constant(
    type: ElementType,
    dims: readonly number[],
    values: readonly number[],
    data: Float32Array | Int32Array | BigInt64Array,
  ): string {
    const name = `const_${type}_${dims.length}_${values.join("_")}`;
    if (!this.constants.has(name)) {
      const rawData = new Uint8Array(data.buffer as ArrayBuffer);
      const tensor = { name, dataType: elementCode[type], dims: dims.map(BigInt), rawData };
      this.constants.set(name, create(TensorProtoSchema, tensor));
    }
    return name;
  }
}

function encodeAttribute(name: string, value: Attribute) {
  if (typeof value === "number") {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  if ("float" in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, type: ElementType, dims: readonly Dim[]): ValueInfoProto {
  const dim = dims.map((d) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof d === "number" ? { case: "dimValue", value: BigInt(d) } : { case: "dimParam", value: d },
    }),
  );
  const shape = create(TensorShapeProtoSchema, { dim });
  const tensor = create(TypeProto_TensorSchema, { elemType: elementCode[type], shape });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: "tensorType", value: tensor } }),
  });
}
