"""Damage clean text in every known way and measure what the repairs restore.

Prints, per kind of damage, the lines that were hit, the share of them that came back exactly, and
chrF before and after; then the lines of clean text that the repairs changed though nothing was
wrong with them. Run `python benchmarks/damage.py [--data FILE...]`; the default text is seeds/.
"""

from __future__ import annotations

import argparse
import random
import re
import textwrap
import unicodedata
from collections.abc import Callable
from pathlib import Path

from sacrebleu import corpus_chrf

from pipeline.aligned import Aligned
from pipeline.clean.repairs import REPAIRS

Damage = Callable[[str, random.Random, float], str]

# Traditional characters with their readings, as such sites mark them.
_MARKED = (
    "開kāi 沒méi 質zhì 領lǐng 時shí 問wèn 來lái 產chǎn 業yè 場chǎng 當dāng 發fā 據jù "
    "報bào 聯lián 創chuàng 對duì 經jīng 競jìng 爭zhēng 續xù 網wǎng 測cè 協xié 結jié "
    "學xué 負fù 責zé 語yǔ 動dòng 實shí 現xiàn 進jìn 導dǎo 監jiān 個gè 覺jué 設shè 達dá "
    "執zhí 寫xiě 會huì 費fèi 標biāo 護hù 隊duì 認rèn 見jiàn 點diǎn 過guò 無wú 強qiáng "
    "戰zhàn 價jià 營yíng 數shù 說shuō 遠yuǎn 國guó 機jī 構gòu 務wù 萬wàn 應yīng 態tài "
    "關guān 計jì 術shù 規guī 轉zhuǎn 書shū 險xiǎn 號hào 準zhǔn 驗yàn 級jí 統tǒng "
    "權quán 請qǐng 驅qū 冊cè"
)
READINGS = {word[0]: word[1:] for word in _MARKED.split()}


def clean(text: str) -> str:
    """Apply all repairs in their order."""
    aligned = Aligned.identity(text)
    for rule in REPAIRS.values():
        aligned = aligned.apply(rule(aligned.text))
    return aligned.text


def write_readings(text: str, readings: dict[str, str]) -> str:
    """Write readings behind characters without regard to where a character begins.

    The text is held as GBK; a lead byte without a partner becomes `?` and takes the next byte too.
    """
    table = {c.encode("gbk"): r.encode("gbk") for c, r in readings.items()}
    keys = re.compile(b"|".join(map(re.escape, table)))
    held = text.encode("gbk", "ignore")
    marked = keys.sub(lambda m: m[0] + b"(" + table[m[0]] + b")", held)
    pairs = re.findall(
        rb"[\x00-\x7f]|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff].?", marked, re.DOTALL
    )
    return "".join(
        "?" if len(pair) == 2 and pair[1] < 0x40 else pair.decode("gb18030", "replace")
        for pair in pairs
    )


def _lines(hit: Callable[[str, random.Random], str]) -> Damage:
    """Damage single lines, each with the probability `rate`."""

    def damage(text: str, rng: random.Random, rate: float) -> str:
        lines = text.split("\n")
        return "\n".join(hit(line, rng) if rng.random() < rate else line for line in lines)

    return damage


def _inserted(what: str, where: str) -> Damage:
    """Insert a string at one random match of an empty pattern of the line."""

    def hit(line: str, rng: random.Random) -> str:
        places = [m.start() for m in re.finditer(where, line)]
        at = rng.choice(places) if places else None
        return line if at is None else line[:at] + what + line[at:]

    return _lines(hit)


def _misread(table: str) -> Damage:
    def hit(line: str, _: random.Random) -> str:
        try:
            return line.encode().decode(table)
        except UnicodeDecodeError:
            return line

    return _lines(hit)


def _emphasised(line: str, rng: random.Random) -> str:
    words = line.split(" ")
    if len(words) < 4 or "_" in line or "*" in line or not words[0].isalpha():
        return line
    mark, end = rng.choice(("_", "**")), rng.randint(2, 4)
    return f"{mark}{' '.join(words[:end])}{mark} {' '.join(words[end:])}"


def _wrapped(text: str, rng: random.Random, rate: float) -> str:  # noqa: ARG001  # all or nothing
    paragraphs = (textwrap.wrap(p, 72, break_on_hyphens=False) for p in text.split("\n") if p)
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


def _with_readings(text: str, rng: random.Random, rate: float) -> str:  # noqa: ARG001  # whole text
    return "\n".join(
        write_readings(line, READINGS)
        if line == line.encode("gbk", "ignore").decode("gbk")
        else line
        for line in text.split("\n")
    )


