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
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pipeline.aligned import Aligned, Edit
from pipeline.clean.gbk import Knowledge, Lost, any_of, decoded, encoded, sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LOST = "\N{REPLACEMENT CHARACTER}"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_LATIN = rf"[a-zü{_TONED}]{{1,6}}"
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:ai?|ang?|ao|ei?|eng?|er|ia|iang?|iao|ie?|ing?|iong|iu"
    r"|ong|ou?|ua|uai|uang?|u[eino]?|ü|üe)|ng?|m"
)
# A document writes its readings in one of these ways. Behind an ASCII letter that ends a pair of
# bytes only the first is safe.
_STYLES = (
    re.compile(rf"(?<=([{_HAN}@-~]))[(（](?=[a-zü]*[{_TONED}])({_LATIN})[)）]"),
    re.compile(rf"(?<=([{_HAN}]))[(（]([a-zü]{{1,6}})[)）]"),
    re.compile(rf"(?<=([{_HAN}]))[(（](˙?[ㄅ-ㄩ]{{1,3}}[ˊˇˋ˙]?)[)）]"),
)
_READING_TAIL = re.compile(rf"[?{LOST}]\(?(?=[a-zü]*[{_TONED}])({_LATIN})\)")
_TAG_TAIL = re.compile(rf"[?{LOST}]<?/?[a-z][a-z0-9]{{0,9}} ?/?>")
_DAMAGED = re.compile(
    rf"[{LOST}\ue000-\uf8ff]|锟斤拷"
    rf"|(?<=[{_HAN}])(?:{_READING_TAIL.pattern}|[?!]*\?/[a-z][a-z0-9]{{0,9}}>)"
)
_PUNCTUATION = b"\xa1"  # the lead byte of 。 and “
_LEAST_READINGS = 5
_LEAST_SHARE = 0.02  # of the Han characters: below it a reading is the author's own remark
_LONGEST_RUN = 200  # characters; with the next two this keeps the time linear
_MOST_ENDS = 8  # ways to end a run that are weighed against each other
_MOST_SEARCHES = 500  # lost characters looked up elsewhere in the document


_Atoms = tuple[str | Lost, ...]


class _Run(NamedTuple):
    """`text[start:end]` stands for `atoms`; no atoms delete it."""

    start: int
    end: int
    atoms: _Atoms = ()


def remove_readings(text: str) -> Iterable[Edit]:
    """Remove systematic readings and restore the characters that they broke.

    What stays unknown becomes U+FFFD. Takes time linear in the length of the text.
    """
    readings = _readings(text)
    if not readings:
        return []
    found = [_Run(*m.span()) for m in readings]
    found += _damaged_runs(text, Knowledge(text, readings))
    runs: list[_Run] = []
    for run in sorted(found):
        if not runs or run.start >= runs[-1].end:
            runs.append(run)
    return _edits(text, runs)


def residue(text: str) -> list[tuple[int, int]]:
    """Find what still looks damaged: U+FFFD, private use, halves of readings and of tags."""
    return [m.span() for m in _DAMAGED.finditer(text)]


def _readings(text: str) -> list[re.Match[str]]:
    """Find the readings in brackets; none unless the document has them throughout."""
    for style in _STYLES:
        found = [m for m in style.finditer(text) if _is_syllable(m[2])]
        if len({m[2] for m in found}) < _LEAST_READINGS:
            continue
        if len(found) >= _LEAST_SHARE * len(re.findall(f"[{_HAN}]", text)):
            return found
    return []


def _is_syllable(reading: str) -> bool:
    return reading > "˙" or bool(_SYLLABLE.fullmatch(sound(reading)[0]))


def _damaged_runs(text: str, known: Knowledge) -> Iterator[_Run]:
    done = 0
    for mark in re.finditer(f"[?{LOST}]", text):
        at = mark.start()
        if at < done:
            continue
        if run := _behind_reading(text, at, known) or _behind_form(text, at, known):
            yield run
            done = run.end


def _behind_reading(text: str, at: int, known: Knowledge) -> _Run | None:
    """Restore the run that half a reading, `?yàn)`, put out of step."""
    tail = _READING_TAIL.match(text, at)
    before = encoded(text[at - 1 : at])
    if not tail or len(before) != 2 or not _is_syllable(tail[1]):
        return None
    split = encoded(known.character(before[1], tail[1]))
    ends = split and _follow(text, tail.end(), split[1], known)
    return _best(text, at, ends or _follow(text, tail.end(), 0, known), known)


def _behind_form(text: str, at: int, known: Knowledge) -> _Run | None:
    """Restore the run that a full-width form across two characters put out of step: `?!` in 。”."""
    form = encoded(_widened(text[at + 1 : at + 2]))
    if not form:
        return None
    ends = _follow(text, at + 2, form[1], known)
    run = _best(text, at, [(end, (Lost(trail=form[0]), *atoms)) for end, atoms in ends], known)
    if not run:
        return None
    raw = text[at : run.end]
    if _TAG_TAIL.search(raw) and not re.search(f"[{_HAN}]", raw):
        return run
    own = Counter(raw)
    return run if known.likelihood(run.atoms, own) > known.likelihood(raw, own) + 1 else None


