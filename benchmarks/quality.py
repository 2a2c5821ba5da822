"""Measure translation quality and speed on FLORES-200 devtest files; prints a Markdown table.

BLEU and chrF are sacrebleu's with its default settings. Tokens are pieces of the embedded model's
tokenizer, whichever engine wrote them; loading is not timed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import sacrebleu
from tokenizers import Tokenizer

from pipeline.engines.argos import Argos
from pipeline.engines.lm import Lm

ROOT = Path(__file__).parent.parent
FILES = {
    "kk": "kaz_Cyrl",
    "ru": "rus_Cyrl",
    "he": "heb_Hebr",
    "id": "ind_Latn",
    "zh-Hant": "zho_Hant",
}


def row(engine: Lm | Argos, language: str, data: Path, count: int) -> str:
    """Translate the first `count` lines of one language and give its table row."""
    sources, references = (
        (data / f"{name}.devtest").read_text("utf-8").splitlines()[:count]
        for name in (FILES[language], "eng_Latn")
    )
    for _ in engine.translate(["."], language):
        pass
    start = time.perf_counter()
    results = dict(item for batch in engine.translate(sources, language) for item in batch)
    seconds = time.perf_counter() - start
    texts = [results[index].text for index in range(len(sources))]
    tokenizer = Tokenizer.from_file(str(ROOT / "models/many-en/tokenizer.json"))
    tokens = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(texts))
    flags = [flag for result in results.values() for flag in result.flags]
    counts = ", ".join(f"{flags.count(flag)} {flag}" for flag in sorted(set(flags)))
    cells = (
        language,
        f"{sacrebleu.corpus_bleu(texts, [references]).score:.1f}",
        f"{sacrebleu.corpus_chrf(texts, [references]).score:.1f}",
        f"{tokens / seconds:.0f}",
        f"{seconds:.1f}",
        counts,
    )
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print one row per language that both the engine and the data have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of *.devtest files")
    parser.add_argument("-n", type=int, default=100, help="lines per language")
    parser.add_argument("--engine", choices=("lm", "argos"), default="lm")
    parser.add_argument("--models", type=Path, help="model folder")
    parser.add_argument("--beam", type=int, default=1)
    arguments = parser.parse_args()
    engine: Lm | Argos
    if arguments.engine == "lm":
        engine = Lm(arguments.models or ROOT / "models/many-en", beam=arguments.beam)
    else:
        engine = Argos(arguments.models or ROOT / "models/argos", beam=arguments.beam)
    print(f"{engine.name}, beam {arguments.beam}, first {arguments.n} lines\n")
    print("| language | BLEU | chrF | tokens/s | seconds | flags |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    for language in FILES:
        if language in engine.languages():
            print(row(engine, language, arguments.data, arguments.n), flush=True)


if __name__ == "__main__":
    main()
