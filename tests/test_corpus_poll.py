"""corpus.poll: feeds, sitemaps and pages into the store, against sites on 127.0.0.1."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from site_server import HOST, Asked, Reply, Site, Time, a_feed, a_fetcher, a_page, an_item

from corpus.errors import StoreError
from corpus.ingest import ingest_sources
from corpus.poll import poll
from corpus.records import ArticleStatus, Failure, Source, SourceKind, SourceReport, StoredArticle
from corpus.schedule import after_poll, recheck_at, retry_at
from corpus.status import Health, apart, statuses, tally
from corpus.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some two hundred people stood at the pier, and the captain let the youngest of them sound the horn."
FLOOD = "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock."
LONG = [FERRY, PIER, FLOOD, *(f"{FLOOD[:-1]} on day {number}." for number in range(6))]


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    yield served
    served.close()


class Desk:
    """A store and a client that reads sources into it at a time that the test moves."""

    def __init__(self, store: Store, *hosts: str) -> None:
        self.store = store
        self.now = NOW
        self.time = Time()
        self.fetcher = a_fetcher(*hosts, time=self.time)

    def read(self, *sources: Source, after: timedelta = timedelta(0)) -> SourceReport:
        """Poll once, some time later; gives the last report."""
        self.now += after
        self.time.seconds += after.total_seconds()
        return poll(self.store, sources, self.fetcher, now=lambda: self.now)[-1]

    def articles(self) -> list[StoredArticle]:
        found = (self.store.article(number) for number in range(1, 100))
        return [article for article in found if article is not None]

    def text(self, url: str) -> str:
        (article,) = [each for each in self.articles() if each.url == url]
        return self.store.revision_text(article.revision) or ""


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, HOST, "b.example", "www." + HOST)


def a_source(site: Site, path: str = "/feed", kind: SourceKind = SourceKind.FEED, **more: Any) -> Source:
    return Source("The Outlet", kind, site.url(path), **{"interval": 900.0, **more})


def lay_out(site: Site, *numbers: int, **headers: str) -> Source:
    """A feed of summaries with the pages it leads to."""
    for number in numbers:
        site.put(f"/{number}", a_page(FERRY, PIER, f"Number {number} of the reports.", title=f"Ferry {number}"))
    feed = a_feed(*(an_item(site.url(f"/{number}"), f"Ferry {number}") for number in numbers))
    feed.headers.update(headers)
    site.put("/feed", feed)
    return a_source(site)


def rfc(moment: datetime) -> str:
    return f"<pubDate>{format_datetime(moment)}</pubDate>"


# -- what is taken ----------------------------------------------------------------------------------------------------


def test_a_feed_of_summaries_leads_to_the_pages(site: Site, desk: Desk) -> None:
    """Each page is an article of the source's name, whatever the page calls itself; each was asked for once."""
    report = desk.read(lay_out(site, 1, 2))
    assert report == SourceReport("The Outlet", new=2)
    assert [(each.source, each.url, each.title) for each in desk.articles()] == [
        ("The Outlet", site.url("/1"), "Ferry 1"),
        ("The Outlet", site.url("/2"), "Ferry 2"),
    ]
    assert desk.text(site.url("/1")) == f"{FERRY}\n{PIER}\nNumber 1 of the reports."
    assert site.paths() == ["/feed", "/1", "/2"]


def test_a_feed_of_whole_texts_needs_no_second_request(site: Site, desk: Desk) -> None:
    """The text, title, time, author and language are the feed's."""
    content = "".join(f"<p>{line}</p>" for line in LONG)
    more = f"<content:encoded><![CDATA[{content}]]></content:encoded><dc:creator>Ada Holm</dc:creator>{rfc(NOW)}"
    site.put("/feed", a_feed(an_item(site.url("/1"), "Sea &amp;amp; strike", more), channel="<language>en</language>"))
    assert desk.read(a_source(site)) == SourceReport("The Outlet", new=1)
    (article,) = desk.articles()
    assert (article.title, article.published, article.language) == ("Sea & strike", "2026-11-24T12:00:00+00:00", "en")
    assert desk.text(site.url("/1")) == "\n".join(LONG)
    assert site.paths() == ["/feed"]


