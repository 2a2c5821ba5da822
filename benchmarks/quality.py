"""Measure translation quality and speed on FLORES-200 devtest files; prints a Markdown table.

BLEU and chrF are sacrebleu's with its default settings. `r` is the correlation of a sentence's
score (mean log-probability) with its chrF: how far the score tells good from bad. `flagged` counts
the sentences that the checks find something wrong with. With `--ladder` those are tried again, as
a run of the pipeline does. Tokens are pieces of the embedded model's tokenizer, whichever engine
wrote them; loading is not timed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import sacrebleu
from tokenizers import Tokenizer

from pipeline.article import Language
from pipeline.engines.argos import Argos
from pipeline.engines.lm import Lm
from pipeline.ladder import check, climb
from pipeline.memory import Memory

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


def row(engine: Translator, language: str, data: Path, count: int, *, ladder: bool) -> str:
    """Translate the first `count` lines of one language and give its table row."""
    sources, references = (
        (data / f"{name}.devtest").read_text("utf-8").splitlines()[:count]
        for name in (FILES[language], "eng_Latn")
    )
    for _ in engine.translate(["."], language):
        pass
    start = time.perf_counter()
    results = by_ladder(engine, language, sources) if ladder else plainly(engine, language, sources)
    seconds = time.perf_counter() - start
    texts = [results[source].text for source in sources]
    tokenizer = Tokenizer.from_file(str(ROOT / "models/many-en/tokenizer.json"))
    tokens = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(texts))
    pairs = zip(texts, references, strict=True)
    chrf = [sacrebleu.sentence_chrf(text, [reference]).score for text, reference in pairs]
    scores = [results[source].score for source in sources]
    flagged = sum(bool(check(s, LANGUAGES[language], results[s])) for s in sources)
    cells = (
        language,
        f"{sacrebleu.corpus_bleu(texts, [references]).score:.1f}",
        f"{sacrebleu.corpus_chrf(texts, [references]).score:.1f}",
        f"{np.corrcoef(scores, chrf)[0, 1]:.2f}",
        f"{flagged / len(sources):.0%}",
        f"{tokens / seconds:.0f}",
        f"{seconds:.1f}",
    )
    return "| " + " | ".join(cells) + " |"


def plainly(engine: Translator, language: str, sources: list[str]) -> dict[str, Translation]:
    """Translate once."""
    batches = engine.translate(sources, language)
    return {sources[index]: result for batch in batches for index, result in batch}


def by_ladder(engine: Translator, language: str, sources: list[str]) -> dict[str, Translation]:
    """Translate as a run does, with an empty memory."""
    with TemporaryDirectory() as folder, Memory(Path(folder) / "memory.sqlite") as memory:
        best = climb(sources, LANGUAGES[language], [engine], memory, lambda _done, _planned: None)
    return {source: attempt.translation for source, attempt in best.items()}


def main() -> None:
    """Print one row per language that both the engine and the data have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of *.devtest files")
    parser.add_argument("-n", type=int, default=100, help="lines per language")
    parser.add_argument("--engine", choices=("lm", "argos"), default="lm")
    parser.add_argument("--models", type=Path, help="model folder")
    parser.add_argument("--beam", type=int, help="the model's own setting without it")
    parser.add_argument("--ladder", action="store_true", help="try again what looks wrong")
    arguments = parser.parse_args()
    engine: Translator
    if arguments.engine == "lm":
        engine = Lm(arguments.models or ROOT / "models/many-en", beam=arguments.beam)
    else:
        engine = Argos(arguments.models or ROOT / "models/argos", beam=arguments.beam or 2)
    how = f"beam {arguments.beam or 'as set'}{', with the ladder' if arguments.ladder else ''}"
    print(f"{engine.name}, {how}, first {arguments.n} lines\n")
    print("| language | BLEU | chrF | r | flagged | tokens/s | seconds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for language in FILES:
        if language in engine.languages():
            line = row(engine, language, arguments.data, arguments.n, ladder=arguments.ladder)
            print(line, flush=True)


if __name__ == "__main__":
    main()
