"""The report of a run: what it was made from, what it made, and what has changed since."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from collections import ChainMap, Counter
from contextlib import suppress
from functools import cache
from glob import escape
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from pydantic import Field

from pipeline import __version__, registry
from pipeline.article import PASSED_THROUGH, Status
from pipeline.evidence import Ledger, Record, ledger
from pipeline.paths import INDEX, PACKAGE, REPORT, is_own, sha256
from pipeline.render.page import Page
from pipeline.translate.glossary import came_out

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pipeline.article import Article, Segment
    from pipeline.config import Config
    from pipeline.stage import Outcome, Run


class Ingredients(Record):
    """All that a run's result depends on: names with their hashes or versions.

    `skipped` counts the files that were left out, by why; `programs` tells whether stages could
    start programs, which the network guard does not see.
    """

    versions: dict[str, str]
    configuration: str
    models_and_templates: dict[str, str]  # the glossary and code of the project's own, too
    inputs: dict[str, str]
    skipped: dict[str, int]
    programs: bool


class Row(Record):
    """How one article ended. `letters` tells how many of them are where, and how many nowhere.

    A `stale` one failed, and its digest is that of an earlier run. `quality` is what its page says
    of all of it, and `to_check` counts the segments that the page marks.
    """

    source: str
    output: str
    status: Status
    stale: bool
    error: str
    notes: tuple[str, ...]
    language: str
    segments: int
    to_check: int
    quality: str
    letters: Ledger


class Report(Ingredients):
    """What `report.json` holds. Seconds are wall time; `files` are outputs with their SHA-256."""

    version: Literal[4] = Field(4, alias="schema")
    counts: dict[str, Any]
    errors: tuple[str, ...]
    seconds: dict[str, float]
    articles: tuple[Row, ...]
    files: dict[str, str]


def ingredients(
    config: Config, inputs: dict[str, Path], skipped: dict[str, int], run: Run
) -> Ingredients:
    """Hash all that a run's result depends on; no model is loaded."""
    loaded = {Path(f) for m in list(sys.modules.values()) if (f := getattr(m, "__file__", None))}
    own = {
        path.relative_to(run.root).as_posix(): sha256(path)
        for path in sorted(loaded)  # stages, checks and their kin beside pipeline.yaml
        if is_own(path, run.root)
    }
    return Ingredients(
        versions=versions(),
        configuration=config.hash,
        models_and_templates=dict(ChainMap(own, *config.ask("depends_on", run))),
        inputs={source: sha256(path) for source, path in inputs.items()},
        skipped=skipped,
        programs=config.programs,
    )


@cache
def versions() -> dict[str, str]:
    """Give the version of Python, of our code, and of every package that may take part."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".toml", ".j2"}:
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    found = {
        "pipeline": f"{__version__}+{digest.hexdigest()[:12]}",
        "python": platform.python_version(),
    }
    ours = [line for line in requires("offline-digest") or () if "extra ==" not in line]
    for name in sorted({re.split(r"[^\w.-]", line)[0] for line in ours} | registry.packages()):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def compare(output: Path, now: Ingredients) -> tuple[str, ...]:
    """Say what differs from what the last run into `output` was made from, and left there."""
    try:
        last = Report.model_validate_json((output / REPORT).read_bytes())
    except (OSError, ValueError):
        unknown = "report.json is damaged or of an older version"
        return (unknown if (output / REPORT).exists() else "no report yet",)
    there = {name: sha256(output / name) for name in last.files if (output / name).exists()}
    failed = *(row.source for row in last.articles if row.status == "failed"), *last.errors
    return (
        *_differences("input", last.inputs, now.inputs),
        *["stage or option changed"] * (last.configuration != now.configuration),
        *_differences("file", last.models_and_templates, now.models_and_templates),
        *_differences("version", last.versions, now.versions),
        *_differences("output", last.files, there),
        *(f"failed last time: {what}" for what in failed),
    )


def foreign(output: Path, stems: Iterable[str], suffixes: Iterable[str]) -> list[str]:
    """Name the files in `output` that no run wrote and a run is about to write.

    A run's own is in the last report or has evidence beside it; an index, or a report that cannot
    be read, speaks of a page that has. A clone of a repository may come without the report.
    """
    try:
        known = {REPORT, *json.loads((output / REPORT).read_bytes())["files"]}
    except (OSError, ValueError, LookupError, TypeError):
        known = set()
    index = Path(INDEX).stem
    files = {f"{stem}{end}": stem for stem in stems for end in (*suffixes, ".json")}
    if f"{index}.json" in files:
        files[REPORT] = files.pop(f"{index}.json")
    there = {n: s for n, s in files.items() if n not in known and (output / n).exists()}
    ours = {path.stem for path in output.glob("*.json") if _is_evidence(path)} if there else set()

    def speaks(path: Path) -> bool:
        told = path.read_bytes() if path.is_file() else b""
        return any(n.encode() in told for name in ours for n in (name, quote(name)))

    return [
        n for n, s in there.items() if s not in ours and not (s == index and speaks(output / n))
    ]


def _is_evidence(path: Path) -> bool:
    """Tell by how it begins, in whatever version."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return bool(re.match(rb'{\s*"schema": \d+,\s*"source": "', file.read(99)))


