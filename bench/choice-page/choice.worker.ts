import { openBackend } from "../../src/runtime/backend";
import { browserPlatform } from "../../src/runtime/browser-platform";
import { openModelFiles } from "../../src/runtime/model-files.fixture";
import { type ChoiceFile, choiceMeasure } from "../choice-measure";

const TEXTS = ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"];
const at = (name: string) => fetch(new URL(`/${name}`, location.href));

async function open() {
  const backend = await openBackend(browserPlatform(), "wasm-threads", { threads: 2 });
  if (typeof backend === "string") throw new Error(backend);
  const texts = new Map<string, string>();
  for (const name of TEXTS) texts.set(name, await (await at(`base/${name}`)).text());
  const weights = new Uint8Array(await (await at("base/model.safetensors")).arrayBuffer());
  const model = await openModelFiles(backend, { text: (name) => texts.get(name)!, weights });
  const sets = (await (await at("items.json")).json()) as ChoiceFile;
  return choiceMeasure(sets, model.session, model.weights, model.tokenizer);
}

const measure = open();

addEventListener("message", ({ data }: MessageEvent<string>) => {
  measure
    .then((run) => run(data))
    .then(postMessage, (error: unknown) =>
      postMessage(error instanceof Error ? error.message : String(error)),
    );
});