def test_what_did_not_change_is_not_read_again(site: Site, desk: Desk) -> None:
    """An unchanged feed is told by 304, an unchanged item by what the feed says of it; one that changed is read."""
    source = lay_out(site, 1, 2, ETag='"v1"')
    desk.read(source)
    assert desk.read(source, after=HOUR / 4) == SourceReport("The Outlet", unchanged=2)
    assert site.asked[-1].headers["If-None-Match"] == '"v1"'
    site.put("/2", a_page(FERRY, PIER, "It sailed at nine.", title="Ferry 2, corrected"))
    items = [an_item(site.url("/1"), "Ferry 1"), an_item(site.url("/2"), "Ferry 2, corrected")]
    site.put("/feed", a_feed(*items))
    assert desk.read(source, after=HOUR / 4) == SourceReport("The Outlet", changed=1, unchanged=1)
    assert desk.text(site.url("/2")).endswith("It sailed at nine.")
    assert site.paths() == ["/feed", "/1", "/2", "/feed", "/feed", "/2"]


def test_a_feed_is_asked_for_in_full_until_all_of_it_was_read(site: Site, desk: Desk) -> None:
    """A page that failed for a while is not forgotten because the feed stays as it is."""
    source = lay_out(site, 1, ETag='"v1"')
    page = site.pages[HOST, "/1"]
    site.put("/1", Reply("oops", 500))
    (failure,) = desk.read(source).failures
    assert failure == Failure(site.url("/1"), "answered 500 Internal Server Error; it is tried again later")
    site.put("/1", page)
    assert desk.read(source, after=HOUR) == SourceReport("The Outlet", new=1)


def test_a_sitemap_index_is_read_newest_first(site: Site, desk: Desk) -> None:
    """Packed or not, a source's limit holds over all of them; the news extension's time fills a page's gap."""
    for name in ("old", "new", "newer"):
        site.put(f"/{name}", a_page(FERRY, PIER, f"This is the {name} one.", title=name.title(), published=""))
    news = (
        '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{}</loc><news:news>'
        "<news:publication_date>2026-11-24T09:00:00+01:00</news:publication_date></news:news></url>"
        "<url><loc>{}</loc><lastmod>2026-11-23</lastmod></url></urlset>"
    ).format(site.url("/newer"), site.url("/new"))
    site.put("/news.xml.gz", Reply(gzip.compress(news.encode()), headers={"Content-Type": "application/gzip"}))
    site.put("/old.xml", f"<urlset><url><loc>{site.url('/old')}</loc><lastmod>2020-01-01</lastmod></url></urlset>")
    children = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/old.xml", "/news.xml.gz"))
    foreign = "<sitemap><loc>https://elsewhere.example/s.xml</loc></sitemap>"
    site.put("/sitemap.xml", f"<sitemapindex>{children}{foreign}</sitemapindex>")
    report = desk.read(a_source(site, "/sitemap.xml", SourceKind.SITEMAP, limit=2))
    reason = "it lists a sitemap of elsewhere.example, which The Outlet may not speak for"
    assert report == SourceReport("The Outlet", new=2, failures=(Failure(site.url("/sitemap.xml"), reason),))
    assert {(each.title, each.published) for each in desk.articles()} == {
        ("Newer", "2026-11-24T09:00:00+01:00"),
        ("New", None),
    }


def test_a_page_is_a_source_of_its_own(site: Site, desk: Desk) -> None:
    """Asked for with its validators at each poll."""
    site.put("/live", a_page(FERRY, PIER), ETag='"1"', Content_Type="text/html")
    source = a_source(site, "/live", SourceKind.PAGE)
    assert desk.read(source) == SourceReport("The Outlet", new=1)
    assert desk.read(source, after=HOUR) == SourceReport("The Outlet", unchanged=1)
    assert site.asked[-1].headers["If-None-Match"] == '"1"'
    site.put("/live", a_page(FERRY, PIER, "It sailed at nine."))
    assert desk.read(source, after=HOUR) == SourceReport("The Outlet", changed=1)
    site.put("/live", Reply("", 410))
    assert desk.read(source, after=HOUR) == SourceReport("The Outlet", withdrawn=1)


