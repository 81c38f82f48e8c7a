"""corpus.feeds: RSS, Atom and JSON Feed to items, good and bad ones."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableError
from corpus.feeds import Feed, parse_feed, whole
from corpus.items import Item

URL = "https://outlet.example/feed.xml"
LONG = "The river rose by two metres in a night and stood in the cellars of the lower town by six. " * 9

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>The &amp;quot;Outlet&amp;quot;</title><link>https://outlet.example/</link><language>en-gb</language>
<atom:link rel="self" href="https://outlet.example/feed.xml"/>
<item><title><![CDATA[Rivers &amp; <b>floods</b>]]></title><link> https://outlet.example/floods?utm_source=rss </link>
<guid isPermaLink="false">floods-1</guid><pubDate>Fri, 20 Nov 2026 23:30:00 -0500</pubDate>
<dc:creator>Ada Holm</dc:creator>
<media:title>Not this</media:title><description>&lt;p&gt;It rose&amp;nbsp;fast.&lt;/p&gt;</description></item>
<item><title>Sea</title><guid>https://outlet.example/sea</guid><author>desk@outlet.example (Bo Lund)</author>
<dc:date>2026-11-21</dc:date></item>
</channel></rss>"""


def feed(text: str | bytes, content_type: str = "") -> Feed:
    data = text.encode() if isinstance(text, str) else text
    return parse_feed(data, url=URL, content_type=content_type)


def rss(*items: str) -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss version='2.0'><channel><title>T</title>{inner}</channel></rss>"


def test_rss_is_read() -> None:
    """Title without markup, link, id, time with its zone, author; media elements are not the item's; newest first."""
    assert feed(RSS) == Feed(
        title='The "Outlet"',
        link="https://outlet.example/",
        language="en-gb",
        items=(
            Item(
                url="https://outlet.example/sea",
                id="https://outlet.example/sea",
                title="Sea",
                published="2026-11-21",
                authors=("Bo Lund",),
                language="en-gb",
            ),
            Item(
                url="https://outlet.example/floods?utm_source=rss",
                id="floods-1",
                title="Rivers & floods",
                summary="It rose fast.",
                published="2026-11-20T23:30:00-05:00",
                authors=("Ada Holm",),
                language="en-gb",
            ),
        ),
    )


def test_atom_is_read() -> None:
    """RFC 4287: the alternate link, resolved against xml:base; content of each type; published and updated."""
    text = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://outlet.example/news/">
    <title type="html">Fluss &amp;amp; Meer</title>
    <entry><title type="html">&lt;em&gt;Das&lt;/em&gt; Boot</title><link rel="self" href="1.atom"/><link href="1.html"/>
    <id>urn:1</id><published>2026-11-20T08:00:00+01:00</published><updated>2026-11-20T09:00:00+01:00</updated>
    <author><name>Ada Holm</name><email>a@outlet.example</email></author><summary>a &lt; b</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{LONG}</p></div></content></entry>
    <entry><title>x &lt;i&gt; y</title><link rel="alternate" href="/2.html"/><id>urn:2</id>
    <updated>2026-11-19T08:00:00Z</updated><content type="html">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry></feed>"""
    found = feed(text)
    first, second = found.items
    assert (found.title, found.language) == ("Fluss & Meer", "de")
    assert (first.url, first.id, first.title) == ("https://outlet.example/news/1.html", "urn:1", "Das Boot")
    assert (first.published, first.updated) == ("2026-11-20T08:00:00+01:00", "2026-11-20T09:00:00+01:00")
    assert (first.authors, first.summary) == (("Ada Holm",), "a < b")
    assert f"<p>{LONG}</p>" in first.content
    assert (second.url, second.title, second.published) == ("https://outlet.example/2.html", "x <i> y", None)
    assert (second.updated, second.content) == ("2026-11-19T08:00:00Z", f"<p>{LONG}</p>")


def test_rdf_is_read() -> None:
    """RSS 1.0 puts its items beside the channel."""
    found = feed(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title></channel><item><title>A</title>
        <link>https://outlet.example/a</link><dc:date>2026-11-20T08:00Z</dc:date></item></rdf:RDF>"""
    )
    (item,) = found.items
    assert (found.title, item.url, item.published) == ("R", "https://outlet.example/a", "2026-11-20T08:00Z")


