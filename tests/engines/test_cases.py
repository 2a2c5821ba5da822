"""Splitting, repetition, and the entries of `engines:`: cases as data, and what holds for all."""

from __future__ import annotations

import json

import pytest
from cases import cases
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pipeline.engines import EngineChoice, names_of
from pipeline.engines.decoder import looped
from pipeline.engines.lm import LmOptions
from pipeline.engines.splitting import split

ENTRIES = TypeAdapter(list[EngineChoice])
TEXTS = st.text(
    st.one_of(st.sampled_from("ab жё, ;。，、5. \n"), st.characters(codec="utf-8")), max_size=120
)
OWN = """
from pipeline.engines import EngineOptions
class Parrot(EngineOptions):
    voice: str = "loud"
"""


def read(entries, root=None):
    """Read entries of `engines:` as pipeline.yaml's are read."""
    return ENTRIES.validate_json(json.dumps(entries), context={"root": root})


@cases(__file__, "splits", "limit", "parts")
def test_cut_at_the_best_place(limit, parts):
    """A clause ends a part before a word does, and a number is never cut in two."""
    assert split("".join(parts), limit, len) == parts


@given(TEXTS, st.integers(1, 20))
@settings(max_examples=200, deadline=None)
def test_parts_join_to_the_sentence(text, limit):
    """The parts give the text back, and each fits the limit."""
    parts = split(text, limit, len)
    assert "".join(parts) == text
    assert all(len(part) <= limit for part in parts)


@cases(__file__, "loops", "text", "repeated")
def test_looped(text, repeated):
    """What repeats at the end is counted past its first round; honest repetition is not."""
    assert looped(list(text)) == repeated


@cases(__file__, "names", "engines", "names")
def test_names(engines, names):
    """Each engine has a name by which `prefer` and the evidence tell it from the others."""
    assert names_of(read(engines)) == names


def test_an_engine_of_your_own(project):
    """One file beside pipeline.yaml adds an engine with options of its own."""
    root = project({"my_engines.py": OWN})
    entry = {"engine": "my_engines.Parrot", "beam": 2, "voice": "low"}
    [parrot] = read([entry], root)
    assert parrot.voice == "low"
    assert json.loads(ENTRIES.dump_json([parrot]))[0].items() >= entry.items()
    assert names_of([parrot]) == ["my_engines.Parrot"]


@pytest.mark.parametrize(
    ("entry", "place", "message"),
    [
        ({"engine": "lmm"}, "engine", "unknown engine 'lmm'; did you mean 'lm'?"),
        ({"folder": "models"}, "engine", "required"),
        ({"engine": "lm", "baem": 2}, "baem", "not permitted"),
        ({"engine": "lm", "beam": 9}, "beam", "less than or equal to 8"),
        ({"engine": "my_missing.Parrot"}, "engine", "my_missing.py"),
    ],
)
def test_a_wrong_entry_is_told_at_its_place(entry, place, message):
    """A mistake in an entry is reported at the option that has it."""
    with pytest.raises(ValidationError) as caught:
        read([entry])
    first = caught.value.errors()[0]
    assert first["loc"] == (0, place)
    assert message in first["msg"]


def test_the_schema_knows_every_engine():
    """Editors are told the options of every registered engine."""
    text = json.dumps(ENTRIES.json_schema())
    assert all(option in text for option in ("folder with model.yaml", "installed packages"))
    assert ENTRIES.validate_python([LmOptions()]) == [LmOptions()]
