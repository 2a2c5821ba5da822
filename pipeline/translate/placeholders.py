"""Names and addresses come out as they went in: put back where damaged, or held by placeholders."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
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
_LONG = 6  # letters: a name so long is hardly like another one by chance


class _Form(NamedTuple):
    """Where a damaged form of a span stands in a translation."""

    start: int
    end: int
    span: str


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

    A form is put back only where it can be of one span alone: another case, blanks or hyphens
    inside, a sign dropped, an address cut short, a letter or two off in a long name.
    """
    notes: dict[str, None] = {}
    source = source.translate(ASCII)
    while form := next(_damaged(source, translation), None):
        notes[f"{translation[form.start : form.end]} -> {form.span}"] = None
        translation = _mend(translation, form)
    return translation, tuple(notes)


def _mend(text: str, form: _Form) -> str:
    return text[: form.start] + form.span + text[form.end :]


def _damaged(source: str, text: str) -> Iterator[_Form]:
    """Find the damaged forms of names, and those of the addresses that a text lacks."""
    spans = names(source)
    right = places(spans, text)
    taken = list(chain.from_iterable(right.values()))
    short = [s for s in spans if len(right[s]) < spans[s] or not ADDRESS.fullmatch(s)]
    for find, wanted in ((_loose, short), (_near, [s for s in short if not right[s]])):
        forms = [
            _Form(start, end, span)
            for span in wanted
            for start, end in find(span, text)
            if all(end <= a or b <= start for a, b in taken)
            and not any(places([text[start:end]], source).values())
        ]
        for one in forms:
            # Another span could be meant; what lies inside (the name in a handle) could not.
            rivals = [o for o in forms if o.start < one.end and one.start < o.end]
            rivals = [o for o in rivals if o.end - o.start >= one.end - one.start]
            if find is _near:
                rivals = [o for o in forms if o in rivals or o.span == one.span]
            mended = places(spans, _mend(text, one))[one.span]
            if rivals == [one] and len(mended) > len(right[one.span]):
                yield one


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


def _near(span: str, text: str) -> Iterator[tuple[int, int]]:
    """Find what can only be an address of the source, cut or misspelt, or a long misspelt name."""
    if ADDRESS.fullmatch(span):
        for start, end in addresses(text):
            form = text[start:end]
            if _kind(form) == _kind(span) and (span.startswith(form) or _misspelt(span, form)):
                yield start, end
    elif len(span) >= _LONG and span.isalpha():
        for match in re.finditer(r"[^\W\d_]+", text):
            # At the start any word has a capital.
            name = match.start() > 0 and match[0][0] == span[0].upper()
            if (name or INNER_CAPITAL.search(match[0])) and _misspelt(span, match[0]):
                yield match.span()


def _kind(address: str) -> str:
    """Tell handles, tags, `r/name`, code, e-mail addresses and URLs apart."""
    if address[0] in "@#`" or address[1] == "/":
        return address[0]
    return "mail" if "@" in address else "URL"


def _misspelt(one: str, other: str) -> bool:
    """Tell whether two words have the same digits and differ by a letter, or two if long."""
    changes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    off = sum(max(b - a, d - c) for kind, a, b, c, d in changes if kind != "equal")
    digits = [re.sub(r"\D", "", text) for text in (one, other)]
    return digits[0] == digits[1] and off <= min(len(one) // _LONG, 2)
