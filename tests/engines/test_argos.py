"""Argos packages, tiny and random, through the real argostranslate and CTranslate2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import argos_package
import pytest

from pipeline.engines import ModelError, Translation, packages
from pipeline.engines.argos import Argos

REPOSITORY = Path(__file__).parents[2]


def translations(engine, sentences, language):
    """Collect all batches; check that every index comes once."""
    items = [item for batch in engine.translate(sentences, language) for item in batch]
    assert sorted(index for index, _ in items) == list(range(len(sentences)))
    return [translation for _, translation in sorted(items)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Build package files once: ru in two versions, zt, zh, and one out of English."""
    folder = tmp_path_factory.mktemp("shelf")
    for code in ("ru", "zt", "zh"):
        argos_package.build(folder, code)
    argos_package.build(folder, "ru", version="1.10")
    argos_package.build(folder, "he", to_code="de")
    return folder


@pytest.fixture
def one(shelf, tmp_path):
    """Give a maker of a folder with one package, from its file."""

    def make(code: str, language: str) -> Path:
        packages.install(
            tmp_path / "argos", language, source=shelf / f"translate-{code}_en-1_0.argosmodel"
        )
        return tmp_path / "argos"

    return make


@pytest.fixture
def server(shelf, tmp_path):
    """Serve an index and the package files on the loopback interface; give the index URL."""
    (tmp_path / "index").mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "index"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        url = f"http://127.0.0.1:{httpd.server_port}"
        index = []
        for file in shelf.iterdir():
            (tmp_path / "index" / file.name).write_bytes(file.read_bytes())
            with zipfile.ZipFile(file) as archive:
                metadata = json.loads(archive.read(f"{file.stem}/metadata.json"))
            index.append(metadata | {"links": [f"{url}/{file.name}"]})
        (tmp_path / "index" / "index.json").write_text(json.dumps(index))
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"{url}/index.json"
        httpd.shutdown()


def test_install_list_remove(shelf, tmp_path):
    """A package comes from a folder of files, the newest version first, and goes again."""
    root = tmp_path / "argos"
    row = packages.install(root, "ru", source=shelf)
    assert (row.language, row.version) == ("ru", "1.10")
    assert packages.installed(root) == [row]
    assert packages.verify(root) == []
    packages.remove(root, "ru")
    assert packages.installed(root) == []
    assert list((root / "packages").iterdir()) == []
    with pytest.raises(ModelError, match=r"'ru'.*installed: none"):
        packages.remove(root, "ru")


def test_install_from_the_index(server, tmp_path):
    """The index gives the newest package into English; nothing but it is kept."""
    row = packages.install(tmp_path / "argos", "zh-Hant", index=server)
    assert (row.language, row.folder) == ("zh-Hant", "translate-zt_en-1_0")
    assert list((tmp_path / "argos" / "state" / "downloads").iterdir()) == []
    assert packages.install(tmp_path / "argos", "ru", index=server).version == "1.10"
    with pytest.raises(ModelError, match=r"'kk'.*embedded model"):
        packages.install(tmp_path / "argos", "kk", index=server)
    with pytest.raises(ModelError, match="'he'"):
        packages.install(tmp_path / "argos", "he", index=server)


def test_an_unreachable_index_is_named(tmp_path):
    """Without a network the error says what could not be fetched and what to do instead."""
    url = "http://127.0.0.1:9/index.json"
    with pytest.raises(ModelError, match=f"{url}.*--from"):
        packages.install(tmp_path / "argos", "ru", index=url)


def test_a_newer_version_replaces(one, shelf):
    """Installing a language again leaves one package of it."""
    root = one("ru", "ru")
    packages.install(root, "ru", source=shelf)
    assert [row.version for row in packages.installed(root)] == ["1.10"]
    assert len(list((root / "packages").iterdir())) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tokenizer": False}, "BPE"),
        ({"to_code": "de"}, "it has: none"),
        ({"from_code": "uk"}, "it has: uk"),
    ],
)
def test_unusable_packages_are_refused(tmp_path, options, message):
    """A package that cannot serve is refused with the reason, and nothing is installed."""
    file = argos_package.build(tmp_path, "ru", **options)
    with pytest.raises(ModelError, match=message):
        packages.install(tmp_path / "argos", "ru", source=file)
    assert packages.installed(tmp_path / "argos") == []


def test_damaged_files_are_refused(shelf, tmp_path):
    """A file cut short or changed in the middle, or no package at all, is refused by name."""
    data = (shelf / "translate-ru_en-1_0.argosmodel").read_bytes()
    (tmp_path / "cut.argosmodel").write_bytes(data[:-100])
    middle = len(data) // 2
    (tmp_path / "rotten.argosmodel").write_bytes(data[:middle] + b"rotten" + data[middle + 6 :])
    for name in ("cut.argosmodel", "rotten.argosmodel", "none.argosmodel"):
        with pytest.raises(ModelError, match=name):
            packages.install(tmp_path / "argos", "ru", source=tmp_path / name)
    assert packages.installed(tmp_path / "argos") == []


