"""corpus.settle and corpus.keep: consent pages, stubs and shrinks are not the article; a better reader is no edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes import an_article
from hypothesis import given
from hypothesis import strategies as st

from corpus.keep import Kept, keep, page_mark
from corpus.passages import passages
from corpus.records import Article, ArticleKind, ArticleStatus, Source, SourceKind
from corpus.settle import APART, Held, Reason, Verdict, decide, suspicion
from corpus.store import Change, Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STORY = (
    "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began, with some two"
    " hundred passengers and the first fresh bread that the island had seen in a week.",
    "Crews voted by 41 to 12 to accept a rise of four per cent, their union said late on Thursday, after the company"
    " had offered three per cent in March and called that its last word on the matter.",
    "The harbour master of Port Selwick, who counted the boats in and out through the whole of the strike, said that"
    " she had never known the sound so quiet in a November and hoped not to know it again.",
    "The island's council will meet on Monday to hear how much the nine days have cost its shops, two of which closed"
    " for good, and whether a second boat can be had before the winter storms set in.",
)
FULL = an_article(*STORY)
EDITED = an_article(STORY[0], STORY[1].replace("41 to 12", "43 to 10"), *STORY[2:])
CUT = an_article(STORY[0])
STUB = replace(CUT, free=False)
WALL = an_article(
    "We value your privacy. We and our 842 partners store and/or access information on a device, such as cookies.",
    "You can accept all or manage your preferences, and withdraw your consent at any time.",
    title="Before you continue",
)
NEWSLETTER = "Sign up for our newsletter to get the best of the sound into your inbox, every Friday at noon."
ANOTHER = an_article(
    "Home deliveries of vegetables from the valley begin in the second week of January, the growers' union has said.",
    "Boxes hold what the week brings, mostly roots until April, and are left at the door on Tuesdays before seven.",
    "Whoever wants eggs as well should say so by Sunday noon, for the hens of the valley lay less in the dark months.",
    "There is a list at the town hall for those who would rather come and fetch theirs, as there was last year, too.",
)


def test_what_looks_like_the_article_is_taken() -> None:
    """Edits, additions and the same words again are the outlet's own; so is the first text of an address."""
    for new in (FULL, EDITED, an_article(*STORY, "An hour later the second boat left."), an_article(*STORY[:3])):
        assert decide(new, known=FULL, held=None, now=NOW).verdict is Verdict.TAKE
    assert decide(CUT, known=None, held=None, now=NOW).verdict is Verdict.TAKE


@pytest.mark.parametrize(
    ("new", "known", "reason"),
    [
        (WALL, FULL, Reason.WALL),
        (WALL, None, Reason.WALL),
        (STUB, FULL, Reason.STUB),
        (STUB, None, Reason.STUB),
        (CUT, FULL, Reason.SHRUNK),
        (ANOTHER, FULL, Reason.ANOTHER),
        (replace(ANOTHER, kind=ArticleKind.LIVE), FULL, None),
        (an_article("Short."), CUT, None),
        (FULL, WALL, None),
    ],
)
def test_what_may_not_be_the_article(new: Article, known: Article | None, reason: Reason | None) -> None:
    """Each kind is told; live blogs turn over, and short texts may shrink."""
    assert suspicion(new, known) is reason


def test_an_article_about_consent_is_an_article() -> None:
    """News that speaks of cookies and partners is long for its signs."""
    about = an_article(
        *STORY,
        "Regulators fined the firm because 'accept all' was easier to find than 'reject all'.",
        *ANOTHER.text.split("\n"),
    )
    assert suspicion(about, None) is None


@pytest.mark.parametrize(
    "text",
    [
        "Please enable JavaScript and cookies to continue. Verify you are human by completing the action below.",
        "Wir und unsere 120 Partner verarbeiten Daten. Alle akzeptieren oder Einstellungen. Ihre Einwilligung gilt.",
        "Nous et nos 99 partenaires utilisons des cookies. Tout accepter. Continuer sans accepter.",
    ],
)
def test_walls_of_other_kinds(text: str) -> None:
    """Bot checks, and consent in other languages."""
    assert suspicion(an_article(text), FULL) is Reason.WALL


