"""Tiny random models of every decoder family and transformers' float32 eager logits → `values/families.json`.

No weights are committed: both sides compute them from (seed, tensor name, index), see `weight` and
`src/core/decoder/reference-weights.fixture.ts`. Every case holds the config as given, the token rows, and for each row the logits of
some positions and log p and gap (target logit − largest logit) of every token after the first; float32 as base64. The first
case of a family also holds the config as transformers saves it.
"""

import base64
import json
from pathlib import Path

import numpy
import torch
import transformers

VALUES = Path(__file__).resolve().parent / "values"
VOCABULARY = 61

GATED = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "tie_word_embeddings": False,
}
MHA = {"num_key_value_heads": 4}
MQA = {"num_key_value_heads": 1}
TIED = {"tie_word_embeddings": True}
GPT2 = {"vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 48}
NEOX = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 64,
}
LONGROPE = {
    "type": "longrope",
    "short_factor": [1.0, 1.1, 1.3, 1.7],
    "long_factor": [1.5, 2.0, 3.5, 8.0],
}
PHI3 = {"pad_token_id": 0, "original_max_position_embeddings": 64}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}

# family → name of the case → (base config, changes)
CASES = {
    "qwen3": (
        {**GATED, "head_dim": 8},
        {
            "gqa": {},
            "tied-mha-wide-heads": {**TIED, **MHA, "head_dim": 12},
            "mqa-bias": {**MQA, "attention_bias": True},
            "window": {"use_sliding_window": True, "sliding_window": 7, "max_window_layers": 1, "num_hidden_layers": 3},
            "window-by-types": {
                "use_sliding_window": True,
                "sliding_window": 5,
                "layer_types": ["sliding_attention", "full_attention"],
            },
            "yarn": {"rope_scaling": YARN, "rope_theta": 1000000.0},
        },
    ),
    "qwen2": (
        GATED,
        {
            "gqa": {},
            "tied-mqa": {**TIED, **MQA, "rope_theta": 1000000.0, "rms_norm_eps": 1e-5},
            "window": {**MHA, "use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1},
        },
    ),
    "llama": (
        GATED,
        {
            "gqa": {},
            "tied-mha-biases": {**TIED, **MHA, "attention_bias": True, "mlp_bias": True},
            "mqa-wide-heads": {**MQA, "head_dim": 12, "rms_norm_eps": 1e-5},
            "linear": {"rope_scaling": {"type": "linear", "factor": 3.0}, "max_position_embeddings": 16},
            "dynamic": {"rope_scaling": {"rope_type": "dynamic", "factor": 2.5}, "max_position_embeddings": 16},
            "llama3": {
                "rope_theta": 500.0,
                "rope_scaling": {
                    "rope_type": "llama3",
                    "factor": 8.0,
                    "low_freq_factor": 1.0,
                    "high_freq_factor": 4.0,
                    "original_max_position_embeddings": 24,
                },
            },
            "llama3-parameters": {
                "rope_parameters": {
                    "rope_type": "llama3",
                    "rope_theta": 10000.0,
                    "factor": 4.0,
                    "low_freq_factor": 1.0,
                    "high_freq_factor": 2.0,
                    "original_max_position_embeddings": 40,
                },
            },
            "yarn": {"rope_scaling": YARN},
            "yarn-mscale": {"rope_scaling": {**YARN, "mscale": 1.3, "mscale_all_dim": 0.6, "beta_fast": 8, "beta_slow": 2}},
            "yarn-factor-untruncated": {"rope_scaling": {**YARN, "attention_factor": 1.2, "truncate": False}, "head_dim": 16},
            "gelu": {"hidden_act": "gelu"},
        },
    ),
    "mistral": (
        GATED,
        {
            "window": {"sliding_window": 6},
            "no-window-wide-heads": {"sliding_window": None, "head_dim": 12, **MHA},
            "tied-long-window": {**TIED, "sliding_window": 20},
        },
    ),
    "gpt2": (
        GPT2,
        {
            "tied": {},
            "untied-inner": {"tie_word_embeddings": False, "n_inner": 40, "activation_function": "gelu"},
            "by-layer": {"scale_attn_by_inverse_layer_idx": True, "n_layer": 3, "layer_norm_epsilon": 1e-3},
            "unscaled": {"scale_attn_weights": False, "activation_function": "relu", "reorder_and_upcast_attn": True},
            "quick": {"activation_function": "quick_gelu"},
        },
    ),
    "gpt_neox": (
        NEOX,
        {
            "parallel": {"rotary_pct": 0.5},
            "serial": {"use_parallel_residual": False, "rotary_pct": 0.25, "num_attention_heads": 2, "layer_norm_eps": 1e-3},
            "whole-no-bias": {"rotary_pct": 1.0, "rotary_emb_base": 500, "attention_bias": False, "hidden_act": "gelu_new"},
            "tied": {**TIED, "rotary_pct": 0.5, "rope_scaling": {"type": "linear", "factor": 2.0}},
            "dynamic": {
                "rotary_pct": 0.5,
                "max_position_embeddings": 16,
                "rope_parameters": {
                    "rope_type": "dynamic",
                    "factor": 2.0,
                    "rope_theta": 10000.0,
                    "partial_rotary_factor": 0.5,
                },
            },
        },
    ),
    "olmo2": (
        GATED,
        {"gqa": {}, "mha-bias": {**MHA, "attention_bias": True, "rms_norm_eps": 1e-6, "rope_theta": 500000.0}, "tied-mqa": {**TIED, **MQA}},
    ),
    "smollm3": (
        {**GATED, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2},
        {
            "interval": {"num_hidden_layers": 3, "no_rope_layer_interval": 3, **TIED},
            "listed-biases": {"no_rope_layers": [0, 1], "attention_bias": True, "mlp_bias": True},
            "window": {"no_rope_layers": [1, 0], "use_sliding_window": True, "sliding_window": 6, **MHA},
        },
    ),
    "phi3": (
        {**GATED, **PHI3},
        {
            "gqa": {},
            "window-partial": {**MHA, "sliding_window": 7, "partial_rotary_factor": 0.5},
            "longrope": {"original_max_position_embeddings": 16, "rope_scaling": LONGROPE},
            "longrope-tied": {
                **TIED,
                **MQA,
                "original_max_position_embeddings": 16,
                "rope_scaling": {**LONGROPE, "factor": 2.0},
            },
        },
    ),
    "granite": (
        GATED,
        {
            "scaled": {
                "embedding_multiplier": 6.0,
                "attention_multiplier": 0.2,
                "residual_multiplier": 0.4,
                "logits_scaling": 3.0,
            },
            "tied-biases": {**TIED, **MHA, "attention_bias": True, "mlp_bias": True, "attention_multiplier": 0.3},
        },
    ),
    "gemma2": (
        {**GATED, **TIED, "head_dim": 8, "query_pre_attn_scalar": 8, "pad_token_id": 0, "sliding_window": 64},
        {
            "window": {"sliding_window": 6},
            "wide-heads-untied": {"head_dim": 12, "query_pre_attn_scalar": 20, "tie_word_embeddings": False, **MHA},
            "tight-caps": {"attn_logit_softcapping": 2.0, "final_logit_softcapping": 5.0, "num_hidden_layers": 3, "sliding_window": 9},
            "no-caps": {
                "attn_logit_softcapping": None,
                "final_logit_softcapping": None,
                "layer_types": ["full_attention", "sliding_attention"],
                "sliding_window": 5,
                "attention_bias": True,
            },
        },
    ),
}


# Parameters whose names differ from those in checkpoints.
IN_FILE = {("gpt_neox", "lm_head.weight"): "embed_out.weight"}


def tokens(length: int, seed: int) -> list[int]:
    return [(7 * i * i + 11 * i + 5 * seed + (i % 3) * seed) % VOCABULARY for i in range(length)]


ROWS = [tokens(1, 3), tokens(2, 5), tokens(13, 1), tokens(34, 2)]
AT = {1: [0], 2: [0, 1], 13: [0, 5, 12], 34: [6, 16, 25, 33]}


def weight(seed: int, name: str, shape: tuple[int, ...]) -> numpy.ndarray:
    """float32 from a hash of (seed, name, index); uniform in ±0.4, around 1 for norms' weights."""
    start = 2166136261 ^ seed
    for byte in name.encode():
        start = ((start ^ byte) * 16777619) & 0xFFFFFFFF
    x = (numpy.arange(int(numpy.prod(shape)), dtype=numpy.uint64) * 0x9E3779B9 + start) & 0xFFFFFFFF
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = ((x ^ (x >> numpy.uint64(shift))) * factor) & 0xFFFFFFFF
    x = x ^ (x >> numpy.uint64(16))
    values = 0.4 * (x.astype(numpy.float64) / 2147483648 - 1)
    norm = len(shape) == 1 and not name.endswith(".bias")
    return (values + (1 if norm else 0)).astype(numpy.float32).reshape(shape)


def base64_of(values: torch.Tensor) -> str:
    return base64.b64encode(values.detach().numpy().astype("<f4").tobytes()).decode()


def build(family: str, config: dict, seed: int):
    kind = transformers.AutoConfig.for_model(family, **json.loads(json.dumps(config)))
    model = transformers.AutoModelForCausalLM.from_config(kind, attn_implementation="eager").float().eval()
    assert model.config._attn_implementation == "eager"
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            in_file = IN_FILE.get((family, name), name)
            parameter.copy_(torch.from_numpy(weight(seed, in_file, tuple(parameter.shape))))
    return model


def row(family: str, config: dict, seed: int, ids: list[int]) -> dict:
    # A model anew for each: dynamic scaling remembers the longest text that it saw.
    model = build(family, config, seed)
    with torch.no_grad():
        logits = model(torch.tensor([ids]), use_cache=False).logits[0].float()
        # Scored as lm-eval does: the last token is predicted, not read, which counts where angles depend on the length.
        model = build(family, config, seed)
        before = model(torch.tensor([ids[:-1]]), use_cache=False).logits[0].float() if len(ids) > 1 else logits[:0]
    after = torch.tensor(ids[1:], dtype=torch.long)[:, None]
    chosen = before.gather(1, after)[:, 0]
    return {
        "tokens": ids,
        "at": AT[len(ids)],
        "largest": float(logits.abs().max()),
        "logits": base64_of(logits[AT[len(ids)]]),
        "logProb": base64_of(torch.log_softmax(before.double(), -1).gather(1, after)[:, 0]),
        "gap": base64_of(chosen - before.max(-1).values if len(ids) > 1 else chosen),
    }


def main() -> None:
    torch.set_num_threads(1)
    cases = []
    for family, (base, variants) in CASES.items():
        for index, (name, changes) in enumerate(variants.items()):
            config = {**base, **changes}
            seed = len(cases) + 1
            case = {
                "name": f"{family} {name}",
                "seed": seed,
                "config": {"model_type": family, **config},
                "rows": [row(family, config, seed, ids) for ids in ROWS],
            }
            if index == 0:
                case["saved"] = json.loads(build(family, config, seed).config.to_json_string())
            cases.append(case)
    text = json.dumps({"transformers": transformers.__version__, "torch": torch.__version__, "cases": cases})
    (VALUES / "families.json").write_text(text.replace('}, {"tokens"', '},\n{"tokens"').replace('}, {"name"', '},\n{"name"') + "\n")
    print(len(cases), "cases,", len(text), "bytes, largest logits", sorted(round(c["rows"][-1]["largest"], 1) for c in cases))


if __name__ == "__main__":
    main()
