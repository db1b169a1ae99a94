import { type Backend, openBackend } from "../../src/runtime/backend";
import { browserPlatform } from "../../src/runtime/browser-platform";
import { checkFamily, type Differences, type FamilyCase } from "../../src/runtime/family-check.fixture";

let opened: Promise<Backend> | null = null;

/** WebGPU, an emulated one too. */
async function open(): Promise<Backend> {
  const backend = await openBackend(browserPlatform(), "webgpu", { softwareGpu: true });
  if (typeof backend === "string") throw new Error(backend);
  return backend;
}

async function check(family: FamilyCase, quick: boolean): Promise<Differences> {
  opened ??= open();
  return checkFamily(await opened, family, quick);
}

Object.assign(window, { check });
