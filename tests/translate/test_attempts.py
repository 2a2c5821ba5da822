"""The ladder: what looks wrong is tried again, and the best attempt is kept."""

from __future__ import annotations

import pytest

from pipeline.article import Language
from pipeline.checks import check
from pipeline.engines import Translation
from pipeline.translate.attempts import climb
from pipeline.translate.lexicon import Lexicon, parse
from pipeline.translate.memory import Memory

RUSSIAN = Language("ru", "Cyrl")
LOSS = "В 2025 году OpenAI потеряла 14 миллиардов долларов, сообщила компания в понедельник."
PUT = LOSS.replace("14 миллиардов", "14 billion")
HALVES = ["В 2025 году OpenAI потеряла 14 billion долларов,", "сообщила компания в понедельник."]
GOOD = "In 2025 OpenAI lost $14 billion, the company said on Monday."
NO_NAME = GOOD.replace("OpenAI", "it")
HELD = LOSS.replace("OpenAI", "A1")
NO_YEAR = "OpenAI lost $14 billion, the company said on Monday."
NOTHING = "The company the company the company the company the company the company the company"


class Script:
    """An engine that says what it is told to, and remembers what it was asked."""

    def __init__(self, name, plain, careful=None):
        self.name, self.answers = name, {False: plain, True: careful or {}}
        self.asked = []

    def fingerprint(self, _language, *, careful=False):
        """Tell the two ways apart."""
        return f"{self.name} {careful}"

    def translate(self, sentences, _language, *, careful=False):
        """Answer each sentence in a batch of its own."""
        for index, sentence in enumerate(sentences):
            self.asked.append((sentence, careful))
            yield [(index, Translation(self.answers[careful].get(sentence, ""), -0.5))]


