"""What language a text is in: the script settles it, or a model of byte n-grams."""

# mypy: allow-untyped-calls, no-warn-return-any
# (py3langid carries no types)

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.article import Language
from pipeline.detect.han import han_script
from pipeline.detect.scripts import main_script, script_of
from pipeline.languages import codes, facts


def identify(text: str) -> Language:
    """Identify a text's language and script, with confidence (0 to 1) and runner-up.

    Letters of other scripts are names and quotations: they do not count.
    """
    script = main_script(text)
    if script != "Jpan":
        text = "".join(c for c in text if script_of(c) in {script, "Zyyy"})
    ranked: list[tuple[str, float]] = _identifier().rank(text)
    allowed = _written_in(script)  # it settles the language, whatever a few borrowed words say
    ranked.sort(key=lambda r: bool(allowed) and r[0] not in allowed)
    code, confidence = ranked[0]
    if len(allowed) == 1:
        confidence = 1.0
    return Language(code, script_of_language(text, code), round(float(confidence), 4), ranked[1][0])


def script_of_language(text: str, code: str) -> str:
    """Give the ISO 15924 script of a text in a language; Chinese has two."""
    script = main_script(text)
    return han_script(text) if script == "Hani" and code == "zh" else script


@cache
def alike(one: str, other: str) -> bool:
    """Tell whether two languages read alike to a byte n-gram model."""
    return any({one, other} <= {code, *facts(code).alike} for code in codes())


@cache
def _written_in(script: str) -> list[str]:
    return [code for code in codes() if facts(code).script == script]


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
