"""Plain text, with or without front matter."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from pipeline.aligned import Aligned, Edit
from pipeline.article import Article, Markup, Metadatum
from pipeline.read.layout import with_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRONT = re.compile(r"(?ms)\ufeff?---[ \t]*\r?\n(.{0,20000}?)^---[ \t]*(?:\r?\n|\Z)")
_KNOWN = {"title", "date", "url", "lang", "author"}


def claims(_text: str, _suffix: str) -> int:
    """Claim every file, weakly."""
    return 1


def read(article: Article) -> Article:
    """Read front matter as metadata, and each line behind it as a block."""
    return titled(front_matter(article))


def front_matter(article: Article) -> Article:
    """Move YAML between `---` lines at the top of a file from its text to `metadata`.

    One of the known keys must be in it; what is no such YAML stays text, and a note says so.
    """
    match = _FRONT.match(article.text)
    if not match:
        return article
    try:
        metadata = tuple(_metadata(match[1], match.start(1)))
    except (yaml.YAMLError, RecursionError):
        metadata = ()
    if not any(m.name in _KNOWN for m in metadata):
        note = "no front matter could be read between the --- lines; kept as text"
        return replace(article, notes=(*article.notes, note))
    body = Aligned.identity(article.text)[match.end() :]
    return replace(article, body=body, metadata=metadata)


def _metadata(text: str, offset: int) -> Iterator[Metadatum]:
    root = yaml.compose(text, yaml.SafeLoader)
    for key, node in root.value if isinstance(root, yaml.MappingNode) else ():
        start, end = node.start_mark.index, node.end_mark.index
        values = node.value if isinstance(node, yaml.SequenceNode) else [node]
        flat = all(isinstance(v, yaml.ScalarNode) for v in values)
        value = ", ".join(v.value for v in values) if flat else text[start:end].strip()
        if (at := text.find(value, start, end)) >= 0:  # without quotes
            start, end = at, at + len(value)
        name = text[key.start_mark.index : key.end_mark.index].strip("\"'")
        yield Metadatum(name, value, offset + start, offset + end)


def titled(article: Article) -> Article:
    """Add the blocks; where none is a title, that of the front matter goes before them."""
    found = with_blocks(article)
    said = next((m for m in article.metadata if m.name == "title" and m.value.strip()), None)
    if found.title or said is None or article.body is None:
        return found
    head = Aligned.identity(article.text[said.start : said.end], said.start)
    if head.text != said.value:
        head = head.apply([Edit(0, len(head.text), said.value)])
    body = Aligned.join((head, Aligned.identity("\n\n", said.end), article.body))
    markup = (Markup(said.start, said.end, "title"), *article.markup)
    return with_blocks(replace(article, body=body, markup=markup))
