"""What a run leaves beside its digests: the evidence of each article and the report of the run."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.article import PASSED_THROUGH
from pipeline.paths import sha256
from pipeline.translate.glossary import came_out

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.article import Article, Segment
    from pipeline.executors.local import Outcome
    from pipeline.stage import Run, Stage

SCHEMA = 2
_LIBRARIES = (
    "argos-translate-lt",
    "ctranslate2",
    "opencc",
    "py3langid",
    "sentencex",
    "sumy",
    "trafilatura",
)


@dataclass(frozen=True)
class Ingredients:
    """All that a run's result depends on: names with their hashes or versions."""

    configuration: str
    versions: dict[str, str]
    files: dict[str, str]  # models, glossary, templates
    inputs: dict[str, str]


def evidence(article: Article) -> str:
    """Write an article's evidence as JSON; offsets count characters of the decoded input."""
    title = article.title
    language = article.language
    return _json(
        {
            "schema": SCHEMA,
            "source": article.source,
            "sha256": article.sha256,
            "encoding": article.encoding,
            "status": article.status,
            "error": article.error,
            "notes": article.notes,
            "metadata": [vars(m) for m in article.metadata],
            "title": {
                "text": title.source if title else "",
                "translation": title.translation if title else "",
            },
            "language": language
            and {
                "code": language.code,
                "script": language.script,
                "confidence": language.confidence,
                "runner_up": language.runner_up,
            },
            "segments": [_segment(s) for s in article.segments],
            "summary": article.summary,
            "removed": [vars(r) for r in article.removed],
            "repairs": [vars(r) for r in article.repairs],
            "duplicate_of": article.duplicate_of or None,
            "copies": article.copies,
        }
    )


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "id": segment.id,
        "kind": segment.kind,
        "block": segment.block,
        "start": segment.start,
        "end": segment.end,
        "source": segment.source,
        **({"language": segment.language.tag} if segment.language else {}),
        "translation": segment.translation,
        "engine": segment.engine,
        "quality": segment.quality,
        "estimate": segment.estimate,
        "rung": segment.rung,
        "restored": segment.restored,
        "terms": segment.terms,
        "score": segment.score,
        "flags": [vars(f) for f in segment.flags],
    }


def outputs(outcome: Outcome) -> dict[str, str]:
    """Collect every file that a run writes besides its report: name to text."""
    files = {d.name: d.text for d in outcome.collection.documents}
    files |= {f"{a.name}.json": evidence(a) for a in outcome.collection.articles}
    return files


def report(outcome: Outcome, made_from: Ingredients, written: dict[str, str], output: Path) -> str:
    """Write the report of a run as JSON: `written` is what it wrote. Seconds are wall time.

    Among its files are the pages of earlier runs in `output` that it links to.
    """
    articles = outcome.collection.articles
    segments = [s for a in articles if a.status == "ok" for s in a.segments]
    linked = sorted({f"{a.duplicate_page}.md" for a in articles if a.duplicate_page})
    ledger = Counter(outcome_of(s) for s in segments)
    assert ledger.total() == len(segments)  # noqa: S101 - every segment is accounted for
    return _json(
        {
            "schema": SCHEMA,
            "versions": made_from.versions,
            "configuration": made_from.configuration,
            "models_and_templates": made_from.files,
            "inputs": made_from.inputs,
            "counts": {
                "articles": dict(sorted(Counter(a.status for a in articles).items())),
                "segments": dict(sorted(ledger.items())),
                "quality": dict(sorted(Counter(s.quality for s in segments if s.quality).items())),
                "flags": dict(sorted(Counter(f.kind for s in segments for f in s.flags).items())),
                "terms": _terms(segments),
                "repairs": sum(len(a.repairs) for a in articles),
                "removed": sum(len(a.removed) for a in articles),
            },
            "errors": outcome.errors,
            "seconds": _rounded(outcome.stage_seconds),
            "articles": [
                {
                    "source": a.source,
                    "output": a.name,
                    "status": a.status,
                    "error": a.error,
                    "notes": a.notes,
                    "language": a.language.tag if a.language else "",
                    "segments": len(a.segments),
                    "flagged": sum(bool(s.flags) for s in a.segments),
                    "seconds": _rounded(outcome.article_seconds.get(a.source, {})),
                }
                for a in articles
            ],
            "files": {n: hashlib.sha256(t.encode()).hexdigest() for n, t in sorted(written.items())}
            | {n: sha256(output / n) for n in linked},
        }
    )


def _terms(segments: list[Segment]) -> dict[str, dict[str, int]]:
    """Count for each of the glossary's terms how often it came out and how often not."""
    counts: dict[str, dict[str, int]] = {}
    for segment in segments:
        for term in dict.fromkeys(segment.terms):
            hit = came_out(term, segment.translation)
            counts.setdefault(term, {"hits": 0, "misses": 0})["hits" if hit else "misses"] += 1
    return dict(sorted(counts.items()))


def outcome_of(segment: Segment) -> str:
    """Say how a segment ended: translated, passed through, or flagged as untranslated."""
    if segment.engine == PASSED_THROUGH:
        return "passed through"
    if not segment.translation:
        return "untranslated"
    return "translated, flagged" if segment.flags else "translated"


def versions() -> dict[str, str]:
    """Give the versions that can change a result."""
    return {
        "pipeline": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def ingredients(
    config_hash: str, folder: Path, inputs: Iterable[Path], stages: Iterable[Stage], run: Run
) -> Ingredients:
    """Hash all that a run's result depends on; no model is loaded."""
    return Ingredients(
        config_hash,
        versions(),
        {name: digest for stage in stages for name, digest in stage.depends_on(run).items()},
        {path.relative_to(folder).as_posix(): sha256(path) for path in inputs},
    )


def _rounded(seconds: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in seconds.items()}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
