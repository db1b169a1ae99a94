"""Encodings by the Rust tokenizers → `values/tokenizer.json`.

A few texts with their token ids, and for every task the SHA-256 of the ids of all its texts (each item's text, or context +
each choice or target), written as JSON lists without spaces, joined by line ends.
"""

import hashlib
import json
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "public" / "zoo" / "demo"
TEXTS = [
    "",
    " ",
    "\n",
    "Question: 12 + 30 =",
    "def f(x):\n    return x  # twice\n\n\n\tpass  ",
    "a\r\nb \r\n c",
    "naïve “quotes” — 日本語 🎉 １２３",
    "it's they'll I'M 'tis",
    "<|endoftext|>x<|endoftext|>",
    "x" * 70 + "  " * 9 + "!?" * 12,
]


def texts(item: dict) -> list[str]:
    if "text" in item:
        return [item["text"]]
    return [item["context"] + ending for ending in item.get("choices", [item.get("target")])]


def main() -> None:
    tokenizer = Tokenizer.from_file(str(DEMO / "base" / "tokenizer.json"))
    tasks = {}
    for spec in json.loads((DEMO / "tasks.json").read_text())["tasks"]:
        items = json.loads((DEMO / spec["itemsFile"]).read_text())["items"]
        lines = [json.dumps(tokenizer.encode(text).ids, separators=(",", ":")) for item in items for text in texts(item)]
        tasks[spec["id"]] = {"texts": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}
    out = {
        "format": "tokenizer-values",
        "version": 1,
        "made": {"tokenizers": tokenizers.__version__},
        "tasks": tasks,
        "texts": [{"text": text, "ids": tokenizer.encode(text).ids} for text in TEXTS],
    }
    path = Path(__file__).resolve().parent / "values" / "tokenizer.json"
    path.write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
