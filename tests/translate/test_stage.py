"""The translate stage with the real engines on tiny models: nothing is lost, all is remembered."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import argos_package
import lm_folder
import pytest

from pipeline.aligned import Aligned
from pipeline.article import Article, Language
from pipeline.engines.packages import install
from pipeline.paths import EMBEDDED_MODEL, MEMORY
from pipeline.read.layout import lines, segments
from pipeline.report import outcome_of
from pipeline.stage import Run
from pipeline.translate.sentences import split_sentences
from pipeline.translate.stage import LmOptions, Translate

ENGINE = f"lm ({Path(EMBEDDED_MODEL).name})"

KAZAKH = Language("kk", "Cyrl")
ONLY_LM = Translate(engines=(LmOptions(engine="lm"),))


def article(text, language=KAZAKH, source="a.txt"):
    """Make an article of a text."""
    parts = segments(lines(Aligned.identity(text)))
    return Article(source, text, language=language, segments=parts)


@pytest.fixture
def run(tmp_path):
    """Give a run in a project with a tiny embedded model."""
    lm_folder.build(tmp_path / EMBEDDED_MODEL)
    return Run(tmp_path)


def speaking(folder, says):
    """Build a model whose answer to each language is always the same, on every processor."""
    return lm_folder.build(
        folder,
        says=says,
        languages={tag: {"piece": f"<{tag}>"} for tag in says},
        prompt=["<bos>", "{source}", "{language}"],
        decoding={"input": 200, "floor": 8},
    )


def told(segment):
    """Give the flags as they are printed."""
    return list(map(str, segment.flags))


def remembered(root):
    """Count the remembered sentences."""
    with sqlite3.connect(root / MEMORY) as db:
        return db.execute("SELECT count(*) FROM translation").fetchone()[0]


def refuse_repetition(root):
    """Make the memory break the run that translates a known sentence again."""
    with sqlite3.connect(root / MEMORY) as db:
        db.execute(
            "CREATE TRIGGER again BEFORE INSERT ON translation "
            "WHEN EXISTS (SELECT 1 FROM translation WHERE key = new.key) "
            "BEGIN SELECT RAISE(ABORT, 'translated again'); END"
        )


RUNGS = 5  # a sentence of random weights is tried as it is, with a wider beam, and in parts
SPLITS = {
    "Kazakh": ("kk", "Бұл дұрыс айтылған. OpenAI 14,5 миллиард жоғалтты. Ал 2025 ж. ше?", 3),
    "Russian": ("ru", "Рост составил 4,2%. По словам А. С. Иванова, это мало. Почему?", 3),
    "Hebrew": ("he", "החברה הפסידה 5.5 מיליארד דולר. זה הרבה! מה יקרה עכשיו?", 3),
    "Indonesian": ("id", "Model GPT-4.5 sedang diuji. Menurut Dr. Budi, itu baik. Benarkah?", 3),
    "Chinese": ("zh", "營收達到34.5億美元。“這很多!”他說。然后呢?沒有句號的結尾", 5),
    "quotation": ("ru", "Он сказал: «Да. Нет. Может быть». И ушёл.", 2),
    "a point in a name": ("zh", "其中不乏Adept、Character.AI以及Stability AI。下一句。", 2),
    "no stop at the end": ("ru", "Первое предложение. Второе без точки", 2),
    "an address": ("ru", "Ссылка: https://x.com/a.b?c=d. Дальше текст.", 2),
}


@pytest.mark.parametrize(("language", "text", "count"), SPLITS.values(), ids=SPLITS)
def test_sentences(language, text, count):
    """A paragraph is split into its sentences, each with its own offsets, none lost."""
    found = split_sentences(article(f"{text}", Language(language, "Xxxx")))
    assert len(found) == count, [s.source for s in found]
    assert all(text[s.start : s.end] == s.source for s in found)
    assert "".join(s.source for s in found).replace(" ", "") == text.replace(" ", "")


def test_headings_stay_whole_and_sentences_know_their_block():
    """A heading is one segment; sentences of a paragraph share its number; ids count up."""
    text = "Title here\nWhat? And why? Yes\nOne is this. Two is that.\n- An item. Still it.\n"
    found = split_sentences(article(text, Language("en", "Latn")))
    assert [(s.kind, s.block) for s in found] == [
        ("title", 0),
        ("heading", 1),
        ("sentence", 2),
        ("sentence", 2),
        ("item", 3),
        ("item", 3),
    ]
    assert [s.id for s in found] == list(range(6))


def test_every_segment_is_accounted_for(run):
    """With a model of random weights every segment ends translated or flagged, none vanishes."""
    text = "Тақырып\nБұл бір сөйлем. Бұл екінші сөйлем.\n2024\n- бір\n" + "Өте ұзын " * 200 + "."
    (found,) = ONLY_LM((article(text),), run)
    assert all(outcome_of(s) for s in found.segments)
    number = next(s for s in found.segments if s.source == "2024")
    assert (number.translation, number.engine) == ("2024", "original")
    words = [s for s in found.segments if s.source != "2024"]
    assert {outcome_of(s) for s in words} <= {"translated, flagged", "translated", "untranslated"}
    for segment in words:
        if segment.translation:
            assert (segment.engine, segment.quality) in {(ENGINE, ""), (ENGINE, "check")}
        else:
            assert "untranslated: every attempt failed" in told(segment)[0]


def test_english_passes_through(run):
    """English text is its own translation, without a model."""
    (found,) = ONLY_LM((article("One is this. Two is that.", Language("en", "Latn")),), run)
    assert [(s.translation, s.engine) for s in found.segments] == [
        ("One is this.", "original"),
        ("Two is that.", "original"),
    ]
    assert not (run.root / MEMORY).exists() or remembered(run.root) == 0


def test_bylines_stay(run):
    """A byline, a bare name in which a model would invent the rest, stays as it is."""
    named = article("Мақала\nАвтор аты\nМәтін осында жазылған.")
    byline = replace(named.segments[1], kind="byline")
    (found,) = ONLY_LM((replace(named, segments=(named.segments[0], byline)),), run)
    assert (found.segments[1].translation, found.segments[1].engine) == ("Автор аты", "original")


def test_a_language_without_an_engine_is_kept_and_marked(run):
    """An article in a language that no engine has stays in its own words and says so."""
    text = "Ceci est une phrase. En voici une autre."
    (found,) = ONLY_LM((article(text, Language("fr", "Latn")),), run)
    assert found.status == "unsupported"
    assert found.notes == ("no engine has fr",)
    assert [s.source for s in found.segments] == text.replace(". ", ".\n").splitlines()
    assert all(s.translation == "" and "untranslated" in told(s)[0] for s in found.segments)


def test_a_paragraph_in_another_language_goes_its_own_way(tmp_path):
    """A paragraph with a language of its own is translated from that, or marked."""
    speaking(tmp_path / EMBEDDED_MODEL, {"kk": "This is one sentence."})
    base = article("Бұл бір сөйлем.\nUne phrase ici.\nOne more here.")
    kazakh, french, english = base.segments
    mixed = (
        kazakh,
        replace(french, language=Language("fr", "Latn")),
        replace(english, language=Language("en", "Latn")),
    )
    (found,) = ONLY_LM((replace(base, segments=mixed),), Run(tmp_path))
    assert [s.engine for s in found.segments] == [ENGINE, "", "original"]
    assert told(found.segments[1]) == ["untranslated: no engine has fr"]


def test_one_edited_sentence_is_one_translation(run):
    """A second run translates only what is new, and gives the same for the rest."""
    text = "Бұл бір сөйлем. Бұл екінші сөйлем. Бұл үшінші сөйлем."
    (first,) = ONLY_LM((article(text),), run)
    before = remembered(run.root)
    refuse_repetition(run.root)
    (second,) = ONLY_LM((article(text.replace("екінші", "төртінші")),), run)
    assert before < remembered(run.root) <= before + RUNGS
    assert second.segments[0] == first.segments[0]


def test_company_does_not_matter(run):
    """An article's translation does not depend on the articles translated beside it."""
    texts = ["Бұл бір сөйлем.", "Бұл екінші, сәл ұзағырақ сөйлем. Тағы бірі.", "Қысқа сөз."]
    together = ONLY_LM(tuple(article(t, source=t) for t in texts), run)
    fresh = replace(run, fresh=True)
    alone = tuple(ONLY_LM((article(t, source=t),), fresh)[0] for t in texts)
    for one, other in zip(together, alone, strict=True):
        assert [(s.translation, s.flags) for s in one.segments] == [
            (s.translation, s.flags) for s in other.segments
        ]


