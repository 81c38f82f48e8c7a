"""The articles in a file, one after another: of a document at once, of JSON lines from where a run stopped."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from corpus.beside import Beside
from corpus.errors import UnreadableError
from corpus.extract import extract, extract_lines
from corpus.identity import address_key
from corpus.passages import passages
from corpus.records import Article, Failure
from corpus.rows import Rows, rows

LARGEST_FILE = 32 * 1024 * 1024  # bytes; JSON lines are streamed and may be larger
LINES, BYTES = 100, 1_000_000  # of one batch, at most


@dataclass(frozen=True, slots=True)
class Same:
    """A line whose bytes were read to the article that is held.

    Attributes:
        article: its row id.
        line: the bytes.
        number: of the line in its file.
    """

    article: int
    line: bytes
    number: int


class Made(NamedTuple):
    """An article with its rows."""

    article: Article
    rows: Rows


class Read(NamedTuple):
    """What stands in one place of a file.

    Attributes:
        page: tells the bytes it was read from.
        offset, line: bytes and lines up to its end; 0 for a file that is no JSON lines.
    """

    found: Made | Same | Failure
    page: str
    offset: int
    line: int


class _Line(NamedTuple):
    raw: bytes
    page: str
    held: int | None
    offset: int
    number: int


def read_document(path: Path) -> Iterator[Read]:
    """The articles of a file that is no JSON lines.

    Raises:
        UnreadableError: no article can be taken from it, or it is too large.
        OSError: it cannot be read.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableError(
            f"is larger than {LARGEST_FILE >> 20} MB", subject=path, remedy="split it, or write it as JSON lines"
        )
    data = path.read_bytes()
    whole = hashlib.sha256(data).hexdigest()
    articles = extract(data, name=str(path))
    for number, article in enumerate(articles):
        yield Read(made(article), f"{whole}#{number}" if len(articles) > 1 else whole, 0, 0)


def read_json_lines(
    path: Path, offset: int, line: int, pages: Mapping[bytes, int], beside: Beside, *, alone: bool
) -> Iterator[Read]:
    """What the lines of a file hold, from an offset on; blank ones are passed over.

    Args:
        offset, line: how many bytes and lines were read before.
        pages: the articles held by what tells the bytes of a line, see `Documents.pages`.
        beside: takes the lines apart.
        alone: they are too few to begin a second process for.

    Raises:
        OSError: the file cannot be read.
    """
    waiting: deque[Sequence[_Line]] = deque()

    def batches() -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
        for batch in _batches(path, offset, line, pages):
            waiting.append(batch)
            yield str(path), [(each.number, each.raw) for each in batch if each.held is None]

    for answers in beside.map(take_apart, batches(), alone=alone):
        answer = iter(answers)
        for each in waiting.popleft():
            found = next(answer) if each.held is None else Same(each.held, each.raw, each.number)
            if found is not None:
                yield Read(found, each.page, each.offset, each.number)


def take_apart(batch: tuple[str, Sequence[tuple[int, bytes]]]) -> list[Made | Failure | None]:
    """What each line of a file holds, given by number and bytes; None for a blank one."""
    name, lines = batch
    return [read_line(raw, name, number) for number, raw in lines]


def read_line(raw: bytes, name: str, number: int) -> Made | Failure | None:
    """What a line of a file holds; None for a blank one."""
    found = next(extract_lines([raw], name, first=number), None)
    return made(found) if isinstance(found, Article) else found


def made(article: Article) -> Made:
    """An article as it can be stored, without an address that is none and with an id that can be written down."""
    url = article.url
    try:
        address_key(url or "")
    except ValueError:
        url = None
    external = article.external_id.encode(errors="replace").decode()
    worked = rows(article, passages(article))
    return Made(replace(article, url=url, external_id=external, blocks=()), worked)  # the rows hold the blocks


def _batches(path: Path, offset: int, line: int, pages: Mapping[bytes, int]) -> Iterator[list[_Line]]:
    batch: list[_Line] = []
    size = 0
    with path.open("rb") as opened:
        opened.seek(offset)
        for number, raw in enumerate(opened, line + 1):
            offset += len(raw)
            digest = hashlib.sha256(raw.strip())
            batch.append(_Line(raw, digest.hexdigest(), pages.get(digest.digest()), offset, number))
            size += len(raw)
            if len(batch) >= LINES or size >= BYTES:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch
