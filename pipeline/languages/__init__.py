"""What is known of each language: one TOML file a language, named by its ISO 639-1 code.

Scripts, directions, English names and decimal signs are known to Babel and stand nowhere here. A
package with more such files offers them by the entry-point group `pipeline.languages`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ConfigDict

from pipeline import registry

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Numbers(_Table):
    """How numbers are written in words: value -> words, in one string with blanks between.

    In a word `_` is a blank or a hyphen. Where a language bends its words, these are beginnings of
    words; `$` marks a whole one. A `word` is a number, a `scale` multiplies what stands before it,
    a `hint` may stand for a number. `pattern` says where in a text a word may begin and end, with
    `{}` for all the words; without one, after no letter and with any ending.
    """

    word: dict[str, str] = {}
    scale: dict[str, str] = {}
    hint: dict[str, str] = {}
    month: dict[str, str] = {}
    pattern: str = r"(?<![^\W\d_])({})[^\W\d_]*"


class Denials(_Table):
    """How a language denies, as regular expressions of whole words where words have blanks.

    A `negator` makes a sentence say the opposite and must come out. An `idiom` with one in it
    denies nothing (not only, не менее). A `hint` is no negator, but may answer one on the other
    side (without, fail). Wide hints miss something, narrow ones blame right translations: these
    blame one in 120.
    """

    whole_words: bool = True  # not where words have no blanks between them
    idiom: list[str] = []
    negator: list[str] = []
    hint: list[str] = []


class Habits(_Table):
    """What a translator must know: how large numbers are counted, and how words are put together.

    `myriads`: scales count in ten thousands, which models get wrong. `hyphenates_names`: endings or
    prepositions are joined to a foreign name by a hyphen (OpenAI-дің, ב-OpenAI). `blanks` part
    words. A word may bend at its end, which leaves `stem` letters or more of it (0: it does not),
    and begin with some `prefixes` of one letter. One in lower case that `denied` matches, a regular
    expression, says by its ending that something is not so.
    """

    myriads: bool = False
    hyphenates_names: bool = False
    blanks: bool = True
    stem: int = 0
    prefixes: str = ""
    denied: str = "(?!)"


class Chrome(_Table):
    """Page chrome, as regular expressions in lower case, Simplified characters, ASCII punctuation.

    `strong` (cannot be anything else) and `weak` (an article may use these words itself) are for
    whole lines without marks around, by reason. What a byline or a caption opens with, before a
    colon or a bar, stands in `byline` and `caption`; `credits` in lines that say who reported it.
    What no language owns stands in the English file.
    """

    strong: dict[str, list[str]] = {}
    weak: dict[str, list[str]] = {}
    byline: list[str] = []
    caption: list[str] = []
    credits: list[str] = []


class Doubling(_Table):
    """Affixes that a doubled word may have (kata-katanya, bermain-main), with blanks between."""

    prefixes: str = ""
    suffixes: str = ""


class Quantities(_Table):
    """What stands by a number, as regular expressions; those of all languages are looked for.

    `percent_of` and `of_century` stand before the number, `range` and a `currency` between two,
    `more_than` between a number and its scale (20多萬), the others behind. A number before
    `tenths` may be as many tens of percent; one before a `decade` may be the 1970s.
    """

    hour: list[str] = []
    minute: list[str] = []
    half_hour: list[str] = []
    percent: list[str] = []
    percent_of: list[str] = []
    tenths: list[str] = []
    range: list[str] = []
    currency: list[str] = []
    month: list[str] = []
    decade: list[str] = []
    century: list[str] = []
    of_century: list[str] = []
    more_than: list[str] = []


class Facts(_Table):
    """What is known of a language; all of it may be missing."""

    script: str = ""  # ISO 15924, where it tells the language
    units: str = ""  # what may follow a number without a blank (5km, 3rd), in lower case
    letters: dict[str, int] = {}  # that multiply the number before them (3m)
    numbers: Numbers | None = None
    denials: Denials | None = None
    translation: Habits = Habits()
    chrome: Chrome = Chrome()
    doubling: Doubling = Doubling()
    quantities: Quantities = Quantities()
    read_like: str = ""  # the language by whose tables numbers and denials are read
    alike: list[str] = []  # all that one can take for another: one group, in one file of them
    function_words: str = ""  # by which a text is known to be in the language


@cache
def _sources() -> dict[str, Traversable]:
    """Find the files of all languages, by code; nothing is read."""
    return {
        file.name.removesuffix(".toml"): file
        for entry in registry.named(registry.LANGUAGES).values()
        for file in files(entry.value).iterdir()
        if file.name.endswith(".toml")
    }


def codes() -> list[str]:
    """List the languages that have a file."""
    return sorted(_sources())


@cache
def facts(code: str) -> Facts:
    """Give what is known of a language (ISO 639-1); of one without a file, nothing.

    Raises:
        ValueError: if its file has an unknown or wrong entry.
    """
    source = _sources().get(code)
    return Facts.model_validate(tomllib.loads(source.read_text("utf-8"))) if source else Facts()


@cache
def locale(code: str) -> Locale | None:
    """Give what Babel knows of a language; None if it does not know it."""
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None