@pytest.mark.parametrize(("prefer", "engine"), [(None, "argos"), ({"zh-Hant": "lm"}, ENGINE)])
def test_the_first_engine_that_has_the_language(run, tmp_path, prefer, engine):
    """An installed Argos package is used before the embedded model, unless preferred otherwise."""
    package = argos_package.build(tmp_path, "zt")
    install(tmp_path / "models" / "argos", "zh-Hant", source=package)
    rows = Translate(prefer=prefer).served(run)
    chinese = [(name, used) for language, name, _, used in rows if language == "zh-Hant"]
    assert chinese[0] == (engine, "used")
    assert len(chinese) == 2
    (found,) = Translate(prefer=prefer)((article("這是一句話。", Language("zh", "Hant")),), run)
    assert found.segments[0].rung


def test_problems_are_told_before_the_run(tmp_path):
    """Without any model, and with a preference for an engine that is not there, it says so."""
    (problem,) = ONLY_LM.problems(Run(tmp_path))
    assert EMBEDDED_MODEL in problem
    lm_folder.build(tmp_path / EMBEDDED_MODEL)
    wrong = replace(ONLY_LM, prefer={"kk": "argos"})
    assert wrong.problems(Run(tmp_path)) == [
        "translate: 'kk' prefers 'argos', which is not among its engines; known: lm"
    ]


