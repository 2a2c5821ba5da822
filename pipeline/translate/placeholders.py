"""Names and addresses come out as they went in: respelt, or held by placeholders."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from pipeline.checks.names import ADDRESS, ASCII, INNER_CAPITAL, addresses, names, places

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART = re.compile(r"\d+|[A-Z]+(?![a-z])|[^\W\d_][^\W\d_A-Z]*|[^\w\s.'’-]")  # Open AI, GPT 4 o
_GAP = r"[-\s.'’]*"
_END = r"(?=(?:['’]?s)?(?![^\W_]|[.,]\d))"
_PLACEHOLDER = re.compile(r"(?<![A-Za-z0-9])A\d+(?![A-Za-z0-9])")


class Held(NamedTuple):
    """A sentence with placeholders, and what each of them stands for."""

    text: str
    originals: dict[str, str]

    def put_back(self, translation: str) -> str | None:
        """Put the originals back; gives nothing unless each placeholder came out once."""
        told, heard = (sorted(_PLACEHOLDER.findall(t)) for t in (self.text, translation))
        if told != heard:
            return None
        return _PLACEHOLDER.sub(lambda m: self.originals.get(m[0], m[0]), translation)


def hold(sentence: str, lost: Iterable[str]) -> Held:
    """Put a placeholder for each address of a sentence, and for each name that was lost.

    A model copies a short name better than a long address, or loses it as a whole, which shows.
    """
    plain = sentence.translate(ASCII)
    spans = [*addresses(plain), *chain.from_iterable(places(lost, plain).values())]
    unused = (mark for mark in map("A{}".format, count(1)) if mark not in plain)
    parts, originals, done = [], {}, 0
    for start, end in sorted(set(spans)):
        mark = next(unused)
        originals[mark] = plain[start:end]
        parts += [sentence[done:start], mark]
        done = end
    return Held("".join((*parts, sentence[done:])), originals)


def restore(source: str, translation: str) -> tuple[str, tuple[str, ...]]:
    """Spell names as the source has them; also list `was -> is`.

    A form is a name but for case, blanks, hyphens and points; it is left alone where it may be a
    plain word, part of an address, or another name of the source. All else that is damaged is
    missing, so that `hold` is tried.
    """
    source = source.translate(ASCII)
    spans = names(source)
    alike = Counter(map(_letters, spans))
    known = {_letters(s): s for s in spans if alike[_letters(s)] == 1 and not ADDRESS.fullmatch(s)}
    right = [*addresses(translation), *chain.from_iterable(places(spans, translation).values())]
    restored: dict[str, None] = {}

    def respell(match: re.Match[str]) -> str:
        form = match[0]
        name = known.get(_letters(form), form)
        free = all(match.end() <= start or end <= match.start() for start, end in right)
        if not free or not _unmistakable(form, name) or places([form], source)[form]:
            return form
        restored[f"{form} -> {name}"] = None
        return name

    longest = sorted(known.values(), key=len, reverse=True)
    loose = "|".join(_GAP.join(map(re.escape, _PART.findall(name))) for name in longest)
    pattern = rf"(?<![\w@#/])(?:{loose or '(?!)'}){_END}"  # (?!) is found nowhere
    return re.sub(pattern, respell, translation, flags=re.IGNORECASE), tuple(restored)


def _letters(form: str) -> str:
    return re.sub(r"[^\w+&]|_", "", form).casefold()


def _unmistakable(form: str, name: str) -> bool:
    """Tell a name from words: it is no IT, apples are no Apple, a 4-day week is no A4."""
    coded = bool(INNER_CAPITAL.search(name) or re.search(r"\d", name))
    if form.islower() or re.match(r".\s", form):
        return coded and not re.search(r"\s", form)
    return coded or len(name) > 3 or not name.isupper()
