"""corpus.sitemaps: sitemaps, news sitemaps and their indexes to items."""

from __future__ import annotations

import gzip

import pytest

from corpus.errors import UnreadableError
from corpus.items import Item
from corpus.sitemaps import Sitemap, parse_sitemap

URL = "https://outlet.example/sitemap.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(*entries: str) -> str:
    return f"{HEAD}<urlset {NAMESPACES}>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>"


def read(text: str | bytes) -> Sitemap:
    return parse_sitemap(text.encode() if isinstance(text, str) else text, url=URL)


NEWS = urlset(
    "<loc>https://outlet.example/old</loc><lastmod>2026-11-19</lastmod>",
    "<loc> https://outlet.example/undated?a=1&amp;b=2 </loc><image:image><image:loc>https://x.example/p</image:loc></image:image>",
    "<loc>https://outlet.example/new</loc><news:news><news:publication><news:name>Outlet</news:name>"
    "<news:language>de</news:language></news:publication><news:publication_date>2026-11-20T08:00:00+01:00"
    "</news:publication_date><news:title>Fähre &amp; Fluss</news:title></news:news>",
)


def test_a_news_sitemap_is_read() -> None:
    """Newest first, the undated last; the news extension states title, time and language; images are no pages."""
    assert read(NEWS) == Sitemap(
        items=(
            Item(
                "https://outlet.example/new",
                title="Fähre & Fluss",
                published="2026-11-20T08:00:00+01:00",
                language="de",
            ),
            Item("https://outlet.example/old", updated="2026-11-19"),
            Item("https://outlet.example/undated?a=1&b=2"),
        )
    )


def test_an_index_lists_sitemaps_the_newest_first() -> None:
    text = (
        f"{HEAD}<sitemapindex {NAMESPACES}><sitemap><loc>https://outlet.example/1.xml</loc>"
        "<lastmod>2025-01-01</lastmod></sitemap><sitemap><loc>https://outlet.example/2.xml.gz</loc>"
        "<lastmod>2026-11-20T08:00:00Z</lastmod></sitemap></sitemapindex>"
    )
    assert read(text) == Sitemap(children=("https://outlet.example/2.xml.gz", "https://outlet.example/1.xml"))


def test_packed_and_plain_sitemaps_are_read() -> None:
    """A .xml.gz file, and text with an address a line (sitemaps.org)."""
    assert read(gzip.compress(NEWS.encode())) == read(NEWS)
    plain = "\ufeffhttps://outlet.example/a\r\n\r\nhttps://outlet.example/b\n"
    assert [item.url for item in read(plain).items] == ["https://outlet.example/a", "https://outlet.example/b"]


def test_a_packed_bomb_is_not_unpacked() -> None:
    with pytest.raises(UnreadableError, match=r"is larger than 52\.4288 MB"):
        read(gzip.compress(b" " * 60_000_000, 9))


def test_a_truncated_sitemap_gives_the_entries_before_the_damage() -> None:
    text = urlset(*(f"<loc>https://outlet.example/{n}</loc>" for n in range(5)))
    found = read(text[: text.index("/3</loc>")])
    assert [item.url for item in found.items] == [f"https://outlet.example/{n}" for n in range(3)]
    assert found.problem.startswith("it is malformed")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html><body>x</body></html>", "is a web page, not a sitemap"),
        ("", "is something else"),
        ("{}", "something else"),
    ],
)
def test_what_is_no_sitemap_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read(text)


def test_entities_do_not_expand() -> None:
    found = read(
        f'<!DOCTYPE u [<!ENTITY a "{"x" * 9_000}">]>{urlset("<loc>https://outlet.example/&a;&a;</loc>")[len(HEAD) :]}'
    )
    assert [len(item.url) for item in found.items] == [23]
