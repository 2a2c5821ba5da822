"""Measure translation quality and speed on FLORES-200 devtest files; prints Markdown tables.

BLEU and chrF are sacrebleu's with its default settings. `r` is the correlation of a sentence's
score (mean log-probability) with its chrF, `flagged` the share of sentences that the checks find
something wrong with. With `--ladder` those are tried again, as a run of the pipeline does. Tokens
are pieces of the embedded model's tokenizer, whichever engine wrote them; loading is not timed.

With `--calibrate` it then fits, for each language, the weights by which quality is estimated, and
prints them for `model.yaml`. The table says how the estimate does on the half of the lines that it
was not fitted on, the weights come from all: its correlation with sentence chrF, and for each class
its share of the sentences and their mean chrF.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import sacrebleu
from tokenizers import Tokenizer

from pipeline.article import Language
from pipeline.checks import check
from pipeline.engines.argos import Argos
from pipeline.engines.lm import Lm
from pipeline.paths import EMBEDDED_MODEL
from pipeline.translate.adequacy import Adequacy, compare, doubts
from pipeline.translate.attempts import climb
from pipeline.translate.estimate import Calibration, classify, features
from pipeline.translate.memory import Memory

if TYPE_CHECKING:
    from pipeline.engines import Translation, Translator

ROOT = Path(__file__).parent.parent
FILES = {
    "kk": "kaz_Cyrl",
    "ru": "rus_Cyrl",
    "he": "heb_Hebr",
    "id": "ind_Latn",
    "zh-Hant": "zho_Hant",
}
LANGUAGES = {
    "kk": Language("kk", "Cyrl"),
    "ru": Language("ru", "Cyrl"),
    "he": Language("he", "Hebr"),
    "id": Language("id", "Latn"),
    "zh-Hant": Language("zh", "Hant"),
}


class Line(NamedTuple):
    """A sentence with its translation, its reference and the chrF of the one by the other."""

    source: str
    reference: str
    translation: Translation
    adequacy: Adequacy | None
    chrf: float
    wrong: bool

    @property
    def features(self) -> tuple[float, ...]:
        """What its quality is estimated by."""
        made = self.translation
        return features(self.source, made.text, made.score, self.adequacy)


def measure(
    engine: Translator, language: str, data: Path, which: slice, *, ladder: bool = False
) -> tuple[list[Line], float]:
    """Translate some lines of one language; give them and the seconds it took."""
    sources, references = (
        (data / f"{name}.devtest").read_text("utf-8").splitlines()[which]
        for name in (FILES[language], "eng_Latn")
    )
    for _ in engine.translate(["."], language):
        pass
    start = time.perf_counter()
    results = by_ladder(engine, language, sources) if ladder else plainly(engine, language, sources)
    seconds = time.perf_counter() - start
    lexicon, lines = engine.lexicon(language), []
    for source, reference in zip(sources, references, strict=True):
        made = results[source]
        chrf = sacrebleu.sentence_chrf(made.text, [reference]).score
        adequacy = compare(lexicon, source, made.text) if lexicon else None
        flags = [*check(source, LANGUAGES[language], made.text), *doubts(adequacy)]
        lines.append(Line(source, reference, made, adequacy, chrf, bool(flags)))
    return lines, seconds


def row(language: str, lines: list[Line], seconds: float) -> list[str]:
    """Give the cells of one language's row."""
    texts, references = [x.translation.text for x in lines], [[x.reference for x in lines]]
    tokenizer = Tokenizer.from_file(str(ROOT / EMBEDDED_MODEL / "tokenizer.json"))
    tokens = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(texts))
    return [
        language,
        f"{sacrebleu.corpus_bleu(texts, references).score:.1f}",
        f"{sacrebleu.corpus_chrf(texts, references).score:.1f}",
        f"{np.corrcoef([x.translation.score for x in lines], [x.chrf for x in lines])[0, 1]:.2f}",
        f"{np.mean([x.wrong for x in lines]):.0%}",
        f"{tokens / seconds:.0f}",
        f"{seconds:.1f}",
    ]


