"""Translate, check each result, and try again what looks wrong, rung by rung."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pipeline.article import Flag
from pipeline.checks import check
from pipeline.languages import facts
from pipeline.translate.adequacy import Adequacy, compare, doubts
from pipeline.translate.placeholders import restore
from pipeline.translate.ways import Way, english_numbers, in_parts, placeholders, remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.article import Language
    from pipeline.checks import Check
    from pipeline.engines import Translation, Translator
    from pipeline.translate.lexicon import Lexicon
    from pipeline.translate.memory import Memory

# With one of these a translation says nothing: the sentence is rather kept in its own words.
FATAL = frozenset({"repeated", "copy", "empty"})
NOTED = frozenset({"split"})  # says how a sentence was translated, not that anything is wrong


class Rung(NamedTuple):
    """One attempt: its name, the engine that makes it, and how."""

    name: str
    engine: Translator
    way: Way


@dataclass(frozen=True)
class Attempt:
    """What one rung made of a sentence, and what is wrong with it."""

    translation: Translation
    flags: tuple[Flag, ...]
    rung: Rung
    restored: tuple[str, ...] = ()  # names that came out damaged: `was -> is`
    adequacy: Adequacy | None = None  # where there is a lexicon

    @property
    def wrong(self) -> list[str]:
        """Name what is wrong."""
        return [flag.kind for flag in self.flags if flag.kind not in NOTED]

    @property
    def rank(self) -> tuple[int, int, float]:
        """Rank attempts, the least wrong first, of these the most adequate.

        What makes a translation useless counts before what is to check.
        """
        told = self.adequacy.total if self.adequacy else 0.0
        return len(FATAL.intersection(self.wrong)), len(self.wrong), -told


def rungs(language: Language, engines: Sequence[Translator], ask: Callable[..., Way]) -> list[Rung]:
    """List the attempts at a sentence, in the order in which they are made.

    `ask(engine, careful=...)` is the engine itself, careful with a wider beam. Where numbers count
    in ten thousands, which models get wrong, they are in English from the first attempt on.
    """
    first, *others = engines
    in_english = partial(english_numbers, language=language)
    usual = in_english if facts(language.code).translation.myriads else _as_it_is
    plain, careful = ask(first), ask(first, careful=True)
    return [
        Rung("first", first, usual(plain)),
        Rung("placeholders", first, placeholders(usual(plain))),
        Rung("English numbers", first, in_english(plain)),
        Rung("wider beam", first, in_english(careful)),
        Rung("in parts", first, in_english(in_parts(careful))),
        *(
            Rung("next engine", engine, way(usual(ask(engine))))
            for engine in others
            for way in (_as_it_is, placeholders)
        ),
    ]


def _as_it_is(way: Way) -> Way:
    return way


def climb(  # noqa: PLR0913, PLR0917 - what, with what, and whom to tell
    sentences: Iterable[str],
    language: Language,
    engines: Sequence[Translator],
    memory: Memory,
    count: Callable[[int, int], None],
    check: Check = check,
    lexicon: Lexicon | None = None,
) -> dict[str, Attempt]:
    """Translate sentences with the first engine; those that look wrong climb the ladder.

    Of all attempts at a sentence the best is kept, of equals the earliest. What has too few words
    of its source by the `lexicon` is wrong too.
    `count(done, planned)` is told of each batch done and of all that is planned, as increments.
    """
    best: dict[str, Attempt] = {}
    waiting = dict.fromkeys(sentences, "")
    ask = partial(remembered, language=language, memory=memory, count=count)
    for rung in rungs(language, engines, ask):
        for sentence, made in rung.way(waiting).items():
            text, restored = restore(sentence, made.text)
            told = compare(lexicon, sentence, text) if lexicon else None
            found = (*map(Flag, made.flags), *check(sentence, language, text), *doubts(told))
            flags = tuple(dict.fromkeys(found))
            attempt = Attempt(made._replace(text=text), flags, rung, restored, told)
            if sentence not in best or attempt.rank < best[sentence].rank:
                best[sentence] = attempt
        waiting = {s: best[s].translation.text for s in waiting if best[s].wrong}
    return best


def known(sentences: Iterable[str], language: Language, engine: Translator, memory: Memory) -> int:
    """Count the distinct sentences of which the first attempt is remembered; no model is loaded."""

    def recall(engine: Translator, *, careful: bool = False) -> Way:
        fingerprint = engine.fingerprint(language.tag, careful=careful)
        return partial(memory.recall, fingerprint, language.tag)

    first, *_ = rungs(language, [engine], recall)
    return len(first.way(dict.fromkeys(sentences, "")))