def _differences(kind: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """Say what is new, gone or has another hash or version."""
    for name in sorted(old | new):
        if name not in old:
            yield f"new {kind}: {name}"
        elif name not in new:
            yield f"{kind} gone: {name}"
        elif old[name] != new[name]:
            values = f" {old[name]} -> {new[name]}" if kind == "version" else ""
            yield f"{kind} changed: {name}{values}"


def report(
    outcome: Outcome,
    made_from: Ingredients,
    written: dict[str, str],
    output: Path,
    stale: Collection[str] = (),
) -> Report:
    """Report on a run: `written` is what it wrote, by name.

    Among its files are the pages of earlier runs in `output` that it links to, and those of the
    `stale` articles, by name.
    """
    articles = outcome.collection.articles
    segments = [s for a in articles if a.status == "ok" for s in a.segments]
    linked = {f"{a.duplicate_page}.md" for a in articles if a.duplicate_page}
    linked |= {path.name for name in stale for path in output.glob(f"{escape(name)}.*")}
    files = {n: hashlib.sha256(t.encode()).hexdigest() for n, t in sorted(written.items())}
    return Report(
        **dict(made_from),
        counts={
            "articles": _counted(a.status for a in articles),
            "segments": _counted(outcome_of(s) for s in segments),
            "quality": _counted(s.quality for s in segments if s.quality),
            "flags": _counted(f.kind for s in segments for f in s.flags),
            "terms": _terms(segments),
            "repairs": sum(len(a.repairs) for a in articles),
            "removed": sum(len(a.removed) for a in articles),
        },
        errors=outcome.errors,
        seconds={name: round(seconds, 3) for name, seconds in outcome.seconds.items()},
        articles=tuple(_row(article, stale) for article in articles),
        files=files | {n: sha256(output / n) for n in sorted(linked)},
    )


def _row(article: Article, stale: Collection[str]) -> Row:
    return Row(
        source=article.source,
        output=article.name,
        status=article.status,
        stale=article.name in stale,
        error=article.error,
        notes=article.notes,
        language=article.language.tag if article.language else "",
        segments=len(article.segments),
        to_check=sum(bool(s.flags) or s.quality in {"check", "poor"} for s in article.segments),
        quality=Page(article, {}, "").verdict,
        letters=ledger(article),
    )


def outcome_of(segment: Segment) -> str:
    """Say how a segment ended: translated, passed through, or flagged as untranslated."""
    if segment.engine == PASSED_THROUGH:
        return "passed through"
    if not segment.translation:
        return "untranslated"
    return "translated, flagged" if segment.flags else "translated"


def _terms(segments: list[Segment]) -> dict[str, dict[str, int]]:
    """Count for each of the glossary's terms how often it came out and how often not."""
    found = Counter((t, came_out(t, s.translation)) for s in segments for t in set(s.terms))
    terms = sorted({term for term, _ in found})
    return {term: {"hits": found[term, True], "misses": found[term, False]} for term in terms}


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
