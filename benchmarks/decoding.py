"""Compare ways of decoding with the embedded model on FLORES-200 devtest; prints a Markdown table.

BLEU of every language, then the means over the languages: of BLEU, of chrF, of the length of the
translation over that of the reference, of the share that the checks find something wrong with, and
of the pieces written in a second on all cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import sacrebleu
import yaml
from quality import FILES, ROOT, Line, measure, printed
from tokenizers import Tokenizer

from pipeline.engines import decoder
from pipeline.engines.lm import Lm
from pipeline.paths import EMBEDDED_MODEL

if TYPE_CHECKING:
    from collections.abc import Sequence

# What `decoding` in model.yaml says: beam, length penalty, repetition penalty; and an option of
# CTranslate2 that no model.yaml has, the longest phrase that may come out twice.
WAYS = (
    (1, 1.0, 1.0, 0),
    (2, 1.0, 1.0, 0),
    (2, 0.5, 1.0, 0),
    (4, 1.0, 1.0, 0),
    (4, 0.5, 1.0, 0),
    (4, 0.0, 1.0, 0),
    (4, 0.5, 1.1, 0),
    (4, 1.0, 1.1, 0),
    (4, 0.5, 1.0, 3),
    (6, 0.5, 1.0, 0),
)


def with_decoding(model: Path, folder: Path, decoding: dict[str, Any]) -> Lm:
    """Give the model with another `decoding`, by links in an empty folder."""
    for file in model.iterdir():
        (folder / file.name).symlink_to(file.resolve())
    description = yaml.safe_load((model / "model.yaml").read_text("utf-8"))
    description["decoding"] |= decoding
    for served in description["languages"].values():
        for option in ("beam", "length_penalty"):  # what a language has of its own
            served.pop(option, None)
    (folder / "model.yaml").unlink()
    (folder / "model.yaml").write_text(yaml.safe_dump(description), "utf-8")
    return Lm(folder)


def cells(results: Sequence[tuple[list[Line], float]], tokenizer: Tokenizer) -> list[str]:
    """Give the figures of one way of decoding, of all languages."""
    bleus, rows = [], []
    for lines, seconds in results:
        texts, references = [x.translation.text for x in lines], [[x.reference for x in lines]]
        bleu = sacrebleu.corpus_bleu(texts, references)
        pieces = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(texts))
        bleus.append(bleu.score)
        rows.append(
            (
                bleu.score,
                sacrebleu.corpus_chrf(texts, references).score,
                bleu.sys_len / bleu.ref_len,
                np.mean([x.wrong for x in lines]),
                pieces / seconds,
            )
        )
    means = np.mean(rows, axis=0)
    shown = ("{:.2f}", "{:.2f}", "{:.3f}", "{:.1%}", "{:.0f}")
    return [f"{b:.1f}" for b in bleus] + [s.format(m) for s, m in zip(shown, means, strict=True)]


def main() -> None:
    """Print one row per way of decoding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of *.devtest files")
    parser.add_argument("--every", type=int, default=10, help="take every Nth line")
    parser.add_argument("--model", type=Path, default=ROOT / EMBEDDED_MODEL)
    parser.add_argument("--only", type=int, nargs="*", help="rows to measure, from 0")
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    search = decoder._search  # noqa: SLF001
    head = [
        "beam",
        "length penalty",
        "repetition penalty",
        "phrase",
        *FILES,
        "BLEU",
        "chrF",
        "length",
        "flagged",
        "tokens/s",
    ]
    printed(head)
    printed(["---:"] * len(head))
    for number, way in enumerate(WAYS):
        if arguments.only is not None and number not in arguments.only:
            continue
        beam, length, repetition, phrase = way
        more = {"no_repeat_ngram_size": phrase + 1} if phrase else {}
        decoder._search = lambda options, more=more: search(options) | more  # noqa: SLF001
        decoding = {"beam": beam, "length_penalty": length, "repetition_penalty": repetition}
        with TemporaryDirectory() as folder:
            engine = with_decoding(arguments.model, Path(folder), decoding)
            results = [
                measure(engine, language, arguments.data, slice(None, None, arguments.every))
                for language in FILES
            ]
        printed([*map(str, way), *cells(results, tokenizer)])


if __name__ == "__main__":
    main()