def test_translate(one):
    """Every sentence comes back once; over-long ones in parts, with a flag."""
    engine = Argos(one("ru", "ru"), threads=2)
    assert (engine.languages(), engine.quality("ru")) == ({"ru"}, "standard")
    short, empty, long = translations(engine, ["чаю.", " ", "Съешь же ещё, " * 80], "ru")
    assert short.text
    assert empty == Translation("")
    assert "split" in long.flags
    assert len(long.text) > len(short.text)
    assert "▁" not in long.text


def test_like_argostranslate(one):
    """The text is what argostranslate's tokenizer makes of CTranslate2's pieces."""
    root = one("ru", "ru")
    import ctranslate2

    package = packages._argostranslate(root).get_installed_packages()[0]
    model = ctranslate2.Translator(str(package.package_path / "model"), compute_type="int8")
    source = "Съешь же ещё этих мягких французских булок"
    pieces = package.tokenizer.encode(source)
    options = {"beam_size": 2, "length_penalty": 0.2, "replace_unknowns": True}
    raw = model.translate_batch([pieces], max_decoding_length=400, **options)[0].hypotheses[0]
    [translation] = translations(Argos(root), [source], "ru")
    expected = package.tokenizer.decode(raw)
    assert translation.text
    assert expected.strip().startswith(translation.text)


def test_target_prefix(tmp_path):
    """The prefix that a package asks for steers the model and is not in the text."""
    texts = []
    for number, metadata in enumerate(({}, {"target_prefix": "话"})):
        file = argos_package.build(tmp_path, "ru", **metadata)
        packages.install(tmp_path / str(number), "ru", source=file)
        [translation] = translations(Argos(tmp_path / str(number)), ["Съешь же ещё"], "ru")
        texts.append(translation.text)
    assert texts[0] != texts[1]
    assert not texts[1].startswith("话")


@pytest.mark.parametrize(
    ("code", "tag", "other"), [("zt", "zh-Hant", "zh-Hans"), ("zh", "zh-Hans", "zh-Hant")]
)
def test_chinese_falls_back(one, code, tag, other):
    """With a package for one script, the other is served through conversion."""
    texts = {"zh-Hant": "中國總理發表講話。", "zh-Hans": "中国总理发表讲话。"}
    engine = Argos(one(code, tag))
    assert engine.languages() == {tag, other}
    assert translations(engine, [texts[tag]], tag) == translations(engine, [texts[other]], other)
    assert engine.fingerprint(tag) != engine.fingerprint(other)


def test_both_scripts_installed(one):
    """With both packages each script has its own."""
    one("zt", "zh-Hant")
    engine = Argos(one("zh", "zh-Hans"))
    assert {engine._route(tag).script for tag in ("zh-Hant", "zh-Hans")} == {None}


def test_fingerprint(one, shelf):
    """The fingerprint follows package and beam."""
    root = one("ru", "ru")
    before = Argos(root).fingerprint("ru")
    assert before != Argos(root, beam=4).fingerprint("ru")
    packages.install(root, "ru", source=shelf)
    assert before != Argos(root).fingerprint("ru")


def test_tampering_is_refused(one):
    """A model file that differs from the lock is named, and is not loaded."""
    root = one("ru", "ru")
    file = root / "packages" / "translate-ru_en-1_0" / "model" / "model.bin"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert Argos(root).problems() == []
    assert "model.bin" in Argos(root).problems(verify=True)[0]
    with pytest.raises(ModelError, match=r"model\.bin"):
        list(Argos(root).translate(["a"], "ru"))


def test_problems(one):
    """Missing files, foreign folders and a broken lock are told apart."""
    root = one("ru", "ru")
    (root / "packages" / "translate-ru_en-1_0" / "sentencepiece.model").unlink()
    (root / "packages" / "half").mkdir()
    first, second = Argos(root).problems()
    assert "sentencepiece.model is missing" in first
    assert "half was not installed completely" in second
    (root / "models.lock").write_text("{")
    assert "models.lock is damaged" in Argos(root).problems()[0]


def test_nothing_installed(tmp_path):
    """An empty folder serves no language and says how to change that."""
    engine = Argos(tmp_path / "argos")
    assert engine.languages() == frozenset()
    assert engine.problems() == []
    with pytest.raises(ModelError, match="models install ru"):
        list(engine.translate(["a"], "ru"))


def test_home_stays_empty(shelf, tmp_path):
    """Installing, translating and removing leave the home folder and the environment alone."""
    home = tmp_path / "home"
    home.mkdir()
    script = f"""
import os
from pathlib import Path
from pipeline.engines import packages
from pipeline.engines.argos import Argos
root = Path({str(tmp_path / "argos")!r})
before = dict(os.environ)
packages.install(root, "ru", source=Path({str(shelf)!r}))
assert {{k: v for k, v in os.environ.items() if k != "KMP_DUPLICATE_LIB_OK"}} == before
assert list(Argos(root).translate(["чаю"], "ru"))
packages.remove(root, "ru")
"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ARGOS_"))}
    environment |= {"HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
    assert list(home.rglob("*")) == []
