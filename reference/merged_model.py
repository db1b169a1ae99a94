"""Models that `npm run replay` wrote, loaded by `transformers` (float32, eager, CPU) → `values/merged-model.json`.

Merges every YAML of `merged/` with the workbench's command line (once in one file, once sharded), loads the folder with
AutoModelForCausalLM, demands that no weight is missing or left over, and records the weights' SHA-256, token ids of some
texts, log p of every token after the first, and whether greedy decoding gives it.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

ROOT = Path(__file__).resolve().parents[1]
OUT = Path(__file__).resolve().parent / "values" / "merged-model.json"
TEXTS = [
    "The whale",
    "def add(a, b):\n    return a + b\n",
    "12 + 30 = 42. 7 * 6 = 42.",
    "Tom has 3 apples and buys 5 more. Now he has 8 apples.",
    "import json\n\nfor name in names:\n    print(name)\n",
]


def replay(yaml: Path, out: Path, *options: str) -> list[dict]:
    subprocess.run(
        ["npx", "tsx", "src/engine/node/replay.ts", str(yaml), "--merged", str(out), *options], cwd=ROOT, check=True
    )
    return sorted(out.glob("*.safetensors"))


@torch.no_grad()
def measured(folder: Path) -> list[dict]:
    model, info = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    left = {key: info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[key]}
    assert not left, left
    tokenizer = AutoTokenizer.from_pretrained(folder)
    texts = []
    for text in TEXTS:
        ids = tokenizer(text, add_special_tokens=False).input_ids
        logits = model.eval()(torch.tensor([ids])).logits[0, :-1]
        target = torch.tensor(ids[1:])
        logp = torch.log_softmax(logits, -1).gather(1, target[:, None])[:, 0]
        texts.append(
            {
                "tokens": ids,
                "logp": [round(x, 6) for x in logp.tolist()],
                "greedy": (logits.argmax(-1) == target).int().tolist(),
            }
        )
    return texts


def main() -> None:
    torch.set_num_threads(1)
    models = []
    for yaml in sorted((ROOT / "reference" / "merged").glob("*.yaml")):
        with tempfile.TemporaryDirectory() as home:
            [whole] = replay(yaml, Path(home) / "whole")
            shards = replay(yaml, Path(home) / "shards", "--shard-gb", "0.0005")
            assert len(shards) > 1
            texts = measured(whole.parent)
            assert texts == measured(shards[0].parent)
            digest = subprocess.run(["sha256sum", whole], capture_output=True, text=True, check=True).stdout.split()[0]
            models.append({"yaml": yaml.name, "sha256": digest, "texts": texts})
            print(yaml.name, digest, flush=True)
    made = {"transformers": transformers.__version__, "torch": torch.__version__, "dtype": "float32"}
    head = {"format": "demix-reference-merged", "version": 1, "made": made}
    body = ",\n".join(json.dumps(model, separators=(",", ":")) for model in models)
    OUT.write_text(f'{json.dumps(head)[:-1]},"models":[\n{body}\n]}}\n')


if __name__ == "__main__":
    main()
