"""Lists of feeds as other readers keep them: OPML 2.0 (opml.org/spec2.opml) in and out; pure."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from corpus.addresses import host_of
from corpus.cleaning import tidy, web_address
from corpus.errors import UnreadableError
from corpus.records import Source, SourceKind
from corpus.sources import name_of
from corpus.xml_stream import elements, local_name, text_of


def read_opml(data: bytes, *, name: str) -> tuple[Source, ...]:
    """The feeds an OPML file lists, each address once; the outline a feed stands in becomes its topic.

    Raises:
        UnreadableError: it is no OPML, or lists no feed.
    """
    found: dict[str, Source] = {}
    root = ""
    for event, element in elements(text_of(data, ""), []):
        if event == "start":
            root = local_name(element)
            if root != "opml":
                break
        elif local_name(element) == "outline" and (url := web_address(element.get("xmlUrl"))):
            title = name_of(element.get("text") or element.get("title") or "") or host_of(url)
            parent = element.getparent()
            above = tidy(parent.get("text") or "") if parent is not None and local_name(parent) == "outline" else ""
            stated = [part.rpartition("/")[2].strip() for part in (element.get("category") or "").split(",")]
            topics = tuple(dict.fromkeys(topic for topic in (above, *stated) if topic))
            site = web_address(element.get("htmlUrl"))
            hosts = (host_of(site or url).removeprefix("www."),)
            language = tidy(element.get("language") or "")
            found.setdefault(
                url,
                Source(
                    title,
                    SourceKind.FEED,
                    url,
                    hosts=hosts,
                    topics=topics,
                    language="" if language == "unknown" else language,
                ),
            )
    if root != "opml" or not found:
        reason = "lists no feeds" if root == "opml" else "is no OPML"
        raise UnreadableError(reason, subject=name, remedy="export it from the reader again")
    return tuple(found.values())


def write_opml(sources: Sequence[Source]) -> bytes:
    """An OPML file of the sources of the kind feed, in their order."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Newsdesk"
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.kind is SourceKind.FEED:
            about = {"text": source.name, "title": source.name, "type": "rss", "xmlUrl": source.location}
            if source.hosts:
                about["htmlUrl"] = f"https://{source.hosts[0]}/"
            if source.topics:
                about["category"] = ",".join(source.topics)
            if source.language:
                about["language"] = source.language
            etree.SubElement(body, "outline", about)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))
