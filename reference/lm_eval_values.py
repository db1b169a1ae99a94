"""What lm-evaluation-harness 0.4.13 makes of the task files in reference/lm-eval-tasks: contexts, continuations, examples,
filtered answers, metrics, standard errors and groups, with a language model that answers by a hash of the request.
Besides: Python's own re, random, Jinja and literals for small inputs.

    python reference/lm_eval_values.py      (writes reference/values/lm-eval/tasks.json and python.json)
"""

import ast
import hashlib
import json
import os
import random
import re
from collections import defaultdict
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["DISABLE_MULTIPROC"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

from lm_eval import utils  # noqa: E402
from lm_eval.api.group import Group  # noqa: E402
from lm_eval.api.metrics import exact_match_hf_evaluate  # noqa: E402
from lm_eval.api.model import LM  # noqa: E402
from lm_eval.api.task import ConfigurableTask  # noqa: E402
from lm_eval.evaluator import evaluate  # noqa: E402
from lm_eval.filters.extraction import MultiChoiceRegexFilter  # noqa: E402
from lm_eval.tasks._yaml_loader import load_yaml  # noqa: E402

HERE = Path(__file__).parent
CASES = HERE / "lm-eval-tasks"
OUT = HERE / "values" / "lm-eval"

# Task file -> the data file of each split.
TASKS = {
    "choice/capitals.yaml": {"train": "own-train.jsonl", "test": "own-test.jsonl"},
    "inputs/blanks.yaml": {"validation": "data.jsonl"},
    "words/last.yaml": {"test": "test.jsonl"},
    "texts/pages.yaml": {"test": "test.jsonl"},
    "answers/sums.yaml": {"test": "test.jsonl", "validation": "validation.jsonl"},
    "answers/votes.yaml": {"test": "test.jsonl"},
    "shots/claims.yaml": {"test": "test.jsonl"},
    "shots/names.yaml": {"test": "test.jsonl"},
    "group/one.yaml": {"test": "one-test.jsonl"},
    "group/two.yaml": {"test": "two-test.jsonl"},
}
GROUPS = ["group/both.yaml"]
BOOTSTRAP = 1000

ANSWERS = [
    "3 and so 1 and 2 make 3.\n#### 3",
    " the answer is $15.",
    "14",
    "I do not know",
    "#### 1,24 or 124",
    " 15",
    "4! #### 4.",
    "name 3",
    "nom 5",
]


# Chosen so that few metrics are 0 or 1.
SALT = "10"


def digest(*parts):
    return hashlib.sha256("\0".join([SALT, *parts]).encode()).digest()


class HashModel(LM):
    """Values are multiples of 1/8, so that float32 holds them exactly."""

    def __init__(self):
        super().__init__()
        self.seen = defaultdict(int)

    def loglikelihood(self, requests, **_):
        out = []
        for r in requests:
            h = digest(*r.args)
            out.append((-(h[0] % 160) / 8 - 0.125, h[1] % 3 == 0))
        return out

    def loglikelihood_rolling(self, requests, **_):
        return [-(digest(r.args[0])[0] + 1) / 8 for r in requests]

    def generate_until(self, requests, **_):
        out = []
        for r in requests:
            n = self.seen[r.args[0]]
            self.seen[r.args[0]] += 1
            out.append(ANSWERS[digest(r.args[0], str(n))[0] % len(ANSWERS)])
        return out


def plain(value):
    """JSON without numpy's types."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "item"):
        return value.item()
    return value


def make_task(path, files):
    config = load_yaml(CASES / path)
    folder = (CASES / path).parent
    for key in ("tag", "group"):
        config.pop(key, None)
    written = dict(config)
    data = {split: str(folder / name) for split, name in files.items()}
    task = ConfigurableTask(config={**config, "dataset_path": "json", "dataset_kwargs": {"data_files": data}})
    task.set_fewshot_seed(1234)
    return task, written


def run_tasks():
    tasks, written = {}, {}
    for path, files in TASKS.items():
        task, config = make_task(path, files)
        tasks[task.config.task] = task
        written[task.config.task] = {"file": path, "data": files, "config": config}
    groups = {}
    for path in GROUPS:
        config = load_yaml(CASES / path)
        group = Group.from_config(config)
        for name in config["task"]:
            group.add(tasks[name])
        groups[group.name] = group
    results = evaluate(
        lm=HashModel(), task_dict={"tasks": tasks, "groups": groups}, bootstrap_iters=BOOTSTRAP, log_samples=True
    )
    out = {}
    for name, task in tasks.items():
        by_doc = defaultdict(list)
        for instance in task.instances:
            by_doc[instance.doc_id].append(instance)
        config = results["configs"][name]
        out[name] = {
            **{k: written[name][k] for k in ("file", "data")},
            "output_type": task.OUTPUT_TYPE,
            "version": results["versions"][name],
            "nShot": results["n-shot"][name],
            "config": {k: v for k, v in plain(config).items() if k not in ("dataset_kwargs", "metric_list")},
            "items": [
                {
                    "requests": [
                        {"args": plain(i.args), "resps": plain(i.resps), "filtered": plain(i.filtered_resps)}
                        for i in sorted(instances, key=lambda x: x.idx)
                    ],
                    "target": plain(task.doc_to_target(instances[0].doc)),
                }
                for _, instances in sorted(by_doc.items())
            ],
            "results": {k: v for k, v in plain(results["results"][name]).items() if "," in k},
        }
    return {
        "tasks": out,
        "groups": plain(results["groups"]),
        "bootstrap": BOOTSTRAP,
    }


TEMPLATES = [
    ("{{a}} and {{b}}\n", {"a": 1, "b": "x"}),
    ("{{missing}}", {"a": 1}),
    ("{{missing|default('d')}} {% if missing is defined %}x{% else %}y{% endif %}", {"a": 1}),
    ("{{a.b.c}}", {"a": {"b": {"c": [1, 2.5, None, True, "q'\"\n"]}}}),
    ("{{a['b']}}{{a.x}}", {"a": {"b": "t"}}),
    ("  {% for x in xs -%}\n  {{loop.index}}. {{x}}\n{% endfor %}\n", {"xs": ["p", "q"]}),
    ("{% if a == 1 %}\nyes\n{% else %}\nno\n{% endif %}", {"a": 1}),
    ("{{xs.index('q')}} {{xs|length}} {{xs|join('-')}} {{xs[::-1]}}", {"xs": ["p", "q"]}),
    ("{{ '  s\\t'.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ s.capitalize() }}|{{ s|capitalize }}", {"s": "hELLO wORLD"}),
    ("{{s|regex_replace('(l+)', '<\\\\1>')}} {{s|regex_replace('o$','0')}}", {"s": "hello"}),
    ("{{s.split(' ')[-1]}}, {{s.replace('a','b')}}, {{s.upper()}}, {{s|title}}", {"s": "a man a plan"}),
    ("{{x}} {{y}} {{x + y}} {{x * 2}} {{7 // 2}} {{7 / 2}} {{7 % 4}}", {"x": 3, "y": 0.5}),
    ("{{['A','B','C'].index(k)}}{{k in 'ABC'}}{{not k}}", {"k": "C"}),
    ("{{ {'a': 1, 'b': [k]} }} {{ (1, 2) }}", {"k": "é日\u00a0\u200b"}),
    ("{# note #}{{ s.count('l') }} {{ s.find('z') }} {{ s.startswith('he') }} {{ s[1:3] }} {{ s[-1] }}", {"s": "hello"}),
    ("{%- set n = 'v' -%} {{ n ~ s }} {{ s if s else 'e' }} {{ (s or 'z') }}", {"s": ""}),
    ("{{ 'a' if q }}", {"q": False}),
    ("{{ range(3)|list }} {{ xs|first }} {{ xs|last }} {{ x|string }} {{ '12'|int + 1 }}", {"xs": [4, 5], "x": None}),
    ("{{ s.lower().strip('.').replace(' ', '_') }}", {"s": "A b.C."}),
    ("{{ s.nothing() }}", {"s": "x"}),
]

PATTERNS = [
    (r"#### (\-?[0-9\.\,]+)", ["#### 12,3.4 and #### -5", "none"]),
    (r"(-?[$0-9.,]{2,})|(-?[0-9]+)", ["cost $12.50 or 7", "a"]),
    (r"(?s).*#### ", ["a\nb #### 7 #### 8"]),
    (r"\.$", ["end.", "end.\n", "end.\n\n", "a.b"]),
    (r"^\w+", ["été x\ny", "日本語 z", "a\u0301b"]),
    (r"(?m)^(\d+)$", ["12\n٣٤\n5x\n6"]),
    (r"(?i)the (?P<what>cat|dog)\b", ["The CAT, the dogs, THE dog."]),
    (r"[^\w\s]", ["a-b_c! d\u2028e\x1c"]),
    (r"\bis\b", ["this is it", "é is"]),
    (r"(?<=\()[A-D](?=\))", ["(A) B (C)"]),
    (r"a{,2}b", ["aaab b ab"]),
    (r"x*", ["axxb"]),
    (r"[]a-]+", ["]a-b-]"]),
    (r"\$?\\boxed\{(.*?)\}", [r"$\boxed{12} \boxed{x{y}}"]),
    (r"(a)|(b)", ["ab"]),
    (r"[\d.]+(?:e[+-]?\d+)?", ["1.5e-3 x 2."]),
    (r"\A\s+|\s+\Z", ["\x1f a \u00a0\n"]),
    (r"answer is \(?([ABCD])\)?", ["the answer is (B). answer is C"]),
    (r"(\w)\1", ["hello  book"]),
    (r".", ["a\r\u2028\n"]),
    (r"[\W_]+", ["a_b c-d"]),
]
REFUSED = [r"(?>a)b", r"a++", r"(?(1)a|b)", r"(?x) a b", r"(?:(a)|b)*", r"(?i:a)b"]

LITERALS = ["['a', \"b's\", 'c\\n\\x41\\u00e9']", "(1, 2.5, -3, None, True)", "('x')", "[]", "{'a': [1]}", "'a' 'b'", "[1, 2", "abc", "['a',]", "1e3", "r'\\n'", "[[1], ['q']]"]


MULTI = [
    {"regex_pattern": r"(\([A-Z]\))", "group_select": 0, "ignore_case": True, "ignore_punctuation": True},
    {"regex_pattern": r"answer is (\([A-D]\))", "group_select": -1, "regexes_to_ignore": [r"\s+"], "fallback": "none"},
]
MULTI_CHOICES = ["red", "Dark red!", "  blue", "C++ (old)"]
MULTI_TEXTS = ["(B) I think (C)", "It is DARK RED.", "so: D", "the answer is (A), no, answer is (D)", "c++ (old)", "none of them", "Answer:\n B", "redder"]
EXACT = [
    ({}, ["7", "7 ", "x"], ["7", "7", "X"]),
    ({"ignore_case": True, "ignore_punctuation": True}, ["It's, OK!", "ÀÉ", "a-b"], ["its ok", "àé", "AB"]),
    ({"ignore_numbers": True}, ["a1b2", "x"], ["ab", "x٣"]),
    ({"regexes_to_ignore": [",", r"\$", r"(?s).*#### ", r"\.$"], "ignore_case": True}, ["a\n#### $1,000.", "1000", "B."], ["1000", "1,000.\n", "b"]),
]


def run_filters():
    multi = [
        {"kwargs": k, "choices": MULTI_CHOICES, "texts": MULTI_TEXTS, "found": MultiChoiceRegexFilter(**k).apply([MULTI_TEXTS], [{"choices": MULTI_CHOICES}])[0]}
        for k in MULTI
    ]
    exact = [
        {"kwargs": k, "pairs": [{"answer": a, "target": t, "value": float(exact_match_hf_evaluate([a], [t], **k)["exact_match"])} for a, t in zip(answers, targets)]}
        for k, answers, targets in EXACT
    ]
    return {"multi": multi, "exact": exact}


def run_python():
    samples = []
    for seed, n, k in [(1234, 5, 2), (1234, 21, 5), (1234, 22, 5), (1234, 100, 3), (1234, 30, 8), (0, 1000, 25), (7, 90, 6), (42, 8, 8), (2**40 + 3, 50, 4)]:
        rnd = random.Random(seed)
        draws = [rnd.sample(list(range(n)), k) for _ in range(3)]
        samples.append({"seed": seed, "n": n, "k": k, "draws": draws, "random": rnd.random(), "choices": rnd.choices(list(range(n)), k=4)})
    templates = []
    for text, doc in TEMPLATES:
        try:
            got = {"text": utils.apply_template(text, doc)}
        except Exception as error:  # noqa: BLE001
            got = {"error": type(error).__name__}
        templates.append({"template": text, "doc": doc, **got})
    patterns = [
        {
            "pattern": p,
            "texts": [
                {"text": t, "all": [list(m) if isinstance(m, tuple) else m for m in re.findall(p, t)], "without": re.sub(p, "", t)}
                for t in texts
            ],
        }
        for p, texts in PATTERNS
    ]
    literals = []
    for text in LITERALS:
        try:
            literals.append({"text": text, "value": ast.literal_eval(text)})
        except (SyntaxError, ValueError):
            literals.append({"text": text})
    words = [{"text": t, "words": len(re.split(r"\s+", t))} for t in ["", "a", " a b ", "a\u00a0b\x1fc\ufeffd", "\n"]]
    return {"samples": samples, "templates": templates, "patterns": patterns, "refused": REFUSED, "literals": literals, "words": words, **run_filters()}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, values in (("tasks", run_tasks()), ("python", run_python())):
        (OUT / f"{name}.json").write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
