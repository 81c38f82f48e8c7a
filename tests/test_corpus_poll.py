"""corpus.poll: feeds, sitemaps and pages into the store, against sites on 127.0.0.1."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from poll_desk import FERRY, FLOOD, HOUR, LONG, NOW, PIER, Desk, a_source, lay_out
from site_server import HOST, Reply, Site, a_feed, a_page, an_item

from corpus.poll import poll
from corpus.records import ArticleStatus, Failure, Source, SourceKind, SourceReport
from corpus.store import Store


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, HOST, "b.example", "www." + HOST)


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


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("oops", 500), "answered 500 Internal Server Error; it is tried again later"),
        (Reply("not yet", 404), "answered 404 Not Found; it is tried again later"),
        (Reply("no", 403), "answered 403 Forbidden; it is tried again later"),
        ("<html><body><nav>Home</nav></body></html>", "no article was found in it; "),
    ],
)
def test_a_feed_is_asked_for_in_full_until_all_of_it_was_read(
    site: Site, desk: Desk, reply: Reply | str, reason: str
) -> None:
    """A page that failed for a while is not forgotten because the feed stays as it is."""
    source = lay_out(site, 1, ETag='"v1"')
    page = site.pages[HOST, "/1"]
    site.put("/1", reply)
    (failure,) = desk.read(source).failures
    assert failure.subject == site.url("/1")
    assert failure.reason.startswith(reason)
    site.put("/1", page)
    assert desk.read(source, after=HOUR) == SourceReport("The Outlet", new=1)
    assert desk.read(source, after=HOUR).unchanged == 1
    assert [asked.headers.get("If-None-Match") for asked in site.asked if asked.path == "/feed"][1:] == [None, '"v1"']


def test_a_page_that_never_comes_does_not_keep_its_feed_from_being_asked_politely(site: Site, desk: Desk) -> None:
    """After two days the validators are sent again."""
    source = lay_out(site, 1, ETag='"v1"')
    site.put("/1", Reply("not yet", 404))
    for after in (timedelta(0), HOUR, HOUR * 48):
        desk.read(source, after=after)
    assert [asked.headers.get("If-None-Match") for asked in site.asked if asked.path == "/feed"] == [None, None, '"v1"']


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
    desk.read(a_source(site))  # whichever of two reads an article first keeps it
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
    ld = f'<script type="application/ld+json">{{"@type": "Article", "url": "{theirs}"}}</script>'
    site.put("/json", a_page(FERRY, PIER, title="Claim", head=ld))
    site.put("/own", a_page(PIER, FLOOD, title="Own"))
    site.put("/moved", Reply("", 301, {"Location": theirs}))
    items = [an_item(site.url("/a")), an_item(site.url("/moved")), an_item(theirs), an_item(theirs + "2")]
    items += [an_item(site.url("/json")), an_item(site.url("/own"), more=f"<guid>{theirs}</guid>")]
    site.put("/feed", a_feed(*items))
    reasons = {failure.subject: failure.reason for failure in desk.read(a_source(site)).failures}
    assert reasons == {
        theirs: "it links to b.example, which The Outlet may not speak for (and 1 more items)",
        site.url("/a"): "it claims to be of b.example, which The Outlet may not speak for; kept under its own address",
        site.url(
            "/json"
        ): "it claims to be of b.example, which The Outlet may not speak for; kept under its own address",
        site.url("/own"): "its id is of b.example, which The Outlet may not speak for; the id is ignored",
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