USELESS = "the company " * 12
TWO = (LmOptions(folder="one"), LmOptions(folder="two", name="other"))
PREFERENCES = {
    "in their order": (None, ["lm (two)", "lm (one)", "lm (two)"]),
    "the second preferred": ({"id": "other"}, ["lm (two)", "lm (two)", "lm (two)"]),
}


@pytest.fixture
def two(tmp_path):
    """Give a run with two folders of one kind of engine; what the first says in Kazakh is void."""
    speaking(tmp_path / "one", {"kk": USELESS, "id": "The water rose on Monday."})
    speaking(tmp_path / "two", dict.fromkeys(("kk", "id", "ru"), "The mayor said so on Friday."))
    return Run(tmp_path)


def test_two_engines_of_one_name_are_told_before_the_run(two):
    """One of them would silently replace the other."""
    engines = tuple(options.model_copy(update={"name": "same"}) for options in TWO)
    (problem,) = Translate(engines=engines).problems(two)
    assert "two engines have the same name" in problem


@pytest.mark.parametrize(("prefer", "used"), PREFERENCES.values(), ids=PREFERENCES)
def test_two_folders_of_one_kind(two, prefer, used):
    """The second has what the first has not, what the first fails at, and what prefers it."""
    texts = {"kk": "Бұл бір сөйлем.", "id": "Air naik pada hari Senin.", "ru": "Вода поднялась."}
    stage = Translate(engines=TWO, prefer=prefer)
    batch = tuple(article(t, Language(code, "Xxxx"), code) for code, t in texts.items())
    found = [a.segments[0] for a in stage(batch, two)]
    assert [s.engine for s in found] == used
    assert found[0].rung == "next engine"
    assert stage.problems(two) == []
    assert {n.split("/")[0] for n in stage.depends_on(two)} == {"lm", "other"}