def _widened(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else ""


def _follow(text: str, at: int, lead: int, known: Knowledge) -> list[tuple[int, _Atoms]]:
    """Decode in step from `at`, where `lead` (0: unknown) is pending; give every possible end."""
    ends: list[tuple[int, _Atoms]] = []
    atoms: list[str | Lost] = []
    after_folded = False  # two full-width forms in a row are a chance too small to weigh
    stop = min(at + _LONGEST_RUN, len(text))
    while at < stop and len(ends) < _MOST_ENDS:
        if lead and lead < 0x80:  # an ASCII byte needs no partner
            return [*ends, (at, (*atoms, chr(lead)))]
        if inner := _STYLES[0].match(text, at):  # behind a pair that is no character either
            at = inner.end()
            continue
        code = encoded(text[at])
        if text[at] in ("?", LOST):
            if tail := _READING_TAIL.match(text, at):
                last = known.character(lead, tail[1]) if lead else ""
                return [*ends, (tail.end(), (*atoms, last or Lost(lead)))]
            if tail := _TAG_TAIL.match(text, at):
                return [*ends, (tail.end(), (*atoms, Lost(lead)))]
            ends.append((at + 1, (*atoms, Lost(lead), Lost())))
        elif len(code) == 1 and (last := decoded(lead, code[0])):
            ends.append((at + 1, (*atoms, last)))
        folded = len(code) < 2
        code = encoded(_widened(text[at])) if folded else code
        character = decoded(lead, code[0]) if lead and code else ""
        if not code or (lead and not character) or (folded and after_folded):
            break
        after_folded = folded
        atoms.append(character or Lost(trail=code[0]))
        lead = code[1]
        at += 1
    return ends


def _best(
    text: str, start: int, ends: Sequence[tuple[int, _Atoms]], known: Knowledge
) -> _Run | None:
    """Choose the end after which, and up to which, the text looks most like the document."""
    if not ends:
        return None
    last = max(end for end, _ in ends)
    own = Counter(text[start:last])
    end, atoms = max(ends, key=lambda e: known.likelihood((*e[1], *text[e[0] : last]), own))
    return _Run(start, end, atoms)


def _edits(text: str, runs: Sequence[_Run]) -> Iterator[Edit]:
    """Write the runs out, looking for what is lost in the text as repaired so far."""
    edits = [Edit(run.start, run.end, _plain(run.atoms)) for run in runs]
    draft = Aligned.identity(text).apply(edits).text
    shift = searches = 0
    for run, edit in zip(runs, edits, strict=True):
        searches += LOST in edit.after
        if searches <= _MOST_SEARCHES:
            yield edit._replace(after=_restored(run, draft, run.start + shift))
        else:
            yield edit
        shift += len(edit.after) - (run.end - run.start)


def _plain(atoms: Iterable[str | Lost]) -> str:
    """Write atoms with U+FFFD for what is lost."""
    return "".join(a if isinstance(a, str) else LOST * (a != Lost()) for a in atoms)


def _restored(run: _Run, draft: str, at: int) -> str:
    """Write a run that stands at `draft[at:]`, its lost characters taken from elsewhere."""
    written = ""
    for is_lost, group in groupby(run.atoms, lambda atom: isinstance(atom, Lost)):
        atoms = tuple(group)
        plain = _plain(atoms)
        written += (is_lost and _elsewhere(atoms, draft, at, at + len(plain))) or plain
        at += len(plain)
    return written


def _elsewhere(atoms: Sequence[str | Lost], draft: str, start: int, end: int) -> str:
    """Find what stands between the neighbours of `draft[start:end]` at other places.

    Words need the same passage, three characters before and two behind. Punctuation (`。”` at the
    end of a paragraph) needs the character behind. A digit may have been swallowed with a byte:
    then only a long passage that goes on with punctuation, and has no digit there, will do. `""`
    unless all places agree.
    """
    lost = "".join(any_of(a) for a in atoms if isinstance(a, Lost))
    swallowed = Lost() in atoms
    reach = (8, 8) if swallowed else (3, 2)
    before, behind = draft[max(start - reach[0], 0) : start], (draft + "\n")[end : end + reach[1]]
    if swallowed and not re.match("[,.:;!?，。：；！？]", behind):
        return ""
    if (len(before), len(behind)) == reach and LOST not in before + behind:
        passage = rf"{re.escape(before)}({lost})(?={re.escape(behind)})"
        found = set(re.findall(passage, draft))
        if len(found) == 1:
            return str(found.pop())
    if swallowed:
        return ""
    is_mark = encoded(behind[:1])[:1] == _PUNCTUATION
    next_ = any_of(Lost(lead=_PUNCTUATION[0])) if is_mark else re.escape(behind[:1])
    found = set(re.findall(rf"({lost})(?={next_})", draft))
    if len(found) == 1 and all(encoded(c)[:1] == _PUNCTUATION for c in min(found)):
        return str(found.pop())
    return ""
