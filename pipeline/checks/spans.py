"""Finds what a translation must keep: addresses, Latin words, names with digits."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from pipeline.checks.number_words import lexicon, units

if TYPE_CHECKING:
    from collections.abc import Iterable

_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
# Scripts with blanks between words, in which one can tell where a tag ends.
_SPACED = (
    "\u0370-\u0587\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3\u0900-\u0963\u0966-\u0dff\u10a0-\u10ff"
)
_ENDS = r"\s<>\"«»“”()\]\u3001\u3002\u3008-\u3011\uff08\uff09\uff0c\uff1b\uff01\uff1f"
# A backtick inside a word is an apostrophe: oʻzbek is also written o`zbek.
CODE: Final = re.compile(
    r"(?<![\w`])(?P<tick>``?)(?=[^\s`])[^\n]{0,200}?(?<=[^\s`])(?P=tick)(?![\w`])", re.ASCII
)
ADDRESS: Final = re.compile(
    rf"{CODE.pattern}|(?:https?://|www\.)(?:\([^\s()]*\)|[^{_ENDS}])+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![\w@./-])(?:[a-z0-9][a-z0-9-]+\.)+[a-z]{2,}(?![\w@])(?:/(?:[^\W_]|[-_.~/?&=%#+:])*)?"
    rf"|(?<![\w/])@(?=\w*[{_LATIN}])[{_LATIN}0-9_]+(?:[.@][A-Za-z0-9_]+)*"
    rf"|(?<![\w/&])#(?=\d*[{_LATIN}{_SPACED}_])[{_LATIN}{_SPACED}0-9_]+"
    r"|(?<![\w/])[ru]/[A-Za-z0-9_]+",
    re.ASCII,
)
# In Chinese a year may follow a name without a blank: OpenAI2024年.
TOKEN: Final = re.compile(
    rf"[{_LATIN}]+\d{{4}}(?=\s*年)|[{_LATIN}0-9]+"
    rf"(?:(?:[-+_&'’]|(?<=\d)\.(?=\d)|(?<=[a-z])\.(?=[A-Za-z]))?[{_LATIN}0-9]+)*\+*"
)
# A number behind something that is no name: mid-2019, ke-19, Rp9.300, Garros-2015; or m2.
_PREFIXED = re.compile(
    r"(?:[a-z]+-|Ke-|Rp|RMB|US|USD|EUR|GBP|CNY|JPY|KZT|NIS|IDR|RM|Rs|HK|NT|NZ|No\.?)"
    r"\d[\d.]*(?:-an|[a-zA-Z]{0,2})|[A-Za-z]+-(?:19|20)\d\d|[ck]?m[23]"
)
ROMAN: Final = re.compile(r"\b(?=[IVX])(?:X{0,3})(?:IX|IV|V?I{0,3})\b")
INNER_CAPITAL: Final = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}")  # OpenAI
# Every decimal digit of any script, and the signs of full width, as ASCII; one for one.
ASCII: Final = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(128, 0x20000)
    if chr(code).isdecimal()
} | str.maketrans("．：／＠＃－٫", ".:/@#-.")


def is_coded(token: str) -> bool:
    """Tell whether a token is a name with digits (GPT-4o, 2C), not a number with a unit (5km)."""
    if not re.search(r"\d", token) or not re.search(rf"[{_LATIN}]", token):
        return False
    if match := re.fullmatch(rf"[\d.,:+'’-]*\d([-'’]?)([{_LATIN}]+).*", token):
        unit = match[2].lower()
        known = unit in units() or unit in lexicon("en")[1]
        return not known and not (match[1] and match[2][0].islower())
    return not _PREFIXED.fullmatch(token)


def addresses(text: str) -> list[tuple[int, int]]:
    """Find the URLs, e-mail addresses, handles, tags, `r/name` and inline code of a text."""
    return [(m.start(), m.start() + len(m[0].rstrip(".,;:!?"))) for m in ADDRESS.finditer(text)]


def places(wanted: Iterable[str], text: str) -> dict[str, list[tuple[int, int]]]:
    """Find where names and addresses stand in a text exactly; English may put an `s` behind names.

    What is inside a longer one is none: o3-mini is no o3.
    """
    left, found = without_addresses(text), {}
    for name in sorted(wanted, key=len, reverse=True):
        if ADDRESS.fullmatch(name):
            found[name] = [
                (start, end) for start, end in addresses(text) if text[start:end] == name
            ]
            continue
        end = rf"(?=(?:['’]?s)?(?![{_LATIN}0-9]|[.,]\d))"
        written = re.compile(rf"(?<![{_LATIN}0-9]){re.escape(name)}{end}")
        found[name] = [match.span() for match in written.finditer(left)]
        left = written.sub(" " * len(name), left)
    return found


def without_addresses(text: str) -> str:
    """Blank the addresses of a text out, one for one."""
    return ADDRESS.sub(lambda match: " " * len(match[0]), text)


def names(text: str) -> Counter[str]:
    """Count the tokens that a translation must keep: addresses, and names in Latin letters.

    In a text of another script each Latin word with a capital is a name; in a Latin one only a
    word with a digit or an inner capital is.
    """
    text = text.translate(ASCII)
    foreign = sum(c.isalpha() and c > "ɏ" for c in text) > 0.2 * sum(map(str.isalpha, text))
    found = Counter(text[start:end] for start, end in addresses(text))
    for match in TOKEN.finditer(without_addresses(text)):
        token = match[0]
        if is_coded(token) and not match.string.startswith("年", match.end()):
            found[token] += 1
        elif foreign:
            found.update(filter(_is_name, re.split(r"-?\d+", token)))
        else:
            found.update(filter(INNER_CAPITAL.search, re.split(r"[-\d]+", token)))
    return found


def _is_name(word: str) -> bool:
    plain = len(word) < 2 or word.islower() or word.lower() in units()
    return not plain and not ROMAN.fullmatch(word)
