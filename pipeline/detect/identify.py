"""What language a text is in: the script settles it, or a model of byte n-grams."""

# mypy: allow-untyped-calls, no-warn-return-any
# (py3langid carries no types)

from __future__ import annotations

from functools import cache

from babel.core import get_global
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.article import Language
from pipeline.detect.han import han_script
from pipeline.detect.scripts import main_script, script_of
from pipeline.languages import codes, facts, locale

# Under which name Babel knows the script that most letters of a language are in.
_USUAL = {"Hani": "Hans", "Hang": "Kore"}


def identify(text: str) -> Language:
    """Identify a text's language and script, with confidence (0 to 1) and runner-up.

    Letters of other scripts are names and quotations: they do not count.
    """
    script = main_script(text)
    if script != "Jpan":
        text = "".join(c for c in text if script_of(c) in {script, "Zyyy"})
    ranked: list[tuple[str, float]] = _identifier().rank(text)
    if only := _only_language(script):
        ranked = [(only, 1.0), *(r for r in ranked if r[0] != only)]
    code, confidence = ranked[0]
    return Language(code, script_of_language(text, code), round(float(confidence), 4), ranked[1][0])


def script_of_language(text: str, code: str) -> str:
    """Give the ISO 15924 script of a text in a language; Chinese has two."""
    script = main_script(text)
    return han_script(text) if script == "Hani" and code == "zh" else script


def alike(one: str, other: str) -> bool:
    """Tell whether two languages read alike to a byte n-gram model."""
    return any({one, other} <= {code, *facts(code).alike} for code in codes())


@cache
def _only_language(script: str) -> str | None:
    """Give the one language that the model knows and that is usually written in a script."""
    usual, known = _USUAL.get(script, script), set(map(str, _identifier().nb_classes))
    likely = get_global("likely_subtags")
    found = [c for c in known if f"_{usual}_" in likely.get(c, "") and locale(c)]
    return found[0] if len(found) == 1 else None


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
