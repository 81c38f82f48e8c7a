"""corpus.poll: sources that fail, hosts that ask for time, and what the operator is told of them."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from poll_desk import FERRY, FLOOD, HOUR, NOW, PIER, Desk, a_source, lay_out
from site_server import HOST, Reply, Site, a_feed, a_fetcher, a_page, an_item

from corpus.errors import StoreError
from corpus.ingest import ingest_sources
from corpus.records import Failure, Source, SourceKind, SourceReport
from corpus.schedule import after_poll, recheck_at, retry_at
from corpus.status import Health, apart, statuses, tally
from corpus.store import Store


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, HOST, "b.example", "www." + HOST)


# -- bad input --------------------------------------------------------------------------------------------------------


def test_links_that_are_none_are_told(site: Site, desk: Desk) -> None:
    """javascript: and the like, no link at all; the others go in. Two items of one id are two articles."""
    source = lay_out(site, 1, 2)
    guid = "<guid isPermaLink='false'>same</guid>"
    bad = [
        an_item("javascript:alert(1)"),
        an_item(f"http://x:y@{HOST}/1"),
        an_item("http://[/"),
        "<title>Nothing</title>",
        an_item(site.url("/" + "a" * 3000)),
    ]
    items = [an_item(site.url("/1"), more=guid), an_item(site.url("/2"), more=guid)]
    site.put("/feed", a_feed(*bad, *items))
    report = desk.read(source)
    assert (report.new, len(report.failures)) == (2, 5)
    assert report.failures[0].reason == "its link is no http or https address: 'javascript:alert(1)'"
    assert report.failures[3] == Failure("Nothing", "the item has no link")
    assert report.failures[4].reason.startswith("its link is longer than 2048 characters: ")


def test_a_truncated_feed_gives_what_can_be_had(site: Site, desk: Desk) -> None:
    """Its items go in, its problem is told."""
    source = lay_out(site, 1, 2)
    feed = site.pages[HOST, "/feed"]
    assert isinstance(feed, Reply)
    site.put("/feed", str(feed.body)[: str(feed.body).index("/2</link>")])
    report = desk.read(source)
    assert report.new == 1
    assert "it is malformed" in report.failures[0].reason
    assert report.failures[0].reason.endswith("1 items could be read")


def test_a_feed_of_50_000_items_is_read_to_its_limit(site: Site, desk: Desk) -> None:
    source = lay_out(site, 1, 2, 3)
    filler = [an_item(f"https://elsewhere.example/{number}") for number in range(25_000)]
    items = [an_item(site.url(f"/{number}"), f"Ferry {number}") for number in (1, 2, 3)]
    site.put("/feed", a_feed(*filler, *items, *filler))
    report = desk.read(a_source(site, limit=2))
    (failure,) = report.failures
    assert (report.new, failure.reason) == (
        2,
        "it links to elsewhere.example, which The Outlet may not speak for (and 24999 more items)",
    )
    assert source.limit == 100


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("<html><body>Sorry</body></html>"), "is a web page, not a feed"),
        (Reply("", 500), "answered 500"),
        (Reply("", 302, {"Location": "/feed"}), "redirects in a circle"),
        (Reply("", 302, {"Location": "http://127.0.0.1/feed"}), "redirects to 127.0.0.1, which the source may not"),
        (
            Reply("", 302, {"Location": "http://[::ffff:169.254.169.254]/"}),
            "redirects to ::ffff:169.254.169.254, which",
        ),
        (Reply(gzip.compress(b" " * 60_000_000), headers={"Content-Encoding": "gzip"}), "is larger than 52.4288 MB"),
    ],
)
def test_a_source_that_fails_never_stops_the_others(site: Site, desk: Desk, reply: Reply, reason: str) -> None:
    """The other goes in; the one that failed says why and is due later than its interval."""
    good = lay_out(site, 1)
    site.put(
        "/bad",
        reply if reply.status != 302 or reply.headers["Location"] != "/feed" else Reply("", 302, {"Location": "/bad"}),
    )
    bad = Source("Bad", SourceKind.FEED, site.url("/bad"), interval=900)
    assert desk.read(bad, good) == SourceReport("The Outlet", new=1)
    state = desk.store.visits.state("Bad")
    assert state is not None
    assert reason in state.error
    assert (state.failures, state.due) == (1, NOW + HOUR / 2)


def test_an_error_of_ones_own_stops_one_source_only(site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug met in one source's data is told as such, and the others go in."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    good = a_source(site, "/live", SourceKind.PAGE)
    site.put("/live", a_page(FERRY, PIER))
    site.put("/feed", a_feed())
    monkeypatch.setattr("corpus.lists.parse_feed", broken)
    bad = Source("Bad", SourceKind.FEED, site.url("/feed"))
    assert desk.read(bad, good) == SourceReport("The Outlet", new=1)
    state = desk.store.visits.state("Bad")
    assert state is not None
    assert state.error == "an error in Newsdesk (ZeroDivisionError: oops)"


def test_a_store_that_cannot_be_written_ends_the_run(site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no fault of a source, and the next one would fare no better."""

    def full(*_: object, **__: object) -> None:
        raise StoreError("cannot be written (disk full)", subject="corpus.db")

    monkeypatch.setattr(desk.store, "put", full)
    with pytest.raises(StoreError, match="disk full"):
        desk.read(lay_out(site, 1))


