"""The form in which texts are compared: what typography, script variant and case do not change."""

from __future__ import annotations

import re
import unicodedata

from ftfy.badness import BADNESS_RE

from pipeline.detect.han import convert

# A lost character (often shown as "?" inside a word or before punctuation), a control or private
# use character, a stray tag or entity: none of them stands in sound text.
_MARK = (
    r"\ufffd|[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]|</?[a-z]\w*>|&#?\w+;"
    r"|(?<=[^\W\d_])\?(?=[^\W\d_])|\?(?=/\w+>|[\u3001\u3002\u4e00-\u9fff\uff01\uff0c\uff1a\uff1b])"
)
_MARKS = re.compile(_MARK)
_DAMAGE = re.compile(rf"{_MARK}|(?x:{BADNESS_RE.pattern})")
_HAN = re.compile(r"[\u2e80-\u2fff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_SPACES = re.compile(rf"\s+(?={_UNSPACED})|(?<={_UNSPACED})\s+")
_MINUS = re.compile(r"[-\u2212](?=[.,]?\d)(?<![\w)\]].)")
# tatweel, which only stretches a word, and variation selectors
_NOTHING = frozenset(map(chr, (0x640, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_KEPT = frozenset("#%‰@&°")  # C#, 5%, 20°: another sign is another fact


class _Fold(dict[int, str]):
    """What each code point becomes, filled as code points are met."""

    def __missing__(self, code: int) -> str:
        self[code] = _folded(chr(code))
        return self[code]


def _folded(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if char in _NOTHING or (category in {"Cf", "Cc"} and not char.isspace()):
        return ""
    keeps = category[0] in "LMN" or (category in {"Sc", "Sm"} and char not in "|~")
    return char if keeps or char in _KEPT else " "


_FOLD = _Fold()


def canonical(text: str) -> str:
    """Give the form in which two texts are compared.

    NFKC, case folded, Traditional Chinese as Simplified, digits of every script as 0-9. Runs of
    punctuation and white space become one space, and none beside Han and kana. Currency, percent
    and mathematical signs stay, as another one makes another fact.
    """
    text = _MINUS.sub("−", text)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if not text.isascii() and _HAN.search(text):
        text = convert(text, "Hans")
    text = " ".join(text.translate(_FOLD).split())
    return text if text.isascii() else _SPACES.sub("", text)


def sound_parts(text: str) -> list[str]:
    """Split a text where it shows that characters were lost or misread.

    What ftfy calls badness, UTF-8 read in a one-byte encoding, is damage too; ASCII has none.
    """
    return (_MARKS if text.isascii() else _DAMAGE).split(text)


def damage(text: str) -> int:
    """Count the places where characters were lost or misread."""
    return len(sound_parts(text)) - 1
