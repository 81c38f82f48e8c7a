"""RSS, Atom and JSON Feed to items; pure.

Reads RSS 0.9x, 1.0 and 2.0, Atom (RFC 4287, and 0.3) and JSON Feed (1.0, 1.1). XML is read by lxml as a stream that
recovers from what is malformed, with no document type: there are no entities to expand and no files to reach. (Of the
feed parsers on offer, feedparser took 20 to 50 seconds over 50,000 items, this takes four.)
"""

from __future__ import annotations

import contextlib
import html
import json
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from corpus.cleaning import SURROGATE, stated_time, tidy
from corpus.errors import UnreadableError
from corpus.items import Item
from corpus.records import instant
from corpus.xml_stream import elements, forget, local_name, text_of

_ROOTS = {"rss", "RDF", "feed"}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BETWEEN = re.compile(r"[ \t\r\n,]+")
_HEAD = 2_000  # characters looked at for what the document is

WHOLE = 600  # characters from which the content of an item may be the whole article
_MORE = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:continue reading|read more|read the (?:full|rest)|weiterlesen|lire la suite|"
    r"seguir leyendo|leggi tutto)\W*)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed lists.

    Attributes:
        items: newest first where all are dated, else in the feed's order.
        problem: what is wrong with the document, though items could be read; empty where nothing is.
        link: the address of the site, as written.
    """

    title: str
    items: tuple[Item, ...]
    problem: str = ""
    language: str = ""
    link: str = ""


def parse_feed(data: bytes, *, url: str, content_type: str = "") -> Feed:
    """The items of a feed; of a broken or truncated one, those that stand whole before the damage.

    Args:
        url: where it was fetched, for relative links and errors.

    Raises:
        UnreadableError: it is no feed, but a web page, say.
    """
    text = text_of(data, content_type)
    if text[:_HEAD].lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        feed = _json_feed(text, url)
    else:
        feed = _xml_feed(text, url)
    items = tuple(replace(item, language=item.language or feed.language) for item in feed.items)
    times = [instant(item.published or item.updated) for item in items]
    if all(times):
        order = sorted(range(len(items)), key=lambda number: times[number], reverse=True)  # type: ignore[arg-type,return-value]
        items = tuple(items[number] for number in order)
    return replace(feed, items=items)


# -- XML -----------------------------------------------------------------------------------------------------------


def _xml_feed(text: str, url: str) -> Feed:
    problems: list[str] = []
    items: list[Item] = []
    facts: dict[str, str] = {}
    root = ""
    for event, element in elements(text, problems):
        name = local_name(element)
        if event == "start":
            root = name.rpartition(":")[2]
            if root not in _ROOTS:
                break
            language = element.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
            facts["language"] = language
        elif name in ("item", "atom:entry"):
            items.append(_xml_item(element, url))
            forget(element)
        elif element.getparent() is not None and local_name(element.getparent()) in ("channel", "atom:feed"):
            short = name.rpartition(":")[2]
            if short in ("title", "language") and not facts.get(short):
                facts[short] = _plain(_markup(element))
            elif short == "link" and not facts.get("link"):
                facts["link"] = _link(element)
    if root not in _ROOTS:
        page = root.lower() == "html" or "<html" in text[:_HEAD].lower()
        what = "a web page" if page else "something else" if text.strip() else "empty"
        raise UnreadableError(
            f"is {what}, not a feed", subject=url, remedy="scripts/sources.py add finds the feeds of a site"
        )
    # An element that the end of the data cut short is closed by the mending, with half a link or half a text.
    if items and any("Premature end" in problem for problem in problems) and not text.rstrip().endswith(">"):
        items.pop()
    return Feed(
        facts.get("title", ""), tuple(items), "; ".join(problems), facts.get("language", ""), facts.get("link", "")
    )


def _xml_item(element: Any, url: str) -> Item:
    found: dict[str, str] = {}
    authors: list[str] = []
    links: list[tuple[int, str]] = []
    for child in element:
        name = local_name(child)
        if name == "link" or name == "atom:link" or name == "feedburner:origLink":
            links.append((_rank(child, name), _absolute(url, child, _link(child))))
        elif name == "atom:content":
            found.setdefault("content", "" if child.get("src") else _markup(child))
        elif name in ("atom:author", "author", "dc:creator"):
            person = next((_words(part) for part in child if local_name(part) == "atom:name"), "")
            authors.append(person or ("" if len(child) else _person(_words(child))))
        elif name in ("title", "atom:title"):
            found.setdefault("title", _plain(_markup(child)))
        elif name == "guid" and (child.get("isPermaLink") or "true").lower() == "true":
            found.setdefault("id", _words(child))
            links.append((3, _words(child)))
        else:
            found.setdefault(
                name, _markup(child) if name in ("content:encoded", "description", "atom:summary") else _words(child)
            )
    links = [(rank, link) for rank, link in links if link and not (rank == 3 and "://" not in link)]
    summary = found.get("description") or found.get("atom:summary") or ""
    content = found.get("content:encoded") or found.get("content") or ""
    return Item(
        url=min(links, default=(0, ""))[1],
        id=found.get("id") or found.get("guid") or found.get("atom:id") or "",
        title=found.get("title", ""),
        summary=_plain(summary),
        published=_time(
            found, "pubDate", "atom:published", "atom:issued", "dc:date", "dcterms:issued", "dcterms:created"
        ),
        updated=_time(found, "atom:updated", "atom:modified", "dcterms:modified"),
        authors=tuple(dict.fromkeys(name for name in authors if name)),
        language=found.get("dc:language", ""),
        content=whole(content, summary),
    )


def _rank(link: Any, name: str) -> int:
    """How good a link is as the article's address; 0 is best."""
    if name == "feedburner:origLink":
        return 0
    if name == "link" and not link.get("href"):
        return 1
    return 2 if (link.get("rel") or "alternate") == "alternate" else 9


