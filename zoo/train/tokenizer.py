"""Trains the byte-level BPE tokenizer on the general blend and encodes every corpus.

Writes `.work/tokenizer/` (tokenizer.json, tokenizer_config.json) and `.work/tokens/<source>.npy`: uint16 tokens of the
training part, each document behind one end-of-text token.
"""

import json
import random
import sys

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from settings import END_OF_TEXT, GENERAL_BLEND, SOURCES, VOCABULARY, WORK

# Words with one leading character, single digits, punctuation, line ends, spaces. Unlike Qwen's own pattern, punctuation
# does not swallow the line end behind it, so that a line's tokens do not depend on what follows.
PATTERN = r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s*[\r\n]+|\s+(?!\S)|\s+"
BLEND_BYTES = 8_000_000


def documents(source: str, part: str = "train") -> list[dict]:
    with open(WORK / "corpus" / f"{source}.{part}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def blend():
    """Documents of the general blend in its proportions by bytes, in a seeded order."""
    rng = random.Random(7)
    for source, share in GENERAL_BLEND.items():
        docs = documents(source)
        rng.shuffle(docs)
        left = BLEND_BYTES * share
        for doc in docs:
            if left <= 0:
                break
            left -= len(doc["text"].encode())
            yield doc["text"]


def train() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(blend(), trainer)
    return tokenizer


def encode(tokenizer: Tokenizer, source: str) -> np.ndarray:
    docs = documents(source)
    random.Random(11).shuffle(docs)
    pieces = []
    for encoding in tokenizer.encode_batch([doc["text"] for doc in docs]):
        pieces.append(np.asarray([0, *encoding.ids], dtype=np.uint16))
    return np.concatenate(pieces)


def main() -> None:
    folder = WORK / "tokenizer"
    folder.mkdir(parents=True, exist_ok=True)
    (WORK / "tokens").mkdir(exist_ok=True)
    path = folder / "tokenizer.json"
    if not path.exists() or "--again" in sys.argv:
        train().save(str(path))
    config = {
        "add_bos_token": False,
        "add_prefix_space": False,
        "bos_token": END_OF_TEXT,
        "clean_up_tokenization_spaces": False,
        "eos_token": END_OF_TEXT,
        "model_max_length": 256,
        "pad_token": END_OF_TEXT,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    tokenizer = Tokenizer.from_file(str(path))
    for source in SOURCES:
        tokens = encode(tokenizer, source)
        np.save(WORK / "tokens" / f"{source}.npy", tokens)
        print(f"{source:<11} {len(tokens):>9,} tokens", flush=True)


if __name__ == "__main__":
    main()
