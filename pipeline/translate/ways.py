"""Ways to translate: an engine that remembers, and what can be wrapped around it.

As in argos-translate each wrapper changes what is asked, and the answer back, and knows no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.checks.myriads import in_english
from pipeline.checks.names import lost
from pipeline.engines import Translation
from pipeline.engines.splitting import split
from pipeline.translate.placeholders import hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.article import Language
    from pipeline.engines import Translator
    from pipeline.translate.memory import Memory

Way = Callable[[Mapping[str, str]], dict[str, Translation]]
"""Translates sentences, each given with its best English so far; leaves out what it cannot do."""

SHORTEST_PART = 20  # characters; shorter parts of a sentence mean little alone


def remembered(
    engine: Translator,
    language: Language,
    memory: Memory,
    count: Callable[[int, int], None],
    *,
    careful: bool = False,
) -> Way:
    """Recall what an engine has made of a sentence; translate and remember the rest, by batches.

    `count(done, planned)` is told of what is known and of each batch, as increments.
    """
    fingerprint = engine.fingerprint(language.tag, careful=careful)

    def way(sentences: Mapping[str, str]) -> dict[str, Translation]:
        made = memory.recall(fingerprint, language.tag, sentences)
        new = [s for s in sentences if s not in made]
        count(len(made), len(sentences))
        # Where nothing is new no model is loaded.
        for batch in engine.translate(new, language.tag, careful=careful) if new else ():
            translated = [(new[index], translation) for index, translation in batch]
            memory.store(fingerprint, language.tag, translated)
            made.update(translated)
            count(len(batch), 0)
        return made

    return way


def english_numbers(way: Way, language: Language) -> Way:
    """Write scaled numbers in English first."""

    def wrapped(sentences: Mapping[str, str]) -> dict[str, Translation]:
        asked = {s: in_english(s, language.code) for s in sentences}
        made = way({text: sentences[s] for s, text in asked.items()})
        return {s: made[text] for s, text in asked.items() if text in made}

    return wrapped


def placeholders(way: Way) -> Way:
    """Put placeholders into what has lost a name or an address; each must come out once."""

    def wrapped(sentences: Mapping[str, str]) -> dict[str, Translation]:
        held = {s: hold(s, gone) for s, english in sentences.items() if (gone := lost(s, english))}
        made = way({h.text: "" for h in held.values()})
        back = {s: h.put_back(made[h.text].text) for s, h in held.items()}
        return {
            s: made[held[s].text]._replace(text=text)
            for s, text in back.items()
            if text is not None
        }

    return wrapped


def in_parts(way: Way) -> Way:
    """Cut each sentence where a reader would pause; what is too short to be cut is left out."""

    def wrapped(sentences: Mapping[str, str]) -> dict[str, Translation]:
        long = (s for s in sentences if len(s) >= 2 * SHORTEST_PART)
        halves = {s: map(str.strip, split(s, len(s) * 3 // 4, len)) for s in long}
        parts = {s: list(filter(None, found)) for s, found in halves.items()}
        made = way(dict.fromkeys((part for found in parts.values() for part in found), ""))
        return {s: _join([made[part] for part in found]) for s, found in parts.items() if found}

    return wrapped


def _join(translations: Sequence[Translation]) -> Translation:
    """Put the translated parts of a sentence together; the score is that of the worst."""
    return Translation(
        " ".join(t.text for t in translations if t.text),
        min(t.score for t in translations),
        tuple(dict.fromkeys(flag for t in translations for flag in t.flags)),
    )
