"""bot.rereading: what is found out about quotes whose articles changed, and when it may be said."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot_house import make_answer, make_citation
from fakes import an_article, put
from sqlite_utils import Database
from test_corpus_migration import FERRY, old_store

from bot.correcting import Correction, Held, Kind
from bot.journal import Exchange, Installation, Journal, Surface
from bot.journal_tables import migrations
from bot.journal_takedowns import NOTICE
from bot.records import Citation, Dispute
from bot.rereading import Look, Rereading
from corpus.records import ArticleKind, ArticleStatus, SourceReport
from corpus.settle import Held as HeldText
from corpus.settle import Reason
from corpus.store import Store
from index.records import Query

LEAD = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some 200 people stood at the pier, and the captain let the youngest of them sound the horn."
SHOPS = "Two shops of the island closed for good, and the council will hear on Monday what it cost."
NOTE = "Correction: an earlier version of this article gave a wrong number of people."
SOON = datetime.now(UTC) + timedelta(minutes=30)  # after all that a test does, however slow the machine
LATER = SOON + timedelta(hours=7)


class Desk:
    """A store and a journal of real files."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "corpus.db")
        self.journal = Journal(folder / "journal.db")
        self.messages = 9000

    def look(self, now: datetime = SOON) -> Look:
        return Rereading(self.store, self.journal).look(now)

    def article(self, *lines: str, key: str = "ferry", source: str = "The Paper", **particulars: object) -> int:
        return put(self.store, an_article(*lines, **particulars), key, source=source)[0]

    def cited(self, article: int, *quotes: str) -> list[Citation]:
        """Quotes as they stand in the article now."""
        stored = self.store.article(article)
        assert stored is not None
        text = self.store.revision_text(stored.revision) or ""
        return [
            make_citation(
                number,
                quote=quote,
                article=article,
                revision=stored.revision,
                start=text.index(quote),
                end=text.index(quote) + len(quote),
            )
            for number, quote in enumerate(quotes, 1)
        ]

    def quoted(
        self, article: int, *quotes: str, private: bool = False, member: str = "ann", differing: Sequence[Dispute] = ()
    ) -> int:
        """Log an answer with these quotes, as they stand in the article now."""
        return self.quoted_as(self.cited(article, *quotes), private=private, member=member, differing=differing)

    def quoted_as(
        self,
        cited: Sequence[Citation],
        *,
        private: bool = False,
        member: str = "ann",
        differing: Sequence[Dispute] = (),
    ) -> int:
        """Log an answer with quotes as they stood once."""
        self.messages += 1
        return self.journal.record(
            Exchange(
                asked=SOON,
                surface=Surface.SLASH,
                question="Why?",
                reply="\n".join(f"> {each.quote}\n**{each.number}** The Paper" for each in cited),
                answer=dataclasses.replace(make_answer(Query("Why?", SOON), *cited), disputes=tuple(differing)),
                took_ms=1.0,
                installation=Installation.GUILD,
                guild=1,
                channel=2,
                member=member,
                private=private,
                reply_message=self.messages,
            )
        )

    def found(self, exchange: int) -> tuple[Correction, ...]:
        standing = self.journal.corrections.standing(exchange)
        return standing.corrections if standing else self.journal.corrections._of(exchange)

    def due(self) -> list[int]:
        return self.journal.corrections.due(LATER + timedelta(days=1), 100)

    def read_again(self, at: datetime) -> None:
        """The source was read at a time, as a report of it says."""
        self.store.add_report(SourceReport("The Paper"))
        self.store._db.execute("UPDATE runs SET ended_at = ?", [at.isoformat(timespec="seconds")])
        self.store._db.execute("UPDATE articles SET document_id = 1")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.store.documents.put("/news/ferry.txt", "x")
    yield made
    made.store.close()
    made.journal.close()


def test_a_changed_number_is_said_with_the_new_words_and_the_note(desk: Desk) -> None:
    """In every answer that gave the quote; answers with other quotes of the article say nothing."""
    article = desk.article(LEAD, PIER, SHOPS)
    first, second, other = desk.quoted(article, PIER), desk.quoted(article, LEAD, PIER), desk.quoted(article, SHOPS)
    desk.article(LEAD, PIER.replace("200", "300"), SHOPS, notes=(NOTE,))
    assert desk.look() == Look(articles=1, quotes=4, answers=2)
    (one,) = desk.found(first)
    assert (one.number, one.finding.kind, one.finding.reason) == (1, Kind.ALTERED, "number")
    assert (one.finding.old, one.finding.new) == ("200", "300")
    assert (one.finding.words, one.finding.note) == (PIER.replace("200", "300"), NOTE)
    assert (one.title, one.source, one.said) == ("A title", "The Paper", True)
    assert [each.number for each in desk.found(second)] == [2]
    assert desk.found(other) == ()
    assert desk.due() == [first, second]


