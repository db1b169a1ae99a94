"""PEFT's own merges of tiny adapters → `values/lora.json`, `values/lora/bases/<base>/`, `values/lora/<case>/`.

Every case: a base in Hugging Face form, an adapter as `save_pretrained` writes it (its tensors cast where the case says so),
and `merged.safetensors`: the tensors that `PeftModel.from_pretrained(base, adapter).merge_and_unload()` changed, in the
merged model's dtype. All other tensors equalled the base's bit by bit.
"""

import json
import shutil
import tempfile
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel, Qwen3Config, Qwen3ForCausalLM

VALUES = Path(__file__).resolve().parent / "values"
OUT = VALUES / "lora"
KEPT = ("config.json", "model.safetensors")

QWEN3 = {
    "vocab_size": 48,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 64,
    "bos_token_id": None,
    "eos_token_id": None,
}
GPT2 = {"vocab_size": 40, "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 16, "bos_token_id": None, "eos_token_id": None}


def qwen3(tied: bool) -> torch.nn.Module:
    return Qwen3ForCausalLM(Qwen3Config(**QWEN3, tie_word_embeddings=tied))


BASES = {
    "qwen3-f32": (lambda: qwen3(True), torch.float32),
    "qwen3-bf16": (lambda: qwen3(True), torch.bfloat16),
    "qwen3-f16": (lambda: qwen3(True), torch.float16),
    "qwen3-untied": (lambda: qwen3(False), torch.bfloat16),
    "gpt2": (lambda: GPT2LMHeadModel(GPT2Config(**GPT2)), torch.float32),
}

LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
PATTERNS = {
    "rank_pattern": {"o_proj": 2, r"model\.layers\.1\.self_attn\.(k|v)_proj": 8, "^model.layers.0.mlp.up_proj": 16},
    "alpha_pattern": {"down_proj": 5, "layers.1.self_attn.v_proj": 3, "layers.1.self_attn.k_proj": 7},
}
# name: (base, LoraConfig, dtype of the adapter's file, None for what PEFT writes)
CASES = {
    "plain": ("qwen3-f32", {"r": 4, "lora_alpha": 8, "target_modules": LINEAR}, None),
    "patterns": ("qwen3-f32", {"r": 4, "lora_alpha": 11, "target_modules": LINEAR, **PATTERNS}, None),
    "patterns-rslora": ("qwen3-f32", {"r": 4, "lora_alpha": 11, "use_rslora": True, "target_modules": LINEAR, **PATTERNS}, None),
    "bf16": ("qwen3-bf16", {"r": 4, "lora_alpha": 9, "target_modules": LINEAR}, None),
    "bf16-adapter": ("qwen3-bf16", {"r": 8, "lora_alpha": 3, "use_rslora": True, "target_modules": LINEAR}, torch.bfloat16),
    "f16": ("qwen3-f16", {"r": 4, "lora_alpha": 9, "target_modules": "all-linear"}, torch.float16),
    "regex-target": (
        "qwen3-f32",
        {"r": 2, "lora_alpha": 3, "target_modules": r"model\.layers\.\d+\.(self_attn|mlp)\.(q|gate)_proj", "exclude_modules": r".*\.0\.mlp\..*"},
        None,
    ),
    "some-layers": ("qwen3-f32", {"r": 2, "lora_alpha": 3, "target_modules": ["q_proj", "v_proj"], "layers_to_transform": [1]}, None),
    "embedding": ("qwen3-bf16", {"r": 4, "lora_alpha": 6, "target_modules": ["embed_tokens", "q_proj"]}, None),
    "embedding-f32": ("qwen3-f32", {"r": 4, "lora_alpha": 6, "target_modules": ["embed_tokens", "v_proj"]}, None),
    "saved-modules": (
        "qwen3-untied",
        {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj"], "modules_to_save": ["lm_head", "embed_tokens", "norm"]},
        None,
    ),
    "head": ("qwen3-untied", {"r": 4, "lora_alpha": 8, "target_modules": ["lm_head", "k_proj"]}, None),
    "gpt2": ("gpt2", {"r": 4, "lora_alpha": 8, "target_modules": ["c_attn", "c_proj", "c_fc"], "fan_in_fan_out": True}, None),
    "gpt2-bias": ("gpt2", {"r": 4, "lora_alpha": 8, "target_modules": ["c_attn"], "fan_in_fan_out": True, "bias": "all"}, None),
    "gpt2-lora-bias": ("gpt2", {"r": 4, "lora_alpha": 7, "target_modules": ["c_attn", "c_fc"], "fan_in_fan_out": True, "lora_bias": True}, None),
    "gpt2-embedding": ("gpt2", {"r": 4, "lora_alpha": 7, "target_modules": ["wte", "wpe", "c_proj"], "fan_in_fan_out": True}, None),
}


def randomise(parameters, generator: torch.Generator, size: float) -> None:
    with torch.no_grad():
        for parameter in parameters:
            parameter.copy_(size * torch.randn(parameter.shape, generator=generator))


def make_bases() -> None:
    for seed, (name, (build, dtype)) in enumerate(BASES.items()):
        model = build()
        randomise(model.parameters(), torch.Generator().manual_seed(seed), 0.3)
        with tempfile.TemporaryDirectory() as folder:
            model.to(dtype).save_pretrained(folder)
            target = OUT / "bases" / name
            target.mkdir(parents=True)
            for file in KEPT:
                shutil.copy(Path(folder) / file, target / file)


def make_case(name: str, base: str, settings: dict, dtype: torch.dtype | None, seed: int) -> dict:
    base_dir = OUT / "bases" / base
    case_dir = OUT / name
    generator = torch.Generator().manual_seed(100 + seed)
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(base_dir, dtype="auto"), LoraConfig(task_type="CAUSAL_LM", **settings))
    randomise((p for p in model.parameters() if p.requires_grad), generator, 0.2)
    model.save_pretrained(case_dir)
    (case_dir / "README.md").unlink(missing_ok=True)
    config = json.loads((case_dir / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = base
    if isinstance(config["target_modules"], list):
        config["target_modules"].sort()
    (case_dir / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")
    if dtype is not None:
        tensors = load_file(case_dir / "adapter_model.safetensors")
        save_file({k: v.to(dtype) for k, v in tensors.items()}, case_dir / "adapter_model.safetensors", {"format": "pt"})

    start = AutoModelForCausalLM.from_pretrained(base_dir, dtype="auto")
    before = {k: v.clone() for k, v in start.state_dict().items()}
    after = PeftModel.from_pretrained(start, case_dir).merge_and_unload().state_dict()
    stored = load_file(base_dir / "model.safetensors")
    assert set(stored) <= set(after), set(stored) - set(after)
    changed = {k: after[k].contiguous() for k in stored if not torch.equal(after[k], before[k])}
    assert changed
    save_file(changed, case_dir / "merged.safetensors", {"format": "pt"})
    return {"name": name, "base": base, "changed": sorted(changed)}


def main() -> None:
    torch.manual_seed(0)
    shutil.rmtree(OUT, ignore_errors=True)
    make_bases()
    cases = [make_case(name, *case, seed) for seed, (name, case) in enumerate(CASES.items())]
    made = {"peft": peft.__version__, "transformers": transformers.__version__, "torch": torch.__version__}
    lines = ",\n".join(json.dumps(case) for case in cases)
    (VALUES / "lora.json").write_text(f'{{"format":"lora","version":1,"made":{json.dumps(made)},"cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
