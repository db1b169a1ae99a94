"""What mergekit makes of its own YAML files → `values/mergekit-yaml/`.

- `models/`: tiny random Qwen3 checkpoints, a base and four that were moved away from it.
- `adapter/`: a LoRA adapter of the base.
- `merges/*.safetensors`: outcome of the `mergekit-yaml` command for every `merges/*.yaml`. Those files are written by
  `npx tsx reference/mergekit-yaml-cases.ts`, with the workbench's own export.
- `resolved.json`: parameters of every tensor as mergekit's planner resolves them for `resolve/*.yaml`.
- `scalars.json`: YAML scalars as PyYAML reads them and as pydantic turns them into numbers and switches.
- `refusals.json`: configurations that mergekit refuses.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import yaml
from mergekit.config import MergeConfiguration
from mergekit.merge import _model_out_config
from mergekit.architecture import get_architecture_info
from mergekit.io.tasks import LoaderCache
from mergekit.options import MergeOptions
from mergekit.plan import MergePlanner
from peft import LoraConfig, get_peft_model
from pydantic import TypeAdapter
from safetensors.torch import load_file, save_file
from transformers import Qwen3Config, Qwen3ForCausalLM

VALUES = Path(__file__).resolve().parent / "values" / "mergekit-yaml"
CONFIG = {
    "vocab_size": 40,
    "hidden_size": 8,
    "intermediate_size": 16,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 4,
    "max_position_embeddings": 32,
    "tie_word_embeddings": True,
}
DTYPES = {"base": torch.float32, "a": torch.float32, "b": torch.float32, "c": torch.bfloat16, "d": torch.float16}


def write_model(folder: Path, seed: int, moved: float, dtype: torch.dtype, **changes) -> None:
    """A base of seed 1, plus noise of `seed` times `moved`; one tensor in five is left as it is in the base."""
    config = Qwen3Config(**{**CONFIG, **changes}, architectures=["Qwen3ForCausalLM"], torch_dtype="float32")
    model = Qwen3ForCausalLM(config)
    base, own = torch.Generator().manual_seed(1), torch.Generator().manual_seed(seed)
    tensors = {}
    for index, (name, value) in enumerate(model.state_dict().items()):
        noise, step = torch.randn(value.shape, generator=base), torch.randn(value.shape, generator=own)
        start = 1 + 0.3 * noise if value.dim() == 1 else 0.3 * noise
        tensors[name] = (start if index % 5 == seed % 5 else start + moved * step).to(dtype).contiguous()
    if config.tie_word_embeddings:
        tensors.pop("lm_head.weight", None)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    config.save_pretrained(folder)


def write_models(root: Path) -> None:
    for seed, (name, dtype) in enumerate(DTYPES.items(), 1):
        write_model(root / "models" / name, seed, 0 if name == "base" else 0.02 * seed, dtype)


def write_adapter(root: Path) -> None:
    """A LoRA adapter of `models/base`, for the name "models/base+adapter"."""
    model = Qwen3ForCausalLM.from_pretrained(root / "models" / "base", dtype=torch.float32)
    config = LoraConfig(r=2, lora_alpha=3, target_modules=["q_proj", "down_proj"], task_type="CAUSAL_LM")
    adapted = get_peft_model(model, config)
    own = torch.Generator().manual_seed(9)
    with torch.no_grad():
        for name, parameter in sorted(adapted.named_parameters()):
            if "lora_" in name:
                parameter.copy_(0.2 * torch.randn(parameter.shape, generator=own))
    adapted.peft_config["default"].base_model_name_or_path = "models/base"
    adapted.save_pretrained(root / "adapter")
    file = root / "adapter" / "adapter_config.json"
    saved = json.loads(file.read_text())
    file.write_text(json.dumps(saved | {"target_modules": sorted(saved["target_modules"])}, indent=1) + "\n")


def write_planned_models(root: Path) -> None:
    """For `resolve/`, where the planner wants to see a checkpoint: other numbers of layers; one with a head of its own."""
    for name in ("base", "a", "b"):
        write_model(root / "deep" / name, 2, 0.1, torch.float32, num_hidden_layers=6, tie_word_embeddings=False)
        write_model(root / "flat" / name, 2, 0.1, torch.float32, num_hidden_layers=1)


def merge(case: Path, root: Path) -> None:
    names = json.loads((VALUES / "merges" / "models.json").read_text()).get(case.stem, {})
    for name, checkpoint in names.items():
        if not (root / name).exists():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(root / checkpoint, root / name)
    out = root / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [Path(sys.executable).with_name("mergekit-yaml"), case, out, "--no-copy-tokenizer", "--no-write-model-card"]
    command += ["--lora-merge-cache", root / "merged-adapters"]
    subprocess.run(command, cwd=root, check=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    merged = {}
    for file in sorted(out.glob("*.safetensors")):
        merged |= load_file(file)
    save_file(merged, case.with_suffix(".safetensors"), {"format": "pt"})
    case.with_suffix(".safetensors").chmod(0o644)


def plan(text: str) -> tuple[MergeConfiguration, MergePlanner]:
    config = MergeConfiguration.model_validate(yaml.safe_load(text))
    options = MergeOptions()
    LoaderCache().setup(options)
    architecture = get_architecture_info(config, options)
    planner = MergePlanner(config, architecture, options, _model_out_config(config, architecture))
    planner._plan()
    return config, planner


def resolve(text: str) -> dict:
    config, planner = plan(text)
    task = planner._tensors[0][1]
    layers = config.modules["default"].slices[0].sources[0].layer_range[1]
    return {
        "layers": layers,
        "models": [str(model) for model in task.model_order],
        "tensors": {
            weight.name: {
                "shared": dict(task.parameters.items()),
                "inputs": [dict(task.input_parameters[model].items()) for model in task.model_order],
            }
            for weight, task in planner._tensors
        },
    }


SCALARS = """~ null Null NULL nULL yes Yes YES yEs no No NO on On ON off Off OFF oFf true True TRUE tRUE false False FALSE y Y n N t f
0 1 -1 +1 00 01 010 -010 08 09 0o10 0x1F 0X1F -0xff 0b101 -0b11 1_000 1__0 1_ _1 0_ 0_7 12345678901234567890 -0
1. 1.5 -1.5 +1.5 .5 -.5 +.5 1.e5 1.e+5 1e5 1e+5 1e-3 1E-3 1.0e-3 1.5E+3 1.5e3 .5e-2 1_0.5 1_0.5_0 1._5 -0.0 0.1 1e400 1.0e+400 1d 1f 0x1p3
.inf -.inf +.Inf .INF .nan .NaN -.nan nan inf -inf infinity NaN 1:30 -1:30 1:30:00 1:60 01:30 1:30.5 -1:30.25 190:20:30.15
2024-01-01 2024-1-1 2024-01-01T00:00:00Z 2024-01 12:30:45 a a+b 1a 1.2.3 0.1.2 --1 +-1 1-1 100000000000000000000000 1e 1e5_0 1_e5 off. ..""".split()


def kind(value) -> dict:
    if value is None or isinstance(value, (bool, str)):
        return {"value": value}
    if isinstance(value, (int, float)):
        number = float(value)
        return {"number": number if math.isfinite(number) else str(number), "minus": math.copysign(1, number) < 0}
    return {"other": type(value).__name__}


def convert(of: type, value):
    try:
        result = TypeAdapter(of).validate_python(value)
    except ValueError:
        return "refused"
    return result if math.isfinite(result) else str(result)


def scalars() -> list[dict]:
    rows = []
    for text in SCALARS:
        read = yaml.safe_load(f"[{text}]")[0]
        row = {"text": text, **kind(read)}
        if isinstance(read, (bool, int, float, str)):
            row |= {"float": convert(float, read), "int": convert(int, read), "bool": convert(bool, read)}
        rows.append(row)
    return rows


TWO = "models:\n  - model: models/a\n    parameters: {weight: 1}\n  - model: models/b\n    parameters: {weight: 1}\n"
REFUSED = [
    "",
    "models",
    "- models",
    "merge_method: linear",
    TWO,
    TWO + "merge_method: linears",
    TWO + "merge_method: [linear]",
    TWO + "merge_method: ties",
    TWO + "merge_method: slerp\nparameters: {t: 0.5}",
    TWO + "merge_method: slerp\nbase_model: models/base\nparameters: {t: 0.5}",
    TWO + "merge_method: slerp\nbase_model: models/a",
    "models: [{model: models/b}]\nmerge_method: slerp\nbase_model: models/a",
    "models: [{model: models/b}]\nmerge_method: slerp\nbase_model: models/a\nparameters: {t: {filter: mlp, value: 1}}",
    TWO + "merge_method: model_stock\nbase_model: models/a",
    TWO + "  - model: models/c\n    parameters: {weight: 1}\nmerge_method: nuslerp",
    TWO + "  - model: models/a\n    parameters: {weight: 1}\nmerge_method: linear",
    TWO + "  - model: models/c\nmerge_method: linear",
    TWO + "  - model: models/c\n    parameters: {weight: {filter: mlp, value: 1}}\nmerge_method: linear",
    TWO + "merge_method: linear\nbase_model: models/base",
    TWO + "slices: [{sources: [{model: models/a, layer_range: [0, 1]}]}]\nmerge_method: linear",
    TWO + "merge_method: linear\nparameters: {normalize: maybe}",
    TWO + "merge_method: linear\nparameters: {normalize: 2}",
    TWO + "merge_method: linear\nparameters: {normalize: null}",
    TWO + "merge_method: linear\nparameters: {normalize: }",
    TWO + "merge_method: linear\nparameters: [normalize]",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: abc}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: 0x1}\nx: {y: z",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: '0x1'}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: [1, {value: 0.5}]}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: [[1]]}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: {filter: mlp}}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: {filter: 5, value: 1}}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: {filter: yes, value: 1}}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: {value: null}}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {density: 2024-01-01}",
    TWO + "merge_method: ties\nbase_model: models/base\nparameters: {lambda: [1, x]}",
    "models: [{model: models/a}, {model: models/b}]\nmerge_method: karcher\nparameters: {max_iter: 10.5}",
    "models: [{model: models/a}, {model: models/b}]\nmerge_method: karcher\nparameters: {max_iter: [10, 11]}",
    "models: [{model: 12, parameters: {weight: 1}}]\nmerge_method: linear",
    "models: [{model: 2024-01-01, parameters: {weight: 1}}]\nmerge_method: linear",
    "models: [{model: yes, parameters: {weight: 1}}]\nmerge_method: linear",
    "models: [{model: {path: models/a}, parameters: {weight: 1}}]\nmerge_method: linear",
    "models: [{model: models/a+x+y, parameters: {weight: 1}}]\nmerge_method: linear",
    "models: [{model: models/a@x@y, parameters: {weight: 1}}]\nmerge_method: linear",
    "models: [{parameters: {weight: 1}}]\nmerge_method: linear",
    "models: [models/a]\nmerge_method: linear",
    "models: {model: models/a}\nmerge_method: linear",
    "models: []\nmerge_method: linear",
    "models: [{model: models/a, parameters: {weight: &w 1}}, {model: models/b, parameters: {weight: *v}}]\nmerge_method: linear",
    "models: [{model: models/a, parameters: {weight: &w 1}}, {model: models/b, parameters: {weight: &w 1}}]\nmerge_method: linear",
    "models: &m [{model: models/a, parameters: {weight: *m}}]\nmerge_method: linear",
    "models: [{model: models/a, parameters: {<<: 1, weight: 1}}]\nmerge_method: linear",
    TWO + "merge_method: linear\n---\nmodels: []",
    TWO + "merge_method: linear\nparameters: {normalize: !!python/name:print x}",
    TWO + "\tmerge_method: linear",
    TWO + "merge_method: linear\nparameters: {normalize: =}",
    TWO + "merge_method: \"linear\u0007\"",
]


def refusals() -> list[dict]:
    rows = []
    for text in REFUSED:
        try:
            plan(text)
        except Exception as error:
            rows.append({"yaml": text, "error": type(error).__name__})
            continue
        raise SystemExit(f"mergekit takes this:\n{text}")
    return rows


def write_json(name: str, rows: list) -> None:
    lines = ",\n".join(json.dumps(row, sort_keys=True) for row in rows)
    (VALUES / name).write_text(f"[\n{lines}\n]\n")


def main(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_models(root)
        for name in DTYPES:
            (VALUES / "models").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / "models" / name / "model.safetensors", VALUES / "models" / f"{name}.safetensors")
        write_adapter(root)
        (VALUES / "adapter").mkdir(exist_ok=True)
        for name in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copyfile(root / "adapter" / name, VALUES / "adapter" / name)
        shutil.copyfile(root / "models" / "base" / "config.json", VALUES / "models" / "config.json")
        if "merges" in parts:
            for case in sorted((VALUES / "merges").glob("*.yaml")):
                merge(case, root)
        if "plans" in parts:
            write_planned_models(root)
            os.chdir(root)
            cases = sorted((VALUES / "resolve").glob("*.yaml"))
            write_json("resolved.json", [{"file": case.name, **resolve(case.read_text())} for case in cases])
            write_json("refusals.json", refusals())
            write_json("scalars.json", scalars())
            os.chdir("/")


if __name__ == "__main__":
    main(sys.argv[1:] or ["merges", "plans"])