def _link(element: Any) -> str:
    if (element.get("rel") or "alternate") != "alternate":
        return ""
    return str(element.get("href") or "".join(element.itertext())).strip()


def _absolute(url: str, element: Any, link: str) -> str:
    if not link:
        return ""
    try:
        return urljoin(urljoin(url, str(element.base or "")), link)
    except ValueError:
        return link


def _markup(element: Any) -> str:
    """HTML of an element: its escaped text, or the elements in it (Atom's xhtml)."""
    if len(element):
        inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
        return (element.text or "") + inner
    text = element.text or ""
    plain = local_name(element).startswith("atom:") and (element.get("type") or "text") in ("text", "text/plain")
    return html.escape(text, quote=False) if plain else text


def _words(element: Any) -> str:
    return tidy("".join(element.itertext()))


def _person(text: str) -> str:
    """RSS writes "mail@example.org (Name)"."""
    found = re.search(r"\(([^()]+)\)\s*$", text)
    return found[1].strip() if found else ("" if "@" in text else text)


def _plain(markup: str) -> str:
    return tidy(html.unescape(_TAG.sub(" ", markup))) if markup else ""


def _time(found: dict[str, str], *names: str) -> str | None:
    return next((time for name in names if (time := stated_time(found.get(name)))), None)


def whole(content: str, summary: str) -> str:
    """The content where it is the whole article, not another teaser; else empty.

    It is where it is long, clearly longer than the summary, and does not end by sending the reader elsewhere.
    """
    text = _plain(content)
    short = _plain(summary)
    if len(text) < WHOLE or _MORE.search(text[-60:]):
        return ""
    return content if text == short or len(text) > 1.5 * len(short) else ""


# -- JSON ----------------------------------------------------------------------------------------------------------


def _json_feed(text: str, url: str) -> Feed:
    """JSON Feed 1.1 (jsonfeed.org/version/1.1); of a broken one, the items before the damage."""
    text = text.lstrip("\ufeff")
    problem = ""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        problem = f"it is malformed ({error})"
        value = {
            "version": "jsonfeed.org" if "jsonfeed.org/version" in text[:_HEAD] else "",
            "items": _items_before(text),
        }
    if not isinstance(value, dict) or "jsonfeed.org" not in str(value.get("version", "")):
        raise UnreadableError("is JSON, but no JSON Feed", subject=url, remedy="check the address")
    entries = value.get("items")
    entries = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return Feed(
        _string(value, "title"),
        tuple(_json_item(entry, url) for entry in entries),
        problem,
        _string(value, "language"),
        _string(value, "home_page_url"),
    )


def _items_before(text: str) -> list[Any]:
    found: list[Any] = []
    start = re.search(r'"items"\s*:\s*\[', text)
    decoder = json.JSONDecoder()
    position = start.end() if start else len(text)
    while position < len(text):
        if between := _BETWEEN.match(text, position):
            position = between.end()
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _json_item(entry: dict[str, Any], url: str) -> Item:
    link = _string(entry, "url") or (str(entry.get("id")) if str(entry.get("id", "")).startswith("http") else "")
    written = _string(entry, "content_text")
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in written.splitlines() if line.strip())
    stated = entry.get("authors")
    people = stated if isinstance(stated, list) else [entry.get("author")]
    authors = [_string(person, "name") for person in people if isinstance(person, dict)]
    with contextlib.suppress(ValueError):
        link = urljoin(url, link) if link else ""
    return Item(
        url=link,
        id=str(entry.get("id", "")),
        title=_plain(_string(entry, "title")),
        summary=_plain(_string(entry, "summary")),
        published=stated_time(entry.get("date_published")),
        updated=stated_time(entry.get("date_modified")),
        authors=tuple(name for name in authors if name),
        language=_string(entry, "language"),
        content=whole(_string(entry, "content_html") or paragraphs, _string(entry, "summary")),
    )


def _string(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return SURROGATE.sub("\ufffd", found.strip()) if isinstance(found, str) else ""
