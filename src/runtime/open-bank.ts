import type { Backend } from "./backend";
import { CpuBank } from "./cpu-bank";
import { GpuBank } from "./gpu-bank";
import type { BankOptions, WeightBank } from "./weight-bank";

export function openWeightBank(backend: Backend, options: BankOptions): WeightBank {
  return backend.device ? new GpuBank(backend, backend.device, options) : new CpuBank(backend, options);
}
