"""Tokens that lm-evaluation-harness 0.4.13's HFLM asks a model for, with the demo tokenizer and with small ones that add a BOS
token by themselves; and what the demo base and two components (float32, CPU, batch size 1) say to reference/lm-eval-tasks.

    python reference/lm_eval_requests.py    (writes values/lm-eval/requests.json, own-scores.json and tokenizers/)
"""

import json
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["DISABLE_MULTIPROC"] = "1"

import torch  # noqa: E402
from lm_eval.api.instance import Instance  # noqa: E402
from lm_eval.evaluator import evaluate  # noqa: E402
from lm_eval.models.huggingface import HFLM  # noqa: E402
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM  # noqa: E402

from lm_eval_values import CASES, OUT, make_task, plain  # noqa: E402

DEMO = Path(__file__).parent.parent / "public" / "zoo" / "demo"
TOKENIZERS = OUT / "tokenizers"
MODELS = ["base", "code_high", "math_low"]
OWN = {
    "choice/capitals.yaml": {"train": "own-train.jsonl", "test": "own-test.jsonl"},
    "inputs/blanks.yaml": {"validation": "data.jsonl"},
    "words/last.yaml": {"test": "test.jsonl"},
    "texts/pages.yaml": {"test": "test.jsonl"},
    "answers/sums.yaml": {"test": "test.jsonl", "validation": "validation.jsonl"},
    "shots/claims.yaml": {"test": "test.jsonl"},
}

PAIRS = [
    ("Question: what is it?\nAnswer:", " a cat"),
    ("Question: what is it?\nAnswer: ", "a cat"),
    ("two spaces \n ", "here"),
    ("un", "happy"),
    ("", " alone"),
    ("", "alone"),
    ("<s>", " after"),
    ("<s>begins", " with it"),
    ("", "<s>begins"),
    ("a\u00a0", "b"),
    ("The long context of an item that does not fit into the model at all, not even nearly so,", " and ends"),
    ("x", " a continuation that is itself as long as everything that the model can take at once, or more"),
]
TEXTS = ["x", "A short text.", "<s>with it", "A text of some length, so that several windows of the model are needed for it, the last one short."]
PROMPTS = ["Question: 1 + 1?\nAnswer:", "<s>Question", "A prompt that is far too long for the model when room for the answer is left, as one sees here."]


def alphabet_tokenizer(bos, eos):
    """One token a byte, a few merges."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("t", "h"), ("th", "e"), ("Ġ", "a"), ("i", "n"), ("e", "r"), ("Ġ", "t"), (":", "Ċ")]
    vocabulary = {c: i for i, c in enumerate(["<s>", "</s>", *letters, *["".join(m) for m in merges]])}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.add_special_tokens(["<s>", "</s>"])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if bos:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A" + (" </s>" if eos else ""),
            pair="<s> $A $B",
            special_tokens=[("<s>", 0), ("</s>", 1)],
        )
    else:
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


CONFIG = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>", "model_max_length": 1000}
KINDS = {
    "plain": (False, CONFIG),
    "bos": (True, CONFIG),
    "bos-off": (True, {**CONFIG, "add_bos_token": False}),
    "plain-on": (False, {**CONFIG, "add_bos_token": True}),
    "no-bos-token": (False, {k: v for k, v in CONFIG.items() if k != "bos_token"}),
}


class Recorder(HFLM):
    """Keeps the tokens of every request."""

    def _loglikelihood_tokens(self, requests, **_):
        self.asked = getattr(self, "asked", [])
        for _, context, continuation in requests:
            # As HFLM's own method does.
            assert 0 < len(context) and 0 < len(continuation) <= self.max_length
            whole = (context + continuation)[-(self.max_length + 1) :]
            self.asked.append({"tokens": whole, "scored": len(continuation)})
        return [(0.0, False)] * len(requests)

    def _model_generate(self, context, max_length, stop, **_):
        self.asked = getattr(self, "asked", [])
        self.asked.append({"tokens": context[0].tolist(), "stop": stop, "room": max_length - context.shape[1]})
        return context


def tokens_of(tokenizer, length, add_bos=None):
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=length,
    )
    model = LlamaForCausalLM(config)
    lm = Recorder(pretrained=model, tokenizer=tokenizer, batch_size=1, device="cpu", add_bos_token=add_bos)

    def ask(kind, args):
        lm.asked = []
        try:
            getattr(lm, kind)([Instance(request_type=kind, doc={}, arguments=args, idx=0, metadata=("t", 0, 1))], disable_tqdm=True)
        except Exception as error:  # noqa: BLE001
            return {"error": type(error).__name__}
        return lm.asked

    return {
        "length": length,
        "prefix": lm.prefix_token_id,
        "pairs": [ask("loglikelihood", pair) for pair in PAIRS],
        "texts": [ask("loglikelihood_rolling", (text,)) for text in TEXTS],
        "prompts": [ask("generate_until", (prompt, {"until": ["\n"], "max_gen_toks": 10})) for prompt in PROMPTS],
    }


def write_requests():
    out = {}
    demo = AutoTokenizer.from_pretrained(DEMO / "base")
    out["demo"] = [tokens_of(demo, 1024), tokens_of(demo, 24)]
    for name, (bos, config) in KINDS.items():
        folder = TOKENIZERS / name
        folder.mkdir(parents=True, exist_ok=True)
        alphabet_tokenizer(bos, False).save(str(folder / "tokenizer.json"), pretty=False)
        (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")
        tokenizer = AutoTokenizer.from_pretrained(folder)
        out[name] = [tokens_of(tokenizer, 400), tokens_of(tokenizer, 64)]
        # HFLM's own argument, which it hands to the tokenizer too.
        for add_bos in (True, False):
            forced = AutoTokenizer.from_pretrained(folder, add_bos_token=add_bos)
            out[f"{name}, add_bos_token={add_bos}"] = [tokens_of(forced, 64, add_bos)]
    values = {"pairs": PAIRS, "texts": TEXTS, "prompts": PROMPTS, "tokenizers": out}
    (OUT / "requests.json").write_text(json.dumps(values, ensure_ascii=False) + "\n")


def write_scores():
    out = {}
    for name in MODELS:
        model = AutoModelForCausalLM.from_pretrained(DEMO / name, dtype=torch.float32, attn_implementation="eager").eval()
        lm = HFLM(pretrained=model, tokenizer=AutoTokenizer.from_pretrained(DEMO / name), batch_size=1, device="cpu")
        tasks = {}
        for path, files in OWN.items():
            task, config = make_task(path, files)
            if task.OUTPUT_TYPE == "generate_until":
                task.set_config("generation_kwargs", {"max_gen_toks": 24}, update=True)
            tasks[task.config.task] = task
        with torch.no_grad():
            results = evaluate(lm=lm, task_dict={"tasks": tasks, "groups": {}}, bootstrap_iters=0, log_samples=True)
        out[name] = {
            task: [plain(s["resps"]) for s in sorted(samples, key=lambda s: s["doc_id"]) if s["filter"] in ("none", "strict-match")]
            for task, samples in results["samples"].items()
        }
        out[name]["results"] = {t: {k: v for k, v in plain(r).items() if "," in k and "stderr" not in k} for t, r in results["results"].items()}
    (OUT / "own-scores.json").write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    assert CASES.is_dir()
    write_requests()
    write_scores()
