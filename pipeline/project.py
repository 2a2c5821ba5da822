"""What a run would do, and why: what it is made from now, compared with the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel, Field

from pipeline.executors.local import execute
from pipeline.paths import REPORT, sha256
from pipeline.translate.stage import Remembered, Translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.evidence import Ingredients
    from pipeline.stage import Collection, Run, Stage


class Plan(NamedTuple):
    """Why a run is due (for no reason it is not), and each input: new, changed or unchanged."""

    reasons: list[str]
    inputs: dict[str, str]


class _Row(BaseModel):
    source: str
    status: str


class _Report(BaseModel):
    """What a plan reads of a run's report."""

    version: Literal[2] = Field(alias="schema")
    configuration: str
    versions: dict[str, str]
    models_and_templates: dict[str, str]
    inputs: dict[str, str]
    articles: list[_Row]
    errors: list[str]
    files: dict[str, str]


def compare(output: Path, now: Ingredients) -> Plan:
    """Compare with what the last run into `output` was made from, and with what it left there."""
    try:
        last = _Report.model_validate_json((output / REPORT).read_bytes())
    except (OSError, ValueError):
        unknown = "report.json is damaged or of an older version"
        why = unknown if (output / REPORT).exists() else "no report yet"
        return Plan([why], dict.fromkeys(now.inputs, "new"))
    there = {name: sha256(output / name) for name in last.files if (output / name).exists()}
    old, new = last.versions, now.versions
    reasons = [
        *_differences("input", last.inputs, now.inputs),
        *["stage or option changed"] * (last.configuration != now.configuration),
        *_differences("file", last.models_and_templates, now.files),
        *(
            f"version changed: {name} {old.get(name, 'none')} -> {new.get(name, 'none')}"
            for name in sorted(old | new)
            if old.get(name) != new.get(name)
        ),
        *_differences("output", last.files, there),
        *(f"failed last time: {row.source}" for row in last.articles if row.status == "failed"),
        *(f"failed last time: {error}" for error in last.errors),
    ]
    states = {
        name: {digest: "unchanged", None: "new"}.get(last.inputs.get(name), "changed")
        for name, digest in now.inputs.items()
    }
    return Plan(reasons, states)


def _differences(kind: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """Say what is new, gone or has another hash."""
    for name in sorted(old | new):
        if name not in old:
            yield f"new {kind}: {name}"
        elif name not in new:
            yield f"{kind} gone: {name}"
        elif old[name] != new[name]:
            yield f"{kind} changed: {name}"


def sentences(
    collection: Collection,
    stages: tuple[Stage, ...],
    run: Run,
    on_stage: Callable[[str, int], None],
) -> list[Remembered]:
    """Send articles through what stands before `translate`, and ask it what it remembers of them.

    Without an output folder in `run`, copies of earlier digests are not told from new articles.
    """
    for index, stage in enumerate(stages):
        if isinstance(stage.target, Translate):
            articles = execute(collection, stages[:index], run, on_stage=on_stage).collection
            fine = tuple(a for a in articles.articles if a.status == "ok")
            return stage.target.remembered(fine, run)
    return []
