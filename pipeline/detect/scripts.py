"""Which script a text is written in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

# The first word of a character's Unicode name -> ISO 15924.
_SCRIPTS = {
    "ARABIC": "Arab", "ARMENIAN": "Armn", "BENGALI": "Beng", "CJK": "Hani", "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva", "ETHIOPIC": "Ethi", "GEORGIAN": "Geor", "GREEK": "Grek",
    "GUJARATI": "Gujr", "GURMUKHI": "Guru", "HANGUL": "Hang", "HEBREW": "Hebr", "HIRAGANA": "Hira",
    "KANNADA": "Knda", "KATAKANA": "Kana", "KHMER": "Khmr", "LAO": "Laoo", "LATIN": "Latn",
    "MALAYALAM": "Mlym", "MONGOLIAN": "Mong", "MYANMAR": "Mymr", "SINHALA": "Sinh",
    "TAMIL": "Taml", "TELUGU": "Telu", "THAI": "Thai", "TIBETAN": "Tibt",
}  # fmt: skip


@lru_cache(maxsize=1 << 16)
def script_of(character: str) -> str:
    """Give a letter's ISO 15924 script: `Zyyy` for what is no letter, `Zzzz` if unknown."""
    if not character.isalpha():
        return "Zyyy"
    return _SCRIPTS.get(unicodedata.name(character, "").partition(" ")[0], "Zzzz")


def count_scripts(text: str) -> Counter[str]:
    """Count the letters of a text by script; other characters do not count."""
    counts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        counts[script_of(character)] += times
    del counts["Zyyy"]
    return counts


def main_script(text: str) -> str:
    """Give the script of most letters, `Zyyy` without letters; kana make it Japanese."""
    counts = count_scripts(text)
    if not counts:
        return "Zyyy"
    if counts["Hira"] + counts["Kana"] > 0.1 * counts.total():
        return "Jpan"
    return max(counts, key=lambda script: (counts[script], script))
