"""Polling and what is not the article: held, settled, rights by header, and addresses taken down, over a real site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from site_server import HOST, Reply, Site, Time, a_feed, a_fetcher, a_page, an_item

from corpus.poll import poll
from corpus.records import Source, SourceKind, SourceReport
from corpus.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some two hundred people stood at the pier, and the captain let the youngest of them sound the horn."
FLOOD = "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock."
SHOPS = "Two shops of the island closed for good in the nine days, and the council will hear on Monday what it cost."
CONSENT = (
    "We value your privacy. We and our 842 partners store and/or access information on a device, such as cookies.",
    "You can accept all or manage your preferences, and withdraw your consent at any time in the settings.",
)


class Poller:
    """One feed with one page, read at a time that the test moves."""

    def __init__(self, store: Store, site: Site) -> None:
        self.store, self.site, self.now, self.time = store, site, NOW, Time()
        self.fetcher = a_fetcher(HOST, time=self.time)
        self.source = Source("The Outlet", SourceKind.FEED, site.url("/feed"), interval=900.0)
        site.put("/feed", a_feed(an_item(site.url("/1"), "Ferries")))

    def read(self, *lines: str, after: float = 0.0) -> SourceReport:
        """Serve a page of these lines, and poll some hours later."""
        self.site.put("/1", a_page(*lines, title="Ferries"))
        self.now += timedelta(hours=after)
        self.time.seconds += after * 3600
        return poll(self.store, [self.source], self.fetcher, now=lambda: self.now)[-1]

    def quoted(self) -> list[str]:
        return [each.text.strip() for each in self.store.passages()]


def test_a_consent_page_is_held_until_the_article_is_back(store: Store, site: Site) -> None:
    """Reported and not quoted; the passages come back as they were."""
    poller = Poller(store, site)
    assert poller.read(FERRY, PIER, FLOOD, SHOPS).new == 1
    before = [each.id for each in store.passages()]
    report = poller.read(*CONSENT, after=30)
    assert (report.held, report.changed, report.failures[0].reason) == (
        1,
        0,
        "may not be the article: a consent page or bot check",
    )
    assert poller.quoted() == []
    poller.read(FERRY, PIER, FLOOD, SHOPS, after=7)
    assert poller.quoted() == [FERRY, PIER, FLOOD, SHOPS]
    assert [each.id for each in store.passages()] == before


def test_a_cut_is_settled_by_the_fetch_six_hours_later(store: Store, site: Site) -> None:
    """The poller comes back by itself, though feed and page say that nothing changed since."""
    poller = Poller(store, site)
    poller.read(FERRY, PIER, FLOOD, SHOPS, *(f"{SHOPS[:-1]}, said shopkeeper {number}." for number in range(4)))
    assert poller.read(FERRY, PIER, after=30).held == 1
    assert poller.quoted() == []
    assert poller.read(FERRY, PIER, after=6).changed == 1
    assert poller.quoted() == [FERRY, PIER]


def test_an_address_taken_down_is_not_asked_for(store: Store, site: Site) -> None:
    """The feed still lists it; no request is made, and the report says so."""
    poller = Poller(store, site)
    poller.read(FERRY, PIER)
    url = site.url("/1")
    assert len(store.take_down(url, store.addressed(url), at=NOW)) == 1
    asked = [each for each in site.asked if each.path == "/1"]
    report = poller.read(FERRY, PIER, FLOOD, after=30)
    assert (report.refused, report.read, report.failures) == (1, 0, ())
    assert [each for each in site.asked if each.path == "/1"] == asked
    assert poller.quoted() == []


def test_reservations_in_headers_are_honoured(store: Store, site: Site) -> None:
    """X-Robots-Tag and TDM-Reservation say the same as the page's own elements."""
    poller = Poller(store, site)
    headers = {"Content-Type": "text/html", "TDM-Reservation": "1"}
    site.put("/1", Reply(a_page(FERRY, PIER, title="Ferries").encode(), headers=headers))
    poll(store, [poller.source], poller.fetcher, now=lambda: NOW)
    assert poller.quoted() == []
    assert store.limits() == {"The Outlet": {"not searched": 1}}


GONE = "its page says that the article is gone"
REMOVED = "This article has been removed at the request of the publisher."