def test_a_page_that_cannot_be_read_is_tried_ever_more_rarely(site: Site, desk: Desk) -> None:
    """A picture, an empty page: told once per try, not asked for in between."""
    source = lay_out(site, 1, 2)
    site.put("/1", Reply(b"\x89PNG", headers={"Content-Type": "image/png"}))
    for after in (timedelta(0), HOUR / 5, HOUR / 4, HOUR / 4, HOUR / 4):
        desk.read(source, after=after)
    assert site.paths().count("/1") == 3
    assert desk.read(source, after=HOUR).failures[0].reason.startswith("no reader for image/png")


def test_a_host_that_falls_silent_is_not_waited_for_again_and_again(site: Site, store: Store) -> None:
    """After three requests without an answer the rest of the source waits for the next run."""
    desk = Desk(store, HOST)
    desk.fetcher = a_fetcher(time=desk.time, seconds=1.5)  # enough for the feed on a busy machine
    source = lay_out(site, 1, 2, 3, 4, 5)
    for number in range(1, 6):
        site.put(f"/{number}", site.silent)
    report = desk.read(source)
    assert site.paths() == ["/feed", "/1", "/2", "/3"]
    assert report.failures[-1].reason == "its host does not answer; the rest waits"


# -- politeness over runs ---------------------------------------------------------------------------------------------


def test_a_host_that_asks_for_time_gets_it_over_runs(site: Site, desk: Desk) -> None:
    """What it asked for holds for a run by hand, too, and for another process."""
    source = lay_out(site, 1, 2)
    page = site.pages[HOST, "/2"]
    site.put("/2", Reply("", 429, {"Retry-After": "7200"}))
    report = desk.read(source)
    assert report.new == 1
    assert report.failures[0].reason == "answered 429 Too Many Requests; it is tried again later; the rest waits"
    asked = len(site.asked)
    again = Desk(desk.store)
    again.now = NOW + HOUR
    assert again.read(source).failures[0].reason == "its host asked to be left alone until 2026-11-24T14:00+00:00"
    assert len(site.asked) == asked
    site.put("/2", page)
    assert again.read(source, after=HOUR) == SourceReport("The Outlet", new=1, unchanged=1)


def test_a_slow_source_goes_on_in_the_next_run(site: Site, desk: Desk) -> None:
    """A crawl delay of two minutes leaves room for two pages in a run, beside feed and the site's own files; no error,
    and nothing is lost."""
    source = lay_out(site, 1, 2, 3, 4, ETag='"v1"')
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 120\n")
    first = desk.read(source)
    assert (first.new, first.failures) == (2, ())
    assert desk.read(source, after=HOUR / 4).new == 2
    assert max(desk.time.slept) == 120.0


def test_intervals_double_with_each_failure_up_to_a_day() -> None:
    """And go back to normal with the first success."""
    state = None
    steps = []
    for _ in range(9):
        state = after_poll(state, interval=900, now=NOW, error="x")
        steps.append((state.due - NOW).total_seconds() / 900)
    assert steps == [2, 4, 8, 16, 32, 64, 96, 96, 96]
    assert state is not None
    assert state.succeeded is None
    well = after_poll(state, interval=900, now=NOW)
    assert (well.failures, well.error, well.due, well.succeeded) == (0, "", NOW + HOUR / 4, NOW)
    weekly = after_poll(None, interval=7 * 86_400, now=NOW, error="x")
    assert weekly.due == NOW + timedelta(days=7)
    asked = after_poll(None, interval=900, now=NOW, wait=7200)
    assert (asked.due, asked.not_before, asked.failures) == (NOW + 2 * HOUR, NOW + 2 * HOUR, 0)


