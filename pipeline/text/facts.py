"""Checks a translation against its source without a reference: numbers by value, names by form.

Each language is read by its own conventions, so that 5,8 миллиарда equals 5.8 billion and 8300 億
equals 830 billion. Number words (двенадцать, a dozen) may stand for digits on the other side, but
are never asked for themselves: they are too often idiom.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Languages that write 1,5 for one and a half; the others write 1.5.
_COMMA = (  # noqa: SIM905 - a list would take fifty lines
    "az be bg bs ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk ky lt lv mk mn nb nl "
    "nn no pl pt ro ru sk sl sq sr sv tg tk tr tt uk uz vi"
).split()

# Number words by value. Where a language bends its words, these are the beginnings of words.
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "0": "zero nil no none",
        "0.5": "half halves half_a half_an and_a_half and_half and_one_half",
        "1": "one a an once single first sole only",
        "2": "two both couple pair pairs double doubled twice second twin dual half secondly",
        "3": "three third triple thrice trio tripled quarter", "4": "four fourth quarter quarters",
        "5": "five fifth", "6": "six sixth", "7": "seven seventh", "8": "eight eighth",
        "9": "nine ninth", "10": "ten tenth", "11": "eleven eleventh",
        "12": "twelve twelfth noon", "13": "thirteen", "14": "fourteen", "15": "fifteen",
        "16": "sixteen", "17": "seventeen", "18": "eighteen", "19": "nineteen",
        "20": "twenty twentieth twenties", "30": "thirty thirtieth thirties",
        "40": "forty fortieth forties", "50": "fifty fiftieth fifties half",
        "60": "sixty sixtieth sixties", "70": "seventy seventieth seventies",
        "80": "eighty eightieth eighties", "90": "ninety ninetieth nineties", "24": "midnight",
        "100": "centenary centennial",
    },
    "ru": {
        "0": "ноль нул", "0.5": "половин полу", "1": "один одн перв", "1.5": "полтор",
        "2": "два две двух двум дво втор оба обе обо дважды пар",
        "3": "три трех трёх трем трём тро трет треть", "4": "четыр четвер четвёр",
        "5": "пять пяти пят", "6": "шест", "7": "семь семи сем седьм", "8": "восем восьм",
        "9": "девят", "10": "десят", "11": "одиннадцат", "12": "двенадцат дюжин",
        "13": "тринадцат", "14": "четырнадцат", "15": "пятнадцат", "16": "шестнадцат",
        "17": "семнадцат", "18": "восемнадцат", "19": "девятнадцат", "20": "двадцат",
        "30": "тридцат", "40": "сорок", "50": "пятьдесят пятидесят",
        "60": "шестьдесят шестидесят", "70": "семьдесят семидесят",
        "80": "восемьдесят восьмидесят", "24": "сутки суток", "90": "девяност",
        "100": "сто сот", "200": "двести",
        "300": "триста", "400": "четыреста", "500": "пятьсот", "600": "шестьсот",
        "700": "семьсот", "800": "восемьсот", "900": "девятьсот",
    },
    "kk": {
        "0": "нөл", "0.5": "жарты жарым", "1": "бір алғашқы", "2": "екі екеу қос", "3": "үш",
        "4": "төрт ширек тоқсан", "5": "бес", "6": "алты алтау", "7": "жеті жетеу", "8": "сегіз",
        "9": "тоғыз", "10": "он", "20": "жиырма", "24": "тәулік", "30": "отыз",
        "40": "қырық", "50": "елу",
        "60": "алпыс", "70": "жетпіс", "80": "сексен", "90": "тоқсан", "100": "жүз",
    },
    "id": {
        "0": "nol", "0.5": "setengah separuh", "1": "satu pertama",
        "2": "dua kedua ganda", "3": "tiga ketiga", "4": "empat keempat seperempat perempat",
        "5": "lima kelima", "6": "enam keenam", "7": "tujuh ketujuh", "8": "delapan kedelapan",
        "9": "sembilan kesembilan", "10": "sepuluh kesepuluh belas dasawarsa dekade",
        "11": "sebelas kesebelas", "12": "lusin selusin", "100": "seratus abad",
        "1000": "seribu", "1000000": "sejuta",
    },
    "he": {
        "0": "אפס", "0.5": "חצי מחצית", "1": "אחד אחת ראשו",
        "2": "שני שתי שניים שתיים שנייה פעמיים יומיים שנתיים חודשיים שבועיים שעתיים זוג",
        "3": "שלוש שליש", "4": "ארבע רביע רבע", "5": "חמש חמיש", "6": "שש שיש", "7": "שבע שביע",
        "8": "שמונ שמינ", "9": "תשע תשיע", "10": "עשר עשיר עשור", "12": "תריסר", "20": "עשרים",
        "30": "שלושים", "40": "ארבעים", "50": "חמישים", "60": "שישים ששים", "70": "שבעים",
        "80": "שמונים", "90": "תשעים", "100": "מאה", "200": "מאתיים", "2000": "אלפיים",
    },
    "zh": {
        "0": "零 〇", "0.5": "半", "1": "一 壹 首", "2": "二 兩 两 雙 双 貳", "3": "三 參 叁",
        "4": "四", "5": "五", "6": "六", "7": "七", "8": "八", "9": "九",
    },
}  # fmt: skip

# Words that multiply what stands before them.
_SCALES: dict[str, dict[str, str]] = {
    "en": {
        "10": "decade decades", "12": "dozen dozens",
        "100": "hundred hundreds hundredth century centuries",
        "1000": "thousand thousands thousandth",
        "1e6": "million millions mln millionth", "1e9": "billion billions bln",
        "1e12": "trillion trillions tln", "1e5": "lakh", "1e7": "crore",
    },
    "ru": {"1000": "тысяч тыщ тыс", "1e6": "миллион млн", "1e9": "миллиард млрд",
           "1e12": "триллион трлн"},
    "kk": {"100": "жүз", "1000": "мың", "1e6": "миллион млн", "1e9": "миллиард млрд",
           "1e12": "триллион трлн"},
    "id": {"10": "puluh", "100": "ratus", "1000": "ribu rb", "1e6": "juta jt",
           "1e9": "miliar milyar milliar", "1e12": "triliun trilyun trilliun"},
    "he": {"100": "מאות", "1000": "אלף אלפי", "1e6": "מיליון מליון מיליוני",
           "1e9": "מיליארד מליארד", "1e12": "טריליון"},
    "zh": {"10": "十 拾", "100": "百 佰", "1000": "千 仟", "1e4": "萬 万", "1e8": "億 亿",
           "1e12": "兆"},
}  # fmt: skip

_MONTHS = {
    "en": "jan,january feb,february mar,march apr,april may jun,june jul,july aug,august "
    "sep,sept,september oct,october nov,november dec,december",
    "ru": "январ феврал март апрел май,мая,мае июн июл август сентябр октябр ноябр декабр",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
}
_PERCENT = re.compile(
    r"\s*-?\s*(?:[%％٪﹪]|per\s?cent|pct\b|процент|пайыз|persen|prosen|אחוז|パーセント|퍼센트)",
    re.IGNORECASE,
)
_LETTER_SCALE = re.compile(r"(k|m|b)\b|\s?(bn|mn|tn)\b", re.IGNORECASE)
_LETTER_SCALES = {"k": 1000, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12}
_UNITS = (  # noqa: SIM905 - a list would take eighty lines
    "st nd rd th s am pm km kg cm mm nm g mg mcg ml l m w kw mw gw tw kwh mwh gwh twh v kv "
    "kb mb gb tb pb kbps mbps gbps mph kph hz khz mhz ghz ha ft lb lbs oz in min h hr hrs sec ms "
    "x p an px dpi pt mah bp bps usd eur gbp rub kzt yuan year years"
).split()

_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_ADDRESS = re.compile(
    r"https?://[^\s<>\"«»“”、，。）)\]]+|www\.[^\s<>\"«»“”、，。）)\]]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    rf"|(?<![\w/])[@#](?=\w*[{_LATIN}])[{_LATIN}0-9_]+|(?<![\w/])[ru]/[A-Za-z0-9_]+",
    re.ASCII,
)
# In Chinese a year may follow a name without a blank: OpenAI2024年.
_TOKEN = re.compile(
    rf"[{_LATIN}]+\d{{4}}(?=\s*年)|[{_LATIN}0-9]+"
    rf"(?:(?:[-+_&'’]|(?<=\d)\.(?=\d)|(?<=[a-z])\.(?=[A-Za-z]))?[{_LATIN}0-9]+)*\+*"
)
# A number behind something that is no name: mid-2019, ke-19, Rp9.300, Garros-2015; or m2.
_PREFIXED = re.compile(
    r"(?:[a-z]+-|Ke-|Rp|RMB|US|USD|EUR|GBP|CNY|JPY|KZT|NIS|IDR|RM|Rs|HK|NT|NZ|No\.?)"
    r"\d[\d.]*(?:-an|[a-zA-Z]{0,2})|[A-Za-z]+-(?:19|20)\d\d|[ck]?m[23]"
)
_BLANK = "[ \u00a0\u202f\u2009]"
_HOUR, _MINUTE = r"\s?(?:[时時點点]|ч(?:ас(?:а|ов)?)?\.?|сағат)\s?", r"\s?(?:分|мин)"
_TIME = re.compile(
    rf"([01]?\d|2[0-4])(?:[:.]\s?|{_HOUR})([0-5]\d|\d(?={_MINUTE})|半)(?:{_MINUTE})?"
)
_NUMBER = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}(?:{_HOUR}(?:半|\d{{1,2}}{_MINUTE})|:\s[0-5]\d(?![.,]?\d))"
    rf"|\d{{1,3}}(?:(?:{_BLANK}|['’])\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,:]\d+)*)"
)
_RANGE = re.compile(
    r"\s*(?:[-–—−־~～/、至到或]|to|or|and|и|или|до|не|немесе|және|sampai|hingga|dan|atau|עד|או|ו|ל)"
    r"{1,2}\s*(?:[$€£¥₽₸]|Rp)?\s*",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?:['’]?s\b|-?(?:х|е|ых|ые|ші|шы|ıncı)\b|\s*年代|-?an\b)")
_ROMAN = re.compile(r"\b(?=[IVX])(?:X{0,3})(?:IX|IV|V?I{0,3})\b")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
# Every decimal digit of any script, and the signs of full width, as ASCII; one for one.
_ASCII = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(128, 0x20000)
    if chr(code).isdecimal()
} | str.maketrans("．：／＠＃－٫", ".:/@#-.")
_VULGAR = "½¼¾⅓⅔⅛"
_INNER = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}")  # a capital inside: OpenAI
_MONTH_MARK = re.compile(r"\s?[月월]")
_COINED = frozenset({"covid-19"})  # what 新冠 and коронавирус are called in English
# The 20th century is often left out in English: the 1970s.
_OF_CENTURY = re.compile(r"(?:מאה ה[-־–]?\s?|abad ke-)\Z")
_CENTURY = re.compile(r"(?:-?[^\W\d_]{0,2})?\s*(?:世紀|世纪|век|ғасыр)")

Kind = Literal["number", "percent", "time", "date", "word"]
_KINDS: dict[str, Kind] = {"digits": "number", "time": "time", "date": "date", "month": "date"}


@dataclass(frozen=True)
class Quantity:
    """A number in a text.

    `also` holds what else it may stand for (16:00 is 4 in the afternoon). One that is not `certain`
    is a number word, the name of a month or a part of a name: it may answer a number on the other
    side, but is not looked for there.
    """

    value: Decimal
    kind: Kind
    text: str
    start: int
    end: int
    also: frozenset[Decimal] = frozenset()
    certain: bool = True


class Mismatch(NamedTuple):
    """Something that the translation lacks, or that only the translation has."""

    kind: Literal["missing", "added"]
    what: str

    def __str__(self) -> str:
        return f"{self.what} is {self.kind}"


@dataclass(frozen=True)
class _Item:
    """A number or a number word on its own, before scale words are applied to it."""

    start: int
    end: int
    value: Decimal
    kind: Literal["digits", "date", "word", "scale", "month", "time"]
    also: frozenset[Decimal] = frozenset()


def _primary(language: str) -> str:
    code = language.partition("-")[0].lower()
    return {"ja": "zh", "yue": "zh"}.get(code, code)


@cache
def _lexicon(language: str) -> tuple[re.Pattern[str], dict[str, tuple[Decimal, str]]]:
    """Compile the number words of a language: a pattern, and value and kind by lower-case word."""
    words: dict[str, tuple[Decimal, str]] = {}
    for kind, table in (("scale", _SCALES), ("word", _WORDS)):
        for value, stems in table.get(language, {}).items():
            for stem in stems.split():
                words.setdefault(stem, (Decimal(value), kind))
    for number, stems in enumerate(_MONTHS.get(language, "").split(), 1):
        for stem in stems.split(","):
            words.setdefault(stem, (Decimal(number), "month"))
    stem = "|".join(sorted(map(re.escape, words), key=len, reverse=True)).replace("_", r"[\s-]+")
    if language == "zh":
        pattern = rf"(?!百分|千[米克瓦伏赫卡帕])({stem})"
    elif language == "en":
        pattern = rf"(?<![^\W\d_])({stem})(?:(?<=\w\w\w)(?:ths?|s|fold))?(?![^\W\d_])"
    elif language == "he":
        pattern = rf"(?<![^\W\d_])[ובלהמכש]{{0,3}}?({stem})"
    else:
        pattern = rf"(?<![^\W\d_])({stem})[^\W\d_]*"
    return re.compile(pattern if words else r"(?!)", re.IGNORECASE), words


def _grouped(parts: list[str]) -> bool:
    """Tell whether digits cut at separators are one number written in groups of thousands."""
    first, *rest = parts
    return 1 <= len(first) <= 3 and first != "0" * len(first) and all(len(p) == 3 for p in rest)


def _read(written: str, language: str) -> tuple[Decimal, ...]:
    """Read digits with points and commas; several values if they are not one number (1.2.2024)."""
    digits = re.sub(rf"{_BLANK}|['’]", "", written)
    parts = re.split(r"[.,]", digits)
    marks = re.findall(r"[.,]", digits)
    point = "," if language in _COMMA else "."
    if not marks:
        return (Decimal(digits),)
    if len(marks) == 1:
        grouped = marks[0] != point and _grouped(parts) and digits == written
        return (Decimal("".join(parts) if grouped else ".".join(parts)),)
    if len(set(marks)) == 1 and _grouped(parts):
        return (Decimal("".join(parts)),)
    if len(set(marks)) == 2 and len(set(marks[:-1])) == 1 and _grouped(parts[:-1]):
        return (Decimal("".join(parts[:-1]) + "." + parts[-1]),)
    return tuple(map(Decimal, parts))


def _clock(written: str) -> tuple[Decimal, frozenset[Decimal]] | None:
    """Read a time of day as hour.minute, with what else it may be: 16:30 is 4:30 or 1630."""
    if not (match := _TIME.fullmatch(written)):
        return None
    hour, minute = int(match[1]), Decimal(30 if match[2] == "半" else int(match[2])) / 100
    hours = {hour, hour + 12, hour - 12} & set(range(25))
    military = (hour + minute) * 100  # 1630
    return hour + minute, frozenset({*(Decimal(h) + minute for h in hours), military})


def _number_items(text: str, language: str) -> Iterator[_Item]:
    for match in _NUMBER.finditer(text):
        written, (start, end) = match[0], match.span()
        if len(written) > 40:  # no quantity that anyone means
            continue
        time = _clock(written)
        plain = re.fullmatch(rf"[\d.,'’]+|(?:\d|{_BLANK})+(?:[.,]\d+)?", written)
        if time and not plain:
            yield _Item(start, end, time[0], "time", time[1])
            continue
        values = _read(written, language) if plain else ()
        if len(values) == 1:
            also = time[1] if time else frozenset()
            if language != "en" and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", written):
                # 600,000 in Russian: many texts keep the English way of the text they came from.
                also = frozenset(Decimal(written[:-4] + mark + written[-3:]) for mark in ("", "."))
            yield _Item(start, end, values[0], "digits", also)
            continue
        for part in re.finditer(r"\d+" if plain else r"\d+(?:[.,]\d+)?", written):
            kind: Literal["date", "digits"] = "date" if plain else "digits"  # 1.2.2024, or 3:51:20
            yield _Item(
                start + part.start(), start + part.end(), Decimal(part[0].replace(",", ".")), kind
            )


def _word_items(text: str, language: str) -> Iterator[_Item]:
    pattern, words = _lexicon(language)
    for match in pattern.finditer(text):
        value, kind = words[re.sub(r"[\s-]+", "_", match[1].lower())]
        yield _Item(match.start(), match.end(), value, kind)  # type: ignore[arg-type]
    for match in re.finditer(rf"[{_VULGAR}]", text):
        value = round(Decimal(unicodedata.numeric(match[0])), 4)
        yield _Item(match.start(), match.end(), value, "word")
    for match in _ROMAN.finditer(text):
        if len(match[0]) > (language == "en"):  # I is a word in English
            numerals = [_ROMAN_VALUES[letter] for letter in match[0]]
            pairs = zip(numerals, [*numerals[1:], 0], strict=True)
            value = Decimal(sum(-one if one < after else one for one, after in pairs))
            yield _Item(match.start(), match.end(), value, "word")


def _resumes(text: str, run: list[_Item], item: _Item, after: _Item | None) -> bool:
    """Tell whether digits go on with the number before them: 3億5000萬, 1 мың 200, 29¾."""
    last, size = run[-1], item.end - item.start
    if last.kind != "scale" or not re.fullmatch(r"\.?\s?", text[last.end : item.start]):
        return False
    if after and after.kind == "scale" and text[item.end : after.start].strip() == "":
        return after.value < last.value
    return run[0].kind == "digits" and size == {1000: 3, 10_000: 4}.get(int(last.value))


def _joins(text: str, run: list[_Item], item: _Item, after: _Item | None) -> bool:
    """Tell whether an item goes on with the number before it: 14 миллиард, сто два."""
    gap = text[run[-1].end : item.start]
    if len(run) >= 12:
        return False
    if item.kind == "scale":
        # Between them may stand an ending (10-ти тысяч) or "more than" (20多萬).
        return bool(re.fullmatch(r"(?:-[^\W\d_]{1,4})?[\s-]{0,2}|\s?[多餘余幾几來来個个]\s?", gap))
    if item.kind == "digits":
        return _resumes(text, run, item, after)
    if text[item.start] in _VULGAR:
        return run[-1].kind == "digits" and not gap
    words = {one.kind for one in (*run, item)} <= {"word", "scale"}
    return words and bool(re.fullmatch(r"[\s-]{0,2}(?:and[\s-])?", gap))


def _total(run: list[_Item]) -> Decimal:
    """Add the parts up; a scale word multiplies all smaller parts before it."""
    parts: list[Decimal] = []
    for item in run:
        if item.kind != "scale":
            parts.append(item.value)
            continue
        amount = parts.pop() if parts else Decimal(0)
        while parts and parts[-1] < item.value:
            amount += parts.pop()
        parts.append((amount or 1) * item.value)
    if len(run) > 1 and all(item.kind == "word" and item.value in range(10) for item in run):
        return Decimal("".join(str(int(item.value)) for item in run))  # 二〇二四
    return sum(parts, Decimal(0))


def _also(text: str, run: list[_Item], value: Decimal, end: int) -> set[Decimal]:
    """Collect what else a number may stand for, from its own words and from what follows."""
    also = set(run[0].also) if len(run) == 1 else set()
    if run[-1].kind == "scale" and run[-1].value <= 100 and run[-1].end - run[-1].start > 4:
        also.add(run[0].value)  # 21 century
    if run[0].kind in {"word", "scale"}:
        also |= {item.value for item in run} | {_total(run[:size]) for size in range(1, len(run))}
    if text.startswith("成", end):
        also.add(value * 10)  # 三成 is 30%
    if _DECADE.match(text, end) and value < 2100:
        also.add(value + 1900 if value < 100 else value % 100)
    return also


def _quantity(text: str, run: list[_Item]) -> Quantity:
    """Make a quantity of the items that form one number, and of the sign that follows it."""
    start, end, value = run[0].start, run[-1].end, _total(run)
    kind = _KINDS.get(run[0].kind, "word")
    certain = any(item.kind in {"digits", "date", "time"} for item in run)
    also = _also(text, run, value, end)
    if _CENTURY.match(text, end) or _OF_CENTURY.search(text[max(0, start - 8) : start]):
        certain = False
        also.add((value - 1) * 100)  # the 1800s
    elif match := _PERCENT.match(text, end):
        also = also if kind == "word" else set()  # 11.30% is no time of day
        kind, end = "percent", match.end()
    elif text.endswith(("百分之", "百分"), 0, start):
        kind, start = "percent", text.rindex("百分", 0, start)
    elif match := _LETTER_SCALE.match(text, end):
        also.add(value)
        value *= _LETTER_SCALES[(match[1] or match[2]).lower()]
        end = match.end()
    elif kind == "number" and (
        _MONTH_MARK.match(text, end) or "/" in text[max(start - 1, 0) : end + 1]
    ):
        kind = "date"
    return Quantity(value, kind, text[start:end], start, end, frozenset(also), certain)


def _share_range(text: str, found: list[Quantity], scales: list[Decimal]) -> list[Quantity]:
    """Let the first of 5-10 миллионов be 5 million too, and the second of 2010-11 be 2011."""
    result = list(found)
    for i in range(len(found) - 2, -1, -1):
        one, two = found[i], found[i + 1]
        if not _RANGE.fullmatch(text, one.end, two.start):
            continue
        scale = scales[i + 1]
        if scale > 1 and scales[i] == 1:
            scales[i] = scale
            result[i] = replace(one, value=one.value * scale, also=one.also | {one.value})
        head, tail = str(one.value), str(two.value)
        if head.isdigit() and tail.isdigit() and len(tail) < len(head) == 4:
            completed = Decimal(head[: -len(tail)] + tail)
            result[i + 1] = replace(result[i + 1], also=two.also | {completed})
    return result


def quantities(text: str, language: str) -> list[Quantity]:
    """Find the numbers of a text, read by the conventions of its language (ISO 639-1 code).

    Names with digits (GPT-5.2) and addresses give no number to look for, though the digits of a
    name may answer one on the other side.
    """
    text = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", text).translate(_ASCII)
    code = _primary(language)
    hidden = [match.span() for match in _ADDRESS.finditer(text)]
    coded = [match.span() for match in _TOKEN.finditer(text) if _is_coded(match[0])]
    items = sorted((*_number_items(text, code), *_word_items(text, code)), key=lambda i: i.start)
    items = [item for item in items if not any(s <= item.start < e for s, e in hidden)]
    runs: list[list[_Item]] = []
    for index, item in enumerate(items):
        after = items[index + 1] if index + 1 < len(items) else None
        if runs and _joins(text, runs[-1], item, after):
            runs[-1].append(item)
        else:
            runs.append([item])
    found = [_quantity(text, run) for run in runs]
    scales = [
        one.value / run[0].value if run[0].value else Decimal(1)
        for one, run in zip(found, runs, strict=True)
    ]
    return [
        replace(q, certain=False) if any(s <= q.start < e for s, e in coded) else q
        for q in _share_range(text, found, scales)
    ]


def _readable(value: Decimal) -> str:
    for size, name in ((12, "trillion"), (9, "billion"), (6, "million")):
        if value >= 10**size:
            return f"{(value / 10**size).normalize():,f} {name}"
    return f"{value:f}" if value < 10_000 else f"{value:,f}"


def _describe(quantity: Quantity) -> str:
    """Show a quantity as written and, where that looks different, as English writes it."""
    written = " ".join(quantity.text.split())
    readable = _readable(quantity.value) + ("%" if quantity.kind == "percent" else "")
    plain = quantity.kind == "time" or written.replace(",", "") == readable.replace(",", "")
    return written if plain else f"{written} = {readable}"


def _unanswered(asked: list[Quantity], given: list[Quantity]) -> list[Quantity]:
    """Find the certain quantities of one side that nothing on the other side equals.

    Two answer each other if either may stand for the value of the other; what both may stand for
    is not enough, or 8:05 would answer 8:08. The name of a month answers a date alone.
    """
    months = {q.value for q in given if q.kind == "date" and not q.certain}
    others = [q for q in given if q.kind != "date" or q.certain]
    values = {q.value for q in others}
    also = frozenset[Decimal]().union(*(q.also for q in others))
    return [
        q
        for q in asked
        if q.certain
        and q.value not in values | also
        and not q.also & values
        and not (q.kind == "date" and q.value in months)
    ]


def compare(source: str, language: str, translation: str) -> list[Mismatch]:
    """Find the numbers that an English translation has lost, and those that it has made up.

    Numbers are compared by value, each value once, however often it is repeated.
    """
    if not re.search(r"\d", source + translation):
        return []
    ours, theirs = quantities(source, language), quantities(translation, "en")
    # Without a table of its number words, a language may spell any small number out.
    spelt = 1 if _primary(language) in _WORDS else 100
    found = [Mismatch("missing", _describe(q)) for q in _unanswered(ours, theirs)]
    found += [Mismatch("added", _describe(q)) for q in _unanswered(theirs, ours) if q.value > spelt]
    return list(dict.fromkeys(found))


def _is_coded(token: str) -> bool:
    """Tell whether a token is a name with digits (GPT-4o, 2C), not a number with a unit (5km)."""
    if not re.search(r"\d", token) or not re.search(rf"[{_LATIN}]", token):
        return False
    if match := re.fullmatch(rf"[\d.,:+'’-]*\d([-'’]?)([{_LATIN}]+).*", token):
        unit = match[2].lower()
        known = unit in _UNITS or unit in _LETTER_SCALES or unit in _lexicon("en")[1]
        return not known and not (match[1] and match[2][0].islower())
    return not _PREFIXED.fullmatch(token)


def names(text: str) -> Counter[str]:
    """Count the tokens that a translation must keep: addresses, and names in Latin letters.

    In a text of another script each Latin word with a capital is a name; in a Latin one only a
    word with a digit or an inner capital is.
    """

    def foreign_name(word: str) -> bool:
        plain = len(word) < 2 or word.islower() or word.lower() in _UNITS
        return not plain and not _ROMAN.fullmatch(word)

    text = text.translate(_ASCII)
    foreign = sum(c.isalpha() and c > "ɏ" for c in text) > 0.2 * sum(map(str.isalpha, text))
    found = Counter(match[0].rstrip(".,;:!?") for match in _ADDRESS.finditer(text))
    for match in _TOKEN.finditer(_ADDRESS.sub(" ", text)):
        token = match[0]
        if _is_coded(token) and not match.string.startswith("年", match.end()):
            found[token] += 1
        else:
            words = re.split(r"-?\d+" if foreign else r"[-\d]+", token)
            found.update(filter(foreign_name if foreign else _INNER.search, words))
    return found


def _kept(name: str, translation: str) -> bool:
    if _ADDRESS.fullmatch(name):
        return name in translation
    parts = map(re.escape, re.findall(r"[^\W_]+|[^\w\s.'’-]", name))
    end = r"(?!\d|[.,]\d)" if name[-1].isdigit() else r"(?:['’]?s)?(?![A-Za-z0-9])"
    return bool(
        re.search(r"(?<![A-Za-z0-9])" + r"[-\s.'’]*".join(parts) + end, translation, re.IGNORECASE)
    )


def compare_names(source: str, translation: str) -> list[Mismatch]:
    """Find the names that a translation has lost or changed, and coded names that it has made up.

    Case and hyphens may differ in names; addresses must stay as they are.
    """
    translation = translation.translate(_ASCII)
    ours = names(source)
    found = [Mismatch("missing", name) for name in ours if not _kept(name, translation)]
    digits = set(re.findall(r"\d+", source.translate(_ASCII)))
    for name in names(translation):
        if _ADDRESS.fullmatch(name):
            # A hashtag in another script may have been translated.
            made_up = name not in source and not (name[0] == "#" and "#" in source)
        else:
            made_up = bool(set(re.findall(r"\d+", name)) - digits) and name.lower() not in _COINED
        if made_up:
            found.append(Mismatch("added", name))
    return found
