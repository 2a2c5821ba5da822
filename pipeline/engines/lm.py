"""Translation with the embedded many-to-English language model."""

from __future__ import annotations

import os
import shutil
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tokenizers import Tokenizer

from pipeline.detect.han import convert
from pipeline.engines import (
    EngineOptions,
    ModelError,
    Translation,
    Translator,
    decoder,
    digest,
    model_files,
)
from pipeline.engines.splitting import whole
from pipeline.paths import EMBEDDED_MODEL, JOINED_MODELS, sha256
from pipeline.translate.estimate import Calibration  # noqa: TC001 - pydantic reads it
from pipeline.translate.lexicon import Lexicon
from pipeline.translate.lexicon import load as load_lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
MODEL = "model.bin"
LEXICON = "lexicon/{}.tsv.xz"
CAREFUL_BEAM = 4  # at least
CAREFUL_PENALTY = 1.1  # of repetitions, at least: it ends what would go on endlessly


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Served(_Strict):
    """How one language enters the prompt: its piece, and the script its text is converted to.

    Quality, beam and length penalty stand where they differ from the model's.
    """

    piece: str
    script: Literal["Hans", "Hant"] | None = None
    quality: str | None = None
    beam: Annotated[int | None, Field(ge=1)] = None
    length_penalty: Annotated[float | None, Field(ge=0)] = None
    calibration: Calibration | None = None


class Decoding(_Strict):
    """Beam search and lengths in pieces: output stops after `floor + ratio * source` pieces.

    A prompt is filled up with its last piece to a multiple of `align` pieces, so that more prompts
    are equally long and share a batch.
    """

    beam: Annotated[int, Field(ge=1)] = 1
    length_penalty: Annotated[float, Field(ge=0)] = 1.0
    repetition_penalty: Annotated[float, Field(ge=1)] = 1.0
    input: Annotated[int, Field(ge=8)] = 200
    ratio: Annotated[float, Field(gt=0)] = 2.0
    floor: Annotated[int, Field(ge=1)] = 24
    align: Annotated[int, Field(ge=1)] = 1


class Config(_Strict):
    """The content of a model folder's `model.yaml`.

    `prompt` lists pieces, with `{language}`, `{source}` and, of a model that was trained with
    hints, `{hints}` in their places: those of the lexicon in `lexicon/LANGUAGE.tsv.xz`, or
    `no_hints` for a language without one. `files` and `parts` map file names to SHA-256; `parts`
    join to `model.bin` in the order given.
    """

    name: str
    quality: str
    licence: str
    languages: dict[str, Served]
    prompt: list[str]
    no_hints: str = "-"
    end: str
    decoding: Decoding = Decoding()
    files: dict[str, Sha256]
    parts: dict[str, Sha256] = {}

    def served(self, language: str) -> Served:
        """Give what there is for a language; `ModelError` if there is nothing."""
        if language in self.languages:
            return self.languages[language]
        have = ", ".join(sorted(self.languages))
        raise ModelError(f"{self.name} does not translate {language!r}: it serves {have}")

    def options(self, language: str, beam: int | None, *, careful: bool) -> decoder.Options:
        """Give the options of the search, with the beam asked for, or the language's own."""
        served = self.served(language)
        beam = beam or served.beam or self.decoding.beam
        own, penalty = served.length_penalty, self.decoding.repetition_penalty
        return decoder.Options(
            max(2 * beam, CAREFUL_BEAM) if careful else beam,
            self.decoding.length_penalty if own is None else own,
            self.end,
            repetition_penalty=max(penalty, CAREFUL_PENALTY) if careful else penalty,
        )

    def job(self, source: list[str], hints: list[str], language: str) -> decoder.Job:
        """Make the prompt for the pieces of a sentence, and say how long its English may be."""
        piece = self.languages[language].piece
        places = {"{source}": source, "{hints}": hints, "{language}": [piece]}
        prompt = [p for piece in self.prompt for p in places.get(piece, [piece])]
        prompt += prompt[-1:] * (-len(prompt) % self.decoding.align)
        return decoder.Job(prompt, self.decoding.floor + int(self.decoding.ratio * len(source)))


class LmOptions(EngineOptions):
    """The embedded model, or another folder like it."""

    engine: Literal["lm"] = "lm"
    folder: Annotated[str, Field(description="folder with model.yaml")] = EMBEDDED_MODEL

    def open(self, root: Path) -> Lm:
        """Make the translator; nothing is loaded yet."""
        return Lm(root / self.folder, beam=self.beam, cache=root / JOINED_MODELS)


