"""Measure how many names and addresses come out of a translation exactly; prints a Markdown table.

The sentences are those of protected.yaml. A span counts as exact where it stands in the English to
the letter: in the plain translation, after damaged ones are restored, and after the whole ladder.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from quality import by_ladder, plainly

from pipeline.checks.spans import places
from pipeline.engines.argos import Argos
from pipeline.engines.lm import Lm
from pipeline.paths import EMBEDDED_MODEL
from pipeline.translate.placeholders import restore

if TYPE_CHECKING:
    from pipeline.engines import Translator

ROOT = Path(__file__).parent.parent
SENTENCES = Path(__file__).with_suffix(".yaml")


def count(engine: Translator, language: str, marked: list[str]) -> list[int]:
    """Count the spans, and those that are exact plainly, once restored, and after the ladder."""
    spans = {re.sub("[<>]", "", line): re.findall("<(.*?)>", line) for line in marked}
    sources = list(spans)
    plain, best = (how(engine, language, sources) for how in (plainly, by_ladder))
    versions = (
        {source: made.text for source, made in plain.items()},
        {source: restore(source, made.text)[0] for source, made in plain.items()},
        {source: made.text for source, made in best.items()},
    )
    exact = [
        sum(bool(found) for s in sources for found in places(spans[s], version[s]).values())
        for version in versions
    ]
    return [sum(map(len, spans.values())), *exact]


def main() -> None:
    """Print one row per language that the engine has, and their sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("lm", "argos"), default="lm")
    parser.add_argument("--models", type=Path, help="model folder")
    arguments = parser.parse_args()
    engine: Translator
    if arguments.engine == "lm":
        engine = Lm(arguments.models or ROOT / EMBEDDED_MODEL)
    else:
        engine = Argos(arguments.models or ROOT / "models/argos", beam=2)
    print("| language | spans | exact | restored | with the ladder |")
    print("| --- | ---: | ---: | ---: | ---: |")
    rows = []
    for tag, sentences in yaml.safe_load(SENTENCES.read_text("utf-8")).items():
        if tag in engine.languages():
            rows.append(count(engine, tag, sentences.splitlines()))
            print(f"| {tag} | " + " | ".join(map(str, rows[-1])) + " |", flush=True)
    print("| all | " + " | ".join(str(sum(column)) for column in zip(*rows, strict=True)) + " |")


if __name__ == "__main__":
    main()
