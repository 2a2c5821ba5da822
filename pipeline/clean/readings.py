"""Undo readings that were written into Chinese text held as GBK bytes.

Some sites put a reading behind certain characters, `開(kāi)始`, by replacing byte pairs in GBK text
without asking where a character begins. Where the pair is the end of one character and the
beginning of the next, the decoder loses step:

    bytes     D2F2 | 9EE9 | CBFB          因 為 他
    pair      .. F2   9E ..               the pair F2 9E is 驗, so `(yàn)` goes behind it
    decoded   D2F2 | 9E 28 | y à n ) | E9CB | FB..
              因      ?        yàn)      樗     麄

A lead byte that meets a byte below 40 becomes `?` and swallows it, here the bracket; some decoders
write U+FFFD and leave the bracket. From there on
the text is decoded one byte late, until an ASCII byte or the next `?` puts it back in step. A run
out of step therefore still holds all its bytes but those behind a `?`, and these follow from the
reading (a character is known by its other byte and its sound) or from the same passage elsewhere
in the document. Full-width forms inside a run may have been folded to ASCII later.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pipeline.aligned import Aligned, Edit
from pipeline.clean.gbk import Knowledge, Lost, any_of, decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LOST = "\N{REPLACEMENT CHARACTER}"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SYLLABLE = rf"(?=[a-zü]*[{_TONED}])([a-zü{_TONED}]{{1,6}})"
_READING = re.compile(rf"(?<=([{_HAN}@-~]))[(（]{_SYLLABLE}[)）]")
_READING_TAIL = re.compile(rf"[?{LOST}]\(?{_SYLLABLE}\)")
_TAG_TAIL = re.compile(rf"[?{LOST}]<?/?[a-z][a-z0-9]{{0,9}} ?/?>")
_DAMAGED = re.compile(
    rf"[{LOST}\ue000-\uf8ff]|锟斤拷"
    rf"|(?<=[{_HAN}])(?:{_READING_TAIL.pattern}|[?!]*\?/[a-z][a-z0-9]{{0,9}}>)"
)
_PUNCTUATION = b"\xa1"  # the lead byte of 。 and “
_LEAST_READINGS = 5
_LEAST_SHARE = 0.02  # of the Han characters: below it a reading is the author's own remark
_LONGEST_RUN = 200  # characters; with the next this bounds the time
_MOST_ENDS = 8  # ways to end a run that are weighed against each other
_REACH = 8  # characters on either side that make a passage the same


_Atoms = tuple[str | Lost, ...]


class _Run(NamedTuple):
    """`text[start:end]` stands for `atoms`; no atoms delete it."""

    start: int
    end: int
    atoms: _Atoms = ()


def remove_readings(text: str) -> Iterable[Edit]:
    """Remove systematic readings and restore the characters that they broke.

    What stays unknown becomes U+FFFD.
    """
    readings = list(_READING.finditer(text))
    if len({m[2] for m in readings}) < _LEAST_READINGS or len(readings) < _LEAST_SHARE * len(
        re.findall(f"[{_HAN}]", text)
    ):
        return []
    known, runs, done = Knowledge(text, readings), [], 0
    marks = [*re.finditer(f"[?{LOST}]", text), *readings]
    for mark in sorted(marks, key=re.Match.start):
        if mark.start() < done:
            continue
        run = _damaged_run(text, mark.start(), known) if len(mark[0]) == 1 else _Run(*mark.span())
        if run:
            runs.append(run)
            done = run.end
    return _edits(text, runs)


def residue(text: str) -> list[tuple[int, int]]:
    """Find what still looks damaged: U+FFFD, private use, halves of readings and of tags."""
    return [m.span() for m in _DAMAGED.finditer(text)]


def _damaged_run(text: str, at: int, known: Knowledge) -> _Run | None:
    """Restore the run that was put out of step by half a reading, `?yàn)`, or a full-width form.

    Of the ways to end it the one counts with which the text looks most like the document.
    """
    before = encoded(text[at - 1 : at])
    form = encoded(_widened(text[at + 1 : at + 2]))  # `?!` in 。”
    if (tail := _READING_TAIL.match(text, at)) and len(before) == 2:
        split = encoded(known.character(before[1], tail[1]))
        ends = _follow(text, tail.end(), split[1], known) if split else []
    elif form:
        found = _follow(text, at + 2, form[1], known)
        ends = [(end, (Lost(trail=form[0]), *atoms)) for end, atoms in found]
    else:
        return None
    if not ends:
        return None
    last = max(end for end, _ in ends)
    end, atoms = max(ends, key=lambda e: known.likelihood((*e[1], *text[e[0] : last])))
    raw = text[at:end]
    sure = tail or (_TAG_TAIL.search(raw) and not re.search(f"[{_HAN}]", raw))
    if sure or known.likelihood(atoms) > known.likelihood(raw) + 1:
        return _Run(at, end, atoms)
    return None


def _widened(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else ""


def _follow(text: str, at: int, lead: int, known: Knowledge) -> list[tuple[int, _Atoms]]:
    """Decode in step from `at`, where the byte `lead` is pending; give every possible end."""
    ends: list[tuple[int, _Atoms]] = []
    atoms: list[str | Lost] = []
    after_folded = False  # two full-width forms in a row are a chance too small to weigh
    stop = min(at + _LONGEST_RUN, len(text))
    while at < stop and len(ends) < _MOST_ENDS:
        if lead < 0x80:  # an ASCII byte needs no partner
            return [*ends, (at, (*atoms, chr(lead)))]
        if inner := _READING.match(text, at):  # behind a pair that is no character either
            at = inner.end()
            continue
        code = encoded(text[at])
        if text[at] in ("?", LOST):
            if tail := _READING_TAIL.match(text, at):
                return [*ends, (tail.end(), (*atoms, known.character(lead, tail[1]) or Lost(lead)))]
            if tail := _TAG_TAIL.match(text, at):
                return [*ends, (tail.end(), (*atoms, Lost(lead)))]
            ends.append((at + 1, (*atoms, Lost(lead), Lost())))
        elif len(code) == 1 and (last := decoded(lead, code[0])):
            ends.append((at + 1, (*atoms, last)))
        if folded := len(code) < 2:
            code = encoded(_widened(text[at]))
        if not code or not (character := decoded(lead, code[0])) or (folded and after_folded):
            break
        after_folded = folded
        atoms.append(character)
        lead = code[1]
        at += 1
    return ends


def _edits(text: str, runs: Sequence[_Run]) -> Iterator[Edit]:
    """Write the runs out, with what is lost taken from elsewhere in the text as repaired so far."""
    edits = [Edit(run.start, run.end, _plain(run.atoms)) for run in runs]
    draft = Aligned.identity(text).apply(edits).text
    shift = 0
    for run in runs:
        at, after = run.start + shift, ""
        for is_lost, group in groupby(run.atoms, lambda atom: isinstance(atom, Lost)):
            atoms = tuple(group)
            plain = _plain(atoms)
            after += (is_lost and _elsewhere(atoms, draft, at, at + len(plain))) or plain
            at += len(plain)
        yield Edit(run.start, run.end, after)
        shift = at - run.end


def _plain(atoms: Iterable[str | Lost]) -> str:
    """Write atoms with U+FFFD for what is lost."""
    return "".join(a if isinstance(a, str) else LOST * (a != Lost()) for a in atoms)


def _elsewhere(atoms: Sequence[str | Lost], draft: str, start: int, end: int) -> str:
    """Find what stands between the neighbours of `draft[start:end]` at other places.

    Words need the same passage. Punctuation (`。”` at the end of a paragraph) needs the character
    behind, unless a character was swallowed, which may have been a digit. `""` unless all places
    agree.
    """
    lost = "".join(any_of(a) for a in atoms if isinstance(a, Lost))
    before, behind = draft[max(start - _REACH, 0) : start], draft[end : end + _REACH]
    if len(before) == len(behind) == _REACH and LOST not in before + behind:
        passage = rf"{re.escape(before)}({lost})(?={re.escape(behind)})"
        found = set(re.findall(passage, draft))
        if len(found) == 1:
            return str(found.pop())
    if Lost() in atoms:
        return ""
    next_ = (draft + "\n")[end]
    is_mark = encoded(next_)[:1] == _PUNCTUATION
    behind = any_of(Lost(lead=_PUNCTUATION[0])) if is_mark else re.escape(next_)
    found = set(re.findall(rf"({lost})(?={behind})", draft))
    if len(found) == 1 and all(encoded(c)[:1] == _PUNCTUATION for c in min(found)):
        return str(found.pop())
    return ""