def fit(lines: list[Line]) -> Calibration:
    """Fit the weights of the estimate by least squares."""
    rows = [[1.0, *x.features] for x in lines]
    weights = np.linalg.lstsq(np.array(rows), np.array([x.chrf for x in lines]), rcond=None)[0]
    names = ("intercept", "score", "ratio", "length", "covered", "accounted")
    return Calibration(**{n: round(float(w), 2) for n, w in zip(names, weights, strict=True)})


def estimated(language: str, lines: list[Line]) -> list[str]:
    """Give the cells that tell how far the estimate is right on lines it was not fitted on."""
    calibration, others = fit(lines[::2]), lines[1::2]
    expected = [
        calibration.expected(x.source, x.translation.text, x.translation.score, x.adequacy)
        for x in others
    ]
    classes: dict[str, list[float]] = {"good": [], "check": [], "poor": []}
    for line, value in zip(others, expected, strict=True):
        classes[classify(value, wrong=line.wrong)].append(line.chrf)
    cells = [language, f"{np.corrcoef(expected, [x.chrf for x in others])[0, 1]:.2f}"]
    for found in classes.values():
        cells += [f"{len(found) / len(others):.0%}", f"{np.mean(found):.1f}" if found else ""]
    return cells


def printed(cells: list[str]) -> None:
    """Print a row of a table."""
    print("| " + " | ".join(cells) + " |", flush=True)


def plainly(engine: Translator, language: str, sources: list[str]) -> dict[str, Translation]:
    """Translate once."""
    batches = engine.translate(sources, language)
    return {sources[index]: result for batch in batches for index, result in batch}


def by_ladder(engine: Translator, language: str, sources: list[str]) -> dict[str, Translation]:
    """Translate as a run does, with an empty memory."""
    with TemporaryDirectory() as folder, Memory(Path(folder) / "memory.sqlite") as memory:
        told = (lambda _done, _planned: None), check, engine.lexicon(language)
        best = climb(sources, LANGUAGES[language], [engine], memory, *told)
    return {source: attempt.translation for source, attempt in best.items()}


def main() -> None:
    """Print one row per language that both the engine and the data have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of *.devtest files")
    parser.add_argument("-n", type=int, default=100, help="lines per language")
    parser.add_argument("--engine", choices=("lm", "argos"), default="lm")
    parser.add_argument("--models", type=Path, help="model folder")
    parser.add_argument("--beam", type=int, help="the model's own setting without it")
    parser.add_argument("--languages", nargs="*", default=FILES, help="BCP 47 tags; all without")
    parser.add_argument("--ladder", action="store_true", help="try again what looks wrong")
    parser.add_argument("--calibrate", action="store_true", help="fit the quality estimate")
    arguments = parser.parse_args()
    engine: Translator
    if arguments.engine == "lm":
        engine = Lm(arguments.models or ROOT / EMBEDDED_MODEL, beam=arguments.beam)
    else:
        engine = Argos(arguments.models or ROOT / "models/argos", beam=arguments.beam or 2)
    how = f"beam {arguments.beam or 'as set'}{', with the ladder' if arguments.ladder else ''}"
    print(f"{engine.name}, {how}, first {arguments.n} lines\n")
    print("| language | BLEU | chrF | r | flagged | tokens/s | seconds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    measured = {}
    for language in arguments.languages:
        if language in engine.languages():
            lines, seconds = measure(
                engine, language, arguments.data, slice(arguments.n), ladder=arguments.ladder
            )
            measured[language] = lines
            printed(row(language, lines, seconds))
    if arguments.calibrate:
        print("\n| language | r of the estimate | good | chrF | check | chrF | poor | chrF |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for language, lines in measured.items():
            printed(estimated(language, lines))
        print()
        for language, lines in measured.items():
            print(f"{language}: {fit(lines).model_dump()}".replace("'", ""))


if __name__ == "__main__":
    main()
