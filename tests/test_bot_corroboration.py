"""Who else says so: independent outlets counted, differences quoted, from the store to the reply and the log."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from bot_house import make_answer, make_citation, shared_catalogue
from fakes import an_article, put

from bot import render
from bot.corroboration import corroborate
from bot.journal import Exchange, Journal, Surface
from bot.journal_takedowns import NOTICE
from bot.records import Citation, Dispute
from corpus.records import ArticleKind, Source, SourceKind
from corpus.store import Store
from index.question import analyse
from index.ranking import Candidate, Ranked
from index.records import Hit, Query, Verdict
from index.search import Found

HURT = "Fourteen people were hurt when two trams crashed in Brennic."
SAME = "Fourteen people were injured when two trams crashed in Brennic, the ambulance service said."
MORE = "Seventeen people were injured when two trams crashed in Brennic."


def crash(store: Store, outlet: str, sentence: str, owner: str = "", **particulars: object) -> int:
    """An article of one outlet on the crash; returns its row id."""
    store.put_source(Source(outlet, SourceKind.FOLDER, "", owner=owner))
    details = {"published": "2024-05-14", "title": "Two trams crash in Brennic", **particulars}
    return put(store, an_article(sentence, **details), outlet, source=outlet)[0]  # type: ignore[arg-type]


def found_in(store: Store) -> tuple[Found, Citation]:
    """All passages as one search found them, the first article's first; and its citation."""
    store.storylines.group()
    ranked = []
    for each in store.passages():
        spans = tuple(each.quotable)
        ranked.append(
            Ranked(Hit(each.id, each.article, 9.0, 0.5, 1.0), Candidate(each, 0.5, 1.0, spans, (0.5,)), (9.0,))
        )
    first = ranked[0].candidate.passage
    lead = make_citation(
        quote=first.text.strip(), source=first.source, article=first.article, revision=first.revision,
        passage_id=first.id, start=first.start, end=first.end, emphasis=None,
    )  # fmt: skip
    return Found(analyse("How many were hurt?"), tuple(ranked), (), Verdict(0.9, True), {}), lead


def outlets(store: Store, owners: dict[str, str] | None = None) -> tuple[tuple[str, ...], list[tuple[str, str, str]]]:
    found, lead = found_in(store)
    names = set(store.sources())
    got = corroborate(found, [lead], store, owners or {}, names)
    return got.outlets, [(each.citation.source, each.ours, each.theirs) for each in got.disputes]


def test_independent_outlets_are_counted_and_named(store: Store) -> None:
    """Those that say the same; another matter, and an opinion, count for nothing."""
    crash(store, "Lantern", HURT)
    crash(store, "Wire", SAME)
    crash(store, "Opinions", SAME, kind=ArticleKind.OPINION)
    put(store, an_article("The market in Pell moves to Fridays.", title="Pell", published="2024-05-14"), "x")
    assert outlets(store) == (("Lantern", "Wire"), [])


def test_outlets_of_one_owner_count_once(store: Store) -> None:
    crash(store, "Lantern", HURT, owner="Corvane")
    crash(store, "Post", SAME, owner="Corvane")
    crash(store, "Gazette", MORE, owner="Corvane")
    owned = dict.fromkeys(("Lantern", "Post", "Gazette"), "Corvane")
    assert outlets(store, owned) == (("Lantern",), [])


def test_who_differs_is_quoted_with_both_figures(store: Store) -> None:
    crash(store, "Lantern", HURT)
    crash(store, "Wire", MORE)
    assert outlets(store) == (("Lantern",), [("Wire", "Fourteen", "Seventeen")])


def test_a_later_report_is_news_and_no_contradiction(store: Store) -> None:
    """Two weeks on, and where a date is not stated, nothing is said to differ."""
    crash(store, "Lantern", HURT)
    crash(store, "Wire", MORE, published="2024-06-20")
    crash(store, "Radio", MORE, published=None)
    assert outlets(store) == (("Lantern",), [])


def test_an_answer_carries_what_was_compared(store: Store) -> None:
    """Nothing was compared where nothing was cited."""
    crash(store, "Lantern", HURT)
    found, _ = found_in(store)
    empty = corroborate(found, [], store, {}, set())
    assert (empty.outlets, empty.disputes) == ((), ())


NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def disputed() -> Exchange:
    """An exchange in which another outlet differs."""
    other = make_citation(quote="Nineteen ferries were cancelled.", source="The Wire", article=70, published=None)
    answer = dataclasses.replace(
        make_answer(Query("Why?", NOW)),
        outlets=("The Harbour Post", "Radio *Veen*"),
        disputes=(Dispute("number", "one", "Nineteen", other),),
    )
    reply = render.reply(answer, "Why?", shared_catalogue().texts("en"))
    return Exchange(NOW, Surface.SLASH, "Why?", reply.text, answer, 12.0)


def test_the_reply_says_who_says_so_and_who_differs() -> None:
    """The count in small print, the difference with both figures and the other's words and address."""
    lines = disputed().reply.split("\n")
    at = lines.index("**Outlets differ on a number:** The Harbour Post says “one”, The Wire says “Nineteen”:")
    assert lines[at + 1 : at + 3] == [
        "> Nineteen ferries were cancelled.",
        "The Wire: [Ferry stays in port](<https://harbour.example/ferry>)",
    ]
    assert (
        "-# 2 independent outlets say so: The Harbour Post, Radio \\*Veen\\*. Copies of one text, and outlets of one"
        " owner, count once."
    ) in lines


def test_the_log_keeps_it_and_a_takedown_takes_it(tmp_path: Path) -> None:
    """The words of an article that only differed go from the log as those of a cited one do."""
    journal = Journal(tmp_path / "journal.db")
    row = journal.record(disputed())
    logged = journal.recent(1)[0]
    assert logged["outlets"] == '["The Harbour Post", "Radio *Veen*"]'
    rows = journal._db.execute("SELECT differs, ours, theirs, article, quote FROM disputes WHERE exchange = ?", [row])
    assert rows.fetchall() == [("number", "one", "Nineteen", 70, "Nineteen ferries were cancelled.")]
    journal.takedowns.remove([70], before="2026-03-01")
    rows = journal._db.execute("SELECT ours, theirs, quote FROM disputes")
    assert rows.fetchall() == [("", "", NOTICE)]
    assert journal.recent(1)[0]["reply"] == NOTICE
    journal.close()
