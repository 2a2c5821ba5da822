"""Translation with installed Argos packages, decoded by CTranslate2 directly.

argostranslate's own `translate` is never called: it works sentence by sentence and fetches a
sentence splitter while it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field
from sentencepiece import SentencePieceProcessor

from pipeline.detect.han import convert
from pipeline.engines import (
    EngineOptions,
    ModelError,
    Translation,
    Translator,
    decoder,
    digest,
    packages,
)
from pipeline.engines.model_files import check
from pipeline.engines.splitting import whole
from pipeline.paths import ARGOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.engines.packages import Package

BEAM, CAREFUL_BEAM = 2, 5
INPUT = 200  # pieces; longer sentences go through in parts
RATIO, FLOOR = 2, 24  # output stops after FLOOR + RATIO * source pieces
LENGTH_PENALTY = 0.2  # argostranslate's
END = "</s>"


class Route(NamedTuple):
    """The package that serves a language, and the script its input is converted to first."""

    package: Package
    script: Literal["Hans", "Hant"] | None


class ArgosOptions(EngineOptions):
    """Argos packages, as installed by `pipeline models install`."""

    engine: Literal["argos"] = "argos"
    folder: Annotated[str, Field(description="folder of installed packages")] = ARGOS.as_posix()

    def open(self, root: Path) -> Argos:
        """Make the translator; nothing is loaded yet."""
        return Argos(root / self.folder, beam=self.beam or BEAM)


class Argos(Translator):
    """The packages installed in a folder; see `pipeline.engines.packages` for its layout."""

    name = "argos"

    def __init__(self, folder: Path, *, beam: int = BEAM) -> None:
        self._folder = folder
        self._beam = beam
        self._loaded: dict[str, tuple[Any, SentencePieceProcessor]] = {}

    def _routes(self) -> dict[str, Route]:
        own = {row.language: Route(row, None) for row in packages.installed(self._folder)}
        # Where one script of Chinese has no package, that of the other serves.
        if "zh-Hans" in own:
            return {"zh-Hant": Route(own["zh-Hans"].package, "Hans")} | own
        if "zh-Hant" in own:
            return {"zh-Hans": Route(own["zh-Hant"].package, "Hant")} | own
        return own

    def _route(self, language: str) -> Route:
        routes = self._routes()
        if language not in routes:
            have = ", ".join(sorted(routes)) or "nothing"
            raise ModelError(
                f"No Argos package in {self._folder} translates {language!r} (it has {have}): "
                f"install one (`pipeline models install {language}`)"
            )
        return routes[language]

    def languages(self) -> frozenset[str]:
        """Give the BCP 47 tags of the installed packages, and Chinese in either script."""
        return frozenset(self._routes())

    def quality(self, language: str) -> str:
        """Give the quality class, one for all packages."""
        self._route(language)
        return "standard"

    def _width(self, *, careful: bool) -> int:
        return max(self._beam, CAREFUL_BEAM) if careful else self._beam

    def fingerprint(self, language: str, *, careful: bool = False) -> str:
        """Hash what decides a translation: the package's digest, script, decoding options."""
        package, script = self._route(language)
        beam = self._width(careful=careful)
        return digest(package.sha256, script, beam, INPUT, RATIO, FLOOR, LENGTH_PENALTY)

    def files(self) -> dict[str, str]:
        """Map the installed packages to their SHA-256."""
        return {row.folder: row.sha256 for row in packages.installed(self._folder)}

    def problems(self, *, verify: bool = False) -> list[str]:
        """List what is missing, not recorded or, with `verify`, changed among the packages."""
        try:
            rows = packages.installed(self._folder)
        except ModelError as error:
            return [str(error)]
        known = {row.folder for row in rows}
        return [
            f"{problem} (`remove` and `install` {row.language} again)"
            for row in rows
            for problem in check(packages.folder_of(self._folder, row), row.files, verify=verify)
        ] + [
            f"{folder} was not installed completely and is not used: delete it, install it again"
            for folder in sorted((self._folder / "packages").glob("*"))
            if folder.name not in known
        ]

    def _load(self, package: Package) -> tuple[Any, SentencePieceProcessor]:
        """Check a package against `models.lock` and load it, once."""
        if package.folder not in self._loaded:
            folder = packages.folder_of(self._folder, package)
            if problems := check(folder, package.files):
                raise ModelError(f"{problems[0]} (`pipeline models install {package.language}`)")
            tokenizer = SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
            self._loaded[package.folder] = decoder.load("Translator", folder / "model"), tokenizer
        return self._loaded[package.folder]

    def translate(
        self, sentences: Sequence[str], language: str, *, careful: bool = False
    ) -> Iterator[list[tuple[int, Translation]]]:
        """Translate as `Translator` says; over-long sentences go through in parts."""
        package, script = self._route(language)
        translator, tokenizer = self._load(package)
        prefix = (package.target_prefix,) if package.target_prefix else ()
        options = decoder.Options(self._width(careful=careful), LENGTH_PENALTY, END, prefix)
        if script:
            sentences = [convert(sentence, script) for sentence in sentences]

        def tokenize(text: str) -> list[str]:
            return list(tokenizer.encode(text, out_type=str))

        def decode(texts: list[str]) -> Iterator[list[tuple[int, decoder.Decoded]]]:
            jobs = [decoder.Job(s, FLOOR + RATIO * len(s)) for s in map(tokenize, texts)]
            return decoder.decode(translator, jobs, options)

        def detokenize(pieces: list[str]) -> str:
            # Like argostranslate: neither word marks nor underscores are left in the English.
            return str(tokenizer.decode_pieces(pieces)).replace("▁", " ").replace("_", " ")

        yield from whole(sentences, INPUT, tokenize, decode, detokenize)
