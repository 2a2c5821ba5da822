"""Reads the numbers of a text by the conventions of its language, in digits and in words.

5,8 миллиарда is 5.8 billion, and 8300 億 is 830 billion. First every number, number word and scale
word is found on its own; then those that stand together are put together.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pipeline.checks.marks import mark
from pipeline.checks.number_words import decimal_comma, letter_scales, lexicon, primary
from pipeline.checks.spans import ADDRESS, ASCII, ROMAN, TOKEN, is_coded
from pipeline.languages import facts

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = "[ \u00a0\u202f\u2009]"
_PLAIN = re.compile(rf"[\d.,'’]+|(?:\d|{_BLANK})+(?:[.,]\d+)?")  # no time of day
_LONGEST = 40  # characters of a number that anyone means
_LONGEST_RUN = 12  # parts of a number in words
_LONGEST_MARK = 8  # characters of what stands before a number
_ENDING = 5  # letters that may follow the beginning of a number word
_VULGAR = "½¼¾⅓⅔⅛"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True)
class Quantity:
    """A number in a text, or a part of one: a scale word multiplies what stands before it.

    `also` holds what else it may stand for (16:00 is 4 in the afternoon). One that is not `certain`
    is a small number word, the name of a month or a part of a name: it may answer a number on the
    other side, but is not looked for there. `factor` is how many times its first part it is.
    """

    start: int
    end: int
    value: Decimal
    kind: Literal["number", "percent", "time", "date", "word", "scale", "hint"]
    also: frozenset[Decimal] = frozenset()
    certain: bool = True
    text: str = ""
    factor: Decimal = Decimal(1)


def quantities(text: str, language: str) -> list[Quantity]:
    """Find the numbers of a text, read by the conventions of its language (BCP 47 tag).

    Names with digits (GPT-5.2) and addresses give no number to look for, though the digits of a
    name may answer one on the other side.
    """
    text = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", text).translate(ASCII)
    code = primary(language)
    parts = sorted((*_digits(text, code), *_words(text, code)), key=lambda part: part.start)
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    parts = [p for p in parts if not any(start <= p.start < end for start, end in addresses)]
    coded = [match.span() for match in TOKEN.finditer(text) if is_coded(match[0])]
    runs: list[list[Quantity]] = []
    for part, after in zip(parts, (*parts[1:], None), strict=False):
        if runs and len(runs[-1]) < _LONGEST_RUN and _joins(text, runs[-1], part, after):
            runs[-1].append(part)
        else:
            runs.append([part])
    found = _share_range(text, [_whole(text, run) for run in runs])
    return [
        replace(q, certain=q.certain and not any(start <= q.start < end for start, end in coded))
        for q in found
    ]


def _digits(text: str, code: str) -> Iterator[Quantity]:
    """Find the numbers written in digits, times of day, and the parts of dates."""
    for match in mark("number").finditer(text):
        written, (start, end) = match[0], match.span()
        if len(written) > _LONGEST:
            continue
        time, also = _clock(written)
        plain = _PLAIN.fullmatch(written)
        if time is not None and not plain:
            yield Quantity(start, end, time, "time", also)
        elif plain and (value := _read(written, code)) is not None:
            point = "," if decimal_comma(code) else r"\."
            if code != "en" and re.fullmatch(rf"[1-9]\d{{0,2}}{point}\d{{3}}", written):
                # 600,000 in Russian: many texts keep the English way of the text they came from.
                # The other mark only groups: 1,299 in Hebrew is never 1.299.
                also = frozenset(Decimal(written[:-4] + mark + written[-3:]) for mark in ("", "."))
            yield Quantity(start, end, value, "number", also)
        else:  # 1.2.2024, or 3:51:20
            for part in re.finditer(r"\d+" if plain else r"\d+(?:[.,]\d+)?", written):
                first, last = (start + at for at in part.span())
                value = Decimal(part[0].replace(",", "."))
                yield Quantity(first, last, value, "date" if plain else "number")


def _clock(written: str) -> tuple[Decimal | None, frozenset[Decimal]]:
    """Read a time of day as hour.minute, with what else it may be: 16:30 is 4:30 or 1630."""
    if not (match := mark("time").fullmatch(written)):
        return None, frozenset()
    hour, minute = int(match[1]), Decimal(int(match[2]) if match[2].isdigit() else 30) / 100
    hours = {hour, hour + 12, hour - 12} & set(range(25))
    return hour + minute, frozenset({*(h + minute for h in hours), (hour + minute) * 100})


def _read(written: str, code: str) -> Decimal | None:
    """Read digits with points and commas; None if they are not one number (1.2.2024)."""
    digits = re.sub(rf"{_BLANK}|['’]", "", written)
    parts, marks = re.split(r"[.,]", digits), re.findall(r"[.,]", digits)
    point = "," if decimal_comma(code) else "."
    if len(marks) == 1:
        grouped = marks[0] != point and _grouped(parts) and digits == written
        return Decimal(("" if grouped else ".").join(parts))
    if len(set(marks)) < 2 and (not marks or _grouped(parts)):
        return Decimal("".join(parts))
    if code == "en" and marks[-1] == "," and len(parts[-1]) == len("000"):
        return None  # 1.299,000 is no English number: 1,299 and 1,299,000 are both likelier meant
    if len(set(marks)) == 2 and len(set(marks[:-1])) == 1 and _grouped(parts[:-1]):
        return Decimal("".join(parts[:-1]) + "." + parts[-1])
    return None


def _grouped(parts: list[str]) -> bool:
    """Tell whether digits cut at separators are one number written in groups of thousands."""
    return bool(re.fullmatch(r"(?!0+ )\d{1,3}( \d{3})*", " ".join(parts)))


def _words(text: str, code: str) -> Iterator[Quantity]:
    """Find number words, scale words and months, vulgar fractions and Roman numerals."""
    pattern, words = lexicon(code)
    for match in pattern.finditer(text):
        value, kind = words[re.sub(r"[\s-]+", "_", match[1].lower())]
        if len(match[0]) > len(match[1]) + _ENDING:
            kind = "hint"  # it is the beginning of another word: двадцатишестилетний
        yield Quantity(*match.span(), value, "date" if kind == "month" else kind, certain=False)
    for match in re.finditer(rf"[{_VULGAR}]", text):
        value = round(Decimal(unicodedata.numeric(match[0])), 4)
        yield Quantity(*match.span(), value, "word", certain=False)
    for match in ROMAN.finditer(text):
        if len(match[0]) > (code == "en"):  # I is a word in English
            numerals = [_ROMAN_VALUES[letter] for letter in match[0]]
            pairs = zip(numerals, (*numerals[1:], 0), strict=True)
            value = Decimal(sum(-one if one < after else one for one, after in pairs))
            yield Quantity(*match.span(), value, "hint", certain=False)


def _joins(text: str, run: list[Quantity], part: Quantity, after: Quantity | None) -> bool:
    """Tell whether a part goes on with the number before it: 14 миллиард, сто два, 3億5000萬."""
    last = run[-1]
    gap = text[last.end : part.start]
    if part.kind == "scale":
        return bool(mark("before_scale").fullmatch(gap))
    if part.kind == "number":
        if last.kind != "scale" or not re.fullmatch(r"\.?\s?", gap):
            return False
        if after and after.kind == "scale" and not text[part.end : after.start].strip():
            return after.value < last.value
        size = {1000: 3, 10_000: 4}.get(int(last.value))  # 1 мың 200, 1 萬 7000
        return run[0].kind == "number" and part.end - part.start == size
    if text[part.start] in _VULGAR:
        return last.kind == "number" and not gap  # 29¾
    words = {one.kind for one in (*run, part)} <= {"word", "scale"}
    return words and bool(re.fullmatch(r"[\s-]{0,2}(?:and[\s-])?", gap))


def _total(run: list[Quantity]) -> Decimal:
    """Add the parts up; a scale word multiplies all smaller parts before it."""
    if len(run) > 1 and all(part.kind == "word" and part.value in range(10) for part in run):
        return Decimal("".join(str(int(part.value)) for part in run))  # 二〇二四
    amounts: list[Decimal] = []
    for part in run:
        amount = part.value
        if part.kind == "scale":
            smaller = amounts.pop() if amounts else Decimal(0)
            while amounts and amounts[-1] < part.value:
                smaller += amounts.pop()
            amount *= smaller or 1
        amounts.append(amount)
    return sum(amounts, Decimal(0))


def _is_spelt_out(run: list[Quantity]) -> bool:
    """Tell number words that mean a number and nothing else: 11 to 99, and so many thousands.

    Smaller ones are articles, idioms and parts of other words too often; a hundred is a figure of
    speech. The parts are: twelve; twenty five; two ten five; five thousand.
    """
    if run[0].kind != "word" or any(part.kind not in {"word", "scale"} for part in run):
        return False
    first, *rest = (int(part.value) if part.value % 1 == 0 else 0 for part in run)
    if rest and rest[-1] >= 1000:
        return _is_spelt_out(run[:-1]) or (len(rest) == 1 and 2 <= first <= 10)
    if rest and rest[0] == 10 and 2 <= first <= 9:
        first, rest = 10 * first, rest[1:]
    if rest:
        return first in range(10, 100, 10) and len(rest) == 1 and 1 <= rest[0] <= 9
    return 11 <= first <= 99


def _whole(text: str, run: list[Quantity]) -> Quantity:
    """Put the parts of one number together, with the sign that follows it."""
    first, last, value = run[0], run[-1], _total(run)
    start, end = first.start, last.end
    kind = "word" if first.kind == "scale" else first.kind
    certain = any(part.certain for part in run) or _is_spelt_out(run)
    also = _also(text, run, value)
    before = text[max(0, start - _LONGEST_MARK) : start]
    if mark("century").match(text, end) or mark("of_century").search(before):
        certain = False
        also |= {(value - 1) * 100}  # the 1800s
    elif match := mark("percent").match(text, end):
        also = also if kind == "word" else frozenset()  # 11.30% is no time of day
        kind, end = "percent", match.end()
    elif match := mark("percent_of").search(before):
        kind, start = "percent", start - len(match[0])
    elif match := letter_scales().match(text, end):
        also |= {value}
        value *= facts("en").letters[match[1].lower()]
        end = match.end()
    elif kind == "number" and (
        mark("month").match(text, end) or "/" in text[max(start - 1, 0) : end + 1]
    ):
        kind = "date"
    factor = value / first.value if first.value else Decimal(1)
    return Quantity(start, end, value, kind, also, certain, text[start:end], factor)


def _also(text: str, run: list[Quantity], value: Decimal) -> frozenset[Decimal]:
    """Collect what else a number may stand for, from its own words and from what follows."""
    first, last = run[0], run[-1]
    also = set(first.also) if len(run) == 1 else set()
    if last.kind == "scale" and last.value <= 100 and last.end - last.start > 4:
        also.add(first.value)  # 21 century
    if first.kind in {"word", "scale"}:
        also |= {part.value for part in run} | {_total(run[:size]) for size in range(1, len(run))}
    if mark("tenths").match(text, last.end):
        also.add(value * 10)  # 三成 is 30%
    if mark("decade").match(text, last.end) and value < 2100:
        also.add(value + 1900 if value < 100 else value % 100)
    return frozenset(also)


def _share_range(text: str, found: list[Quantity]) -> list[Quantity]:
    """Let the first of 5-10 миллионов be 5 million too, and the second of 2010-11 be 2011."""
    for i in range(len(found) - 1, 0, -1):
        one, two = found[i - 1], found[i]
        if not mark("range").fullmatch(text, one.end, two.start):
            continue
        head, tail = str(one.value), str(two.value)
        if head.isdigit() and tail.isdigit() and len(tail) < len(head) == 4:
            found[i] = replace(two, also=two.also | {Decimal(head[: -len(tail)] + tail)})
        if two.factor > 1 == one.factor:
            value = one.value * two.factor
            found[i - 1] = replace(one, value=value, also=one.also | {one.value}, factor=two.factor)
    return found