def test_one_article_under_many_addresses(site: Site, desk: Desk) -> None:
    """Tracking parameters, a page for phones that names the main one, and a second feed of the outlet."""
    main = site.url("/1")
    site.put("/1", a_page(FERRY, PIER))
    site.put("/amp/1", a_page(FERRY, PIER, head=f'<link rel="canonical" href="{main}">'))
    items = [an_item(f"{main}?utm_source=rss"), an_item(f"{main}#top"), an_item(site.url("/amp/1"))]
    site.pages[HOST, "/1?utm_source=rss"] = site.pages[HOST, "/1"]
    site.put("/feed", a_feed(*items))
    site.put("/sport", a_feed(an_item(main)))
    second = Source("The Outlet, sport", SourceKind.FEED, site.url("/sport"))
    desk.read(a_source(site), second)
    assert [(each.source, each.title) for each in desk.articles()] == [("The Outlet", "The ferry sails again")]
    assert desk.read(a_source(site), second, after=HOUR / 4) == SourceReport("The Outlet, sport", unchanged=1)
    assert desk.articles()[0].source == "The Outlet"


def test_a_canonical_address_every_page_names_is_none(site: Site, desk: Desk) -> None:
    """A site whose template names its home page, or one and the same page, does not fold its articles into one."""
    source = lay_out(site, 1, 2)
    for number in (1, 2):
        head = f'<link rel="canonical" href="{site.url("/")}">'
        site.put(f"/{number}", a_page(f"{number}: {FLOOD}", f"{number}: {PIER}", title=f"Ferry {number}", head=head))
    desk.read(source)
    assert sorted(each.url or "" for each in desk.articles()) == [site.url("/1"), site.url("/2")]
    for number in (1, 2):
        head = f'<link rel="canonical" href="{site.url("/same")}">'
        site.put(f"/{number}", a_page(f"{number}: {FERRY}", f"{number}: {FLOOD}", title=f"Other {number}", head=head))
    site.put("/feed", a_feed(*(an_item(site.url(f"/{number}"), f"Other {number}") for number in (1, 2))))
    desk.read(source, after=HOUR)
    before = {each.id: (each.url, each.title) for each in desk.articles()}
    assert {each[0] for each in before.values()} == {site.url("/same"), site.url("/2")}
    for order in ((2, 1), (1, 2)):
        site.put("/feed", a_feed(*(an_item(site.url(f"/{number}"), f"Told {order}") for number in order)))
        report = desk.read(source, after=25 * HOUR)
        assert (report.unchanged, report.changed, report.withdrawn) == (2, 0, 0)
        assert {each.id: (each.url, each.title) for each in desk.articles()} == before


# -- whose words ------------------------------------------------------------------------------------------------------


def test_a_source_does_not_touch_another_outlets_article(site: Site, desk: Desk) -> None:
    """By canonical link, JSON-LD, og:url, an item's link, an item's id, or a redirect: told, and nothing changes."""
    theirs = site.put("/story", a_page(FERRY, PIER), host="b.example")
    site.put("/feed", a_feed(an_item(theirs)), host="b.example")
    other = Source("Theirs", SourceKind.FEED, site.url("/feed", "b.example"))
    assert desk.read(other) == SourceReport("Theirs", new=1)
    before = desk.articles()

    claims = {
        "/canonical": f'<link rel="canonical" href="{theirs}">',
        "/og": f'<meta property="og:url" content="{theirs}">',
        "/json": f'<script type="application/ld+json">{{"@type": "Article", "url": "{theirs}"}}</script>',
    }
    for path, head in claims.items():
        site.put(path, a_page(FLOOD, f"It says so at {path}.", title=f"Claim {path}", head=head))
    site.put("/moved", Reply("", 301, {"Location": theirs}))
    site.put("/own", a_page(FLOOD, "An article of its own."))
    guid = f'<guid isPermaLink="true">{theirs}</guid>'
    only_guid = f"<title>No link</title>{guid}"
    items = [*(an_item(site.url(path)) for path in claims), an_item(site.url("/moved")), an_item(theirs), only_guid]
    site.put("/feed", a_feed(*items, an_item(site.url("/own"), more=guid)))
    desk.read(a_source(site), other)
    poll(desk.store, [a_source(site)], desk.fetcher, names=["Theirs"], now=lambda: desk.now + 2 * HOUR)

    assert desk.articles()[: len(before)] == before
    assert desk.text(theirs) == f"{FERRY}\n{PIER}"
    kept = {each.url: each.source for each in desk.articles()[len(before) :]}
    assert kept == dict.fromkeys((site.url(path) for path in (*claims, "/own")), "The Outlet")


