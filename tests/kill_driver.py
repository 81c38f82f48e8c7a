"""A warm process for tests/test_kills.py: for each line of JSON it forks a child, lets it work, and kills it.

Everything heavy is imported before the first fork, so that a kill costs tenths of a second. The child counts its own
steps - every statement SQLite begins, every file opened for writing, renamed, made or removed - by Python's audit
events and SQLite's trace, which need no change in what is tested; at the step that the test names it kills itself.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # no threads before a fork
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import faiss  # noqa: F401
import numpy as np
from fakes import FakeEmbedder

import corpus.files
from bot.answer import Newsroom
from bot.journal import Exchange, Journal, Surface
from bot.settings import load_settings
from corpus.database import damage
from corpus.ingest import ingest_paths
from corpus.sentences import sentences
from corpus.store import Store
from corpus.verify import verify_store
from index.confidence import load as load_calibration
from index.published import current_version, open_current, reindex_lock
from index.records import Query
from index.reindex import reindex
from index.verify import verify_index

FILES = 10
RECORDS = 12
BATCH = 4
CHANGES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link")
QUESTION = "When did the ferry to Skarrow sail again?"


# -- what the children do --------------------------------------------------------------------------------------------


def write_news(folder: Path, seed: int) -> None:
    """The state of the news after some change: files that stay, files that change with the seed, files that go."""
    chance = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number in range(FILES):
        if seed and number > 3 and chance.random() < 0.2:
            continue
        edition = chance.randrange(100) if seed and number > 1 and chance.random() < 0.4 else 0
        lines = [
            f"The ferry to Skarrow sailed again on day {number} of the month. The quay was full of people that day.",
            f"Crews voted by {40 + number} to {12 + edition} to accept the offer. Their union said so in the evening.",
            f"Nobody on the island had expected edition {edition} of the timetable to hold for a week.",
        ]
        # A repeated paragraph is two passages of equal words.
        text = "\n\n".join([f"Report {number} on the ferry strike", *lines, lines[-1]])
        (folder / f"report-{number}.txt").write_text(text + "\n")
    # Records are kept some at a time, so a run can end in the middle of a file.
    lines = []
    for number in range(RECORDS):
        if seed and chance.random() < 0.1:
            continue
        edition = chance.randrange(100) if seed and chance.random() < 0.2 else 0
        text = f"Bulletin {number}: the ferry to Skarrow carried {100 + number} people and {edition} cars on Friday."
        lines.append(json.dumps({"id": f"b{number}", "url": "", "title": f"Bulletin {number}", "text": text}))
    (folder / "bulletins.jsonl").write_text("\n".join(lines) + "\n")


def work(data: Path, embedder: FakeEmbedder, stage: str, told: Callable[[str], None], seed: int) -> None:
    """What is killed."""
    if stage in ("ingest", "build", "publish"):

        def progress(name: str, done: int, total: int | None) -> None:
            told({"read": "ingest", "embed": "build"}.get(name, name))

        told("ingest")
        paths = [data / "news"]
        reindex(data / "corpus.db", data / "index", lambda: embedder, who="test", paths=paths, progress=progress)
        return
    settings = load_settings(None, data_dir=data)
    told(stage)
    newsroom = open_newsroom(data, embedder) if stage == "answer" else None
    answer = (newsroom or open_newsroom(data, embedder)).ask(Query(QUESTION, datetime.now(UTC)))
    journal = Journal(settings.journal_db)
    for number in range(6):
        if newsroom:
            answer = newsroom.ask(Query(QUESTION, datetime.now(UTC)))
        request = f"{seed}.{number}"
        exchange = Exchange(datetime.now(UTC), Surface.TERMINAL, QUESTION, "reply", answer, 1.0, request=request)
        journal.record(exchange)
        os.write(1, f"{request}\n".encode())  # only what was written is acknowledged


def open_newsroom(data: Path, embedder: FakeEmbedder) -> Newsroom:
    """A newsroom that answers whatever it is asked."""
    settings = load_settings(None, data_dir=data)
    store = Store(settings.corpus_db, readonly=True)
    return Newsroom(settings, store, embedder, load_calibration(), demonstrate=True, threshold=0.0)


# -- what has to hold ------------------------------------------------------------------------------------------------


def check(data: Path, before: str | None, acknowledged: list[str]) -> None:
    """The invariants of tests/test_kills.py that hold at every moment."""
    for name in ("corpus.db", "journal.db", "index/vectors.db"):
        assert damage(data / name) == [], name
    store = Store(data / "corpus.db")
    assert all(each.found == 0 for each in verify_store(store))
    current = open_current(data / "index").manifest
    if current.generation == store.generation:
        assert [each for each in verify_index(store, data / "index") if each.found] == []
    else:
        assert current.version == before, "an index that is neither the old one nor the new one"
    newsroom = open_newsroom(data, FakeEmbedder())
    answer = newsroom.ask(Query(QUESTION, datetime.now(UTC)))
    assert answer.answered
    for citation in answer.citations:
        text = store.revision_text(citation.revision)
        assert text is not None
        assert text[citation.start : citation.end] == citation.quote
    newsroom.close()
    store.close()
    journal = Journal(data / "journal.db")
    rows = {row["request"]: row for row in journal.recent(1000)}
    journal.close()
    assert set(acknowledged) <= set(rows), "an exchange that was acknowledged is lost"
    for row in rows.values():
        assert row["answered"] == 1
        assert [each["number"] for each in row["citations"]] == list(range(1, len(row["citations"]) + 1))
        assert row["citations"], "an exchange without its citations"


def recover(data: Path, template: Path) -> None:
    """A run that is not disturbed comes to what a run that never was disturbed comes to."""
    with reindex_lock(data / "index", "the check"):
        pass
    outcome = reindex(data / "corpus.db", data / "index", FakeEmbedder, who="test", paths=[data / "news"])
    assert [failure for report in outcome.reports for failure in report.failures] == []
    store = Store(data / "corpus.db")
    fresh = Store(data / "fresh.db")
    ingest_paths(fresh, [data / "news"])
    assert said(store) == said(fresh), "an article is lost, stale or there twice"
    assert store.count_passages() == fresh.count_passages(), "a passage is lost or there twice"
    first = Store(template / "corpus.db")
    old = {(each.text, each.article, occurrence): each.id for occurrence, each in numbered(first)}
    new = {(each.text, each.article, occurrence): each.id for occurrence, each in numbered(store)}
    assert all(new[key] == number for key, number in old.items() if key in new), "a passage has changed its id"
    assert set(old) & set(new)
    assert [each for each in verify_index(store, data / "index") if each.found] == []
    made = open_current(data / "index")
    assert made.manifest.version == current_version(data / "index") == outcome.built.manifest.version
    versions = sorted(each.name for each in (data / "index" / "versions").iterdir())
    # What a build left that was cut short goes with the next one that publishes.
    if outcome.built.published:
        assert len(versions) <= 2, versions
        assert not [name for name in versions if name.startswith(".")]
    for each in (store, fresh, first):
        each.close()


def said(store: Store) -> list[tuple[str, str, tuple[str, ...]]]:
    """Source, title and passages of each quotable article."""
    found = []
    for number in sorted(store.quotable_articles()):
        article = store.article(number)
        assert article is not None
        found.append((article.source, article.title, tuple(each.text for each in store.passages_of(number))))
    return sorted(found)


def numbered(store: Store) -> list[tuple[int, Any]]:
    """Passages with how many of the same words stand before them in their article."""
    seen: dict[tuple[int, str], int] = {}
    found = []
    for each in store.passages():
        occurrence = seen[each.article, each.text] = seen.get((each.article, each.text), -1) + 1
        found.append((occurrence, each))
    return found


# -- forking and killing ---------------------------------------------------------------------------------------------


class Counter:
    """Counts the steps of this process from the moment it is armed, and kills it at the last one."""

    def __init__(self) -> None:
        self.armed = False
        self.steps = 0
        self.last = 0
        sys.addaudithook(self._audit)
        connect = sqlite3.connect

        def traced(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **named)
            connection.set_trace_callback(self.step)
            return connection

        sqlite3.connect = traced  # type: ignore[assignment]

    def step(self, *_: object) -> None:
        """One more thing is about to be done."""
        if self.armed:
            self.steps += 1
            if self.steps == self.last:
                os.kill(os.getpid(), signal.SIGKILL)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in CHANGES and not (event == "open" and arguments[1] in ("r", "rb")):
            self.step()


def forked(job: Callable[[], None], wait: float | None = None) -> tuple[int, str]:
    """Run a job in a child; returns its wait status and what it wrote. ``wait``: seconds after which it is killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        status = 0
        try:
            job()
        except BaseException:
            os.write(1, traceback.format_exc().encode())
            status = 1
        os._exit(status)
    os.close(writing)
    if wait is not None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as output:
        text = output.read()
    return os.waitpid(child, 0)[1], text