class Lm(Translator):
    """A folder with a CTranslate2 decoder, `tokenizer.json` and `model.yaml`.

    `cache` is where `model.bin` is joined from its parts when the folder cannot be written.
    """

    def __init__(self, folder: Path, *, beam: int | None = None, cache: Path | None = None) -> None:
        self.name = f"lm ({folder.name})"
        self._folder = folder
        self._beam = beam
        self._cache = cache
        self._lexicons: dict[str, Lexicon] = {}
        self._own: Mapping[str, Mapping[str, str]] = {}

    @cached_property
    def _config(self) -> Config:
        path = self._folder / "model.yaml"
        try:
            return Config.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except OSError as error:
            raise ModelError(
                f"{path} cannot be read ({error.strerror}): copy the folder from the repository of "
                "this program, or take this engine out of pipeline.yaml"
            ) from error
        except (ValidationError, ValueError, yaml.YAMLError) as error:
            raise ModelError(f"{path} is not a valid model description: {error}") from error

    @cached_property
    def _model(self) -> tuple[Any, Tokenizer]:
        """Join and check the files where needed, and load them."""
        config, home = self._config, self._home
        small = {n: d for n, d in config.files.items() if n != MODEL and "/" not in n}
        if problems := model_files.check(self._folder, small):
            raise ModelError("; ".join(problems))
        if home != self._folder:
            home.mkdir(parents=True, exist_ok=True)
            for name in small:
                shutil.copyfile(self._folder / name, home / name)
        model_files.provide(home / MODEL, config.files[MODEL], self._folder, config.parts)
        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.encode_special_tokens = True  # "<eos>" in an article is text, not a command
        return decoder.load("Generator", home), tokenizer

    @property
    def _home(self) -> Path:
        """The folder that CTranslate2 loads: the model's own, or one in the cache."""
        if (self._folder / MODEL).is_file() or os.access(self._folder, os.W_OK):
            return self._folder
        if self._cache is None:
            raise ModelError(f"{self._folder} cannot be written to join {MODEL}: name a cache")
        return self._cache / f"{self._config.name}-{self._config.files[MODEL][:12]}"

    def languages(self) -> frozenset[str]:
        """Give the BCP 47 tags that `model.yaml` lists."""
        return frozenset(self._config.languages)

    def quality(self, language: str) -> str:
        """Give the quality class of a language, or that of the model where it has none."""
        return self._config.served(language).quality or self._config.quality

    def calibration(self, language: str) -> Calibration | None:
        """Give what translations from a language are estimated by, if `model.yaml` has it."""
        return self._config.served(language).calibration

    def lexicon(self, language: str) -> Lexicon | None:
        """Give the model's lexicon of a language, with the user's own words, if it has one."""
        code = language.partition("-")[0]
        name = LEXICON.format(code)
        if code not in self._lexicons and name in self._config.files:
            if problems := model_files.check(self._folder, {name: self._config.files[name]}):
                raise ModelError("; ".join(problems))
            self._lexicons[code] = load_lexicon(self._folder / name, code, self._own.get(code, {}))
        return self._lexicons.get(code)

    def advise(self, words: Mapping[str, Mapping[str, str]]) -> None:
        """Take the user's words, which go before those of the model's lexicon."""
        self._own = words

    def fingerprint(self, language: str, *, careful: bool = False) -> str:
        """Hash what decides a translation: files, prompt, language, options, the user's words."""
        config = self._config
        return digest(
            config.files,
            config.prompt,
            config.served(language).model_dump(exclude={"quality", "calibration"}),
            config.decoding.model_dump(exclude={"beam"}),
            config.options(language, self._beam, careful=careful),
            sorted(self._own.get(language.partition("-")[0], {}).items()),
        )

    def files(self) -> dict[str, str]:
        """Map `model.yaml` and the files that it records to their SHA-256."""
        return {"model.yaml": sha256(self._folder / "model.yaml"), **self._config.files}

    def problems(self, *, verify: bool = False) -> list[str]:
        """List what is missing or broken; `verify` hashes every file of the folder anew."""
        try:
            config = self._config
        except ModelError as error:
            return [str(error)]
        small = {name: digest for name, digest in config.files.items() if name != MODEL}
        whole = {MODEL: config.files[MODEL]} if MODEL in config.files else {}
        model = model_files.check(self._folder, whole, verify=verify)
        if config.parts and (model or verify):  # what the parts can mend is no problem
            model = model_files.check(self._folder, config.parts, verify=verify)
        return model_files.check(self._folder, small, verify=verify) + model

    def translate(
        self, sentences: Sequence[str], language: str, *, careful: bool = False
    ) -> Iterator[list[tuple[int, Translation]]]:
        """Translate as `Translator` says; over-long sentences go through in parts."""
        config = self._config
        options = config.options(language, self._beam, careful=careful)
        generator, tokenizer = self._model
        lexicon = self.lexicon(language)
        if script := config.served(language).script:
            sentences = [convert(sentence, script) for sentence in sentences]

        def tokenize(text: str) -> list[str]:
            return list(tokenizer.encode(text, add_special_tokens=False).tokens)

        def hints(text: str) -> str:
            return lexicon.hints(text) if lexicon else config.no_hints

        def decode(texts: list[str]) -> Iterator[list[tuple[int, decoder.Decoded]]]:
            jobs = [config.job(tokenize(t), tokenize(hints(t)), language) for t in texts]
            return decoder.decode(generator, jobs, options)

        def detokenize(pieces: list[str]) -> str:
            text = tokenizer.decode([tokenizer.token_to_id(piece) or 0 for piece in pieces])
            return str(text).replace("\ufffd", "")  # bytes of a rare letter that stayed incomplete

        yield from whole(sentences, config.decoding.input, tokenize, decode, detokenize)