def test_claims_to_anothers_article_are_told_with_their_reason(site: Site, desk: Desk) -> None:
    theirs = site.url("/story", "b.example")
    site.put("/a", a_page(FLOOD, PIER, head=f'<link rel="canonical" href="{theirs}">'))
    site.put("/moved", Reply("", 301, {"Location": theirs}))
    items = [an_item(site.url("/a")), an_item(site.url("/moved")), an_item(theirs), an_item(theirs + "2")]
    site.put("/feed", a_feed(*items))
    reasons = {failure.subject: failure.reason for failure in desk.read(a_source(site)).failures}
    assert reasons == {
        theirs: "it links to b.example, which The Outlet may not speak for (and 1 more items)",
        site.url("/a"): "it claims to be of b.example, which The Outlet may not speak for; kept under its own address",
        site.url("/moved"): "redirects to b.example, which the source may not speak for;"
        " add the host to its hosts if it is the outlet's",
    }


def test_listed_hosts_are_the_outlets(site: Site, desk: Desk) -> None:
    """A feed at a service for feeds speaks for the hosts that the operator lists."""
    article = site.put("/1", a_page(FERRY, PIER), host="b.example")
    site.put("/feed", a_feed(an_item(article)))
    assert desk.read(a_source(site, hosts=("b.example",))) == SourceReport("The Outlet", new=1)


def test_a_feed_that_moves_to_another_host_is_refused(site: Site, desk: Desk) -> None:
    site.put("/feed", Reply("", 301, {"Location": site.put("/feed", a_feed(), host="b.example")}))
    (failure,) = desk.read(a_source(site)).failures
    assert failure.reason.startswith("redirects to b.example, which the source may not speak for")


# -- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "feed", "kept"),
    [
        ("2026-11-20T08:00:00+01:00", NOW, "2026-11-20T08:00:00+01:00"),
        ("2026-11-24", NOW, "2026-11-24T12:00:00+00:00"),
        ("2026-11-20", NOW, "2026-11-20"),
        ("", NOW, "2026-11-24T12:00:00+00:00"),
        ("2027-05-01T08:00:00Z", NOW, "2026-11-24T12:00:00+00:00"),
        ("2027-05-01T08:00:00Z", NOW + timedelta(days=200), None),
        ("", None, None),
    ],
)
def test_the_feeds_time_fills_the_pages_gap(
    site: Site, desk: Desk, page: str, feed: datetime | None, kept: str | None
) -> None:
    """What the page states goes first; a time ahead of now is not believed; a day takes the feed's time of that day."""
    site.put("/1", a_page(FERRY, PIER, published=page))
    site.put("/feed", a_feed(an_item(site.url("/1"), more=rfc(feed) if feed else "")))
    desk.read(a_source(site))
    assert [each.published for each in desk.articles()] == [kept]


def test_a_second_look_does_not_forget_what_the_feed_said(site: Site, desk: Desk) -> None:
    """The page is looked at again without its feed; its time and id stay."""
    site.put("/1", a_page(FERRY, PIER, published=""))
    source = a_source(site)
    site.put("/feed", a_feed(an_item(site.url("/1"), more=f"<guid isPermaLink='false'>g1</guid>{rfc(NOW)}")))
    desk.read(source)
    site.put("/feed", a_feed())
    site.put("/1", a_page(FERRY, PIER, "It sailed at nine.", published=""))
    assert desk.read(source, after=3 * HOUR) == SourceReport("The Outlet", changed=1)
    (article,) = desk.articles()
    assert (article.published, article.external_id) == ("2026-11-24T12:00:00+00:00", "g1")


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        ("", "2026-11-24T12:00:00+00:00"),
        ('<meta name="pubdate" content="2026-11-19">', "2026-11-19"),
        ('<script type="application/ld+json">{"@type":"Article","datePublished":"2026-11-19"}</script>', "2026-11-19"),
    ],
)
def test_a_date_the_page_merely_shows_gives_way_to_the_feeds(site: Site, desk: Desk, head: str, kept: str) -> None:
    """JSON-LD and meta elements go before the feed, and the feed before what is guessed from the page."""
    page = a_page("<time datetime='2026-11-20'>20 November 2026</time>", FERRY, PIER, published="", head=head)
    site.put("/1", page)
    site.put("/feed", a_feed(an_item(site.url("/1"), more=rfc(NOW))))
    desk.read(a_source(site))
    assert [each.published for each in desk.articles()] == [kept]


