"""Build a tiny model folder for the `lm` engine: the real formats, random weights."""

from __future__ import annotations

import lzma
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from argos_package import LINES, WIDTH, fill, randomize
from ctranslate2.specs import TransformerDecoderModelSpec
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from pipeline.paths import sha256

if TYPE_CHECKING:
    from pathlib import Path

SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<kk>", "<zh>", "<en>")


def build(
    folder: Path,
    *,
    size: int = 4096,
    joined: bool = False,
    says: dict[str, str] | None = None,
    lexicon: dict[str, str] | None = None,
    **changes: Any,
) -> Path:
    """Write a model folder, `model.bin` cut into parts of `size` bytes; give the folder.

    `changes` replace top-level keys of `model.yaml`, `lexicon` has the lines of a language. The
    weights are random or, with `says`, such that a prompt which ends in a language's piece is
    always answered by the English given for it, on every processor.
    """
    special = (*SPECIAL, *(f"<{tag}>" for tag in says or {}))
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.BPE(byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=list(dict.fromkeys(special)),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(LINES, trainer)
    tokenizer.add_tokens(list((says or {}).values()))  # each answer is one piece
    tokenizer.save(str(folder / "tokenizer.json"))
    pieces = [str(tokenizer.id_to_token(n)) for n in range(tokenizer.get_vocab_size())]
    spec = TransformerDecoderModelSpec.from_config(1, 2)
    spec.register_vocabulary(pieces)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<bos>", "<eos>", "<unk>"
    if says:
        answer(spec, pieces, {f"<{tag}>": english for tag, english in says.items()})
    else:
        randomize(spec, len(pieces))
    spec.save(str(folder))
    files = ["config.json", "tokenizer.json", "vocabulary.json", "model.bin"]
    for code, lines in (lexicon or {}).items():
        files.append(f"lexicon/{code}.tsv.xz")
        (folder / "lexicon").mkdir(exist_ok=True)
        (folder / files[-1]).write_bytes(lzma.compress(lines.encode()))
    description = {
        "name": "tiny",
        "quality": "draft",
        "licence": "none",
        "languages": {
            "kk": {"piece": "<kk>", "quality": "standard"},
            "zh-Hant": {"piece": "<zh>"},
            "zh-Hans": {"piece": "<zh>", "script": "Hant"},
        },
        "prompt": ["<bos>", "{language}", "{source}", "<en>"],
        "end": "<eos>",
        "decoding": {"input": 30, "floor": 8},
        "files": {name: sha256(folder / name) for name in files},
        "parts": cut(folder / "model.bin", size),
    } | changes
    (folder / "model.yaml").write_text(yaml.safe_dump(description, sort_keys=False))
    if not joined:
        (folder / "model.bin").unlink()
    return folder


def cut(path: Path, size: int) -> dict[str, str]:
    """Write a file's parts of `size` bytes beside it; give their SHA-256."""
    data = path.read_bytes()
    parts = [path.with_name(f"model.part{n:02}") for n in range(-(-len(data) // size))]
    for number, part in enumerate(parts):
        part.write_bytes(data[number * size : (number + 1) * size])
    return {part.name: sha256(part) for part in parts}


def answer(spec: TransformerDecoderModelSpec, pieces: list[str], says: dict[str, str]) -> None:
    """Let each key of `says` be followed by its value, and that by the end: no layer counts."""
    embeddings = np.zeros((len(pieces), WIDTH), np.float32)
    projection = np.zeros((len(pieces), WIDTH), np.float32)
    for direction, (asked, english) in enumerate(says.items(), 1):
        embeddings[pieces.index(asked), direction] = 100  # far above what the position adds
        projection[pieces.index(english), direction] = 100
        embeddings[pieces.index(english), 0] = 100
    projection[pieces.index("<eos>"), 0] = 100
    weights = {"embeddings": embeddings, "projection": projection}
    fill(
        spec,
        len(pieces),
        lambda owner, shape: next(
            (w for end, w in weights.items() if owner.endswith(end)), np.zeros(shape, np.float32)
        ),
    )
