"""Time Argos packages through argostranslate's own `translate` and through this pipeline.

    python benchmarks/speed.py          # an untrained package of real size: stand_in.py beside this
    python benchmarks/speed.py --package FILE.argosmodel --language he --sentences FILE

Prints two Markdown tables: both engines on the same sentences and cores, with the same beam; then
what more and more sentences cost in this pipeline. Loading is not timed. Each row is measured in a
process of its own, so that no peak of memory hides another.

argostranslate is given one sentence after the other, which is how it decodes the lines of a text
too, and as many threads as `--threads` says: more are not always faster for one sentence. Ratios
are to the fastest of its rows. Its sentence splitter would fetch a model; every sentence is a
sentence already, so a splitter that leaves it whole stands in its place, at no cost.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


class Measured(NamedTuple):
    """What a translation of all sentences took, what came out, and the engine's settings."""

    seconds: float
    peak: float
    texts: list[str]
    settings: str


def apart(function: Callable[..., Result], *arguments: object) -> Result:
    """Call a function in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def install(root: Path, package: Path | None, language: str, size: stand_in.Size) -> None:
    """Install a package file, or else the stand-in."""
    from pipeline.engines import packages

    with TemporaryDirectory() as folder:
        file = package or stand_in.build(Path(folder), size)
        packages.install(root, language, source=file)


def theirs(root: Path, _language: str, sentences: list[str], beam: int, threads: int) -> Measured:
    """Translate with argostranslate; all its threads work on one sentence."""
    for kind in ("DATA", "CONFIG", "CACHE"):
        os.environ[f"XDG_{kind}_HOME"] = str(root / "state" / kind.lower())
    os.environ["ARGOS_PACKAGES_DIR"] = str(root / "packages")
    os.environ["ARGOS_BEAM_SIZE"] = str(beam)
    os.environ["ARGOS_INTRA_THREADS"] = str(threads)
    from argostranslate import package, sbd, settings, translate

    sbd.MiniSBDSentencizer.split_sentences = lambda _self, text: [text]
    [installed] = package.get_installed_packages()
    code = installed.from_code
    translate.translate(".", code, "en")
    start = time.perf_counter()
    texts = [translate.translate(sentence, code, "en").strip() for sentence in sentences]
    seconds = time.perf_counter() - start
    model = translate.get_translation_from_codes(code, "en").underlying.translator
    how = f"{settings.inter_threads} x {settings.intra_threads} threads, {model.compute_type}"
    return Measured(seconds, _peak(), texts, how)


def ours(root: Path, language: str, sentences: list[str], beam: int) -> Measured:
    """Translate with the pipeline's engine, all sentences at once as the stage does."""
    from pipeline.engines.argos import Argos

    engine = Argos(root, beam=beam)
    for _ in engine.translate(["."], language):
        pass
    start = time.perf_counter()
    results = dict(item for batch in engine.translate(sentences, language) for item in batch)
    seconds = time.perf_counter() - start
    [(model, _)] = engine._loaded.values()  # noqa: SLF001  # what it really runs with
    how = f"{model.num_translators} x 1 threads, {model.compute_type}"
    texts = [results[index].text for index in range(len(sentences))]
    return Measured(seconds, _peak(), texts, how)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _row(name: str, sentences: list[str], measured: Measured, *more: str) -> str:
    words = sum(len(sentence.split()) for sentence in sentences)
    cells = (
        f"{len(sentences) / measured.seconds:.1f}",
        f"{words / measured.seconds:.0f}",
        f"{measured.seconds:.1f}",
        f"{measured.peak:.0f}",
    )
    return f"| {' | '.join((name, *cells, *more))} |"


def compare(root: Path, language: str, sentences: list[str], beam: int, threads: list[int]) -> None:
    """Print the table of the engines, and how many translations are the same."""
    print("| engine | sentences/s | words/s | seconds | peak MiB | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    rows = {t: apart(theirs, root, language, sentences, beam, t) for t in threads}
    first = min(rows.values(), key=lambda measured: measured.seconds)
    for number, measured in rows.items():
        name = f"argostranslate, beam {beam}, threads: {number}"
        ratio = f"{first.seconds / measured.seconds:.1f}"
        print(_row(name, sentences, measured, ratio), flush=True)
    same, how = 0, ""
    for width in dict.fromkeys((beam, 2)):
        measured = apart(ours, root, language, sentences, width)
        ratio = f"{first.seconds / measured.seconds:.1f}"
        print(_row(f"this pipeline, beam {width}", sentences, measured, ratio), flush=True)
        if width == beam:
            same = sum(a == b for a, b in zip(first.texts, measured.texts, strict=True))
            how = measured.settings
    print(f"\n{same} of {len(sentences)} translations are identical at beam {beam}.")
    print(f"{os.cpu_count()} cores; argostranslate: {first.settings}; this pipeline: {how}.")


def grow(root: Path, language: str, sentences: list[str], beam: int, sizes: list[int]) -> None:
    """Print the table of sizes."""
    print(f"\n| sentences, beam {beam} | sentences/s | words/s | seconds | peak MiB |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for size in sizes:
        if len(some := sentences[:size]) == size:
            measured = apart(ours, root, language, some, beam)
            print(_row(f"{size:,}", some, measured), flush=True)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--package", type=Path, help="a package file instead of the stand-in")
    parser.add_argument("--language", default="ru", help="the package's, as BCP 47 tag")
    parser.add_argument("--sentences", type=Path, help="file with a sentence per line")
    parser.add_argument("-n", type=int, default=500, help="sentences for the first table")
    parser.add_argument("--beam", type=int, default=4, help="argostranslate's own is 4")
    cores = [1, os.cpu_count() or 1]
    parser.add_argument("--threads", type=int, nargs="*", default=cores, help="argostranslate's")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10, 100, 1_000, 10_000])
    arguments = parser.parse_args()
    if arguments.language != "ru" and not (arguments.package and arguments.sentences):
        parser.error("any language but Russian needs --package and --sentences")
    text = stand_in.sentences()
    if arguments.sentences:
        lines = arguments.sentences.read_text("utf-8").splitlines()
        text = iter(dict.fromkeys(line.strip() for line in lines if line.strip()))
    sentences = list(islice(text, max((arguments.n, *arguments.sizes))))
    package = arguments.package.name if arguments.package else "untrained stand-in of real size"
    sentences_from = arguments.sentences.name if arguments.sentences else "made-up Russian"
    with TemporaryDirectory() as folder:
        root = Path(folder)
        apart(install, root, arguments.package, arguments.language, stand_in.REAL)
        print(f"Package: {package}. Sentences: {sentences_from}.\n")
        some = sentences[: arguments.n]
        compare(root, arguments.language, some, arguments.beam, arguments.threads)
        grow(root, arguments.language, sentences, 2, arguments.sizes)


if __name__ == "__main__":
    main()
