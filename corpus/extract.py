"""Bytes of one document to the articles in it; pure, whatever the format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from corpus.cleaning import assemble, decode, stated_time, tidy, web_address
from corpus.errors import UnreadableError
from corpus.plain import markdown_article, plain_article
from corpus.records import Article, BlockKind, Failure

SUFFIXES = (".txt", ".md", ".html", ".htm", ".json", ".jsonl")
"""The file name endings that `extract` reads."""

LONGEST_TITLE = 500  # characters
MOST_AUTHORS = 50

_TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "text/markdown": "md",
    "application/json": "json",
    "application/ld+json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
    "application/x-jsonlines": "jsonl",
}


def extract(data: bytes, *, name: str, content_type: str = "", url: str | None = None) -> list[Article]:
    """The articles in a document; one, save for JSON and JSON Lines.

    Args:
        data: the document as it was read.
        name: file name or address, for the format and for the error.
        content_type: the HTTP header's value; goes before the name.
        url: the address it came from, kept where the document states no other.

    Raises:
        UnreadableError: no article can be taken from it; in JSON Lines, the first line that holds none (`extract_lines`
            goes on after it).
    """
    kind = _format(name, content_type)
    if not data.strip():
        raise UnreadableError("the document is empty", subject=name, remedy="check the file or the address")
    if kind == "jsonl":
        articles = []
        for result in extract_lines(data.splitlines(), name):
            if isinstance(result, Failure):
                raise UnreadableError(result.reason, subject=result.subject, remedy="correct or remove the line")
            articles.append(result)
        return articles
    if kind == "json":
        return _json(data, name)
    text = decode(data, content_type, markup=kind == "html")
    if _binary(text):
        raise UnreadableError("this is not text", subject=name, remedy=f"give one of {', '.join(SUFFIXES)}")
    if kind == "html":
        from corpus.html import page_article  # brings lxml and trafilatura, which JSON and text do not need

        article = page_article(text, url)
    else:
        article = (markdown_article if kind == "md" else plain_article)(text, url)
    if not article.text:
        raise UnreadableError("no article was found in it", subject=name, remedy="check that it opens without a login")
    return [replace(article, title=article.title[:LONGEST_TITLE].rstrip(), authors=article.authors[:MOST_AUTHORS])]


def extract_lines(lines: Iterable[bytes], name: str, *, first: int = 1) -> Iterator[Article | Failure]:
    """The articles of JSON Lines one by one, and a `Failure` for each line that holds none.

    Blank lines are passed over. A failure's subject is "NAME, line N", counted from ``first``. Memory does not
    grow with the number of lines.
    """
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        subject = f"{name}, line {number}"
        try:
            yield _object_article(_parsed(line, subject), subject)
        except UnreadableError as error:
            yield Failure(subject, error.message)


def _format(name: str, content_type: str) -> str:
    stated = _TYPES.get(content_type.split(";")[0].strip().lower())
    suffix = PurePosixPath(name.split("?")[0].split("#")[0]).suffix.lower()
    # Servers give text/plain for whatever they do not know; the name says more than that.
    if stated and not (stated == "txt" and suffix in SUFFIXES):
        return stated
    if suffix in SUFFIXES:
        return "html" if suffix in (".html", ".htm") else suffix[1:]
    if name.startswith(("http://", "https://")) and not content_type:
        return "html"
    raise UnreadableError(
        f"no reader for {content_type or suffix or 'a name without an ending'}",
        subject=name,
        remedy=f"give one of {', '.join(SUFFIXES)}",
    )


def _binary(text: str) -> bool:
    head = text[:4096]
    odd = sum(1 for sign in head if sign == "\ufffd" or (sign < " " and sign not in "\t\n\r\f\x1b"))
    return odd * 20 > len(head)


def _parsed(data: bytes, subject: str) -> Any:
    try:
        return json.loads(decode(data))
    except ValueError as error:
        raise UnreadableError(f"not JSON: {error}", subject=subject, remedy="correct it") from error
    except RecursionError as error:
        raise UnreadableError("not JSON that nests sensibly", subject=subject, remedy="correct it") from error


def _json(data: bytes, name: str) -> list[Article]:
    value = _parsed(data, name)
    if isinstance(value, list):
        if not value:
            raise UnreadableError("an empty list of articles", subject=name, remedy="check the file")
        return [_object_article(entry, f"{name}, article {number}") for number, entry in enumerate(value, 1)]
    return [_object_article(value, name)]


def _object_article(value: Any, subject: str) -> Article:
    """An article of {"id", "url", "title", "source", "published", "text"}, paragraphs of the text on lines."""
    if not isinstance(value, dict):
        raise UnreadableError("not a JSON object", subject=subject, remedy='give {"id": …, "text": …}')
    external = value.get("id")
    if isinstance(external, bool) or not isinstance(external, str | int) or external == "":
        raise UnreadableError('no "id"', subject=subject, remedy='give {"id": …, "text": …}')
    body = value.get("text")
    if not isinstance(body, str):
        raise UnreadableError('no "text"', subject=subject, remedy='give {"id": …, "text": …}')
    text, blocks = assemble((BlockKind.PARAGRAPH, line) for line in body.splitlines())
    if not text:
        raise UnreadableError('"text" is empty', subject=subject, remedy="leave the object out")
    return Article(
        title=_words(value.get("title"))[:LONGEST_TITLE].rstrip(),
        text=text,
        blocks=blocks,
        url=web_address(value.get("url")),
        published=stated_time(value.get("published")),
        outlet=_words(value.get("source")),
        external_id=str(external),
    )


def _words(value: object) -> str:
    return tidy(value) if isinstance(value, str) else ""