def test_a_page_that_says_its_article_was_removed_withdraws_it(store: Store, site: Site) -> None:
    """At once, though it answers 200; told once, and the article comes back when the page does."""
    poller = Poller(store, site)
    poller.read(FERRY, PIER, FLOOD, SHOPS)
    report = poller.read(REMOVED, after=30)
    assert (report.withdrawn, report.held, report.changed, report.failures[0].reason) == (1, 0, 0, GONE)
    assert poller.quoted() == []
    assert (poller.read(REMOVED, after=30).withdrawn, poller.quoted()) == (0, [])
    assert poller.read(FERRY, PIER, FLOOD, SHOPS, after=30).changed == 1
    assert poller.quoted() == [FERRY, PIER, FLOOD, SHOPS]


def test_a_retraction_above_words_that_stand_withdraws_the_article(store: Store, site: Site) -> None:
    """None of its words is quoted any more, those that stand on the page included."""
    poller = Poller(store, site)
    poller.read(FERRY, PIER, FLOOD, SHOPS)
    note = "Retraction: This article has been retracted, because two of its sources do not exist."
    assert poller.read(note, FERRY, PIER, FLOOD, SHOPS, after=30).withdrawn == 1
    assert poller.quoted() == []


def test_a_notice_in_place_of_an_article_never_read_is_no_article(store: Store, site: Site) -> None:
    """It is told, and the address is asked ever more rarely; news of a removal is news."""
    poller = Poller(store, site)
    report = poller.read("Sorry, this page is no longer available.")
    assert (report.new, report.withdrawn, report.failures[0].reason) == (0, 0, GONE)
    assert poller.read("Sorry, this page is no longer available.", after=0.1).failures == ()
    news = "The council said that the post was removed an hour after it had appeared, and that it regretted the words."
    assert poller.read(news, FERRY, PIER, FLOOD, after=1).new == 1


def test_an_address_that_leads_to_another_page_is_settled_six_hours_later(store: Store, site: Site) -> None:
    """Sites send readers of removed articles to a section: held, then withdrawn; the section is no article."""
    poller = Poller(store, site)
    poller.read(FERRY, PIER, FLOOD, SHOPS)
    section = site.put(
        "/news", a_page(*(f"The {word} council met on Monday and voted." for word in "ab cd ef gh".split()))
    )
    for after, expected in ((30, (1, 0)), (3, (0, 0)), (4, (0, 1))):
        site.put("/1", Reply("", 302, {"Location": section}))
        poller.now += timedelta(hours=after)
        report = poll(store, [poller.source], poller.fetcher, now=lambda: poller.now)[-1]
        assert (report.held, report.withdrawn, report.new, report.changed) == (*expected, 0, 0)
        assert poller.quoted() == []
    assert [store.article(number) is None for number in (1, 2)] == [False, True]


def test_a_consent_page_of_its_own_address_never_withdraws_an_article(store: Store, site: Site) -> None:
    """However long it is met, the article is held, and quoted when it is back."""
    poller = Poller(store, site)
    poller.read(FERRY, PIER, FLOOD, SHOPS)
    consent = site.put("/consent", a_page(*CONSENT, title="Before you continue"))
    for _ in range(3):
        site.put("/1", Reply("", 302, {"Location": consent}))
        poller.now += timedelta(hours=30)
        assert poll(store, [poller.source], poller.fetcher, now=lambda: poller.now)[-1].withdrawn == 0
        assert poller.quoted() == []
    poller.read(FERRY, PIER, FLOOD, SHOPS, after=30)
    assert poller.quoted() == [FERRY, PIER, FLOOD, SHOPS]


def test_a_page_that_is_kept_up_to_date_may_hold_another_text(store: Store, site: Site) -> None:
    """What its operator named as a page is read anew each time; a consent page is none even there."""
    today = Source("The Harbour", SourceKind.PAGE, site.url("/1"), interval=900.0)
    poller = Poller(store, site)
    poller.source = today
    poller.read(FERRY, PIER, FLOOD, SHOPS)
    others = [
        f"Berth {number} is closed to boats of more than nine metres until the dredging ends." for number in range(5)
    ]
    assert poller.read(*others, after=24).changed == 1
    assert poller.quoted() == others
    assert poller.read(*CONSENT, after=24).held == 1


def test_words_taken_down_are_not_asked_for_at_every_poll_of_another_address(store: Store, site: Site) -> None:
    """They are refused there, too, and the address is asked ever more rarely."""
    poller = Poller(store, site)
    poller.read(FERRY, PIER)
    store.take_down(site.url("/1"), store.addressed(site.url("/1")), at=NOW)
    site.put("/again", a_page(FERRY, PIER, title="Ferries"))
    site.put("/feed", a_feed(an_item(site.url("/again"), "Ferries")))
    assert poller.read(after=1).refused == 1
    assert poller.read(after=0.1).refused == 0
    assert poller.read(after=1).refused == 1
    assert site.paths().count("/again") == 2
    assert poller.quoted() == []
