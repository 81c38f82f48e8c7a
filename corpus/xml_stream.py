"""XML of strangers as a stream of elements: mended where it is malformed, with no entities to expand; pure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any

from lxml import etree

from corpus.cleaning import decode, true_references

ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
PLAIN = (
    "",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://channel.netscape.com/rdf/simple/0.9/",
)
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.google.com/schemas/sitemap-news/0.9": "news:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    **dict.fromkeys(ATOM, "atom:"),
    **dict.fromkeys(PLAIN, ""),
}
_DECLARED = re.compile(r"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_PROLOG = re.compile(r"\s*<\?xml[^>]{0,400}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*(?:\[.*?\]\s*)?>", re.I | re.S)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,31});")
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_HEAD = 2_000  # characters looked at for the declaration
_DOCTYPE_HEAD = 100_000  # characters in which a document type may stand


def text_of(data: bytes, content_type: str) -> str:
    """The text of an XML or JSON document: the encoding by byte order mark, header, declaration, or as it looks.

    RFC 7303 puts them in this order.
    """
    if "charset" not in content_type.casefold():
        declared = _DECLARED.match(data[:_HEAD].decode("latin-1"))
        if declared:
            content_type = f"{content_type};charset={declared[1]}"
    return decode(data, content_type)


def elements(text: str, problems: list[str]) -> Iterator[Any]:
    """The elements of an XML document as they end, malformed ones mended; what is wrong is added to ``problems``.

    Whoever is done with an element clears it. No document type survives, so entities have nothing to expand to; those
    of HTML, which feeds use without declaring them, stand for their letters.
    """
    head, found, rest = _without_doctype(text[prolog.end() :] if (prolog := _PROLOG.match(text)) else text)
    if found and "<!ENTITY" in found.upper():
        problems.append("it declares entities, which are not expanded")
    clean = true_references(_ENTITY.sub(_letter, head + rest)).lstrip("\ufeff \t\r\n").replace("\x00", "")
    context = etree.iterparse(
        io.BytesIO(clean.encode("utf-8", "replace")),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        for event, element in context:
            if event == "end" or element.getparent() is None:
                yield event, element
    except etree.XMLSyntaxError as error:
        problems.append(f"it is malformed ({error.msg})")
        return
    if len(context.error_log):
        first = context.error_log[0]
        problems.append(f"it is malformed (line {first.line}: {' '.join(first.message.split())[:120]})")


def forget(element: Any) -> None:
    """Give back the memory of an element that was read, and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _without_doctype(text: str) -> tuple[str, str, str]:
    start = text[:_DOCTYPE_HEAD].upper().find("<!DOCTYPE")
    found = _DOCTYPE.match(text, start, start + _DOCTYPE_HEAD) if start >= 0 else None
    return (text[:start], found[0], text[found.end() :]) if found else ("", "", text)


def _letter(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name in _XML_ENTITIES else html5.get(f"{name};", "")


def local_name(element: Any) -> str:
    """The element's name with the prefix this module knows its namespace by; undeclared prefixes stay as written."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    if tag.startswith("{"):
        namespace, _, name = tag[1:].partition("}")
        return _PREFIXES.get(namespace, "other:") + name
    return tag
