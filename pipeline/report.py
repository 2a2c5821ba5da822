"""The report of a run: what it was made from, what it made, and what has changed since."""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline import __version__, registry
from pipeline.article import PASSED_THROUGH
from pipeline.paths import PACKAGE, REPORT, sha256
from pipeline.translate.glossary import came_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.article import Article, Segment
    from pipeline.config import Config
    from pipeline.evidence import Ledger
    from pipeline.executors import Outcome
    from pipeline.stage import Run


@dataclass(frozen=True)
class Ingredients:
    """All that a run's result depends on: names with their hashes or versions."""

    configuration: str
    versions: dict[str, str]
    files: dict[str, str]  # models, glossary, templates, code of the project's own
    inputs: dict[str, str]


SCHEMA: Final = 2


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(_Record):
    """How one article ended. `letters` is its ledger: how many are where, and how many nowhere."""

    source: str
    output: str
    status: str
    error: str
    notes: tuple[str, ...]
    language: str
    segments: int
    flagged: int
    letters: dict[str, int]
    seconds: dict[str, float]


class Report(_Record):
    """What `report.json` holds. Seconds are wall time; `files` are outputs with their SHA-256."""

    schema_: Literal[2] = Field(alias="schema")
    versions: dict[str, str]
    configuration: str
    models_and_templates: dict[str, str]
    inputs: dict[str, str]
    counts: dict[str, Any]
    errors: tuple[str, ...]
    seconds: dict[str, float]
    articles: tuple[Row, ...]
    files: dict[str, str]


@dataclass(frozen=True)
class Changes:
    """Why a run is due (for no reason it is not), and each input: new, changed or unchanged."""

    reasons: tuple[str, ...]
    inputs: dict[str, str]


def ingredients(config: Config, folder: Path, inputs: Iterable[Path], run: Run) -> Ingredients:
    """Hash all that a run's result depends on; no model is loaded."""
    files = {n: digest for stage in config.stages for n, digest in stage.depends_on(run).items()}
    own = {path.relative_to(run.root).as_posix(): sha256(path) for path in _own_code(run.root)}
    return Ingredients(
        config.hash,
        versions(),
        files | own,
        {path.relative_to(folder).as_posix(): sha256(path) for path in inputs},
    )


@cache
def versions() -> dict[str, str]:
    """Give the version of Python, of our code, and of every package that may take part."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".toml", ".j2"}:
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    needed = {
        name[0]
        for line in requires("offline-digest") or ()
        if "extra ==" not in line and (name := re.match(r"[\w.-]+", line))
    }
    return {
        "pipeline": f"{__version__}+{digest.hexdigest()[:12]}",
        "python": platform.python_version(),
        **{name: _version(name) for name in sorted(needed | registry.packages())},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _own_code(root: Path) -> list[Path]:
    """List the loaded modules that lie in the project's folder: stages, checks and their kin."""
    loaded = {Path(f) for m in list(sys.modules.values()) if (f := getattr(m, "__file__", None))}
    return sorted(
        path
        for path in loaded
        if path.is_relative_to(root)
        and not path.is_relative_to(PACKAGE)
        and "site-packages" not in path.parts
    )


def compare(output: Path, now: Ingredients) -> Changes:
    """Compare with what the last run into `output` was made from, and with what it left there."""
    try:
        last = Report.model_validate_json((output / REPORT).read_bytes())
    except (OSError, ValueError):
        unknown = "report.json is damaged or of an older version"
        why = unknown if (output / REPORT).exists() else "no report yet"
        return Changes((why,), dict.fromkeys(now.inputs, "new"))
    there = {name: sha256(output / name) for name in last.files if (output / name).exists()}
    reasons = (
        *_differences("input", last.inputs, now.inputs),
        *["stage or option changed"] * (last.configuration != now.configuration),
        *_differences("file", last.models_and_templates, now.files),
        *(
            f"version changed: {name} {last.versions.get(name, 'none')} -> "
            f"{now.versions.get(name, 'none')}"
            for name in sorted(last.versions | now.versions)
            if last.versions.get(name) != now.versions.get(name)
        ),
        *_differences("output", last.files, there),
        *(f"failed last time: {row.source}" for row in last.articles if row.status == "failed"),
        *(f"failed last time: {error}" for error in last.errors),
    )
    states = {
        name: {digest: "unchanged", None: "new"}.get(last.inputs.get(name), "changed")
        for name, digest in now.inputs.items()
    }
    return Changes(reasons, states)


def _differences(kind: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """Say what is new, gone or has another hash."""
    for name in sorted(old | new):
        if name not in old:
            yield f"new {kind}: {name}"
        elif name not in new:
            yield f"{kind} gone: {name}"
        elif old[name] != new[name]:
            yield f"{kind} changed: {name}"


def report(
    outcome: Outcome,
    made_from: Ingredients,
    ledgers: dict[str, Ledger],
    written: dict[str, str],
    output: Path,
) -> str:
    """Write the report of a run as JSON: `written` is what it wrote, by name.

    Among its files are the pages of earlier runs in `output` that it links to.
    """
    articles = outcome.collection.articles
    segments = [s for a in articles if a.status == "ok" for s in a.segments]
    linked = sorted({f"{a.duplicate_page}.md" for a in articles if a.duplicate_page})
    files = {n: hashlib.sha256(t.encode()).hexdigest() for n, t in sorted(written.items())}
    made = Report(
        schema=SCHEMA,
        versions=made_from.versions,
        configuration=made_from.configuration,
        models_and_templates=made_from.files,
        inputs=made_from.inputs,
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
        seconds=_rounded(outcome.stage_seconds),
        articles=tuple(
            _row(a, ledgers[a.source], outcome.article_seconds.get(a.source, {})) for a in articles
        ),
        files=files | {n: sha256(output / n) for n in linked},
    )
    return made.model_dump_json(by_alias=True, indent=1) + "\n"


def _row(article: Article, letters: Ledger, seconds: dict[str, float]) -> Row:
    return Row(
        source=article.source,
        output=article.name,
        status=article.status,
        error=article.error,
        notes=article.notes,
        language=article.language.tag if article.language else "",
        segments=len(article.segments),
        flagged=sum(bool(s.flags) for s in article.segments),
        letters=asdict(letters),
        seconds=_rounded(seconds),
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
    counts: dict[str, dict[str, int]] = {}
    for segment in segments:
        for term in dict.fromkeys(segment.terms):
            hit = came_out(term, segment.translation)
            counts.setdefault(term, {"hits": 0, "misses": 0})["hits" if hit else "misses"] += 1
    return dict(sorted(counts.items()))


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _rounded(seconds: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in seconds.items()}
