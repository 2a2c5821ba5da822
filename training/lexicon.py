"""Build the bilingual lexicon that ships beside a model, and examples with its hints.

    python training/lexicon.py --data PAIRS --dictionaries DIR --out LEXICON [--examples DIR]

For each `LANGUAGE-en.tsv[.xz]` in PAIRS: words are aligned in both directions by eflomal (Östling
and Tiedemann 2016), and the links that both agree on are counted. DIR may hold
`wiktionary.LANGUAGE.tsv.xz` (forms, body in HTML) and `cc-cedict.u8.gz`; what one of them says
counts as two links. Writes `LANGUAGE.tsv.xz`, and with `--examples` the pairs once more with hints
in a fourth column: those of a pair come from the links of all other pairs (leave one out), or a
word seen once would be hinted by its own translation, and the model would trust what it must doubt.
"""

from __future__ import annotations

import argparse
import gzip
import lzma
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import jieba
from data import Pair, read

from pipeline.languages import facts
from pipeline.summarize.methods import stem
from pipeline.translate.lexicon import CANDIDATES, LONGEST, Entry, Lexicon, bare, fold, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMON = {"zh": 100, "kk": 60, "he": 60}  # of the words, as many are too common to be hinted
COMMON_ENGLISH = 100  # English words that are no hint
KNOWN = 3  # links from which on a word speaks for itself
SAID = 2  # links that a dictionary's word counts as
CLEAR = 30  # percent of the links that a word of one character has in its first meaning
LEAST = 0.03  # share of the links that a candidate has
LONGEST_PAIR = 500  # characters
WITHOUT, UNHINTED = 0.1, 0.08  # shares of the pairs without hints, of the words without one
ARCHAIC = ("bible", "quran", "indo-mt-religious")

jieba.setLogLevel(60)  # it tells of its cache
Links = dict[str, Counter[str]]  # of a source word: its English words


def source_words(text: str, language: str) -> list[str]:
    """Split a source sentence; Chinese by jieba, which knows more names than a lexicon."""
    if facts(language).translation.blanks:
        return spelled(text, language)
    return [word for word in jieba.cut(fold(text, language)) if word.strip()]