@pytest.mark.parametrize(
    ("new", "hours", "verdict"),
    [
        (CUT, 0.5, Verdict.HOLD),
        (CUT, 5.99, Verdict.HOLD),
        (CUT, 6, Verdict.TAKE),
        (STUB, 5.99, Verdict.HOLD),
        (STUB, 6, Verdict.KEEP),
        (WALL, 600, Verdict.HOLD),
        (ANOTHER, 6, Verdict.TAKE),
    ],
)
def test_a_second_fetch_six_hours_later_settles_it(new: Article, hours: float, verdict: Verdict) -> None:
    """A cut is taken, a stub leaves the known text standing, a wall is never an article."""
    first = decide(new, known=FULL, held=None, now=NOW)
    assert first.verdict is Verdict.HOLD
    assert first.held is not None
    assert first.held.since == NOW
    assert decide(new, known=FULL, held=first.held, now=NOW + timedelta(hours=hours)).verdict is verdict


def test_another_oddity_begins_anew() -> None:
    """Six hours count from when this was first seen, not something else."""
    first = decide(WALL, known=FULL, held=None, now=NOW)
    later = decide(CUT, known=FULL, held=first.held, now=NOW + APART)
    assert later.verdict is Verdict.HOLD
    assert later.held is not None
    assert (later.held.reason, later.held.since) == (Reason.SHRUNK, NOW + APART)


moments = st.lists(st.tuples(st.sampled_from([FULL, EDITED, CUT, STUB, WALL, ANOTHER]), st.integers(0, 20)), max_size=8)


@given(moments)
def test_nothing_odd_is_taken_in_less_than_six_hours(history: list[tuple[Article, int]]) -> None:
    """Over any course of answers: what is taken is like the known, or was seen six hours before and held."""
    known, held, now = FULL, None, NOW
    for new, hours in history:
        now += timedelta(hours=hours)
        before: Held | None = held
        decision = decide(new, known=known, held=held, now=now)
        if decision.verdict is Verdict.TAKE:
            odd = suspicion(new, known)
            assert odd is None or (before is not None and before.reason is odd and now - before.since >= APART)
            assert odd not in (Reason.WALL, Reason.STUB)
            known = new
        held = decision.held


# -- in the store ------------------------------------------------------------------------------------------------------


def take(store: Store, article: Article, hours: float | None = 0, *, page: str = "") -> Kept:
    source = store.source_id("The Paper") or store.put_source(Source("The Paper", SourceKind.FEED, "https://p.example"))
    fetched = None if hours is None else NOW + timedelta(hours=hours)
    return keep(store, article, passages(article), key="url:p.example/a", source=source, page=page, fetched=fetched)


def quoted(store: Store) -> str:
    return "".join(each.text for each in store.passages())


def test_a_held_article_is_not_quoted_and_comes_back(store: Store) -> None:
    """While it is unsettled nothing is quoted; when the article is there again its passages have their ids."""
    number = take(store, FULL).article
    assert number is not None
    before = [each.id for each in store.passages()]
    held = take(store, WALL, 1)
    assert held == Kept(
        number, Change.HELD, "may not be the article: a consent page or bot check", NOW + timedelta(hours=7)
    )
    assert quoted(store) == ""
    article = store.article(number)
    assert article is not None
    assert article.status is ArticleStatus.HELD
    assert store.revision_text(article.revision) == FULL.text
    assert store.holding.get(number) == Held(Reason.WALL, NOW + timedelta(hours=1), WALL.title, WALL.text)
    assert take(store, FULL, 2).change is Change.CHANGED
    assert [each.id for each in store.passages()] == before
    assert store.holding.get(number) is None
    revision = store.revision(article.revision)
    assert revision is not None
    assert (revision.number, revision.reading) == (1, 1)


def test_a_cut_that_stays_becomes_a_revision(store: Store) -> None:
    """Seen again six hours later, the short text is what the outlet says now."""
    number = take(store, FULL).article
    take(store, CUT, 1)
    assert take(store, CUT, 3).change is Change.HELD
    assert take(store, CUT, 7) == Kept(number, Change.CHANGED)
    assert quoted(store) == CUT.text


