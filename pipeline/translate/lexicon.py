"""A bilingual lexicon: what the words of a sentence may mean, as advice to a model.

A lexicon is a file of lines, a word and its English with weights: `қазына<TAB>treasury:61|fund:12`.
`қазын-` is what words with this beginning mean together, `word?` an entry of which little is known.
A word without English is too common to say anything.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from anyascii import anyascii
from babel.core import get_global

from pipeline.detect.han import convert
from pipeline.languages import facts
from pipeline.yamlpos import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

Entry = tuple[tuple[str, int], ...]
"""English words with their weights in percent, the likeliest first."""

CANDIDATES = 3  # English words given for a word, at most
_LETTERS = r"(?:[^\W_][\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7]*)+"
_WORD = re.compile(rf"{_LETTERS}(?:[-'’.,\"״׳]{_LETTERS})*")
LONGEST = 8  # characters of a word where words are not put apart, letters of a stem
_MOST_PREFIXES, _SHORTEST = 3, 2  # one-letter prefixes of a word, letters left of it
_LATIN = re.compile("[a-z0-9]")
_ALIKE = 0.7  # of the letters of a name and of how its source sounds
_NOT = re.compile(r"n[o']t\b")
_CYRILLIC = re.compile("[\u0400-\u052f]{3}")


class Word(NamedTuple):
    """A word of a sentence: where it stands, its English, how it sounds, whether it says no."""

    start: int
    end: int
    entry: Entry
    sound: str = ""  # of what is not known, or may be a name
    denied: bool = False

    @property
    def hint(self) -> str:
        """Write it as a prompt has it: `treasury/fund`, `~nazarbaev` for a sound, `not come`."""
        said = [english for english, _ in self.entry] + [f"~{self.sound}"] * bool(self.sound)
        return "not " * self.denied + "/".join(said)


@dataclass(frozen=True)
class Lexicon:
    """What the words of a language (ISO 639-1) mean; `find` gives the entry of an exact form.

    The same lexicon makes the examples that a model is trained on, and its prompts.
    """

    language: str
    find: Callable[[str], Entry | None]

    def words(self, text: str) -> Iterator[Word]:
        """Look up the words of a text, in order; left out is what is too common or not known."""
        folded, habits = fold(text, self.language), facts(self.language).translation
        for start, end in _spans(folded) if habits.blanks else self._longest_matches(folded):
            form, sound = folded[start:end], ""
            entry = self.entry(form)
            if _CYRILLIC.match(form) and (not entry or _is_named(text, start, end)):
                sound = anyascii(form).lower()
            if entry and any(is_heard(sound, english) for english, _ in entry):
                sound = ""
            # In lower case: verbs stand at the end of a sentence.
            denied = text[start:end].islower() and re.fullmatch(habits.denied, form) is not None
            if denied and any(_NOT.search(english) for english, _ in entry or ()):
                denied = False
            if entry or (entry is None and sound):
                yield Word(start, end, entry or (), sound, denied)

    def hints(self, text: str) -> str:
        """Write what is known of a text's words, in their order, with blanks between."""
        return " ".join(word.hint for word in self.words(text))

    def entry(self, form: str) -> Entry | None:
        """Find a folded word: itself, then without endings or prefixes, then what little there is.

        Gives None where nothing is known, and nothing where the word is too common.
        """
        form = bare(form)
        if not form[:1].isalpha() or (_LATIN.search(form) and not _is_latin(self.language)):
            return None  # names in Latin letters are for the model to keep
        return next((e for key in self.keys(form) if (e := self.find(key)) is not None), None)

    def keys(self, form: str) -> Iterator[str]:
        """Give the keys under which a folded word is looked for, the nearest first."""
        habits = facts(self.language).translation
        yield form
        for cut in range(1, min(_MOST_PREFIXES, len(form) - _SHORTEST) + 1):
            if form[cut - 1] not in habits.prefixes:
                break
            yield form[cut:]
        if habits.stem:
            for length in range(len(form) - 1, habits.stem - 1, -1):
                yield form[:length]
                if length <= LONGEST:
                    yield f"{form[:length]}-"
        yield f"{form}?"

    def _longest_matches(self, text: str) -> Iterator[tuple[int, int]]:
        """Cut a text into the longest words that the lexicon has, from left to right."""
        start = 0
        while start < len(text):
            ends = range(min(len(text), start + LONGEST), start, -1)
            end = next((e for e in ends if self._has(text[start:e])), None)
            if end and not text[start].isascii():
                yield start, end
            start = end or start + 1

    def _has(self, form: str) -> bool:
        return self.find(form) is not None or self.find(f"{form}?") is not None