DAMAGES: dict[str, Damage] = {
    "UTF-8 read as Windows-1252": _misread("cp1252"),
    "UTF-8 read as Latin-1": _misread("latin-1"),
    "UTF-8 read as Windows-1251": _misread("cp1251"),
    "HTML entities": _lines(
        lambda line, _: re.sub('["«»—“”’]', lambda m: f"&#{ord(m[0])};", line.replace("&", "&amp;"))
    ),
    "CRLF": lambda text, _rng, _rate: text.replace("\n", "\r\n"),
    "parted accents": _lines(lambda line, _: unicodedata.normalize("NFD", line)),
    "no-break spaces": _lines(lambda line, _: line.replace(" ", "\u00a0", 3)),
    "zero-width space": _inserted("\u200b", r"(?<=\w)(?=\w)"),
    "soft hyphen": _inserted("\u00ad", r"(?<=\w\w)(?=\w\w)"),
    "direction mark": _inserted("\u200e", "^|$"),
    "control character": _inserted("\x02", r"(?<=\w)(?=\w)"),
    "doubled space": _inserted(" ", "(?<=[^ ]) (?=[^ ])"),
    "trailing space": _inserted("  ", r"(?<=\S)$"),
    "gap in a doubled word": _lines(lambda line, _: re.sub(r"\b(\w{3,})-(?=\1\b)", r"\1 -", line)),
    "emphasis": _lines(_emphasised),
    "wrapped lines": _wrapped,
    "readings in GBK": _with_readings,
}


def _texts(files: list[Path]) -> list[str]:
    """Read texts in repaired form, without the lines that no repair could be told from.

    Empty lines go: they carry nothing, and wrapping needs them for itself.
    """
    texts = (clean(path.read_text(encoding="utf-8")) for path in files)
    return ["\n".join(line for line in text.split("\n") if line.strip()) for text in texts]


def _row(name: str, damage: Damage, texts: list[str], rate: float, seed: int) -> str:
    """Measure one kind of damage over all texts; compare line by line."""
    rng = random.Random(seed)  # noqa: S311  # repeatable damage, no secret
    truth, damaged, restored = [], [], []
    for text in texts:
        broken = damage(text, rng, rate)
        lines = [
            [line for line in version.split("\n") if line.strip()]
            for version in (text, broken, clean(broken))
        ]
        if len(lines[0]) != len(lines[1]):
            lines[1] = broken.split("\n\n")  # wrapped
        if len(lines[0]) != len(lines[2]):  # not all joined, or too many
            lines[2] = [line if line in lines[2] else "" for line in lines[0]]
        for before, during, after in zip(*lines, strict=True):
            if before != during:
                truth.append(before)
                damaged.append(during)
                restored.append(after)
    if not truth:
        return f"{name:<28}{0:>7}"
    exact = sum(a == b for a, b in zip(truth, restored, strict=True)) / len(truth)
    scores = [corpus_chrf(version, [truth]).score for version in (damaged, restored)]
    return f"{name:<28}{len(truth):>7}{exact:>10.1%}{scores[0]:>10.1f}{scores[1]:>10.1f}"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    seeds = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
    parser.add_argument("--data", nargs="+", type=Path, default=seeds)
    parser.add_argument("--rate", type=float, default=0.3, help="share of the lines to damage")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the changes to clean text")
    options = parser.parse_args()

    print(f"{'damage':<28}{'lines':>7}{'exact':>10}{'chrF was':>10}{'chrF is':>10}")
    texts = _texts(options.data)
    for name, damage in DAMAGES.items():
        print(_row(name, damage, texts, options.rate, options.seed), flush=True)

    print(f"\n{'changes to the text as given':<42}{'places':>7}")
    lines = 0
    changes = dict.fromkeys(REPAIRS, 0)
    for path in options.data:
        aligned = Aligned.identity(path.read_text(encoding="utf-8"))
        lines += aligned.text.count("\n")
        for name, rule in REPAIRS.items():
            edits = list(rule(aligned.text))
            changes[name] += len(edits)
            if options.show:
                for start, end, after in edits:
                    context = aligned.text[max(start - 20, 0) : end + 20]
                    print(f"  {name}: {aligned.text[start:end]!r} -> {after!r} in {context!r}")
            aligned = aligned.apply(edits)
    for name, places in changes.items():
        print(f"{name:<42}{places:>7}")
    print(f"{'lines':<42}{lines:>7}")


if __name__ == "__main__":
    main()
