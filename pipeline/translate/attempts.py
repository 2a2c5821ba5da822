"""Translate, check each result, and try again what looks wrong, rung by rung."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.article import Flag
from pipeline.checks import check
from pipeline.checks.myriads import in_english
from pipeline.checks.names import compare_names
from pipeline.engines import Translation
from pipeline.engines.splitting import split
from pipeline.translate.placeholders import Held, hold, restore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.article import Language
    from pipeline.checks import Check
    from pipeline.engines import Translator
    from pipeline.translate.memory import Memory

# With one of these a translation says nothing: the sentence is rather kept in its own words.
FATAL = frozenset({"repeated", "copy", "empty"})
NOTED = frozenset({"split"})  # says how a sentence was translated, not that anything is wrong
COUNTS_IN_MYRIADS = frozenset({"zh", "ja", "ko"})
SHORTEST_PART = 20  # characters; shorter parts of a sentence mean little alone


class Rung(NamedTuple):
    """One way to translate: an engine, maybe with placeholders, a wider beam, or in parts."""

    name: str
    engine: Translator
    english_numbers: bool = True
    careful: bool = False
    in_parts: bool = False
    placeholders: bool = False


@dataclass(frozen=True)
class Attempt:
    """What one rung made of a sentence, and what is wrong with it, in words."""

    translation: Translation
    flags: tuple[Flag, ...]
    rung: Rung
    restored: tuple[str, ...] = ()  # names and addresses that came out damaged: `was -> is`

    @property
    def wrongness(self) -> tuple[int, int]:
        """Rank attempts: first by what makes a translation useless, then by what is to check."""
        wrong = [flag.kind for flag in self.flags if flag.kind not in NOTED]
        return len(FATAL.intersection(wrong)), len(wrong)


def rungs(language: Language, engines: Sequence[Translator]) -> list[Rung]:
    """List the ways to translate a language, in the order in which they are tried.

    The sentence as it is, placeholders for lost names and addresses, scaled numbers in English, a
    wider beam, the sentence in parts, then the other engines. Where numbers count in ten thousands,
    which models get wrong, they are in English from the first rung on.
    """
    first, *others = engines
    myriads = language.code in COUNTS_IN_MYRIADS
    return [
        Rung("first", first, english_numbers=myriads),
        Rung("placeholders", first, english_numbers=myriads, placeholders=True),
        Rung("English numbers", first),
        Rung("wider beam", first, careful=True),
        Rung("in parts", first, careful=True, in_parts=True),
        *(
            Rung("next engine", engine, english_numbers=myriads, placeholders=held)
            for engine in others
            for held in (False, True)
        ),
    ]


def climb(  # noqa: PLR0913, PLR0917 - what, with what, and whom to tell
    sentences: Iterable[str],
    language: Language,
    engines: Sequence[Translator],
    memory: Memory,
    count: Callable[[int, int], None],
    check: Check = check,
) -> dict[str, Attempt]:
    """Translate sentences with the first engine; those that look wrong climb the ladder.

    Of all attempts at a sentence the least wrong is kept, of equals the earliest.
    `count(done, planned)` is told of each batch done and of all that is planned, as increments.
    """
    best: dict[str, Attempt] = {}
    waiting = list(dict.fromkeys(sentences))
    for rung in rungs(language, engines):
        held = {s: found for s in waiting if (found := _hold(s, rung, best.get(s)))}
        results = _translate(rung, [h.text for h in held.values()], language, memory, count)
        for sentence, asked in held.items():
            made = results.get(asked.text)
            if made is None or (text := asked.put_back(made.text)) is None:
                continue  # it cannot be cut, or a placeholder is lost
            text, restored = restore(sentence, text)
            made = made._replace(text=text)
            flags = (*map(Flag, made.flags), *check(sentence, language, made.text))
            attempt = Attempt(made, tuple(dict.fromkeys(flags)), rung, restored)
            if sentence not in best or attempt.wrongness < best[sentence].wrongness:
                best[sentence] = attempt
        waiting = [s for s in waiting if any(best[s].wrongness)]
    return best


def _hold(sentence: str, rung: Rung, best: Attempt | None) -> Held | None:
    """Give what a rung translates; placeholders are for what has lost a name or an address."""
    if not rung.placeholders or best is None:
        return Held(sentence, {})
    mismatches = compare_names(sentence, best.translation.text)
    lost = [m.what for m in mismatches if m.kind == "missing"]
    return hold(sentence, lost) if lost else None


def recall(
    rung: Rung, sentences: Iterable[str], language: Language, memory: Memory
) -> tuple[dict[str, list[str]], dict[str, Translation], list[str]]:
    """Give what a rung has translated of each sentence, and what of it is known and what new."""
    parts = {s: _parts(s, rung, language.code) for s in sentences}
    wanted = list(dict.fromkeys(part for found in parts.values() for part in found))
    fingerprint = rung.engine.fingerprint(language.tag, careful=rung.careful)
    known = memory.recall(fingerprint, language.tag, wanted)
    return parts, known, [part for part in wanted if part not in known]


def _translate(
    rung: Rung,
    sentences: Sequence[str],
    language: Language,
    memory: Memory,
    count: Callable[[int, int], None],
) -> dict[str, Translation]:
    """Recall what is known, translate the rest, and remember each batch as it comes."""
    parts, known, new = recall(rung, sentences, language, memory)
    fingerprint = rung.engine.fingerprint(language.tag, careful=rung.careful)
    count(len(known), len(known) + len(new))
    for batch in rung.engine.translate(new, language.tag, careful=rung.careful):
        translated = [(new[index], translation) for index, translation in batch]
        memory.store(fingerprint, language.tag, translated)
        known.update(translated)
        count(len(batch), 0)
    return {s: _join([known[part] for part in found]) for s, found in parts.items() if found}


def _parts(sentence: str, rung: Rung, language: str) -> list[str]:
    """Give what a rung has translated of a sentence: usually all; nothing if it cannot be cut."""
    text = in_english(sentence, language) if rung.english_numbers else sentence
    if not rung.in_parts:
        return [text]
    halves = split(text, len(text) * 3 // 4, len) if len(text) >= 2 * SHORTEST_PART else []
    return [part.strip() for part in halves if part.strip()]


def _join(translations: Sequence[Translation]) -> Translation:
    """Put the translated parts of a sentence together; the score is that of the worst."""
    return Translation(
        " ".join(t.text for t in translations if t.text),
        min(t.score for t in translations),
        tuple(dict.fromkeys(flag for t in translations for flag in t.flags)),
    )