def _is_named(text: str, start: int, end: int) -> bool:
    """Tell whether a word has a capital that it does not owe to the beginning of a sentence."""
    if not text[start:end].istitle():
        return False
    before = text[:start].rstrip(" «„“\"'([—–-")
    return bool(before) and before[-1] not in ".!?…:"


def is_heard(sound: str, english: str) -> bool:
    """Tell whether an English word is written much as a foreign one sounds, endings aside."""
    if not sound:
        return False
    matcher = SequenceMatcher(None, sound[: len(english) + 1], english, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def load(path: Path, language: str, own: Mapping[str, str] | None = None) -> Lexicon:
    """Read a lexicon file; the user's own words go before what it has.

    Raises:
        OSError, LZMAError, ValueError: if it is missing or damaged.
    """
    lines = lzma.decompress(path.read_bytes()).decode("utf-8").splitlines()
    rows = dict(line.split("\t", 1) for line in lines)
    own = {bare(fold(word, language)): english for word, english in (own or {}).items()}
    return Lexicon(language, partial(_find, rows, own))


@cache
def _is_latin(language: str) -> bool:
    """Tell whether a language is mostly written in Latin letters."""
    return "_Latn" in str(get_global("likely_subtags").get(language))


def read_own(path: Path) -> dict[str, dict[str, str]]:
    """Read a user's lexicon, ISO 639-1 code -> word -> English: lines of word, English, language.

    Raises:
        ConfigError: if it is missing or not such a file; the message has the place.
    """
    own: dict[str, dict[str, str]] = {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as a lexicon: {error}") from error
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if line.startswith("#") or not line.strip():
            continue
        if len(cells) != 3 or not all(cells):
            raise ConfigError(
                f"{path.name}:{number}:1: expected a word, its English and its language\n  {line}\n"
                "  hint: put one tab between them, as in 'қазына', tab, 'treasury', tab, 'kk'"
            )
        word, english, language = cells
        own.setdefault(language.partition("-")[0], {})[word] = english
    return own


def _find(rows: Mapping[str, str], own: Mapping[str, str], key: str) -> Entry | None:
    row = rows.get(key)
    entry = None if row is None else parse(row)
    if key in own:
        others = (candidate for candidate in entry or () if candidate[0] != own[key])
        return ((own[key], 100), *others)[:CANDIDATES]
    return entry


def parse(row: str) -> Entry:
    """Read the English of a line."""
    pairs = (each.rsplit(":", 1) for each in row.split("|") if each)
    return tuple((english, int(weight)) for english, weight in pairs)


def fold(text: str, language: str) -> str:
    """Write a text as the lexicon has its words, character for character: lower case, no points.

    Chinese becomes Simplified.
    """
    if not facts(language).translation.blanks:
        simple = convert(text, "Hans")
        text = simple if len(simple) == len(text) else text
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def bare(form: str) -> str:
    """Drop the marks above and below letters, such as Hebrew's vowel points."""
    return "".join(char for char in form if not unicodedata.combining(char))


def spelled(text: str, language: str) -> list[str]:
    """Split a text into its words, folded."""
    folded = fold(text, language)
    return [folded[start:end] for start, end in _spans(folded)]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _WORD.finditer(text))
