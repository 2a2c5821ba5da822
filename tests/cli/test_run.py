"""`pipeline run` as users run it: files in, digests out, whatever is wrong with the files."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from conftest import call

from pipeline.cli import main
from pipeline.paths import EMBEDDED_MODEL

STAGES = "stages: [clean, detect, dedupe, summarize, render]\n"
ARTICLE = (
    "The river town\n"
    "The river rose by two metres on Monday. The town had been warned on Friday.\n"
    "Nobody was hurt, the mayor said, and the bridge is open again. Repairs cost 3 million.\n"
)


def digests(root):
    """Give every output file but the report, which has times in it."""
    files = (root / "output").iterdir()
    return {p.name: p.read_text("utf-8") for p in files if p.name != "report.json"}


def load(root, name):
    """Load a JSON output."""
    return json.loads((root / "output" / name).read_text("utf-8"))


def test_evidence_points_back_into_the_input(project):
    """Segments, removed passages and repairs reproduce the input at their offsets."""
    text = "Menu\r\n" + ARTICLE.replace("two metres", "two\u00a0me\u00adtres") + ARTICLE
    root = project({"pipeline.yaml": STAGES, "seeds/river.txt": text})
    call(root, "run")
    evidence = load(root, "river.json")
    assert evidence["schema"] == 2
    assert evidence["repairs"]
    assert evidence["removed"]
    for removed in evidence["removed"]:
        assert text[removed["start"] : removed["end"]] == removed["text"]
    for repair in evidence["repairs"]:
        assert text[repair["start"] : repair["end"]] == repair["before"]
    for segment in evidence["segments"]:
        stood = text[segment["start"] : segment["end"]]
        assert stood.replace("\u00a0", " ").replace("\u00ad", "") == segment["source"]


BAD = {
    "empty.txt": b"",
    "binary.txt": bytes(range(256)) * 40,
    "wrong-encoding.txt": b"\xff\xfe\x00",
    "no-letters.txt": b"1 2 3 4 5\n---\n2024\n",
    "one-character.txt": b"a" * 1_000_000,
    "one-line.txt": b"The cat sat on the mat and looked at the dog. " * 20_000,
    "mixed.txt": (
        "The minister spoke in the capital on Monday about the new budget for schools.\n"
        "Министр выступил в столице в понедельник и рассказал о новом бюджете для школ.\n"
    ).encode(),
}


def test_bad_input_costs_no_good_input(project):
    """Every kind of bad file is a row that says what is wrong; the others are written, each once.

    Also those of one stem, and one called index, which does not hide the index.
    """
    good = {"river.txt": ARTICLE, "river.md": "# Late\n\nThe harvest was late this year.\n"}
    good["index.txt"] = "A third story\nThe train to the coast runs twice a day now.\n"
    files = {f"seeds/{name}": text for name, text in (good | BAD).items()}
    root = project({"pipeline.yaml": STAGES, **files})
    (root / "seeds" / "loop.txt").symlink_to(root / "seeds" / "loop.txt")
    call(root, "run", code=1)
    rows = {r["source"]: r for r in load(root, "report.json")["articles"]}
    assert set(rows) == {*BAD, *good, "loop.txt"}
    assert {rows[source]["status"] for source in good} == {"ok"}
    failed = {s for s, r in rows.items() if r["status"] == "failed"}
    assert failed == {"empty.txt", "binary.txt", "wrong-encoding.txt", "loop.txt"}
    assert all(rows[s]["error"] for s in failed)
    assert rows["no-letters.txt"]["status"] == "unsupported"
    assert rows["no-letters.txt"]["notes"]
    written = digests(root)
    assert len(written) == 2 * len(rows) + 1
    assert written["index.md"].startswith("# Digests")
    for row in rows.values():
        assert f"{row['output']}.md" in written
        assert load(root, f"{row['output']}.json")["status"] == row["status"]


def test_same_input_same_bytes(project, tmp_path):
    """Two runs from scratch write the same bytes, and no path of the machine is in them."""
    root = project({"pipeline.yaml": STAGES, "seeds/river.txt": ARTICLE})
    call(root, "run")
    first = digests(root)
    call(root, "run", "--force")
    assert digests(root) == first
    assert not any(str(tmp_path) in text for text in first.values())


def test_only_writes_just_those(project):
    """With --only the other digests, the index and the report stay as they are."""
    root = project(
        {"pipeline.yaml": STAGES, "seeds/a.txt": ARTICLE, "seeds/b.txt": "Title\nText.\n"}
    )
    call(root, "run", "--only", "a.*")
    assert set(digests(root)) == {"a.md", "a.json"}
    assert not (root / "output" / "report.json").exists()


TRANSLATE = "stages: [detect, {translate: {engines: [{engine: lm, folder: nowhere}]}}]"
PROBLEMS = [
    ("stages: [detcet]", [], "did you mean 'detect'?"),
    ("stages: [{render: {template: no.j2}}]", [], "'no.j2' is unreadable"),
    (TRANSLATE, [], "nowhere"),
    (STAGES, ["--input", "nowhere"], "no input folder 'nowhere'"),
    (STAGES, ["--output", "ROOT/seeds/out"], "lies inside the input"),
]


@pytest.mark.parametrize(("text", "arguments", "message"), PROBLEMS)
def test_what_is_wrong_stops_before_the_first_article(project, text, arguments, message):
    """Bad configuration, missing models and wrong folders exit with 2 and write nothing."""
    root = project({"pipeline.yaml": text, "seeds/a.txt": ARTICLE})
    arguments = (argument.replace("ROOT", str(root)) for argument in arguments)
    assert message in call(root, "run", *arguments, code=2)
    assert [p.name for p in (root / "seeds").iterdir()] == ["a.txt"]
    assert not (root / "output").exists()


def test_init_check_stages_and_schema(tmp_path):
    """`init` writes a project that `check` understands; `stages` and `schema` list it all."""
    root, runner = tmp_path / "new", CliRunner()
    assert [runner.invoke(main, ["init", str(root)]).exit_code for _ in "12"] == [0, 2]
    assert (root / "articles").is_dir()
    assert EMBEDDED_MODEL in call(root, "check", code=2)  # no model in a new folder
    assert "min_confidence" in call(root, "stages")
    assert json.loads(runner.invoke(main, ["schema"]).output)["properties"]


COMMANDS = ["", "run", "plan", "init", "check", "stages", "schema", "models", "cache"]


@pytest.mark.parametrize("command", [*COMMANDS, "cache stats", "cache prune"])
def test_every_command_helps(command):
    """Every command has a help text with an example."""
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output or "Start with" in result.output
