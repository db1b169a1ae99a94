"""Everything that decides what the demo set is: sources, blend, model, budgets, seeds."""

from pathlib import Path

ZOO = Path(__file__).resolve().parents[1]
WORK = ZOO / ".work"
PUBLIC = ZOO.parent / "public" / "zoo" / "demo"

SOURCES = ("prose", "python", "javascript", "math_high", "math_low")
GENERAL_BLEND = {"prose": 0.76, "python": 0.06, "javascript": 0.06, "math_high": 0.06, "math_low": 0.06}

# Components in the order of every alpha; each names the source that its own half is drawn from.
COMPONENTS = {
    "general": None,
    "code_high": "python",
    "code_low": "javascript",
    "math_high": "math_high",
    "math_low": "math_low",
}
BETA = 0.5

VOCABULARY = 1024
END_OF_TEXT = "<|endoftext|>"
CONFIG = {
    "architectures": ["Qwen3ForCausalLM"],
    "attention_bias": False,
    "attention_dropout": 0.0,
    "bos_token_id": 0,
    "eos_token_id": 0,
    "head_dim": 32,
    "hidden_act": "silu",
    "hidden_size": 128,
    "initializer_range": 0.02,
    "intermediate_size": 336,
    "max_position_embeddings": 256,
    "max_window_layers": 4,
    "model_type": "qwen3",
    "num_attention_heads": 4,
    "num_hidden_layers": 4,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-6,
    "rope_scaling": None,
    "rope_theta": 10000.0,
    "sliding_window": None,
    "tie_word_embeddings": True,
    "torch_dtype": "float16",
    "use_cache": True,
    "use_sliding_window": False,
    "vocab_size": VOCABULARY,
}

SEQUENCE = 256
BATCH = 16
BASE = {"steps": 1600, "peak": 3e-3, "warmup": 100, "final": 0.1, "seed": 1}
CONTINUED = {"steps": 384, "peak": 6e-4, "warmup": 10, "final": 0.01}
FRACTIONS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1)
CONTINUED_TOKENS = CONTINUED["steps"] * BATCH * SEQUENCE


def source_shares(alpha: dict[str, float]) -> dict[str, float]:
    """Shares of the five sources in the training data of a mixture `alpha` over the components."""
    general = BETA + (1 - BETA) * alpha["general"]
    shares = {source: general * share for source, share in GENERAL_BLEND.items()}
    for component, source in COMPONENTS.items():
        if source is not None:
            shares[source] += (1 - BETA) * alpha[component]
    return shares
