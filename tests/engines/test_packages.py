"""Argos packages, tiny and random: installed from files and over loopback, and translated with."""

from __future__ import annotations

import importlib
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
import ctranslate2
import pytest

from pipeline.engines import ModelError
from pipeline.engines.argos import Argos
from pipeline.engines.packages import install, installed, remove

REPOSITORY = Path(__file__).parents[2]


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
def server(shelf, tmp_path):
    """Serve an index and the package files on the loopback interface; give the index URL."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "index"))
    (tmp_path / "index").mkdir()
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
        yield url
        httpd.shutdown()


def test_install_list_replace_remove(shelf, tmp_path):
    """A package comes from a file, gives way to the newest of a folder, and goes again."""
    old = install(tmp_path, "ru", source=shelf / "translate-ru_en-1_0.argosmodel")
    assert installed(tmp_path) == [old]
    row = install(tmp_path, "ru", source=shelf)
    assert (row.language, row.version) == ("ru", "1.10")
    assert installed(tmp_path) == [row]
    assert [folder.name for folder in (tmp_path / "packages").iterdir()] == [row.folder]
    assert Argos(tmp_path).problems(verify=True) == []
    remove(tmp_path, "ru")
    assert [*installed(tmp_path), *(tmp_path / "packages").iterdir()] == []
    with pytest.raises(ModelError, match=r"'ru'.*installed: none"):
        remove(tmp_path, "ru")


def test_install_from_the_index(server, tmp_path):
    """The index gives the newest package into English; nothing but it is kept."""
    row = install(tmp_path / "argos", "zh-Hant", index=f"{server}/index.json")
    assert (row.language, row.folder) == ("zh-Hant", "translate-zt_en-1_0")
    assert {path.name for path in (tmp_path / "argos").iterdir()} == {"packages", "models.lock"}
    assert install(tmp_path / "argos", "ru", index=f"{server}/index.json").version == "1.10"
    for code in ("kk", "he"):
        with pytest.raises(ModelError, match=rf"'{code}'.*it has: ru, zh, zt.*engine `lm`"):
            install(tmp_path / "argos", code, index=f"{server}/index.json")


def test_an_index_out_of_reach_is_named(server, tmp_path):
    """Without a network, or an index there, the error says what to do instead."""
    for url in ("http://127.0.0.1:9/index.json", server):
        with pytest.raises(ModelError, match=f"{url}.*--from"):
            install(tmp_path / "argos", "ru", index=url)


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
        install(tmp_path / "argos", "ru", source=file)
    assert Argos(tmp_path / "argos").problems() == installed(tmp_path / "argos") == []


def test_damaged_files_are_refused(shelf, tmp_path):
    """A file cut short or changed in the middle, or no package at all, is refused by name."""
    data = (shelf / "translate-ru_en-1_0.argosmodel").read_bytes()
    middle = len(data) // 2
    with zipfile.ZipFile(tmp_path / "odd.argosmodel", "w") as archive:
        archive.writestr("metadata.json", "{}")
    (tmp_path / "cut.argosmodel").write_bytes(data[:-100])
    (tmp_path / "rotten.argosmodel").write_bytes(data[:middle] + b"rotten" + data[middle + 6 :])
    for name in ("odd.argosmodel", "cut.argosmodel", "rotten.argosmodel", "none.argosmodel"):
        with pytest.raises(ModelError, match=f"{name}.*download it again"):
            install(tmp_path / "argos", "ru", source=tmp_path / name)
    assert Argos(tmp_path / "argos").problems() == installed(tmp_path / "argos") == []


def test_problems(shelf, tmp_path):
    """Missing files, folders that nothing records and a broken lock are told apart."""
    row = install(tmp_path, "ru", source=shelf)
    (tmp_path / "packages" / row.folder / "sentencepiece.model").unlink()
    (tmp_path / "packages" / "half").mkdir()
    first, second = Argos(tmp_path).problems()
    assert "sentencepiece.model is missing" in first
    assert "half was not installed completely" in second
    (tmp_path / "models.lock").write_text("{")
    assert "models.lock is damaged" in Argos(tmp_path).problems()[0]


def test_like_argostranslate(shelf, tmp_path, monkeypatch, translations):
    """The text is what argostranslate's tokenizer makes of CTranslate2's pieces."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "theirs"))
    folder = tmp_path / "packages" / install(tmp_path, "ru", source=shelf).folder
    package = importlib.import_module("argostranslate.package").Package(folder)
    model = ctranslate2.Translator(str(folder / "model"), compute_type="int8")
    source = "Съешь же ещё этих мягких французских булок"
    options = {"beam_size": 2, "length_penalty": 0.2, "replace_unknowns": True}
    pieces = [package.tokenizer.encode(source)]
    raw = model.translate_batch(pieces, max_decoding_length=400, **options)[0].hypotheses[0]
    [translation] = translations(Argos(tmp_path), [source], "ru")
    assert translation.text
    assert package.tokenizer.decode(raw).strip().startswith(translation.text)


def test_target_prefix(tmp_path, translations):
    """The prefix that a package asks for steers the model and is not in the text."""
    texts = []
    for number, metadata in enumerate(({}, {"target_prefix": "话"})):
        root = tmp_path / str(number)
        install(root, "ru", source=argos_package.build(tmp_path, "ru", **metadata))
        texts += [t.text for t in translations(Argos(root), ["Съешь же ещё"], "ru")]
    assert texts[0] != texts[1]
    assert not texts[1].startswith("话")


def test_chinese(shelf, tmp_path, translations):
    """A package for Simplified serves Traditional too, until that has one of its own."""
    texts = {"zh-Hans": ["中国总理发表讲话。"], "zh-Hant": ["中國總理發表講話。"]}
    engine = Argos(tmp_path)
    install(tmp_path, "zh-Hans", source=shelf)
    assert engine.languages() == texts.keys()
    assert len({translations(engine, text, tag)[0] for tag, text in texts.items()}) == 1
    before = {tag: engine.fingerprint(tag) for tag in texts}
    install(tmp_path, "zh-Hant", source=shelf)
    assert [engine.fingerprint(tag) == before[tag] for tag in texts] == [True, False]


def test_home_stays_empty(shelf, server, tmp_path):
    """Installing, translating and removing leave the home folder and the environment alone."""
    home = tmp_path / "home"
    home.mkdir()
    script = f"""
import os
from pathlib import Path
from pipeline.engines.argos import Argos
from pipeline.engines.packages import install, remove
root = Path({str(tmp_path / "argos")!r})
before = dict(os.environ)
install(root, "ru", index={f"{server}/index.json"!r})
assert {{k: v for k, v in os.environ.items() if k != "KMP_DUPLICATE_LIB_OK"}} == before
assert list(Argos(root).translate(["чаю"], "ru"))
remove(root, "ru")
"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ARGOS_"))}
    environment |= {"HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
    assert list(home.rglob("*")) == []