def attempt(data: Path, stage: str, last: int, wait: float | None, seed: int) -> tuple[bool, str, int]:
    """Work until a kill; whether there was one, what was acknowledged, and the steps of the stage."""

    def job() -> None:
        counter = Counter()

        def told(name: str) -> None:
            counter.armed = name == stage or (counter.armed and name == "keywords" and stage == "build")

        counter.last = last
        work(data, FakeEmbedder(), stage, told, seed)
        os.write(1, f"steps {counter.steps}\n".encode())

    status, output = forked(job, wait)
    killed = os.WIFSIGNALED(status)
    if not killed and status:
        raise AssertionError(output)
    lines = output.splitlines()
    steps = next((int(line.split()[1]) for line in lines if line.startswith("steps ")), 0)
    return killed, [line for line in lines if not line.startswith("steps ")], steps  # type: ignore[return-value]


def serve() -> None:
    """Answer each line of JSON with one."""
    sentences("Warm up. It is cold.")
    corpus.files.BATCH = BATCH
    np.random.default_rng(0)
    for line in sys.stdin:
        wanted = json.loads(line)
        try:
            told = run(wanted)
        except AssertionError as error:
            told = {"error": str(error)}
        print(json.dumps(told), flush=True)  # noqa: T201


def run(wanted: dict[str, Any]) -> dict[str, Any]:
    """One job: make the template, or kill, check, recover and check."""
    template, data, seed = Path(wanted["folder"], "template"), Path(wanted["folder"], "data"), wanted["seed"]
    if wanted["job"] == "template":
        write_news(data / "news", 0)
        status, output = forked(lambda: make(data))
        assert status == 0, output
        data.rename(template)
        time.sleep(1.1)  # the store's times are whole seconds, and a run tells what it saw itself by them
        return {}
    # Always in the same place: a file is known by its path.
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(template, data)
    if wanted["stage"] in ("ingest", "build", "publish"):
        write_news(data / "news", seed)
    began = time.perf_counter()
    killed, acknowledged, steps = attempt(data, wanted["stage"], wanted["last"], wanted["wait"], seed)
    took = time.perf_counter() - began
    before = current_version(template / "index")

    def after() -> None:
        check(data, before, list(acknowledged))
        recover(data, template)
        check(data, current_version(data / "index"), list(acknowledged))

    status, output = forked(after)
    assert status == 0, output
    return {"killed": killed, "steps": steps, "took": took}


def make(template: Path) -> None:
    """The data folder that every run starts from: read, indexed, asked once."""
    reindex(template / "corpus.db", template / "index", FakeEmbedder, who="test", paths=[template / "news"])
    work(template, FakeEmbedder(), "log", lambda _: None, 0)


if __name__ == "__main__":
    serve()
