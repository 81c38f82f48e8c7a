"""corpus.reservations: what a site's tdmrep.json reserves, and what header, page and feed say beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from site_server import HOST, Reply, Site, Time, a_feed, a_fetcher, a_page, an_item

from corpus.poll import poll
from corpus.records import Source, SourceKind
from corpus.reservations import PATH, Reservations
from corpus.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some two hundred people stood at the pier, and the captain let the youngest of them sound the horn."
ALL = json.dumps([{"location": "/", "tdm-reservation": 1}])


@pytest.mark.parametrize(
    ("rules", "path", "reserved"),
    [
        ([("/", 1)], "/a/b?c=d", True),
        ([("/news/", 1)], "/news/a", True),
        ([("/news/", 1)], "/sport/a", None),
        ([("/news/free/", 0), ("/news/", 1)], "/news/free/a", False),
        ([("/news/", 1), ("/news/free/", 0)], "/news/free/a", True),
        ([("/*.pdf$", 1)], "/a/b.pdf", True),
        ([("/*.pdf$", 1)], "/a/b.pdf.html", None),
        ([("/exactly$", 1)], "/exactly/not", None),
        ([("*", 1)], "/a", True),
        ([], "/a", None),
    ],
)
def test_the_first_rule_that_matches_counts(rules: list[tuple[str, int]], path: str, reserved: bool | None) -> None:
    """As the protocol has it, in the order of the file; patterns are those of robots.txt."""
    data = json.dumps([{"location": pattern, "tdm-reservation": value} for pattern, value in rules]).encode()
    assert Reservations(data).reserved(f"https://outlet.example{path}") is reserved


@pytest.mark.parametrize(
    "data",
    [
        b"", b"not JSON", b"[" * 100_000, b'{"location": "/", "tdm-reservation": 1}', b"[1, null, []]", b"\xff\xfe",
        b'[{"location": "/", "tdm-reservation": 2}]', b'[{"tdm-reservation": 1}]',
        b'[{"location": "/\\nAllow: /", "tdm-reservation": 1}]', b'[{"location": 7, "tdm-reservation": 1}]',
    ],
)  # fmt: skip
def test_a_file_that_is_none_reserves_nothing(data: bytes) -> None:
    """An error of the protocol is taken as nothing said."""
    assert Reservations(data).reserved("https://outlet.example/a") is None


class Reader:
    """A source of one page and its store, read as often as the test asks."""

    def __init__(self, store: Store, site: Site) -> None:
        self.store, self.now, self.time = store, NOW, Time()
        self.fetcher = a_fetcher(HOST, time=self.time)
        self.source = Source("The Outlet", SourceKind.FEED, site.url("/feed"), interval=900.0)
        site.put("/feed", a_feed(an_item(site.url("/1"), "Ferries")))

    def limits(self, after: float = 0.0) -> dict[str, int]:
        self.now += timedelta(hours=after)
        self.time.seconds += after * 3600
        poll(self.store, [self.source], self.fetcher, now=lambda: self.now)
        return self.store.limits().get("The Outlet", {})


def test_the_file_is_asked_for_once_a_day_and_followed(store: Store, site: Site) -> None:
    """Before the first page of the host; an article it reserves is kept and not searched, and so are those it comes to
    reserve later."""
    site.put("/1", a_page(FERRY, PIER, title="Ferries"), ETag='"v1"', Content_Type="text/html")
    site.put("/2", a_page(PIER, FERRY, title="Piers"))
    site.put("/feed", a_feed(an_item(site.url("/1"), "Ferries"), an_item(site.url("/2"), "Piers")))
    reader = Reader(store, site)
    site.put("/feed", a_feed(an_item(site.url("/1"), "Ferries"), an_item(site.url("/2"), "Piers")))
    assert reader.limits() == {}
    assert [path for path in site.paths(robots=True) if path != "/robots.txt"] == ["/feed", PATH, "/1", "/2"]
    site.put(PATH, Reply(ALL, headers={"Content-Type": "application/json"}))
    assert reader.limits(after=23) == {}
    assert reader.limits(after=30) == {"not searched": 2}
    assert list(store.passages()) == []


@pytest.mark.parametrize(
    ("header", "meta", "reserved"),
    [("", "", True), ("0", "", False), ("", "0", False), ("0", "1", True), ("1", "0", False), ("2", "x", True)],
)
def test_the_page_goes_before_the_header_and_the_header_before_the_file(
    store: Store, site: Site, header: str, meta: str, reserved: bool
) -> None:
    """The protocol's order of priority, over a file that reserves everything."""
    head = f'<meta name="tdm-reservation" content="{meta}">' if meta else ""
    stated: dict[str, Any] = {"TDM-Reservation": header} if header else {}
    body = a_page(FERRY, PIER, title="Ferries", head=head).encode()
    site.put("/1", Reply(body, headers={"Content-Type": "text/html", **stated}))
    site.put(PATH, ALL)
    assert Reader(store, site).limits() == ({"not searched": 1} if reserved else {})


@pytest.mark.parametrize(
    ("header", "file", "reserved"), [("1", "", True), ("", ALL, True), ("0", ALL, False), ("", "", False)]
)
def test_a_text_that_a_feed_carries_is_reserved_by_feed_or_file(
    store: Store, site: Site, header: str, file: str, reserved: bool
) -> None:
    """There is no page that could say so."""
    text = "".join(f"<p>{FERRY} It was day {number}.</p>" for number in range(8))
    reader = Reader(store, site)
    feed = a_feed(an_item(site.url("/1"), "Ferries", f"<content:encoded><![CDATA[{text}]]></content:encoded>"))
    feed.headers.update({"TDM-Reservation": header} if header else {})
    site.put("/feed", feed)
    if file:
        site.put(PATH, file)
    assert reader.limits() == ({"not searched": 1} if reserved else {})


def test_a_file_that_cannot_be_read_stops_nothing(store: Store, site: Site) -> None:
    """A server error or a redirect inside: nothing is reserved, and the page is read."""
    site.put("/1", a_page(FERRY, PIER, title="Ferries"))
    reader = Reader(store, site)
    site.put(PATH, Reply("", 302, {"Location": "http://127.0.0.1/secret"}))
    assert reader.limits() == {}
    site.put(PATH, Reply("oops", 500))
    assert reader.limits(after=50) == {}
    assert [passage.text.strip() for passage in store.passages()] == [FERRY, PIER]
