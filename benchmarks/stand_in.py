"""A stand-in for an Argos package, and Russian text to translate with it.

The package has the layout and the size of a real one (a transformer of 6 + 6 layers, width 512,
32,000 pieces, 8-bit), but nobody trained it. Its weights are random, and in each of its decoder
layers cross-attention looks up the source piece at the output's own position: it spells Russian in
Latin letters, piece by piece, and ends where the source ends. No matrix is smaller or emptier than
in a real model, so speed and memory are those of a real model whose output is as long as its input.

    python benchmarks/stand_in.py FOLDER --articles 500     # a project with made-up articles
    python benchmarks/run.py --project FOLDER
    cd FOLDER && pyinstrument -m pipeline run               # where the time goes
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import zipfile
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec
from ctranslate2.specs.model_spec import visit_spec
from sentencex import get_sentence_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = Path(__file__).parent.parent / "seeds" / "001_6f057f1fb5baead6.txt"
NAME = "translate-ru_en-1_0"
METADATA = {
    "package_version": "1.0",
    "argos_version": "1.9",
    "from_code": "ru",
    "from_name": "Russian",
    "to_code": "en",
    "to_name": "English",
}
PROJECT = """\
input: seeds
output: output
stages: [clean, detect, dedupe, {translate: {engines: [{engine: argos}]}}, summarize, render]
"""
LETTERS = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)) | {
    "ё": "yo",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}
SPELLING = str.maketrans(LETTERS | {old.upper(): new.title() for old, new in LETTERS.items()})
POSITIONS = 1024
NOISE = 0.3  # of the random weights, against the ones that copy
SHARPNESS = 3.0  # of the look-up
CONFIDENCE = 0.06  # logit per matching bit of a piece's code


class Size(NamedTuple):
    """Layers on either side, width, heads, pieces of the model, pieces that the text is cut into.

    2,500 pieces learnt from one article cut it into 1.6 pieces a word, about as the many more of a
    real model do. The other rows of the vocabulary are there to be computed.
    """

    layers: int = 6
    width: int = 512
    heads: int = 8
    vocabulary: int = 32_000
    used: int = 2_500


REAL = Size()


def build(folder: Path, size: Size = REAL) -> Path:
    """Write the package into `folder`; give its path."""
    tokenizer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SEED.read_text("utf-8").splitlines()),
        model_writer=tokenizer,
        vocab_size=size.used,
        model_type="bpe",
        character_coverage=1.0,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=tokenizer.getvalue())
    source = [processor.id_to_piece(number) for number in range(size.used)]
    target = list(dict.fromkeys(piece.translate(SPELLING) for piece in source))
    path = folder / f"{NAME}.argosmodel"
    with TemporaryDirectory() as temporary, zipfile.ZipFile(path, "w") as archive:
        _model(size, source, target).save(temporary)
        archive.writestr(f"{NAME}/metadata.json", json.dumps(METADATA))
        archive.writestr(f"{NAME}/sentencepiece.model", tokenizer.getvalue())
        for file in sorted(Path(temporary).iterdir()):
            archive.write(file, f"{NAME}/model/{file.name}")
    return path


def _model(size: Size, source: list[str], target: list[str]) -> TransformerSpec:
    """Make the model: the first dimensions say where a piece stands, the others which it is."""
    rng = np.random.default_rng(1)
    width, where = size.width, size.width // size.heads
    places = np.zeros((POSITIONS, width), np.float32)
    places[:, :where] = rng.choice([-1, 1], (POSITIONS, where))
    codes = np.zeros((size.vocabulary, width), np.float32)
    codes[:, where:] = rng.choice([-1, 1], (size.vocabulary, width - where))
    shapes = {  # of the weights that are not square, by the end of their name
        "embeddings": (size.vocabulary, width),
        "embeddings_0": (size.vocabulary, width),
        "projection": (size.vocabulary, width),
        "ffn/linear_0": (4 * width, width),
        "ffn/linear_1": (width, 4 * width),
        "self_attention/linear_0": (3 * width, width),
        "/attention/linear_1": (2 * width, width),
    }

    def fill(layer: object, name: str, value: object) -> None:
        owner, _, attribute = name.rpartition("/")
        if attribute in {"gamma", "beta"}:
            setattr(layer, attribute, np.full(width, attribute == "gamma", np.float32))
        elif value is None:
            shape = next((shapes[end] for end in shapes if owner.endswith(end)), (width, width))
            weight = rng.standard_normal(shape, np.float32) * np.float32(NOISE * shape[1] ** -0.5)
            setattr(layer, attribute, weight)

    spec = TransformerSpec.from_config(size.layers, size.heads)
    visit_spec(spec, fill)
    for side in (spec.encoder, spec.decoder):
        side.scale_embeddings = False
        side.position_encodings.encodings = places
    number = {piece: row for row, piece in enumerate(target)}
    rows = [number[piece.translate(SPELLING)] for piece in source]
    spec.encoder.embeddings[0].weight[: len(rows)] = codes[rows]
    look = np.tile(np.eye(where, width, dtype=np.float32), (size.heads, 1)) * SHARPNESS
    for layer in spec.decoder.layer:
        queries, memory, output = layer.attention.linear
        queries.weight += look
        memory.weight += np.concatenate((look, np.eye(width, k=where, dtype=np.float32)))
        output.weight += np.eye(width, k=-where, dtype=np.float32) / size.layers
    spec.decoder.projection.weight = codes * np.float32(CONFIDENCE)
    for pieces, register in (
        (source, spec.register_source_vocabulary),
        (target, spec.register_target_vocabulary),
    ):
        register(pieces + [f"<{n}>" for n in range(len(pieces), size.vocabulary)])
    spec.config.add_source_eos = True
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


def sentences() -> Iterator[str]:
    """Give sentences without end, no two alike, the same ones every time.

    They are those of the Russian article, over and over, each word of small letters replaced by one
    of the article that ends alike: as long as real ones, and almost grammatical.
    """
    rng = random.Random(1)  # noqa: S311  # repeatable text, no secret
    lines = [line.strip() for line in SEED.read_text("utf-8").splitlines() if "http" not in line]
    found = [
        line[boundary["start_index"] : boundary["end_index"]].strip()
        for line in lines
        for boundary in get_sentence_boundaries("ru", line)
    ]
    alike: dict[str, list[str]] = {}
    for word in re.findall(r"\b[а-яё]{4,}\b", " ".join(found)):
        alike.setdefault(word[-2:], []).append(word)
    given = set[str]()
    while True:
        for sentence in found:
            new = re.sub(
                r"\b[а-яё]{4,}\b", lambda match: rng.choice(alike[match[0][-2:]]), sentence
            )
            if new and new not in given:
                given.add(new)
                yield new


def project(folder: Path, count: int, size: Size = REAL, length: int = 15) -> None:
    """Make a project of `count` articles, `length` sentences each, with the package installed."""
    from pipeline.engines import packages  # not for those who only want the text

    (folder / "seeds").mkdir(parents=True)
    text = sentences()
    for number in range(count):
        body = list(islice(text, length))
        paragraphs = (" ".join(body[at : at + 3]) for at in range(0, length, 3))
        article = "\n\n".join(paragraphs) + "\n"
        (folder / "seeds" / f"{number:04}.txt").write_text(article, "utf-8")
    with TemporaryDirectory() as temporary:
        packages.install(folder / "models" / "argos", "ru", source=build(Path(temporary), size))
    (folder / "pipeline.yaml").write_text(PROJECT, "utf-8")


def main() -> None:
    """Make a project."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--articles", type=int, default=500)
    arguments = parser.parse_args()
    project(arguments.folder, arguments.articles)


if __name__ == "__main__":
    main()