def align(pairs: list[tuple[list[str], list[str]]]) -> list[list[tuple[int, int]]]:
    """Align the words of each pair; give the links that both directions agree on."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder, name) for name in ("source", "english", "forward", "reverse")]
        for side, name in enumerate(names[:2]):
            name.write_text("".join(" ".join(p[side]) + "\n" for p in pairs), "utf-8")
        options = [f"-{option}={name}" for option, name in zip("stfr", names, strict=True)]
        program = Path(sys.executable).with_name("eflomal-align")
        flags = chain.from_iterable((o[:2], o[3:]) for o in options)
        subprocess.run([program, "--model", "3", *flags], check=True)
        forward, reverse = (name.read_text("utf-8").splitlines() for name in names[2:])
    return [
        sorted(tuple(map(int, link.split("-"))) for link in {*a.split()} & {*b.split()})
        for a, b in zip(forward, reverse, strict=True)
    ]


@dataclass
class Counts:
    """What pairs and dictionaries say of the words of a language."""

    language: str
    links: Links = field(default_factory=lambda: defaultdict(Counter))
    stems: Links = field(default_factory=lambda: defaultdict(Counter))
    words: Counter[str] = field(default_factory=Counter)
    english: Counter[str] = field(default_factory=Counter)
    dictionary: dict[str, list[str]] = field(default_factory=dict)

    def add(self, source: list[str], english: list[str], links: Links) -> None:
        """Count a pair."""
        self.words.update(source)
        self.english.update(english)
        for word, found in links.items():
            self.links[word].update(found)

    def make_stems(self) -> None:
        """Add up what words with the same beginning mean."""
        shortest = facts(self.language).translation.stem
        for word, found in self.links.items() if shortest else ():
            for length in range(shortest, min(len(word), LONGEST + 1)):
                self.stems[word[:length]].update(found)

    @cached_property
    def too_common(self) -> frozenset[str]:
        """The source words that say nothing alone."""
        most = COMMON.get(self.language, 120)
        return frozenset(word for word, _ in self.words.most_common(most))

    @cached_property
    def function_words(self) -> frozenset[str]:
        """The English words that are no hint."""
        return frozenset(word for word, _ in self.english.most_common(COMMON_ENGLISH))

    def entry(self, key: str, own: Links | None = None) -> Entry | None:
        """Weigh the English of a form, a stem (`form-`) or of what is little known (`form?`).

        `own` are links that are not to be counted.
        """
        if key in self.too_common:
            return ()
        counts = self.counted(key, own or {})
        if counts is None:
            return None
        if key[-1] not in "-?":  # smoothed by what is looked for next
            others = islice(self.looked_up.keys(key), 1, None)
            further = next((c for k in others if (c := self.counted(k, own or {}))), Counter())
            share = SAID / max(1, further.total())
            counts = Counter({e: counts[e] + share * further[e] for e in counts | further})
        entry = self.weighed(counts)
        vague = len(key) == 1 and entry and entry[0][1] < CLEAR  # what is left of unknown names
        return () if vague else entry

    def counted(self, key: str, own: Links) -> Counter[str] | None:
        """Count the links of a key and what dictionaries say of it; None if that is too little."""
        form, opens, little = key.rstrip("-?"), key.endswith("-"), key.endswith("?")
        found = (self.stems if opens else self.links).get(form, Counter())
        if own:
            same = (
                c for word, c in own.items() if (word.startswith(form) if opens else word == form)
            )
            found = found - sum(same, Counter())
        said = self.dictionary.get(form, []) if key == form else []
        counts = found + Counter(dict.fromkeys(said, SAID))
        return None if counts.total() < (1 if little or said else KNOWN) else counts

    def weighed(self, counts: Counter[str]) -> Entry:
        """Choose the likeliest English; the most frequent form of a word stands for all."""
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        for english, number in counts.items():
            forms[stem(english)][english] += number
        total = counts.total()
        best = {min(f, key=lambda e: (-f[e], e)): f.total() for f in forms.values()}
        chosen = [
            (english, max(1, round(100 * number / total)))
            for english, number in sorted(best.items(), key=lambda each: -each[1])
            if english not in self.function_words
            and english[0].isalpha()
            and number > LEAST * total
        ]
        return tuple(chosen[:CANDIDATES])

    def keys(self) -> Iterator[str]:
        """Give every key that may have an entry."""
        yield from self.links.keys() | self.dictionary.keys() | self.too_common
        yield from (f"{opening}-" for opening in self.stems)
        yield from (f"{word}?" for word in self.links)

    @cached_property
    def looked_up(self) -> Lexicon:
        """Give the lexicon of these counts."""
        return self.lexicon()

    def lexicon(self, own: Links | None = None) -> Lexicon:
        """Give the lexicon of these counts, without some links."""
        return Lexicon(self.language, partial(self.entry, own=own))

    def rows(self) -> Iterator[str]:
        """Give the lines of the lexicon's file; what is little known only where nothing else is."""
        found = {key: entry for key in self.keys() if (entry := self.entry(key)) is not None}
        sure = Lexicon(self.language, {k: e for k, e in found.items() if k[-1] != "?"}.get)
        for key, entry in sorted(found.items()):
            if key[-1] != "?" or (entry and sure.entry(key[:-1]) is None):
                yield key + "\t" + "|".join(f"{english}:{weight}" for english, weight in entry)


def meanings(text: str) -> list[str]:
    """Give the English words and pairs of words in a definition."""
    text = re.sub(r"<[^>]+>|\([^)]*\)|\[[^\]]*\]", "", text)
    parts = (
        re.sub(r"^(to|a|an|the|be)\s+", "", p.strip().lower()) for p in re.split("[;,:]", text)
    )
    return [
        p for part in parts if re.fullmatch(r"[a-z][a-z'-]*( [a-z'-]+)?", p := part.strip(" ."))
    ]


