"""How often the checks blame a right translation, and how much of what is wrong they see.

The sentences are FLORES-200 devtest, the right translations its English side. Each is then made
wrong in one way, where it can be: a number in digits changed, a number in words changed, a denial
taken out, a denial put in, another sentence put in its place. Prints a Markdown table: the share of
right translations with a flag of a kind, and the share of the wrong ones that are seen. Thresholds
and word lists were chosen with these sentences in sight, and with news from other sources.
"""

from __future__ import annotations

import argparse
import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from quality import FILES, LANGUAGES, ROOT, printed

from pipeline.checks import check
from pipeline.engines.lm import Lm
from pipeline.paths import EMBEDDED_MODEL
from pipeline.translate.adequacy import compare, doubts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.article import Language
    from pipeline.translate.lexicon import Lexicon

KINDS = ("number", "name", "negation", "meaning")
WORDS = [
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
]


def other_digit(text: str) -> str:
    """Change the last digit of the first number of two digits or more."""
    number = re.compile(r"(?<![\w.,])(\d[\d,]*)(\d)(?![\w.,]?\w)")
    return number.sub(lambda m: m[1] + str((int(m[2]) + 3) % 10), text, count=1)


def other_word(text: str) -> str:
    """Put another number word in the place of the first one from eleven up."""
    another = dict(zip(WORDS, [*WORDS[1:], WORDS[0]], strict=True))
    return re.sub(rf"\b({'|'.join(WORDS)})\b", lambda m: another[m[1]], text, count=1)


def undenied(text: str) -> str:
    """Take every denial out."""
    text = re.sub(r"n['’]t\b", "", text)
    words = r"\b(?:not|never|no|nothing|nobody|none|cannot|neither|nor) ?"
    return re.sub(words, "", text, flags=re.IGNORECASE)


def denied(text: str) -> str:
    """Put a denial behind the first auxiliary, where there is none in the sentence."""
    if undenied(text) != text:
        return text
    return re.sub(r" (is|was|are|were|has|have|will|can) ", r" \1 not ", text, count=1)


WRONG: dict[str, tuple[str, Callable[[str], str]]] = {
    "digits": ("number", other_digit),
    "number words": ("number", other_word),
    "denial out": ("negation", undenied),
    "denial in": ("negation", denied),
}


def kinds(source: str, language: Language, english: str, lexicon: Lexicon | None) -> set[str]:
    """Give the kinds of flags that a translation gets."""
    adequacy = compare(lexicon, source, english) if lexicon else None
    return {flag.kind for flag in (*check(source, language, english), *doubts(adequacy))}


def main() -> None:
    """Print one row per language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of *.devtest files")
    data = parser.parse_args().data
    references = (data / "eng_Latn.devtest").read_text("utf-8").splitlines()
    seen = list(
        chain.from_iterable((f"{name}: seen", "of") for name in (*WRONG, "another sentence"))
    )
    printed(["language", *(f"blamed: {kind}" for kind in KINDS), *seen])
    printed(["---", *["---:"] * (len(KINDS) + len(seen))])
    for tag, language in LANGUAGES.items():
        sources = (data / f"{FILES[tag]}.devtest").read_text("utf-8").splitlines()
        lexicon = Lm(ROOT / EMBEDDED_MODEL).lexicon(tag)
        pairs = list(zip(sources, references, strict=True))
        found = [kinds(source, language, english, lexicon) for source, english in pairs]
        cells = [f"{sum(kind in f for f in found) / len(found):.1%}" for kind in KINDS]
        others = dict(zip(references, [*references[1:], references[0]], strict=True))
        for kind, spoil in (WRONG | {"another": ("meaning", others.__getitem__)}).values():
            spoilt = [
                kind in kinds(source, language, wrong, lexicon)
                for (source, english), flagged in zip(pairs, found, strict=True)
                if (wrong := spoil(english)) != english and kind not in flagged
            ]
            cells += [f"{sum(spoilt) / len(spoilt):.0%}", str(len(spoilt))]
        printed([tag, *cells])


if __name__ == "__main__":
    main()