# -- what is gone -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_withdrawn(site: Site, desk: Desk, status: int) -> None:
    """Found by looking again at recent articles, also when the feed is unchanged; kept, not quoted; back when back."""
    source = lay_out(site, 1, 2, ETag='"v1"')
    desk.read(source)
    page = site.put("/1", Reply("gone", status))
    assert desk.read(source, after=24 * HOUR) == SourceReport("The Outlet", unchanged=1, withdrawn=1)
    gone = next(each for each in desk.articles() if each.url == page)
    assert gone.status is ArticleStatus.WITHDRAWN
    assert {each.article for each in desk.store.passages()} == {2}
    assert desk.read(source, after=HOUR / 4).withdrawn == 0
    lay_out(site, 1, 2)
    report = desk.read(source, after=25 * HOUR)
    assert (report.changed, report.unchanged) == (1, 1)


def test_a_page_that_moved_stays_one_article(site: Site, desk: Desk) -> None:
    """The old address redirects to a new one: the article keeps its id, whichever is met first."""
    source = lay_out(site, 1, 2)
    desk.read(source)
    for number in (1, 2):
        site.put(f"/{number}-new", site.pages[HOST, f"/{number}"])
        site.put(f"/{number}", Reply("", 301, {"Location": f"/{number}-new"}))
    site.put("/feed", a_feed(an_item(site.url("/2-new"), "Ferry 2")))
    report = desk.read(source, after=24 * HOUR)
    found = {each.id: (each.url, each.status) for each in desk.articles()}
    assert found == {
        1: (site.url("/1-new"), ArticleStatus.LIVE),
        2: (site.url("/2"), ArticleStatus.WITHDRAWN),
        3: (site.url("/2-new"), ArticleStatus.LIVE),
    }
    assert report == SourceReport("The Outlet", new=1, unchanged=1)


def test_a_home_page_is_not_taken_for_an_article_that_was_removed(site: Site, desk: Desk) -> None:
    source = lay_out(site, 1)
    desk.read(source)
    site.put("/", a_page(FLOOD, PIER, title="Welcome"))
    site.put("/1", Reply("", 302, {"Location": "/"}))
    report = desk.read(source, after=24 * HOUR)
    assert report.failures[0].reason.startswith("leads to the home page; it is not taken for the article")
    assert [each.title for each in desk.articles()] == ["Ferry 1"]


def test_an_article_of_a_whole_text_feed_is_only_looked_for(site: Site, desk: Desk) -> None:
    """Its text is the feed's: the page is asked for without its body, and read never."""
    content = "".join(f"<p>{line}</p>" for line in LONG)
    item = an_item(site.url("/1"), more=f"<content:encoded><![CDATA[{content}]]></content:encoded>{rfc(NOW)}")
    site.put("/feed", a_feed(item))
    site.put("/1", a_page("Quite another text stands on the page, with a banner or two around it."))
    source = a_source(site)
    desk.read(source)
    assert desk.read(source, after=2 * HOUR) == SourceReport("The Outlet", unchanged=1)
    assert (site.asked[-1].method, site.asked[-1].path) == ("HEAD", "/1")
    assert desk.text(site.url("/1")) == "\n".join(LONG)
    site.put("/1", Reply("", 405))
    assert desk.read(source, after=24 * HOUR).failures == ()
    site.put("/1", Reply("", 410))
    assert desk.read(source, after=24 * HOUR).withdrawn == 1


def test_old_articles_are_left_alone(site: Site, desk: Desk) -> None:
    """Two weeks after it was published a page is not asked for any more."""
    source = lay_out(site, 1)
    desk.read(source)
    count = len(site.paths())
    desk.read(source, after=timedelta(days=15))
    assert site.paths()[count:] == ["/feed"]


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
    filler = [an_item(f"https://elsewhere.example/{number}") for number in range(20_000)]
    items = [an_item(site.url(f"/{number}"), f"Ferry {number}") for number in (1, 2, 3)]
    site.put("/feed", a_feed(*filler, *items, *filler))
    report = desk.read(a_source(site, limit=2))
    (failure,) = report.failures
    assert (report.new, failure.reason) == (
        2,
        "it links to elsewhere.example, which The Outlet may not speak for (and 19999 more items)",
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
    desk.fetcher = a_fetcher(time=desk.time, seconds=0.1)
    source = lay_out(site, 1, 2, 3, 4, 5)

    def silent(asked: Asked) -> str:
        import time

        time.sleep(0.3)
        return ""

    for number in range(1, 6):
        site.put(f"/{number}", silent)
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