def json_feed(*items: Any, **more: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": list(items), **more})


def test_json_feed_is_read() -> None:
    """Version 1.1 with its authors, 1.0 with its author; text instead of HTML; a link beside the feed's address."""
    found = feed(
        json_feed(
            {
                "id": 7,
                "url": "a.html",
                "title": "A",
                "content_html": f"<p>{LONG}</p>",
                "date_published": "2026-11-20T08:00:00+01:00",
                "authors": [{"name": "Ada"}, {"url": "x"}],
                "language": "fr",
            },
            {"id": "https://outlet.example/b", "content_text": f"{LONG}\n{LONG}<", "author": {"name": "Bo"}},
            "not an item",
            language="en",
        )
    )
    first, second = found.items
    assert (first.url, first.id, first.title, first.authors) == ("https://outlet.example/a.html", "7", "A", ("Ada",))
    assert (first.published, first.language) == ("2026-11-20T08:00:00+01:00", "fr")
    assert (second.url, second.authors, second.language) == ("https://outlet.example/b", ("Bo",), "en")
    assert second.content == f"<p>{LONG}</p><p>{LONG}&lt;</p>"


def test_content_is_whole_when_long_and_more_than_the_summary() -> None:
    """Teasers under another name, and texts that send the reader elsewhere, lead to the page."""
    assert whole(f"<p>{LONG}</p>", "It rose.") == f"<p>{LONG}</p>"
    assert whole(f"<p>{LONG}</p>", LONG) == f"<p>{LONG}</p>"  # the summary repeats it whole
    assert whole(f"<p>{LONG}</p>", LONG[:-100]) == ""
    assert whole("<p>It rose.</p>", "") == ""
    for end in ("…", "[…]", "...", '<a href="x">Continue reading</a>', "Read more »", "Weiterlesen"):
        assert whole(f"<p>{LONG}{end}</p>", "") == "", end


# -- bad input --------------------------------------------------------------------------------------------------------


def test_a_truncated_feed_gives_the_items_before_the_damage() -> None:
    """The item that was cut is left out, since its link may be cut, too; the problem is told."""
    full = rss(*(f"<title>{n}</title><link>https://outlet.example/{n}</link>" for n in range(9)))
    cut = feed(full[: full.index("/7</link>")])
    assert [item.url for item in cut.items] == [f"https://outlet.example/{n}" for n in range(7)]
    assert cut.problem.startswith("it is malformed (line 1: Premature end of data")


def test_a_malformed_feed_gives_what_can_be_had() -> None:
    """Bare ampersands, undeclared prefixes, HTML's entities, control characters and text before the declaration."""
    found = feed(
        "\n\n<?xml version='1.0'?>"
        + rss(
            "<title>Fish & chips &eacute;&nbsp;x</title><link>https://outlet.example/a?b=1&c=2</link>",
            f"<title>B\x0b</title><link>https://outlet.example/b</link><content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>",
        )
    )
    assert [item.title for item in found.items] == ["Fish  chips é x".replace("  ", " "), "B"]
    assert found.items[1].content == f"<p>{LONG}</p>"
    assert found.problem.startswith("it is malformed (line")


def test_a_truncated_json_feed_gives_the_items_before_the_damage() -> None:
    text = json_feed(*({"id": str(n), "url": f"https://outlet.example/{n}"} for n in range(5)))
    found = feed(text[: text.index('"id": "3"') + 5])
    assert [item.url for item in found.items] == [f"https://outlet.example/{n}" for n in range(3)]
    assert found.problem.startswith("it is malformed (")


def test_50_000_items_are_read_in_seconds() -> None:
    """Bounded by the bytes of the document, not by the cleverness of the parser; the newest comes first."""
    day = "<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate>"
    items = (f"<title>{n}</title><link>https://outlet.example/{n}</link>{day}" for n in range(49_999))
    newest = "<title>new</title><link>https://outlet.example/new</link><pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate>"
    started = time.process_time()
    found = feed(rss(*items, newest))
    assert (len(found.items), found.items[0].title, found.items[1].title) == (50_000, "new", "0")
    assert time.process_time() - started < 20


def test_entities_do_not_expand() -> None:
    """A billion laughs, and the same with one long entity repeated: nothing grows."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    item = "<title>a&l11;b</title><link>https://outlet.example/a</link>"
    found = feed(f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]>{rss(item)}')
    assert found.items == (Item(url="https://outlet.example/a", title="ab"),)
    assert found.problem.startswith("it declares entities, which are not expanded")
    long = "x" * 50_000
    repeated = "<title>" + "&a;" * 5_000 + "</title>"
    (quadratic,) = feed(f'<!DOCTYPE rss [<!ENTITY a "{long}">]>{rss(repeated)}').items
    assert quadratic.title == ""


def test_entities_do_not_reach_files() -> None:
    """Neither in the internal subset nor by a document type elsewhere, nor by inclusion."""
    item = "<title>[&x;]</title><link>https://outlet.example/a</link>"
    inclusion = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    for head in (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ):
        found = feed(f'<?xml version="1.0"?>{head}{rss(item, f"<title>{inclusion}</title><link>b</link>")}')
        assert "root:" not in str(found)


def test_a_web_page_is_no_feed() -> None:
    """An error page that is served with 200 is told apart from a feed without items."""
    for page in ("<!doctype html><html><body><p>Sorry<br></body></html>", "<html><body/></html>"):
        with pytest.raises(
            UnreadableError, match=r"is a web page, not a feed; scripts/sources\.py add finds the feeds"
        ):
            feed(page)
    assert feed(rss()).items == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty, not a feed"),
        ("Not found", "is something else, not a feed"),
        ("<opml><body/></opml>", "is something else, not a feed"),
        ('{"items": []}', "is JSON, but no JSON Feed"),
        ("[1, 2]", "is JSON, but no JSON Feed"),
        ("{" * 100_000, "is JSON, but no JSON Feed"),
        ("<" * 100_000, "not a feed"),
    ],
)
def test_what_is_no_feed_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        feed(text)


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "", ""),
        ("iso-8859-1", "iso-8859-1", ""),
        ("iso-8859-1", "", "text/xml; charset=iso-8859-1"),
        ("utf-8", "iso-8859-1", "application/xml; charset=utf-8"),
        ("utf-8", "us-ascii", ""),
        ("utf-16", "utf-16", ""),
        ("windows-1252", "iso-8859-1", ""),
    ],
)
def test_encodings_are_found(encoding: str, declared: str, content_type: str) -> None:
    """Byte order mark, header, declaration (RFC 7303), and a declaration that is wrong."""
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = head + rss("<title>Łódź – café</title>" if "utf" in encoding else "<title>Caf\xe9 d\xfc</title>")
    (item,) = feed(text.encode(encoding), content_type).items
    assert item.title == ("Łódź – café" if "utf" in encoding else "Café dü")


def test_a_date_without_a_zone_keeps_the_day_alone() -> None:
    """It names no moment; a date that is none is no date."""
    (first, second) = feed(
        rss(
            "<title>1</title><pubDate>2026-11-20 08:00:00</pubDate>",
            "<title>2</title><pubDate>yesterday</pubDate>",
        )
    ).items
    assert (first.published, second.published) == ("2026-11-20", None)


def test_links_are_given_as_written() -> None:
    """Whether they are taken is decided where the source is known; right-to-left text is kept."""
    found = feed(
        rss(
            "<title>1</title><link>javascript:alert(1)</link>",
            "<title>خبر عاجل</title><link>/ar/1</link>",
            "<title>3</title><link>http://[</link>",
            "<title>4</title>",
        )
    )
    assert [item.url for item in found.items] == ["javascript:alert(1)", "https://outlet.example/ar/1", "http://[", ""]
    assert found.items[1].title == "خبر عاجل"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_feeds_are_read_or_refused(data: st.DataObject) -> None:
    """Whatever is cut out, put in or turned around: items or an UnreadableError, nothing else."""
    base = data.draw(st.sampled_from([RSS.encode(), json_feed({"id": "1", "url": "a", "title": "A"}).encode()]))
    start = data.draw(st.integers(0, len(base)))
    end = data.draw(st.integers(start, min(len(base), start + 40)))
    junk = data.draw(
        st.one_of(st.binary(max_size=20), st.sampled_from([b"<item>", b"]]>", b"<!DOCTYPE [", b"&#0;", b"\xff\xfe"]))
    )
    try:
        found = feed(base[:start] + junk + base[end:])
    except UnreadableError:
        return
    assert all(isinstance(item.url, str) and "\x00" not in item.title for item in found.items)


def test_numbers_that_stand_for_no_character_spoil_no_feed() -> None:
    """Found by fuzzing: half a character, a control, a number beyond Unicode; Windows-1252 is read as in HTML."""
    data = RSS.replace("<title>Sea</title>", "<title>S&#xD800;e&#0;a&#x110000; &#150; &#x1F6A2;&#233;</title>")
    assert "Sea – 🚢é" in [item.title for item in parse_feed(data.encode(), url=URL).items]