def test_what_another_outlet_says_otherwise_is_reread_as_well(desk: Desk) -> None:
    """Where two articles change, each quote is told of by itself; a revert takes it back."""
    ours, theirs = desk.article(LEAD, PIER), desk.article(SHOPS, PIER.replace("200", "150"), key="w", source="The Wire")
    (other,) = desk.cited(theirs, PIER.replace("200", "150"))
    row = desk.quoted(ours, PIER, differing=[Dispute("number", "200", "150", other)])
    plain = desk.quoted(ours, PIER)
    desk.article(SHOPS, PIER.replace("200", "190"), key="w", source="The Wire", notes=(NOTE,))
    assert desk.look() == Look(articles=1, quotes=1, answers=1)
    (one,) = desk.found(row)
    assert (one.number, one.quote, one.source) == (-1, PIER.replace("200", "150"), "The Wire")
    assert (one.finding.kind, one.finding.words) == (Kind.ALTERED, PIER.replace("200", "190"))
    assert (one.finding.old, one.finding.new, one.finding.note) == ("150", "190", NOTE)
    assert (desk.due(), desk.look()) == ([row], Look())
    desk.article(LEAD, PIER.replace("200", "300"))
    assert desk.look() == Look(articles=1, quotes=2, answers=2)
    assert [each.number for each in desk.found(row)] == [-1, 1]
    assert desk.due() == [row, plain]
    desk.article(SHOPS, PIER.replace("200", "150"), key="w", source="The Wire")
    desk.look()
    assert [each.number for each in desk.found(row)] == [1]


