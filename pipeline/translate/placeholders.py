"""Names and addresses come out as they went in: put back where damaged, or held by placeholders."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from pipeline.checks.spans import ADDRESS, ASCII, INNER_CAPITAL, addresses, names, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GAP = r"[-\s.'’]*"
_PART = re.compile(r"\d+|[A-Z]+(?![a-z])|[^\W\d_][^\W\d_A-Z]*|[^\w\s.'’-]")  # Open AI, GPT 4 o
_SIGNS = re.compile(r"^(?:https?://)?(?:www\.)?|^[@#]|`")
_SCHEME = r"(?:https?:\s?/\s?/\s?)?(?:www\.\s?)?"
_AROUND = {"@": (r"@\s?", ""), "#": (r"#\s?", ""), "`": ("[`'\"‘’“”]", "[`'\"‘’“”]?")}
_PLACEHOLDER = re.compile(r"(?<![A-Za-z0-9])A\d+(?![A-Za-z0-9])")


class Held(NamedTuple):
    """A sentence with placeholders, and what each of them stands for."""

    text: str
    originals: dict[str, str]

    def put_back(self, translation: str) -> str | None:
        """Put the originals back; gives nothing unless each placeholder came out once."""
        told, heard = (sorted(_PLACEHOLDER.findall(t)) for t in (self.text, translation))
        if self.originals and told != heard:
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
    """Put spans of the source that a translation has damaged back; also list `was -> is`.

    A damaged form has another case, blanks or hyphens inside, or has lost a sign. It is put back
    only where no other span can be meant.
    """
    source = source.translate(ASCII)
    right = places(names(source), translation)
    taken = list(chain.from_iterable(right.values()))
    forms = [
        (start, end, span)
        for span in right
        for start, end in _loose(span, translation)
        if all(end <= a or b <= start for a, b in taken)
        and not any(places([translation[start:end]], source).values())
    ]
    notes: dict[str, None] = {}
    for start, end, span in sorted(forms, reverse=True):
        # What lies inside (the name in a handle) could not be meant instead.
        rivals = [s for a, b, s in forms if a < end and start < b and b - a >= end - start]
        if rivals == [span] and not (right[span] and ADDRESS.fullmatch(span)):
            notes[f"{translation[start:end]} -> {span}"] = None
            translation = translation[:start] + span + translation[end:]
    return translation, tuple(notes)[::-1]


def _loose(span: str, text: str) -> Iterator[tuple[int, int]]:
    """Find a span but for case, blanks, hyphens and the signs around it."""
    if ADDRESS.fullmatch(span):
        inner = _SIGNS.sub("", span)
        coded = not inner.isalpha() or INNER_CAPITAL.search(inner)  # music is no #music
        before, after = _AROUND.get(span[0], (_SCHEME, ""))
        written = r"\s*".join("[-_]?" if c == "_" else re.escape(c) for c in inner if c != " ")
        pattern = "(?:{}){}{}{}".format(before, "?" if coded else "", written, after)
    else:
        pattern = _GAP.join(map(re.escape, _PART.findall(span)))
    end = r"(?=(?:['’]?s)?(?![^\W_]|[.,]\d))"
    for match in re.finditer(rf"(?<![\w@#/]){pattern}{end}", text, re.IGNORECASE):
        if ADDRESS.fullmatch(span) or _unmistakable(match[0], span):
            yield match.span()


def _unmistakable(form: str, name: str) -> bool:
    """Tell a name from words: it is no IT, apples are no Apple, a 4-day week is no A4."""
    coded = bool(INNER_CAPITAL.search(name) or re.search(r"\d", name))
    if form.islower() or re.match(r".\s", form):
        return coded and not re.search(r"\s", form)
    return coded or len(name) > 3 or not name.isupper()