PLACEHOLDER = GOOD.replace("OpenAI", "A1")
FOUR = {PUT: NOTHING, HALVES[0]: "In 2025 OpenAI lost $14 billion,", HALVES[1]: GOOD[33:]}
CLIMBS = {  # answers of each engine, usually and when careful; what is kept
    "right at once": ([({LOSS: GOOD}, {})], GOOD, "first", ()),
    "numbers in English": (
        [({LOSS: GOOD.replace("billion", "million"), PUT: GOOD}, {})], GOOD, "English numbers", (),
    ),
    "a wider beam finds the year": (
        [({LOSS: NO_YEAR, PUT: NO_YEAR}, {PUT: GOOD})], GOOD, "wider beam", (),
    ),
    "what was damaged is restored at once": (
        [({LOSS: GOOD.replace("OpenAI", "Open ai")}, {})], GOOD, "first", (),
    ),
    "a placeholder brings the name back": (
        [({LOSS: NO_NAME, HELD: PLACEHOLDER}, {})], GOOD, "placeholders", (),
    ),
    "a placeholder that comes out twice is no attempt": (
        [({LOSS: NO_NAME, HELD: PLACEHOLDER + " A1"}, {PUT: GOOD})], GOOD, "wider beam", (),
    ),
    "in parts": ([({LOSS: NOTHING, PUT: NOTHING}, FOUR)], GOOD, "in parts", ()),
    "the next engine": (
        [({LOSS: NOTHING, PUT: NOTHING}, {}), ({LOSS: GOOD}, {})], GOOD, "next engine", (),
    ),
    "the next engine, with placeholders": (
        [({LOSS: NOTHING, PUT: NOTHING}, {}), ({LOSS: NO_NAME, HELD: PLACEHOLDER}, {})],
        GOOD, "next engine", (),
    ),
    "the least wrong is kept, of equals the first": (
        [({LOSS: NO_YEAR}, {PUT: NO_YEAR + " "}), ({LOSS: NOTHING}, {})],
        NO_YEAR, "first", ("number: 2025 is missing",),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("answers", "text", "rung", "flags"), CLIMBS.values(), ids=CLIMBS)
def test_climbing(tmp_path, answers, text, rung, flags):
    """The best attempt is kept, with its rung and what is still wrong with it."""
    engines = [Script(str(number), *each) for number, each in enumerate(answers)]
    with Memory(tmp_path / "m.sqlite") as memory:
        best = climb([LOSS], RUSSIAN, engines, memory, lambda _done, _planned: None)[LOSS]
    told = tuple(map(str, best.flags))
    assert (best.translation.text, best.rung.name, told) == (text, rung, flags)


WORDS = {
    "потеряла": "lost:90",
    "сообщила": "said:90",
    "компания": "company:90",
    "долларов": "usd:9",
}
LEXICON = Lexicon("ru", {word: parse(english) for word, english in WORDS.items()}.get)
OTHER = "In 2025 OpenAI bought $14 billion of shares of a Bahraini bank."
ADEQUATE = {
    "of two with the same fault": (NO_YEAR[:24] + ".", NO_YEAR, NO_YEAR, ["number"]),
    "of one that says something else": (OTHER, GOOD, GOOD, []),
    "of two that say something else": (OTHER, OTHER + " Fine.", OTHER, ["meaning"]),
}


@pytest.mark.parametrize(("usual", "careful", "kept", "flags"), ADEQUATE.values(), ids=ADEQUATE)
def test_the_more_adequate_attempt_is_kept(tmp_path, usual, careful, kept, flags):
    """With a lexicon, what has too few of the source's words is tried again, and most words win."""
    engine = Script("a", {LOSS: usual, PUT: usual}, {PUT: careful})
    with Memory(tmp_path / "m.sqlite") as memory:
        count = lambda _done, _planned: None  # noqa: E731 - as short as it is
        best = climb([LOSS], RUSSIAN, [engine], memory, count, check, LEXICON)[LOSS]
    assert (best.translation.text, [flag.kind for flag in best.flags]) == (kept, flags)


def test_only_what_looks_wrong_is_tried_again(tmp_path):
    """A sentence without a flag is translated once, and never twice in one run."""
    engine = Script("a", {LOSS: GOOD, "Да.": "Yes."})
    with Memory(tmp_path / "m.sqlite") as memory:
        climb([LOSS, "Да.", LOSS], RUSSIAN, [engine], memory, lambda _done, _planned: None)
    assert engine.asked == [(LOSS, False), ("Да.", False)]


def test_attempts_are_remembered(tmp_path):
    """A second climb recalls every attempt, unless the memory is to be fresh."""
    counts = []
    for fresh in (False, False, True):
        engine = Script("a", {LOSS: NO_YEAR}, {PUT: GOOD})
        with Memory(tmp_path / "m.sqlite", fresh=fresh) as memory:
            climb([LOSS], RUSSIAN, [engine], memory, lambda _done, _planned: None)
        counts.append(len(engine.asked))
    assert counts == [3, 0, 3]


def test_progress_adds_up(tmp_path):
    """What is done equals what was planned in the end."""
    counts = []
    engine = Script("a", {LOSS: NO_YEAR}, {PUT: GOOD})
    with Memory(tmp_path / "m.sqlite") as memory:
        climb([LOSS, "Да."], RUSSIAN, [engine], memory, lambda *more: counts.append(more))
    assert sum(done for done, _ in counts) == sum(planned for _, planned in counts) > 2


CHECKS = {
    "right": (GOOD, ()),
    "wrong scale": (
        GOOD.replace("billion", "million"),
        ("number: 14 миллиардов = 14 billion is missing", "number: 14 million is added"),
    ),
    "lost name": (GOOD.replace("OpenAI", "it"), ("name: OpenAI is missing",)),
    "left-over script": (GOOD.replace("Monday", "понедельник"), ("source-script",)),
    "empty": ("", ("empty",)),
    "copy": (LOSS, ("copy", "source-script")),
}


@pytest.mark.parametrize(("text", "flags"), CHECKS.values(), ids=CHECKS)
def test_checks(text, flags):
    """What looks wrong is named; what is right is left alone."""
    found = tuple(map(str, check(LOSS, RUSSIAN, text)))
    assert found[: len(flags)] == flags
    assert bool(found) == bool(flags)