def dictionary(folder: Path, language: str) -> dict[str, list[str]]:
    """Read what the dictionaries of a folder say of a language, inflected forms included."""
    said: dict[str, list[str]] = defaultdict(list)
    for forms, senses in [
        *wiktionary(folder / f"wiktionary.{language}.tsv.xz"),
        *(cedict(folder / "cc-cedict.u8.gz") if language == "zh" else ()),
    ]:
        words = dict.fromkeys(word for sense in senses[:3] for word in meanings(sense)[:2])
        for form in forms:
            known = said[bare(fold(form, language))]
            known += [word for word in words if word not in known]
    return {form: words[:CANDIDATES] for form, words in said.items() if words and form}


def wiktionary(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Read an extract of Wiktionary: `form|form|...`, tab, lists of definitions in HTML."""
    text = lzma.decompress(path.read_bytes()).decode() if path.exists() else ""
    for row in text.splitlines():
        forms, _, body = row.partition("\t")
        yield [f for f in forms.split("|") if " " not in f], re.findall(r"<li>(.*?)</li>", body)


def cedict(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Read CC-CEDICT: `traditional simplified [pinyin] /sense/sense/`."""
    no_sense = re.compile(r"variant of|surname|abbr|see |CL:|classifier|used in")
    text = gzip.decompress(path.read_bytes()).decode() if path.exists() else ""
    for row in text.splitlines():
        if match := re.match(r"(\S+) (\S+) \[[^\]]*\] /(.*)/", row):
            yield [match[2]], [s for s in match[3].split("/")[:3] if not no_sense.search(s)]


def count(pairs: list[Pair], language: str, folder: Path) -> tuple[Counts, list[Links]]:
    """Align and count the words of pairs; also give the links of each pair."""
    words = [
        (source_words(p.source, language) or ["."], spelled(p.english, "en") or ["."])
        for p in pairs
    ]  # eflomal wants a word in each line
    counts, own = Counts(language, dictionary=dictionary(folder, language)), []
    for (source, english), links in zip(words, align(words), strict=True):
        found: Links = defaultdict(Counter)
        for i, j in links:
            if source[i][0].isalpha():
                found[source[i]][english[j]] += 1
        counts.add(source, english, found)
        own.append(found)
    counts.make_stems()
    return counts, own


def hinted(
    pairs: list[Pair], counts: Counts, links: list[Links], rng: random.Random
) -> Iterator[str]:
    """Write pairs with hints as rows; now and then without, so that a model lives without."""
    for pair, own in zip(pairs, links, strict=True):
        words = counts.lexicon(own).words(pair.source)
        hints = " ".join(word.hint for word in words if rng.random() > UNHINTED)
        hints = hints if rng.random() > WITHOUT else "-"
        yield f"{pair.source}\t{pair.english}\t{pair.origin}\t{hints}\n"


def usable(pair: Pair) -> bool:
    """Leave out what is archaic, and what is too long to be aligned."""
    longest = max(len(pair.source), len(pair.english))
    return not pair.origin.startswith(ARCHAIC) and longest <= LONGEST_PAIR


def main() -> None:
    """Write the lexicon of every language that has pairs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of LANGUAGE-en.tsv[.xz]")
    parser.add_argument("--dictionaries", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the lexicon")
    parser.add_argument("--examples", type=Path, help="write the pairs with hints to this folder")
    parser.add_argument("--languages", nargs="*")
    options = parser.parse_args()
    for path in sorted(options.data.glob("*-en.tsv*")):
        language = path.name.partition("-")[0]
        if options.languages and language not in options.languages:
            continue
        pairs = [pair for pair in read(path) if usable(pair)]
        counts, links = count(pairs, language, options.dictionaries)
        options.out.mkdir(parents=True, exist_ok=True)
        rows = "\n".join(counts.rows())
        (options.out / f"{language}.tsv.xz").write_bytes(lzma.compress(rows.encode(), preset=9))
        print(f"{language}: {len(pairs)} pairs, {rows.count(chr(10)) + 1} lines", flush=True)
        if options.examples:
            options.examples.mkdir(parents=True, exist_ok=True)
            rng = random.Random(5)
            with (options.examples / f"{language}-en.tsv").open("w", encoding="utf-8") as file:
                file.writelines(hinted(pairs, counts, links, rng))


if __name__ == "__main__":
    main()
