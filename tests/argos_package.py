"""Build a tiny `.argosmodel` with random weights, in the real formats."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec
from ctranslate2.specs.model_spec import visit_spec

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH = 16
LINES = (
    "The quick brown fox jumps over the lazy dog.",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "Presiden bertemu menteri di Jakarta pada 5 Maret 2024.",
    "中國總理在北京發表講話。中国总理在北京发表讲话。",
    "שלום עולם, זה משפט קצר.",
)


def build(
    folder: Path, code: str, *, version: str = "1.0", tokenizer: bool = True, **metadata: str
) -> Path:
    """Write `translate-CODE_en-VERSION.argosmodel` into `folder`; give its path."""
    name = f"translate-{code}_en-{version.replace('.', '_')}"
    described = {
        "package_version": version,
        "argos_version": "1.5",
        "from_code": code,
        "from_name": code.upper(),
        "to_code": "en",
        "to_name": "English",
    } | metadata
    model, vocabulary = _train()
    spec = TransformerSpec.from_config(1, 2)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    randomize(spec, len(vocabulary))
    path = folder / f"{name}.argosmodel"
    with (
        TemporaryDirectory() as temporary,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        spec.save(temporary)
        archive.writestr(f"{name}/metadata.json", json.dumps(described))
        archive.writestr(f"{name}/{'sentencepiece' if tokenizer else 'bpe'}.model", model)
        for file in sorted(Path(temporary).iterdir()):
            archive.write(file, f"{name}/model/{file.name}")
    return path


def _train() -> tuple[bytes, list[str]]:
    """Train a sentencepiece model; give it and its pieces."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES * 4), model_writer=model, vocab_size=110, minloglevel=2
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return model.getvalue(), [processor.id_to_piece(n) for n in range(len(processor))]


def randomize(spec: TransformerSpec, pieces: int) -> None:
    """Fill the weights of a spec with random values, the same ones every time; 8-bit."""
    random = np.random.default_rng(1)
    fill(spec, pieces, lambda _owner, shape: random.normal(size=shape).astype(np.float32))


def fill(
    spec: TransformerSpec, pieces: int, make: Callable[[str, tuple[int, int]], np.ndarray]
) -> None:
    """Fill the weights of a spec, each with what `make` gives for its layer and shape; 8-bit."""
    shapes = {  # of the weights that are not square, by the end of their name
        "embeddings": (pieces, WIDTH),
        "embeddings_0": (pieces, WIDTH),
        "projection": (pieces, WIDTH),
        "ffn/linear_0": (2 * WIDTH, WIDTH),
        "ffn/linear_1": (WIDTH, 2 * WIDTH),
        "self_attention/linear_0": (3 * WIDTH, WIDTH),
        "/attention/linear_1": (2 * WIDTH, WIDTH),
    }

    def one(layer: object, name: str, value: object) -> None:
        owner, _, attribute = name.rpartition("/")
        if attribute in {"gamma", "beta"}:
            setattr(layer, attribute, np.full(WIDTH, attribute == "gamma", np.float32))
        elif value is None:
            shape = next((shapes[end] for end in shapes if owner.endswith(end)), (WIDTH, WIDTH))
            setattr(layer, attribute, make(owner, shape))

    visit_spec(spec, one)
    spec.validate()
    spec.optimize(quantization="int8")
