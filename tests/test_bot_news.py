"""What is new on a followed question: from a real index, over what came since, and none of what is known."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import FakeEmbedder, an_article, put

from bot.answer import Newsroom
from bot.journal import Journal
from bot.news import news
from bot.records import Place
from bot.settings import load_settings
from corpus.store import Store
from index.build import build
from index.confidence import load as load_calibration
from index.records import Query

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STRIKE = "The crews of the ferry to Skarrow went on strike on Monday over night shifts."
ENDED = "The strike of the ferry crews to Skarrow ended on Friday, after nine days."
COMET = "A teacher found the comet from her garden with a telescope that she had built herself."
ASKED = Query("What about the strike of the ferry crews to Skarrow?", NOW)


@pytest.fixture
def newsroom(tmp_path: Path, store: Store) -> Iterator[Newsroom]:
    """Over one article on the strike; everything answers."""
    settings = load_settings(None, data_dir=tmp_path)
    put(store, an_article(STRIKE, title="Strike", published="2026-11-20"), "a", source="The Lantern")
    embedder = FakeEmbedder()
    build(store, embedder, settings.index_dir)
    calibration = replace(load_calibration(), model=embedder.digest)
    reader = Store(settings.corpus_db, readonly=True)
    made = Newsroom(settings, reader, embedder, calibration, demonstrate=True, threshold=0.0)
    yield made
    made.close()


def republish(newsroom: Newsroom, store: Store, tmp_path: Path) -> None:
    build(store, FakeEmbedder(), load_settings(None, data_dir=tmp_path).index_dir)
    assert newsroom.refresh()


def known(newsroom: Newsroom) -> list[Place]:
    cited = newsroom.ask(ASKED).citations
    return [Place(each.article, each.revision, each.passage_id, each.start, each.end) for each in cited]


def test_a_new_fact_is_news_once(newsroom: Newsroom, store: Store, tmp_path: Path) -> None:
    """The end of the strike; neither the comet, nor a copy of what is known, nor an old article read late."""
    told, seen = known(newsroom), newsroom.newest()
    assert newsroom.news(ASKED, seen, told, NOW) == []
    put(store, an_article(COMET, title="Comet", published="2026-11-24"), "b")
    put(store, an_article(STRIKE, title="On strike", published="2026-11-24"), "c", source="The Wire")
    put(store, an_article(ENDED, title="An old strike", published="2024-03-21"), "d", source="Archive")
    republish(newsroom, store, tmp_path)
    assert newsroom.news(ASKED, seen, told, NOW) == []
    number, _ = put(store, an_article(ENDED, title="Strike over", published="2026-11-24"), "e", source="Radio")
    republish(newsroom, store, tmp_path)
    found = newsroom.news(ASKED, seen, told, NOW)
    assert [place.article for place in found] == [number]
    (citation,) = newsroom.quoted(found)
    assert citation.quote == ENDED
    assert newsroom.news(ASKED, seen, [*told, *found], NOW) == []
    assert newsroom.news(ASKED, newsroom.newest(), told, NOW) == []


def test_news_is_held_against_the_best_sentence(newsroom: Newsroom, store: Store, tmp_path: Path) -> None:
    """Which is not always shown: one that reads as an answer goes before those that score better."""
    told, seen = known(newsroom), newsroom.newest()
    put(store, an_article(COMET, title="Comet", published="2026-11-24"), "b")
    republish(newsroom, store, tmp_path)
    found = newsroom.investigate(ASKED).found
    assert found is not None
    first = found.quotes[0]
    for quotes in ((first,), (replace(first, score=first.score - 100),)):
        assert news(replace(found, quotes=quotes), store, seen, told, NOW, {}) == []


def test_a_changed_article_that_was_told_of_is_news(newsroom: Newsroom, store: Store, tmp_path: Path) -> None:
    """Though it was published long before the question was followed."""
    told, seen = known(newsroom), newsroom.newest()
    put(store, an_article(ENDED, title="Strike", published="2026-11-20"), "a", source="The Lantern")
    republish(newsroom, store, tmp_path)
    found = newsroom.news(ASKED, seen, told, NOW + timedelta(days=20))
    assert [citation.quote for citation in newsroom.quoted(found)] == [ENDED]


KILLED = """
import os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from bot.journal import Journal
from bot.records import Place
journal = Journal(Path(sys.argv[1]))
now = datetime(2026, 11, 24, 12, tzinfo=UTC)
journal.follows.add(member="m", sealed=b"x", question="Q?", understood="Q?", exchange=None, guild=None, public=False,
    locale="en", now=now, until=now + timedelta(days=30), seen=0, known=())
journal.follows.found(1, [Place(1, 2, 3, 0, 9)], seen=3)
assert journal.follows.claim(now, timedelta(hours=6)) is not None
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_mark_survives_a_kill(tmp_path: Path) -> None:
    """Killed right after the mark: the next process finds the message unsure, and what it tells in no other."""
    path = tmp_path / "journal.db"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], cwd=Path(__file__).parent.parent, env=os.environ, check=False
    )
    assert done.returncode == -signal.SIGKILL
    journal = Journal(path)
    (unsure,) = journal.follows.unsure()
    assert unsure.places == (Place(1, 2, 3, 0, 9),)
    assert journal.follows.claim(NOW + timedelta(days=1), timedelta(hours=6)) is None
    journal.follows.settle(unsure.id, "sent", 77)
    assert journal.follows.unsure() == []
    journal.close()