def test_a_paywall_that_stays_leaves_the_known_text(store: Store) -> None:
    """The outlet took nothing back by asking for money; and no day passes in which it is held again."""
    number = take(store, FULL).article
    take(store, STUB, 1)
    assert quoted(store) == ""
    assert take(store, STUB, 7) == Kept(number, Change.UNCHANGED)
    assert quoted(store) == FULL.text
    assert take(store, STUB, 8) == Kept(number, Change.UNCHANGED)
    assert quoted(store) == FULL.text


def test_a_first_text_that_is_a_stub_waits(store: Store) -> None:
    """What was never seen whole is not quoted until it is clear that there is no more, or the article is there."""
    number = take(store, STUB).article
    assert quoted(store) == ""
    assert take(store, STUB, 1).change is Change.HELD
    assert take(store, STUB, 6) == Kept(number, Change.CHANGED)
    assert quoted(store) == STUB.text


def test_a_consent_page_is_never_a_first_article(store: Store) -> None:
    """However often it comes; the article itself is taken at once."""
    for hours in (0, 7, 14):
        assert take(store, WALL, hours).change is Change.HELD
        assert quoted(store) == ""
    assert take(store, FULL, 15).change is Change.CHANGED
    assert quoted(store) == FULL.text


def test_files_are_taken_at_once(store: Store) -> None:
    """What the operator put into a folder is meant."""
    take(store, FULL, None)
    assert take(store, CUT, None).change is Change.CHANGED
    assert quoted(store) == CUT.text


# -- a better reader is no edit ----------------------------------------------------------------------------------------


def test_the_same_page_read_to_other_words_is_no_revision(store: Store) -> None:
    """The number stays, the reading grows; unchanged passages keep their ids, and the old reading stays readable."""
    number = take(store, an_article(*STORY, NEWSLETTER), page="p1").article
    assert number is not None
    first = store.article(number)
    before = {each.text.strip(): each.id for each in store.passages()}
    assert take(store, FULL, 1, page="p1") == Kept(number, Change.UNCHANGED)
    second = store.article(number)
    assert first is not None
    assert second is not None
    old, new = store.revision(first.revision), store.revision(second.revision)
    assert old is not None
    assert new is not None
    assert (old.number, old.reading, new.number, new.reading) == (1, 1, 1, 2)
    assert "newsletter" in old.text
    assert new.text == FULL.text
    assert {each.text.strip(): each.id for each in store.passages()} == {line: before[line] for line in STORY}
    assert take(store, EDITED, 2, page="p2").change is Change.CHANGED
    third = store.article(number)
    assert third is not None
    edited = store.revision(third.revision)
    assert edited is not None
    assert (edited.number, edited.reading) == (2, 1)


def test_a_reader_that_takes_much_less_is_no_shrink(store: Store) -> None:
    """The page did not change, so nothing about it is held."""
    take(store, FULL, page="p1")
    assert take(store, CUT, 1, page="p1").change is Change.UNCHANGED
    assert quoted(store) == CUT.text


def test_a_page_is_told_by_its_words() -> None:
    """Scripts, styles, comments and attributes come fresh each time; words do not."""
    page = b"<p class=a>One <b>two</b></p><script>var n='<p>1';</script><!-- <p>x --><style>p{}</style><p>three"
    again = (
        b"<p class=b>One  <b id=7>two</b></p><SCRIPT nonce=9>var n='<p>2';</SCRIPT><!-- y --><style>a{}</style><p>three"
    )
    assert page_mark(page) == page_mark(again)
    assert page_mark(page) != page_mark(page.replace(b"two", b"2"))
    assert page_mark(b"plain words") != page_mark(b"other words")


@given(st.binary(max_size=300))
def test_any_bytes_have_a_mark(body: bytes) -> None:
    """Always 64 digits, and the same for the same bytes."""
    assert page_mark(body) == page_mark(body)
    assert len(page_mark(body + b"<script" * 50)) == 64
