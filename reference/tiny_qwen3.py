"""Tiny random Qwen3 models and their logits → `values/tiny-qwen3.json` and `values/tiny-qwen3/<name>.safetensors`.

Every case: the config, float32 weights, token rows (all of one length within a row set) and `transformers`' float32 logits
of the last position plus log p of every token after the first, nats.
"""

import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import Qwen3Config, Qwen3ForCausalLM

VALUES = Path(__file__).resolve().parent / "values"

BASE = {
    "vocab_size": 48,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "max_position_embeddings": 64,
    "tie_word_embeddings": True,
}
CASES = {
    "tied-gqa": {},
    "untied-gqa": {"tie_word_embeddings": False},
    "mqa": {"num_key_value_heads": 1},
    "mha": {"num_key_value_heads": 4, "head_dim": 4},
    "wide-heads": {"head_dim": 12, "num_attention_heads": 2, "num_key_value_heads": 1},
    "far-rope": {"rope_theta": 1000000.0, "rms_norm_eps": 1e-5, "num_hidden_layers": 1},
}
ROWS = [[0], [0, 5, 9, 13, 2, 47, 1], [7, 7, 7, 7], [3, 14, 15, 9, 26, 5, 35, 8, 9, 7, 9, 32, 38, 46, 26, 43, 38, 3, 27, 9, 5]]


def build(name: str, changes: dict, seed: int) -> dict:
    config = {**BASE, **changes}
    model = Qwen3ForCausalLM(Qwen3Config(**config, attn_implementation="eager")).float().eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.3 * noise if parameter.dim() == 1 else 0.3 * noise)
    weights = {key: value.contiguous() for key, value in model.state_dict().items()}
    if config["tie_word_embeddings"]:
        weights.pop("lm_head.weight", None)
    save_file(weights, VALUES / "tiny-qwen3" / f"{name}.safetensors", {"format": "pt"})
    rows = []
    for tokens in ROWS:
        with torch.no_grad():
            logits = model(torch.tensor([tokens])).logits[0]
        logp = torch.log_softmax(logits[:-1], -1).gather(1, torch.tensor(tokens[1:], dtype=torch.long)[:, None])[:, 0]
        rows.append(
            {
                "tokens": tokens,
                "lastLogits": [float(f"{x:.7g}") for x in logits[-1].tolist()],
                "logProbs": [float(f"{x:.7g}") for x in logp.tolist()],
                "greedy": logits.argmax(-1).tolist(),
            }
        )
    full = {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_act": "silu", "attention_bias": False, **config}
    return {"name": name, "weights": f"tiny-qwen3/{name}.safetensors", "config": full, "rows": rows}


def main() -> None:
    (VALUES / "tiny-qwen3").mkdir(parents=True, exist_ok=True)
    cases = [build(name, changes, 40 + i) for i, (name, changes) in enumerate(CASES.items())]
    head = {"format": "tiny-qwen3", "version": 1, "made": {"transformers": transformers.__version__, "torch": torch.__version__}}
    lines = ",\n".join(json.dumps(case) for case in cases)
    (VALUES / "tiny-qwen3.json").write_text(f'{json.dumps(head)[:-1]},"cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
