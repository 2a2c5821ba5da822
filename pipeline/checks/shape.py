"""Signs that a translation into English went wrong as a whole, told without a reference."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.article import Flag
from pipeline.checks.spans import without_addresses
from pipeline.languages import facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.article import Language

_GREEK = "\u0370-\u03ff"  # single letters are at home in English: α, μ, Ω
_OTHER_SCRIPTS = (
    "\u0400-\u052f\u0531-\u058f\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u0900-\u0dff\u0e01-\u0e5b\u10a0-\u11ff"
    "\u3041-\u30fa\u30fd-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
# Letters and digits of English per one of the source, at least and at most. In parallel news 99.9%
# lie well within these; _SLACK leaves short sentences room.
_LATIN_RATIO = (0.38, 2.2)
_RATIOS = {
    **dict.fromkeys(("Hebr", "Arab"), (0.5, 3.0)),
    **dict.fromkeys(("Hans", "Hant", "Hani", "Jpan"), (1.1, 8.0)),
    **dict.fromkeys(("Kore", "Hang"), (0.7, 5.0)),
}
_SLACK = 15
# A lower-case word; letters of scripts without blanks stand alone.
_TOKEN = re.compile(rf"[{_OTHER_SCRIPTS}]|[^\W_]+")
_LETTER_LOOP = re.compile(r"(\S{1,12}?)\1{7,}")
_LONGEST_PHRASE = 40  # in words: as long as a sentence that a model may go round in


def _left_over(source: str, translation: str, source_script: str) -> bool:
    """Tell whether letters are left that English does not have."""
    letters = _OTHER_SCRIPTS + (_GREEK if source_script == "Grek" else "")
    found = set(re.findall(f"[{letters}]+", translation))
    # A Latin source may quote a word of another script, and the translation with it.
    return any(source_script != "Latn" or word not in source for word in found)


def _copied(source: str, translation: str, source_script: str) -> bool:
    """Tell whether the translation is the source again, or nearly so.

    Names, numbers and addresses stay the same in a right translation, so that in Latin script only
    words in lower case count, unless all is in capitals; and a source that is English already is
    right as a copy.
    """
    if source_script != "Latn":
        return source.split() == translation.split()
    if source.isupper():
        source, translation = source.lower(), translation.lower()
    plain = re.compile(r"(?<![\w@#/.-])[^\W\d_]{2,}(?![\w@/-]|\.\w)")
    words = [word for word in plain.findall(source) if word.islower()]
    kept = Counter(words) & Counter(plain.findall(translation))
    function_words = facts("en").function_words.split()
    english = sum(word in function_words for word in words)
    return len(words) >= 4 and kept.total() >= 0.8 * len(words) and english < 0.1 * len(words)


def _loop(tokens: list[str]) -> int:
    """Count the most times, beyond the first, that a phrase follows itself at once, in words.

    Repetition of a phrase counts with its length: "very very" is 1, a sentence of ten words said
    three times is 20.
    """
    most = 0
    for size in range(1, min(_LONGEST_PHRASE, len(tokens) // 2) + 1):
        run = 0  # how many words in a row equal those `size` before them
        for one, other in zip(tokens, tokens[size:], strict=False):
            run = run + 1 if one == other else 0
            most = max(most, run // size * size)
    return most


def _phrases(words: list[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[i:] for i in range(size)), strict=False))


def _repeated(source: str, translation: str) -> bool:
    """Tell whether the translation goes round in a loop that the source does not."""
    ours, theirs = _TOKEN.findall(source.lower()), _TOKEN.findall(translation.lower())
    loop = _loop(theirs)
    if loop >= 4 and loop > 2 * _loop(ours):
        return True
    if _LETTER_LOOP.search(translation) and not _LETTER_LOOP.search(source):
        return True
    # A loop with small changes: the same four words again and again, not at once.
    again = sum(count for count in _phrases(theirs, 4).values() if count >= 3)
    loops = again >= max(9, 0.4 * len(theirs))
    return loops and max(_phrases(ours, 3).values(), default=0) < 3


def _wrong_length(source: str, translation: str, source_script: str) -> bool:
    low, high = _RATIOS.get(source_script, _LATIN_RATIO)
    ours, theirs = (sum(map(str.isalnum, text)) for text in (source, translation))
    return theirs < low * ours - _SLACK or theirs > high * ours + _SLACK


def check(source: str, language: Language, translation: str) -> Iterator[Flag]:
    """Flag what looks broken as a whole, gravest first; the kind says it all.

    `empty`; `copy` (still the source); `source-script` (letters that English does not have);
    `repeated` (a loop that the source has not); `length` (far from what translations have).
    """
    source, translation = without_addresses(source), without_addresses(translation)
    if not any(map(str.isalnum, translation)):
        if any(map(str.isalnum, source)):
            yield Flag("empty")
        return
    # A sentence of Latin letters may stand in an article of another script.
    foreign = re.search(f"[{_OTHER_SCRIPTS}{_GREEK}]", source)
    script = language.script if foreign else "Latn"
    if _copied(source, translation, script):
        yield Flag("copy")
    if _left_over(source, translation, script):
        yield Flag("source-script")
    if _repeated(source, translation):
        yield Flag("repeated")
    if _wrong_length(source, translation, script):
        yield Flag("length")
