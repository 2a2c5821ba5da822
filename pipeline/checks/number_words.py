"""How languages write numbers: the tables of `number_words.toml`, and a pattern of their words."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal

Kind = Literal["word", "scale", "hint", "month"]
_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
LANGUAGES: Final[dict[str, dict[Kind, dict[str, str]]]] = _TABLES["language"]
DECIMAL_COMMA: Final = frozenset(_TABLES["decimal_comma"].split())
UNITS: Final = frozenset(_TABLES["units"].split())
LETTERS: Final[dict[str, int]] = _TABLES["letters"]


def primary(language: str) -> str:
    """Give the ISO 639-1 code by whose tables a BCP 47 tag is read."""
    code = language.partition("-")[0].lower()
    return {"ja": "zh", "yue": "zh"}.get(code, code)


@cache
def lexicon(code: str) -> tuple[re.Pattern[str], dict[str, tuple[Decimal, Kind]]]:
    """Compile the number words of a language: a pattern, and value and kind by lower-case word."""
    written = {
        word: (Decimal(value), kind)
        for kind, table in LANGUAGES.get(code, {}).items()
        for value, row in table.items()
        for word in row.split()
    }
    longest_first = sorted(written, key=len, reverse=True)
    stem = "|".join(re.escape(word).replace("_", r"[\s-]+") for word in longest_first)
    stem = stem.replace(r"\$", r"(?![^\W\d_])")
    words = {word.rstrip("$"): meaning for word, meaning in written.items()}
    if code == "zh":
        pattern = rf"(?!百分|千[米克瓦伏赫卡帕])({stem})"
    elif code == "en":
        pattern = rf"(?<![^\W\d_])({stem})(?:(?<=\w\w\w)(?:ths?|s|fold))?(?![^\W\d_])"
    elif code == "he":
        pattern = rf"(?<![^\W\d_])(?!ה?מושבע)[ובלהמכש]{{0,3}}?({stem})(?:[הת](?![^\W\d_]))?"
    else:
        pattern = rf"(?<![^\W\d_])({stem})[^\W\d_]*"
    return re.compile(pattern if words else r"(?!)", re.IGNORECASE), words
