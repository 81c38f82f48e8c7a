"""How long a look at changed articles takes: ``.venv/bin/python tests/measure_corrections.py [ARTICLES ANSWERS]``.

Fills a store and a journal, at a tenth of the size and at the whole, and times looks after so many articles changed,
with three quotes from each in the log. What a look has to do is the same at both sizes, and its time should be, too.
Prints JSON.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot_house import make_answer, make_citation
from fakes import an_article

from bot.journal import Exchange, Installation, Journal, Surface
from bot.rereading import Rereading
from corpus.passages import passages
from corpus.records import Article, Source, SourceKind
from corpus.store import Store
from index.records import Query

NOW = datetime.now(UTC)
CHANGED = (1, 10, 100)
OWN = 1000
PARAGRAPHS = 4
WORDS = ["".join(pair) for pair in itertools.product(("ka", "lo", "mi", "ru", "ste", "bra"), repeat=4)]


def article(number: int, edition: int = 0) -> Article:
    """An article of four paragraphs that no other one shares."""
    chance = random.Random(number)
    lines = []
    for at in range(PARAGRAPHS):
        words = " ".join(chance.choice(WORDS) for _ in range(18)).capitalize()
        lines.append(f"{words} {40 + at} to {12 + edition} {chance.choice(WORDS)} {chance.choice(WORDS)}.")
    return an_article(*lines, title=f"Report {number}")


def fill(store: Store, journal: Journal, articles: int, answers: int) -> None:
    """So many articles of a hundred sources, and so many answers, three to an article.

    The first thousand of each are put by the ways that ingesting and answering take; the rest are their rows again
    under other ids.
    """
    sources = [store.put_source(Source(f"Source {each}", SourceKind.FOLDER, "")) for each in range(100)]
    with store.transaction():
        for number in range(OWN):
            made = article(number)
            store.put(made, passages(made), key=f"k{number}", source=sources[number % 100])
    journal._db.execute("PRAGMA synchronous = OFF")
    for number in range(OWN):
        record(journal, number, 3)
    tables = {"revisions": "article_id", "articles": "revision_id", "passages": "article_id"}
    most = {name: store._db.execute(f"SELECT max(id) FROM {name}").fetchone()[0] for name in tables}
    store._db.execute("PRAGMA foreign_keys = OFF")
    with store.transaction():
        for turn in range(1, articles // OWN):
            shift = {name: turn * count for name, count in most.items()}
            for name, change in (
                ("articles", {"id": shift["articles"], "revision_id": shift["revisions"], "key": f"'-{turn}'"}),
                ("revisions", {"id": shift["revisions"], "article_id": shift["articles"]}),
                ("passages", {"id": shift["passages"], "article_id": shift["articles"]}),
                ("placements", {"revision_id": shift["revisions"], "passage_id": shift["passages"]}),
            ):
                again(store._db, name, change)
    with journal._db.atomic():
        for turn in range(1, answers // OWN):
            ids = {"id": turn * OWN, "reply_message": turn * OWN}
            again(journal._db, "exchanges", ids, where=f"id <= {OWN}")
            moved = {"exchange": turn * OWN, "article": turn * most["articles"], "revision": turn * most["revisions"]}
            again(journal._db, "citations", moved, where=f"exchange <= {OWN}")


def again(db: Any, table: str, change: Mapping[str, int | str], where: str = "") -> None:
    """The first rows of a table once more, with numbers added to some columns and a text to others."""
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()]
    first = "revision_id" if table == "placements" else "id"
    shown = [
        f"{column} || {change[column]}"
        if isinstance(change.get(column), str)
        else f'"{column}" + {change[column]}'
        if column in change
        else f'"{column}"'
        for column in columns
    ]
    limit = where or f"{first} <= {OWN if table in ('articles', 'revisions', 'placements') else 10 * OWN}"
    if table == "passages":
        limit = f"article_id <= {OWN}"
    names = ", ".join(f'"{column}"' for column in columns)
    db.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(shown)} FROM {table} WHERE {limit}")


def record(journal: Journal, number: int, share: int) -> None:
    """Log an answer that quotes an article's second paragraph."""
    of = number // share
    whole = article(of).text
    text = whole.split("\n")[1]
    start = whole.index(text)
    cited = make_citation(quote=text, article=of + 1, revision=of + 1, start=start, end=start + len(text))
    journal.record(
        Exchange(
            asked=NOW - timedelta(seconds=number),
            surface=Surface.SLASH,
            question=f"What about line {number}?",
            reply=f"> {text}\n**1** Source",
            answer=make_answer(Query("", NOW), cited),
            took_ms=1.0,
            installation=Installation.GUILD,
            guild=number % 50,
            channel=number % 500,
            member=f"{number % 200:064x}",
            reply_message=number + 1,
        )
    )


def change(store: Store, first: int, count: int, edition: int) -> None:
    """So many articles get another number in each paragraph."""
    with store.transaction():
        for number in range(first, first + count):
            made = article(number, edition)
            source = store.source_id(f"Source {number % 100}")
            store.put(made, passages(made), key=f"k{number}", source=source or 0)


def measured(articles: int, answers: int) -> dict[str, object]:
    """Seconds of looks, by what had changed before; of the processor's time, whatever else the machine does."""
    with tempfile.TemporaryDirectory() as folder:
        store, journal = Store(Path(folder) / "corpus.db"), Journal(Path(folder) / "journal.db")
        began = time.process_time()
        fill(store, journal, articles, answers)
        found: dict[str, object] = {"articles": articles, "answers": answers, "filled": time.process_time() - began}
        rereading = Rereading(store, journal)
        # Every answer is new to the first look, which checks that its articles stand as they were quoted; on a start
        # after an update none is, see m050 of the journal's tables, and a bot that runs looks every few seconds.
        began = time.process_time()
        rereading.look(NOW)
        found["all answers logged since the last look"] = round(time.process_time() - began, 4)
        first = 0
        for count in CHANGED:
            change(store, first, count, 1)
            began = time.process_time()
            look = rereading.look(NOW)
            found[f"changed {count}"] = {
                "seconds": round(time.process_time() - began, 4),
                "quotes": look.quotes,
                "answers": look.answers,
            }
            first += count
        times = []
        for _ in range(50):
            began = time.process_time()
            rereading.look(NOW)
            times.append(time.process_time() - began)
        found["nothing changed"] = round(sorted(times)[25], 6)
        began = time.process_time()
        due = journal.corrections.due(NOW + timedelta(days=1), 20)
        found["next edits"] = round(time.process_time() - began, 6)
        began = time.process_time()
        journal.corrections.of_member(f"{1:064x}", 0, 4)
        found["a member's list"] = round(time.process_time() - began, 6)
        # As on the first start after an update: nothing was followed yet.
        journal._db.execute("DELETE FROM followed")
        journal._db.execute("DELETE FROM corrections")
        journal._db.execute("DELETE FROM amendments")
        began = time.process_time()
        look = rereading.look(NOW)
        found["first look"] = {"seconds": round(time.process_time() - began, 4), "answers": look.answers}
        assert len(due) == 20
        store.close()
        journal.close()
        return found


if __name__ == "__main__":
    most, given = (int(each) for each in (sys.argv[1:] or ("100000", "100000")))
    print(json.dumps([measured(most // 10, given // 10), measured(most, given)], indent=1))  # noqa: T201