def test_where_every_attempt_fails_the_article_says_so(two):
    """An engine that has the language but gives nothing of use is not called missing."""
    (found,) = Translate(engines=TWO[:1])((article("Бұл бір сөйлем."),), two)
    assert (found.status, found.notes) == ("unsupported", ("every attempt failed",))
    assert told(found.segments[0])[0].startswith("untranslated: every attempt failed")


WRONG_GLOSSARIES = {
    "missing": (None, "no such file"),
    "a list": ("- a\n", "glossary.yaml:1:1: expected 'language:'"),
    "no English": ("ru:\n  Симо:\n", "glossary.yaml:2:8: expected"),
    "twice": ("ru:\n  Симо: Simo\n  Симо: Fidji\n", "glossary.yaml:3:3: 'Симо' is set twice"),
}


@pytest.mark.parametrize(("text", "message"), WRONG_GLOSSARIES.values(), ids=WRONG_GLOSSARIES)
def test_a_wrong_glossary_is_told_before_the_run(run, text, message):
    """A glossary that is missing or malformed is a problem with its place."""
    if text is not None:
        (run.root / "glossary.yaml").write_text(text)
    (problem,) = replace(ONLY_LM, glossary="glossary.yaml").problems(run)
    assert message in problem


def test_terms_are_put_and_accounted_for(tmp_path):
    """A term of the glossary is noted on its segment, and flagged where it did not come out."""
    speaking(tmp_path / EMBEDDED_MODEL, {"kk": "This is clear."})
    (tmp_path / "glossary.yaml").write_text("kk:\n  Маск*: Musk\n")
    stage = replace(ONLY_LM, glossary="glossary.yaml")
    (found,) = stage((article("Масктың сөзі даулы. Бұл анық."),), Run(tmp_path))
    assert [s.terms for s in found.segments] == [("Musk",), ()]
    assert ["glossary: Musk is missing" in told(s) for s in found.segments] == [True, False]


PROJECT = "stages: [{detect: {language: kk}}, {translate: {engines: [{engine: lm}]}}, render]\n"


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_stopped(project):
    """After kill -9 in mid-translation the next run repeats at most the batches in flight."""
    sentences = [f"Бұл {n}-сөйлем және оның жалғасы осында жазылған." for n in range(600)]
    root = project({"pipeline.yaml": PROJECT, "seeds/a.txt": "\n".join(sentences)})
    lm_folder.build(root / EMBEDDED_MODEL)
    command = [sys.executable, "-m", "pipeline", "run", "--config", str(root / "pipeline.yaml")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.02)
            if (root / MEMORY).exists() and _rows(root) >= 100:
                break
        process.send_signal(signal.SIGKILL)
    before = _rows(root)
    assert 100 <= before < 600
    assert not list(root.glob("output/*.md"))
    refuse_repetition(root)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert _rows(root) >= 600
    assert (root / "output" / "a.md").exists()


def _rows(root):
    try:
        return remembered(root)
    except sqlite3.OperationalError:  # the table is not there yet
        return 0


def test_a_lexicon_of_the_users_counts(run):
    """It is told where it is wrong, and part of what a result depends on."""
    stage = replace(ONLY_LM, lexicon="own.tsv")
    assert "own.tsv: cannot be read as a lexicon" in " ".join(stage.problems(run))
    (run.root / "own.tsv").write_text("қазына\ttreasury\tkk\n")
    stage = replace(ONLY_LM, lexicon="own.tsv")
    assert stage.problems(run) == []
    assert "own.tsv" in stage.depends_on(run)
    assert stage.fingerprints(run) != ONLY_LM.fingerprints(run)
