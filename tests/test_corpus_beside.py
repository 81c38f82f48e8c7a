"""corpus.beside: pure work in a second process, to the same results, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from measure_stories import MadeUp, fill

from bot.settings import ROOT
from corpus import files, storylines
from corpus.beside import AHEAD, Beside
from corpus.ingest import ingest_paths
from corpus.lines import take_apart
from corpus.records import Failure, SourceReport
from corpus.store import Store

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."


def line(number: int) -> bytes:
    return json.dumps({"id": str(number), "text": f"{FERRY} It was crossing number {number}."}).encode()


def batches(count: int) -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    for number in range(count):
        yield "a.jsonl", [(number, line(number)), (number, b"{"), (number, b"\n")]


def titles(answers: list[object]) -> list[object]:
    """What can be compared of what `take_apart` gives."""
    return [
        each if isinstance(each, Failure | None) else (each[0], each[1].digest, each[1].shingles.tolist())  # type: ignore[index]
        for each in answers
    ]


def test_work_is_done_in_order_and_to_the_same_results() -> None:
    """By a process of its own, which is gone afterwards."""
    with Beside() as beside:
        found = [titles(each) for each in beside.map(take_apart, batches(20))]
        assert beside._process is not None
        process = beside._process
    assert found == [titles(take_apart(each)) for each in batches(20)]
    assert process.returncode == 0


def test_too_little_work_begins_no_process() -> None:
    """Nor does a machine that cannot begin one keep the work from being done."""
    beside = Beside()
    assert len(list(beside.map(take_apart, batches(2), alone=True))) == 2
    assert beside._process is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", "/nowhere/python")
        assert len(list(beside.map(take_apart, batches(2)))) == 2
    assert beside._process is None


def test_a_process_that_is_killed_costs_time_only() -> None:
    """What it was given is done here, and all that follows."""
    with Beside() as beside:
        found = []
        for number, each in enumerate(beside.map(take_apart, batches(30))):
            if number == 10 and beside._process is not None:
                beside._process.kill()
                beside._process.wait()
            found.append(titles(each))
    assert found == [titles(take_apart(each)) for each in batches(30)]


def test_an_error_is_told_where_the_work_was_asked_for() -> None:
    """It is met again in this process, with its trace; batches ahead of it are not asked for without end."""
    asked: list[int] = []

    def wrong() -> Iterator[int]:
        for number in range(100):
            asked.append(number)
            yield number

    with Beside() as beside, pytest.raises(TypeError, match="cannot unpack"):
        list(beside.map(take_apart, wrong()))  # type: ignore[arg-type]
    assert len(asked) <= AHEAD + 1


def test_it_ends_with_the_process_that_began_it() -> None:
    """However that ends: nothing is left that might hold a lock."""
    code = (
        "import time; from corpus.beside import Beside; from corpus.lines import take_apart\n"
        "beside = Beside(); print(len(list(beside.map(take_apart, [('a', [])]))), beside._process.pid, flush=True)\n"
        "time.sleep(60)"
    )
    first = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    pid = int(first.stdout.readline().split()[1])
    os.kill(pid, signal.SIGTERM)  # is left to the first one
    os.kill(pid, 0)
    first.kill()
    first.wait()
    end = time.monotonic() + 20
    while time.monotonic() < end and Path(f"/proc/{pid}/stat").exists():
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            break  # nobody has asked for its status, that is all
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{pid}").exists()


def everything(store: Store) -> list[tuple[object, ...]]:
    """What reading keeps, but for times of day."""
    tables = ("sources", "sketches", "sketched", "passages", "placements", "profiles", "traits", "term_counts")
    found = [row for table in tables for row in store._db.execute(f"SELECT * FROM {table}").fetchall()]
    found += store._db.execute("SELECT id, key, url, external_id, story_id, storyline_id FROM articles").fetchall()
    return found + store._db.execute("SELECT digest, title, text, blocks, published, page FROM revisions").fetchall()


def test_a_store_is_the_same_however_it_was_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row, with a second process and without; a bad line is told with its number by both."""
    folder = tmp_path / "news"
    folder.mkdir()
    made = MadeUp()
    rows = []
    for number in range(700):
        outlet, article = made.next()
        row = {"id": number, "source": outlet, "title": article.title, "published": article.published}
        rows.append(json.dumps(row | {"text": article.text}))
    (folder / "a.jsonl").write_text("\n".join([*rows[:300], "{", "", *rows[300:]]))
    stores = []
    for name, many in (("alone", 1 << 60), ("beside", 0)):
        monkeypatch.setattr(files, "MANY", many)
        monkeypatch.setattr(storylines, "MANY", many)
        store = Store(tmp_path / f"{name}.db")
        (report,) = ingest_paths(store, [folder])
        assert (report.new, [each.subject.rpartition(", ")[2] for each in report.failures]) == (700, ["line 301"])
        stores.append(everything(store))
        store.close()
    assert stores[0] == stores[1]


def test_stories_and_storylines_are_those_of_before(tmp_path: Path) -> None:
    """Groups that were handed out stay true: those of made-up articles, as grouping first gave them."""
    store = Store(tmp_path / "corpus.db")
    made = MadeUp()
    numbers = [number for part in range(2) for number in fill(store, (made.next() for _ in range(300)), part * 300)]
    store.storylines.group()
    grouped = store.storylines.all_of(numbers)
    assert len(set(grouped.values())) == 96
    assert [grouped[number] for number in range(100, 112)] == [100, 9, 71, 31, 83, 1, 3, 107, 108, 49, 49, 41]
    assert [grouped[number] for number in range(580, 590)] == [253, 581, 31, 346, 45, 293, 404, 587, 334, 493]
    store.close()


def test_a_run_killed_amid_both_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGKILL while lines are taken apart beside: whole batches are there, and the next run brings the rest."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(b"\n".join(line(number) for number in range(1000)))
    code = (
        "import itertools, sys; from pathlib import Path; from corpus import files\n"
        "from corpus.ingest import ingest_paths; from corpus.store import Store\n"
        "files.MANY, files.BATCH = 0, 50\n"
        "kept, keep = itertools.count(), files.keep\n"
        "def until_the_middle(*given, **named):\n"
        "    if next(kept) == 220: print('here', flush=True); sys.stdin.read()\n"
        "    return keep(*given, **named)\n"
        "files.keep = until_the_middle\n"
        "ingest_paths(Store(Path(sys.argv[1])), [Path(sys.argv[2])])"
    )
    database = tmp_path / "corpus.db"
    command = [sys.executable, "-c", code, str(database), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"here\n"
        running.kill()
    store = Store(database)
    assert store.count_passages() == 200
    monkeypatch.setattr(files, "MANY", 0)
    assert ingest_paths(store, [folder]) == [SourceReport("news", new=800, unchanged=200)]
    assert store.count_passages() == 1000
    store.close()