def test_articles_are_looked_at_again_the_later_the_older() -> None:
    assert recheck_at(None, NOW) == NOW + HOUR
    assert recheck_at(NOW - HOUR, NOW) == NOW + HOUR
    assert recheck_at(NOW - timedelta(days=10), NOW) == NOW + timedelta(days=2)
    assert [(retry_at(n, interval=900, now=NOW) - NOW) / HOUR for n in (1, 2, 20)] == [0.25, 0.5, 24.0]


def test_only_what_is_due_is_read_by_the_intervals(site: Site, desk: Desk) -> None:
    """Without a time everything is; a paused source never."""
    source, paused = lay_out(site, 1), a_source(site, paused=True)
    assert [each.new for each in ingest_sources(desk.store, [source], fetcher=desk.fetcher)] == [1]
    now = datetime.now(UTC)
    assert ingest_sources(desk.store, [source], fetcher=desk.fetcher, due=now + HOUR / 5) == []
    assert len(ingest_sources(desk.store, [source], fetcher=desk.fetcher, due=now + HOUR)) == 1
    assert len(ingest_sources(desk.store, [source], fetcher=desk.fetcher)) == 1
    assert ingest_sources(desk.store, [paused], fetcher=desk.fetcher) == []
    assert desk.store.reports()[-1][1].source == "The Outlet"


# -- status -----------------------------------------------------------------------------------------------------------


def test_status_tells_how_each_source_fares(site: Site, desk: Desk) -> None:
    good, bad = lay_out(site, 1), Source("Bad", SourceKind.FEED, site.url("/nothing"), interval=900)
    never, paused = Source("Never", SourceKind.FEED, site.url("/x")), Source("Off", SourceKind.FEED, "", paused=True)
    for _ in range(2):
        desk.read(good, bad)
    desk.store.add_report(SourceReport("The Outlet", unchanged=1, held=2))
    found = {each.name: each for each in statuses(desk.store, [good, bad, never, paused], desk.now)}
    assert [each.health for each in found.values()] == [Health.GOOD, Health.FAILING, Health.UNREAD, Health.PAUSED]
    outlet = found["The Outlet"]
    assert (outlet.articles, outlet.checked, outlet.due) == (1, NOW, NOW + HOUR / 4)
    assert outlet.newest == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert found["Bad"].why.startswith("failed 2 times in a row, never read yet: ")
    assert found["Bad"].why.endswith("/nothing: answered 404 Not Found; it is tried again later")
    assert (tally(outlet.last or SourceReport("")), found["Never"].last) == ("1 unchanged, 2 held", None)
    (dropped,) = [each for each in statuses(desk.store, [bad], desk.now) if each.name == "The Outlet"]
    assert (dropped.health, dropped.articles, dropped.due) == (Health.DROPPED, 1, None)


def test_times_are_told_in_the_largest_unit() -> None:
    assert [apart(NOW + timedelta(minutes=each), NOW) for each in (0.5, -5, 90, -1500, 6000)] == [
        "now",
        "5 min ago",
        "in 1 h",
        "25 h ago",
        "in 4 d",
    ]
    assert apart(None, NOW) == "–"


def test_a_clock_that_was_wrong_for_a_while_stops_no_reading(site: Site, desk: Desk) -> None:
    """What was read in what turns out to be the future is read again when the clock is right."""
    source = lay_out(site, 1)
    site.put("/2", Reply("oops", 500))
    feed = a_feed(an_item(site.url("/1"), "Ferry 1"), an_item(site.url("/2"), "Ferry 2"))
    site.put("/feed", feed)
    desk.read(source, after=timedelta(days=2000))
    desk.now = NOW
    due = [
        ingest_sources(desk.store, [replace(source, paused=off)], fetcher=desk.fetcher, due=NOW)
        for off in (True, False)
    ]
    assert [len(reports) for reports in due] == [0, 1]

    desk.read(source, after=timedelta(days=2000))
    desk.now = NOW
    site.put("/1", a_page(FERRY, PIER, "It sailed at nine.", title="Ferry 1"))
    site.put("/2", a_page(FLOOD, PIER, "It is another report.", title="Ferry 2"))
    assert desk.read(source) == SourceReport("The Outlet", new=1, changed=1)