def test_quotes_that_differ_are_all_reached_a_page_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article that answered, and that differed in the same and in other answers."""
    monkeypatch.setattr("bot.rereading.QUOTES", 2)
    ours, theirs = desk.article(LEAD, SHOPS), desk.article(LEAD, PIER, key="w", source="The Wire")
    (other,) = desk.cited(theirs, PIER)
    differing = [Dispute("number", "9", "200", other), Dispute("number", "9", "200", other)]
    rows = [desk.quoted(ours, LEAD, differing=differing) for _ in range(3)]
    rows.append(desk.quoted(theirs, LEAD, PIER, differing=differing))
    desk.article(LEAD, PIER.replace("200", "300"), key="w", source="The Wire")
    assert desk.look().quotes == 10
    assert [[each.number for each in desk.found(row)] for row in rows] == [[-2, -1]] * 3 + [[-2, -1, 2]]


def test_a_takedown_takes_what_differs_with_the_words_found_for_it(desk: Desk) -> None:
    """The quote that answers stays to be shown; no word of the article is left in the log."""
    ours, theirs = desk.article(LEAD, SHOPS), desk.article(LEAD, PIER, key="w", source="The Wire")
    (other,) = desk.cited(theirs, PIER)
    row = desk.quoted(ours, LEAD, differing=[Dispute("number", "9", "200", other)])
    desk.article(LEAD, PIER.replace("200", "300"), key="w", source="The Wire")
    desk.look()
    assert [each.finding.words for each in desk.found(row)] == [PIER.replace("200", "300")]
    at = (SOON + timedelta(minutes=1)).isoformat(timespec="milliseconds")
    assert desk.journal.takedowns.remove(desk.store.take_down("", [theirs], at=SOON), before=at) == 1
    (one,) = desk.found(row)
    assert (one.number, one.finding.kind, one.finding.words, one.quote) == (-1, Kind.REMOVED, "", NOTICE)
    assert [number for number, _ in desk.journal.corrections.places(row)] == [1]
    desk.journal.takedowns.compact()
    left = b"".join(each.read_bytes() for each in desk.journal._path.parent.glob("journal.db*"))
    assert b"people stood at the pier" not in left


def test_what_differed_is_exported_and_its_correction_goes_with_the_asker(desk: Desk) -> None:
    ours, theirs = desk.article(LEAD, SHOPS), desk.article(LEAD, PIER, key="w", source="The Wire")
    (other,) = desk.cited(theirs, PIER)
    row = desk.quoted(ours, LEAD, differing=[Dispute("number", "9", "200", other)])
    desk.article(LEAD, PIER.replace("200", "300"), key="w", source="The Wire")
    desk.look()
    (question,) = desk.journal.privacy.everything("ann")["questions"]
    assert (question["quotes"], question["differing"]) == ([LEAD], [PIER])
    assert [(each["number"], each["kind"]) for each in question["corrections"]] == [(-1, "altered")]
    desk.journal.privacy.delete("ann", now=LATER)
    assert (desk.journal.corrections.standing(row), desk.found(row), desk.due()) == (None, (), [])


def test_looking_again_changes_nothing(desk: Desk) -> None:
    """Nor does a later revision that leaves the finding as it is."""
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.article(LEAD, PIER.replace("200", "300"), SHOPS)
    desk.look()
    desk.journal.corrections.done(row, desk.journal.corrections.standing(row).wanted, "edited")  # type: ignore[union-attr]
    desk.journal.corrections.told(row, desk.journal.corrections.standing(row).wanted)  # type: ignore[union-attr]
    assert desk.look() == Look()
    desk.article(LEAD, PIER.replace("200", "300"), SHOPS, "Rain fell.")
    assert desk.look() == Look(articles=1, quotes=1, answers=0)
    assert desk.due() == []
    desk.article(LEAD, PIER.replace("200", "400"), SHOPS, "Rain fell.")
    assert desk.look().answers == 1
    assert desk.due() == [row]


def test_the_same_look_after_a_kill_finds_the_same(desk: Desk) -> None:
    """Cut short before the place in the chronicle is moved on, it is done again, to the same end."""
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.article(LEAD, PIER.replace("200", "300"), SHOPS)
    desk.look()
    before = desk.journal.corrections.standing(row)
    desk.journal.corrections.follow(desk.store.chronicle.identity, 0)
    assert desk.look(LATER).answers == 0
    assert desk.journal.corrections.standing(row) == before


def test_a_look_that_is_stopped_goes_on_at_the_next(desk: Desk) -> None:
    articles = [desk.article(f"{LEAD} {number}", PIER, key=str(number), source=str(number)) for number in (1, 2)]
    rows = [desk.quoted(article, PIER) for article in articles]
    for number in (1, 2):
        desk.article(f"{LEAD} {number}", PIER.replace("200", "300"), key=str(number), source=str(number))
    asked = iter((False, True))
    assert Rereading(desk.store, desk.journal).look(SOON, lambda: next(asked)).answers == 1
    assert desk.due() == rows[:1]
    assert desk.look().answers == 1
    assert desk.due() == rows


def test_what_is_cosmetic_is_never_said(desk: Desk) -> None:
    article = desk.article(LEAD, PIER, SHOPS)
    desk.quoted(article, LEAD, PIER)
    desk.article("# Ferries", LEAD.replace("nine", "9"), f"{PIER} It was loud.", SHOPS.upper(), "Rain fell.")
    assert desk.look() == Look(articles=1, quotes=2, answers=0)
    assert desk.due() == []


def test_a_revert_takes_it_back(desk: Desk) -> None:
    """The message is edited once more, to what it was."""
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.article(LEAD, SHOPS, PIER.replace("200", "300"))
    desk.look()
    wanted = desk.journal.corrections.standing(row).wanted  # type: ignore[union-attr]
    desk.journal.corrections.done(row, wanted, "edited")
    desk.article(LEAD, PIER, SHOPS)
    assert desk.look().answers == 1
    standing = desk.journal.corrections.standing(row)
    assert standing is not None
    assert (standing.corrections, standing.wanted, standing.done) == ((), "", wanted)
    assert desk.due() == [row]


def test_another_text_is_said_when_it_was_seen_twice_six_hours_apart(desk: Desk) -> None:
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.article("A cook in Vell won a contest with a broth of beans.", "The jury tasted forty bowls at once.")
    desk.look()
    assert [(each.finding.kind, each.said) for each in desk.found(row)] == [(Kind.WITHDRAWN, False)]
    desk.read_again(SOON + timedelta(hours=5))
    desk.look(LATER)
    assert desk.due() == []
    desk.read_again(SOON + timedelta(hours=6))
    assert desk.look(LATER).answers == 1
    assert [each.said for each in desk.found(row)] == [True]
    assert desk.due() == [row]


def test_what_is_said_stays_until_what_came_after_it_may_be_said(desk: Desk) -> None:
    """Neither a withdrawal that was seen once, nor what waits for the operator, takes a correction back."""
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.article(LEAD, PIER.replace("200", "300"), SHOPS)
    desk.look()
    said = desk.journal.corrections.standing(row)
    assert said is not None
    desk.store.withdraw([article])
    desk.look()
    now = desk.journal.corrections.standing(row)
    assert now is not None
    assert (now.wanted, now.corrections) == (said.wanted, said.corrections)
    desk.read_again(LATER)
    desk.look(LATER)
    assert [(each.finding.kind, each.said) for each in desk.found(row)] == [(Kind.WITHDRAWN, True)]
    for others in range(2):
        desk.article(f"{LEAD} {others}", SHOPS, key=str(others))
    for edit in ("400", "500"):
        for others in range(2):
            desk.article(f"{LEAD} {others} {edit}", SHOPS, key=str(others))
        desk.article(LEAD, PIER.replace("200", edit), SHOPS)
        desk.look(LATER)
        assert [(each.finding.kind, each.said) for each in desk.found(row)] == [(Kind.WITHDRAWN, True)]
        assert [each.finding.new for each in desk.journal.corrections.samples("The Paper", 9)] == [edit]
    desk.journal.corrections.decide("The Paper", Held.DISMISSED, now=LATER)
    assert [each.finding.kind for each in desk.found(row)] == [Kind.WITHDRAWN]
    desk.article(LEAD, PIER.replace("200", "600"), SHOPS)
    desk.look(LATER)
    desk.journal.corrections.decide("The Paper", Held.FREE, now=LATER)
    assert [(each.finding.new, each.said) for each in desk.found(row)] == [("600", True)]


def test_a_withdrawn_article_that_comes_back_in_time_is_never_said(desk: Desk) -> None:
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.store.withdraw([article])
    desk.look()
    assert [each.said for each in desk.found(row)] == [False]
    desk.article(LEAD, PIER, SHOPS)
    desk.read_again(SOON + timedelta(hours=6))
    desk.look(LATER)
    assert (desk.found(row), desk.due()) == ((), [])


def test_the_time_it_was_held_counts(desk: Desk) -> None:
    """A held article says nothing; what its address answers, once taken, was seen twice by then."""
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.store.hold(article, HeldText(Reason.ANOTHER, SOON, "t", "x"))
    desk.store._db.execute("UPDATE chronicle SET at = ?", [(SOON - timedelta(hours=7)).isoformat(timespec="seconds")])
    assert desk.look().answers == 0
    desk.article("A cook in Vell won a contest with a broth of beans.", "The jury tasted forty bowls at once.")
    desk.read_again(SOON)
    assert desk.look().answers == 1
    assert [each.said for each in desk.found(row)] == [True]


def test_the_same_story_at_another_address_is_no_withdrawal(desk: Desk) -> None:
    lines = (LEAD, PIER, SHOPS, f"{LEAD} So it went on.", f"{PIER} Then it left.")
    article = desk.article(*lines)
    row = desk.quoted(article, PIER)
    desk.article(*lines, key="moved")
    desk.store.withdraw([article])
    desk.look()
    assert desk.found(row) == ()


def test_an_entry_dropped_by_a_live_page(desk: Desk) -> None:
    live = {"kind": ArticleKind.LIVE}
    article = desk.article(f"14:00 {PIER}", f"13:00 {LEAD}", SHOPS, **live)
    row = desk.quoted(article, PIER)
    desk.article(f"15:00 {SHOPS}", f"13:00 {LEAD}", **live)
    desk.look()
    assert [(each.finding.kind, each.said) for each in desk.found(row)] == [(Kind.DROPPED, True)]


def test_what_changes_in_a_crowd_waits_for_the_operator(desk: Desk) -> None:
    """Three of forty at once; released they are said, and stay said at the next look."""
    articles = [desk.article(f"{LEAD} {number}", PIER, key=str(number)) for number in range(40)]
    rows = [desk.quoted(article, PIER) for article in articles[:3]]
    for number in range(3):
        desk.article(f"{LEAD} {number}", PIER.replace("200", "300"), key=str(number))
    assert desk.look().answers == 0
    assert desk.journal.corrections.waiting() == [("The Paper", 3, 3)]
    assert [each.held for each in desk.found(rows[0])] == [Held.WAITING]
    assert desk.journal.corrections.decide("Another", Held.FREE, now=SOON) == 0
    assert desk.journal.corrections.decide("The Paper", Held.FREE, now=SOON) == 3
    assert desk.due() == rows
    desk.journal.corrections.follow(desk.store.chronicle.identity, 0)
    desk.look(LATER)
    assert desk.journal.corrections.waiting() == []


def test_dismissed_they_are_not_said_until_the_article_changes_again(desk: Desk) -> None:
    articles = [desk.article(f"{LEAD} {number}", PIER, key=str(number)) for number in range(3)]
    row = desk.quoted(articles[0], PIER)
    for number in range(3):
        desk.article(f"{LEAD} {number}", PIER.replace("200", "300"), key=str(number))
    desk.look()
    assert desk.journal.corrections.decide("The Paper", Held.DISMISSED, now=SOON) == 1
    desk.journal.corrections.follow(desk.store.chronicle.identity, 0)
    desk.look(LATER)
    assert ([each.said for each in desk.found(row)], desk.due()) == ([False], [])


@pytest.mark.parametrize(("changing", "waits"), [(2, False), (3, True)])
def test_two_at_once_are_no_crowd(desk: Desk, changing: int, waits: bool) -> None:
    articles = [desk.article(f"{LEAD} {number}", PIER, key=str(number)) for number in range(20)]
    desk.quoted(articles[0], PIER)
    for number in range(changing):
        desk.article(f"{LEAD} {number}", PIER.replace("200", "300"), key=str(number))
    desk.look()
    assert bool(desk.journal.corrections.waiting()) == waits


def test_three_of_a_hundred_are_no_crowd(desk: Desk) -> None:
    articles = [desk.article(f"{LEAD} {number}", PIER, key=str(number)) for number in range(100)]
    row = desk.quoted(articles[0], PIER)
    for number in range(3):
        desk.article(f"{LEAD} {number}", PIER.replace("200", "300"), key=str(number))
    desk.look()
    assert desk.due() == [row]


def test_no_word_is_shown_that_may_not_be_quoted(desk: Desk) -> None:
    """Neither of a page that allows no snippet, nor more than it allows."""
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    changed = PIER.replace("200", "300")
    desk.article(LEAD, changed, SHOPS, robots=("max-snippet:40",), notes=(NOTE,))
    desk.look()
    (one,) = desk.found(row)
    assert one.finding.words == "Some 300 people stood at the pier,…"
    desk.article(LEAD, changed, SHOPS, "Rain.", robots=("nosnippet",), notes=(NOTE,))
    desk.look()
    (one,) = desk.found(row)
    assert (one.finding.kind, one.finding.words, one.finding.note) == (Kind.ALTERED, "", "")


def test_quotes_of_another_store_are_left_alone(desk: Desk) -> None:
    """A store that was made anew uses the same row ids for other articles."""
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.journal._db.execute("UPDATE citations SET quote = 'Something else.'")
    desk.article(LEAD, SHOPS)
    assert desk.look().answers == 0
    assert desk.found(row) == ()


def test_a_store_from_a_backup_is_followed_anew(desk: Desk) -> None:
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.journal.corrections.follow(desk.store.chronicle.identity, 999)
    desk.article(LEAD, SHOPS)
    assert desk.look().answers == 1
    assert [each.finding.reason for each in desk.found(row)] == ["gone"]


def test_made_up_articles_that_leave_are_nothing(desk: Desk) -> None:
    article = put(desk.store, an_article(LEAD, PIER), "sample", source="Made up", sample=True)[0]
    row = desk.quoted(article, PIER)
    desk.article(LEAD)
    desk.store.retire_sample()
    assert desk.store.article(article).status is ArticleStatus.WITHDRAWN  # type: ignore[union-attr]
    desk.look()
    assert desk.found(row) == ()


def test_a_takedown_leaves_a_neutral_notice_to_be_shown(desk: Desk) -> None:
    """Known findings about the quote go with its words; the article coming back changes nothing."""
    article = desk.article(LEAD, PIER, SHOPS)
    other = desk.article(SHOPS, key="other")
    row, beside = desk.quoted(article, PIER), desk.quoted(other, SHOPS)
    desk.article(LEAD, PIER.replace("200", "300"), SHOPS)
    desk.look()
    at = SOON + timedelta(minutes=1)
    taken = desk.store.take_down("", [article], at=at)
    for _ in range(2):  # as each opening of the journal does
        desk.journal.takedowns.remove(taken, before=at.isoformat(timespec="milliseconds"))
    (one,) = desk.found(row)
    assert (one.finding.kind, one.finding.words, one.title, one.said) == (Kind.REMOVED, "", "", True)
    assert desk.due() == [row]
    assert b"300 people" not in b"".join(each.read_bytes() for each in desk.journal._path.parent.glob("journal.db"))
    assert desk.found(beside) == ()
    desk.look(LATER)
    assert [each.finding.kind for each in desk.found(row)] == [Kind.REMOVED]


def test_who_deletes_everything_leaves_no_correction_behind(desk: Desk) -> None:
    article = desk.article(LEAD, PIER, SHOPS)
    row = desk.quoted(article, PIER)
    desk.article(LEAD, SHOPS)
    desk.look()
    (question,) = desk.journal.privacy.everything("ann")["questions"]
    assert [(each["number"], each["kind"]) for each in question["corrections"]] == [(1, "altered")]
    desk.journal.privacy.delete("ann", now=LATER)
    assert (desk.journal.corrections.standing(row), desk.found(row), desk.due()) == (None, (), [])


def test_the_list_of_a_member_is_their_own(desk: Desk) -> None:
    """The latest first; what is not said yet is not in it."""
    article = desk.article(LEAD, PIER, SHOPS)
    rows = [desk.quoted(article, PIER, private=True), desk.quoted(article, PIER, member="ben")]
    desk.article(LEAD, PIER.replace("200", "300"), SHOPS)
    desk.look()
    count, found = desk.journal.corrections.of_member("ann", 0, 10)
    assert (count, [each.exchange for each in found], found[0].message) == (1, [rows[0]], None)
    assert desk.journal.corrections.of_member("ben", 1, 10) == (1, [])
    held = dataclasses.replace(found[0].corrections[0], held=Held.WAITING)
    assert not held.said


def test_an_answer_that_was_logged_late_is_compared_for_itself(desk: Desk) -> None:
    """Its article had changed, and that was looked at, before the log could take it."""
    article = desk.article(LEAD, PIER, SHOPS)
    cited = desk.cited(article, PIER)
    desk.article(LEAD, PIER.replace("200", "300"), SHOPS)
    assert desk.look() == Look(articles=1, quotes=0, answers=0)
    late = desk.quoted_as(cited)
    assert desk.look() == Look(articles=1, quotes=1, answers=1)
    assert [each.finding.new for each in desk.found(late)] == ["300"]
    assert desk.look() == Look()
    now = desk.quoted(article, LEAD)
    assert desk.look() == Look()
    assert desk.found(now) == ()


def test_what_was_logged_before_all_this_is_corrected(tmp_path: Path) -> None:
    """A store and a log of before: one answer whose article had changed by then, one whose article changes after."""
    nine, ten = "nine days", "ten days"
    old_store(tmp_path / "corpus.db")
    with sqlite3.connect(tmp_path / "corpus.db") as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(revisions)")]
        copied = ", ".join({"id": "4", "number": "2", "text": "?"}.get(name, f'"{name}"') for name in columns)
        db.execute(f"INSERT INTO revisions SELECT {copied} FROM revisions WHERE id = 1", [FERRY.replace(nine, ten)])
        db.execute("UPDATE articles SET revision_id = 4 WHERE id = 1")
    log = Database(tmp_path / "journal.db")
    migrations.apply(log, stop_before="m030_corrections")
    for number, (revision, quote) in enumerate([(1, FERRY), (4, FERRY.replace(nine, ten))], 1):
        log.execute(
            "INSERT INTO exchanges (id, asked, surface, installation, guild, channel, private, question, reply,"
            " answered, reply_message, stages)"
            " VALUES (?, '2026-01-01T00:00:00+00:00', 'slash', 'guild', 1, 2, 0, 'Why?', 'R', 1, ?, '{}')",
            [number, 9000 + number],
        )
        log.execute("INSERT INTO citations VALUES (?, 1, 1, ?, 1, 0, ?, 1.0, ?)", [number, revision, len(quote), quote])
    log.conn.commit()
    log.close()
    desk = Desk(tmp_path)
    first = desk.look()
    assert (first.quotes, first.answers, desk.due()) == (2, 1, [1])
    assert [each.finding.new for each in desk.found(1)] == [ten]
    put(desk.store, an_article(FERRY.replace(nine, "six days"), title="Ferries"), "url:p.example/a")
    desk.look()
    assert desk.due() == [1, 2]
    assert [[each.finding.new for each in desk.found(row)] for row in (1, 2)] == [["six days"], ["six days"]]
    desk.store.close()
    desk.journal.close()
