"""corpus.files: bad files, doubled ids, and going on where a run was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from corpus import files
from corpus.extract import extract_lines
from corpus.ingest import ingest_paths
from corpus.records import Failure, SourceReport
from corpus.store import Store

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
FLOOD = "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    return made


def record(number: object, text: str, **more: str) -> str:
    return json.dumps({"id": str(number), "title": f"Report {number}", "text": text, **more})


def texts(store: Store) -> list[str]:
    return sorted(each.text for each in store.passages())


def test_a_file_that_vanishes_while_it_is_read_fails_alone(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gone between the look at it and the reading: reported, the others go in; by the next run it is withdrawn."""
    (folder / "a.txt").write_text(f"Boats\n\n{FERRY}\n")
    ingest_paths(store, [folder])
    (folder / "a.txt").write_text(f"Boats\n\n{FERRY} It was the first of the winter and the quay was full of people.\n")
    (folder / "b.txt").write_text(f"Floods\n\n{FLOOD}\n")
    real = files._fingerprint

    def vanishing(file: files.File) -> str:
        found = real(file)
        if file.path.name == "a.txt":
            file.path.unlink()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(files, "_fingerprint", vanishing)
        (report,) = ingest_paths(store, [folder])
    assert report.new == 1
    assert [(Path(each.subject).name, each.reason) for each in report.failures] == [
        ("a.txt", "No such file or directory")
    ]
    (report,) = ingest_paths(store, [folder])
    assert report == SourceReport("news", unchanged=1, withdrawn=1)
    assert texts(store) == [FLOOD]


def test_links_and_pipes_that_are_no_files_are_listed(store: Store, folder: Path, tmp_path: Path) -> None:
    """A link to itself, one out of the folder through a link inside, and a pipe, which would never end: never read."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.txt").write_text(f"Secret\n\n{FLOOD}\n")
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "hop").symlink_to(tmp_path / "secret")
    (folder / "out.txt").symlink_to(folder / "hop" / "s.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "a.txt").write_text(f"Boats\n\n{FERRY}\n")
    (report,) = ingest_paths(store, [folder])
    assert report.new == 1
    assert [Path(failure.subject).name for failure in report.failures] == ["out.txt", "pipe.txt", "self.txt"]
    assert texts(store) == [FERRY]


def test_a_folder_with_nothing_to_read_says_so(store: Store, folder: Path) -> None:
    """Nothing read, and why; not so where its files went, which is no failure."""
    (folder / "a.pdf").write_bytes(b"%PDF-1.7")
    (report,) = ingest_paths(store, [folder])
    assert report.failures == (Failure(str(folder), "it holds no file of .htm, .html, .json, .jsonl, .md, .txt"),)
    (folder / "a.txt").write_text(f"Boats\n\n{FERRY}\n")
    ingest_paths(store, [folder])
    (folder / "a.txt").unlink()
    assert ingest_paths(store, [folder]) == [SourceReport("news", withdrawn=1)]


def test_two_records_of_one_id_and_other_addresses_are_two_articles(store: Store, folder: Path) -> None:
    """An id used twice says less than two addresses do."""
    (folder / "a.jsonl").write_text(
        record(1, FERRY, url="https://p.example/a") + "\n" + record(1, FLOOD, url="https://p.example/b")
    )
    assert ingest_paths(store, [folder]) == [SourceReport("news", new=2)]
    assert texts(store) == [FERRY, FLOOD]


def test_two_records_of_one_id_alone_are_one_article(store: Store, folder: Path) -> None:
    """The first counts, the other is told; reading again makes no revision of either, and the same twice is one."""
    file = folder / "a.jsonl"
    file.write_text("\n".join([record(1, FERRY), record(2, FLOOD), record(2, FLOOD), record(1, FLOOD)]))
    (report,) = ingest_paths(store, [folder])
    assert (report.new, report.changed) == (2, 0)
    assert [each.reason for each in report.failures] == [
        "another record of the file is known by id as this one; the first counts"
    ]
    file.write_text(file.read_text() + "\n")
    (report,) = ingest_paths(store, [folder])
    assert (report.new, report.changed, report.unchanged) == (0, 0, 2)
    assert texts(store) == [FERRY, FLOOD]


def test_controls_that_show_nothing_never_reach_the_store(store: Store, folder: Path) -> None:
    """Bidi overrides, zero-width characters and tags are gone; links and invites stay as the words they are."""
    hidden = "The \u202eferry\u202c sa\u200biled\u2060 to \u2066Skarrow\u2069 on Friday\u200f, "
    hidden += "see [here](https://evil.example) or discord.gg/abc, \U000e0041\ufeffsaid the union."
    (folder / "a.jsonl").write_text(record(1, hidden))
    ingest_paths(store, [folder])
    assert texts(store) == [
        "The ferry sailed to Skarrow on Friday, see [here](https://evil.example) or discord.gg/abc, said the union."
    ]


def test_a_better_reader_of_the_same_lines_makes_no_revision(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the version of the extractor raised the file is read again; other words of the same line are a reading."""
    (folder / "a.jsonl").write_text(
        record(1, f"{FERRY}\nSubscribe to our newsletter and never miss a boat of ours again.")
    )
    ingest_paths(store, [folder])
    (article,) = store.quotable_articles()
    real = extract_lines

    def better(lines: Any, name: str, *, first: int = 1) -> Any:
        from dataclasses import replace

        for found in real(lines, name, first=first):
            yield replace(found, text=FERRY, blocks=found.blocks[:1])  # type: ignore[arg-type,union-attr]

    monkeypatch.setattr(files, "EXTRACTOR", 99)
    monkeypatch.setattr("corpus.lines.extract_lines", better)
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=1)]
    assert texts(store) == [FERRY]
    held = store.article(article)
    assert held is not None
    revision = store.revision(held.revision)
    assert revision is not None
    assert (revision.number, revision.reading) == (1, 2)


READ = """
import itertools, sys
from pathlib import Path
from corpus import files
from corpus.ingest import ingest_paths
from corpus.store import Store
files.BATCH = 20
kept, keep = itertools.count(), files.keep
def until_the_middle(*given, **named):
    if next(kept) == 507:
        print("here", flush=True)
        sys.stdin.read()
    return keep(*given, **named)
files.keep = until_the_middle
ingest_paths(Store(Path(sys.argv[1])), [Path(sys.argv[2])])
"""


def test_a_run_that_is_killed_goes_on_where_it_stopped(tmp_path: Path, folder: Path) -> None:
    """SIGKILL amid a batch: whole ones are there, and the next run reads only the lines behind them."""
    count = 1000
    with (folder / "a.jsonl").open("w") as file:
        for number in range(count):
            file.write(record(number, f"{FERRY} It was crossing number {number} of the year, she said.") + "\n")
    database = tmp_path / "corpus.db"
    command = [sys.executable, "-c", READ, str(database), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"here\n"
        running.send_signal(signal.SIGKILL)
    store = Store(database)
    held = store.count_passages()
    assert held == 500
    taken: list[int] = []
    real = files.keep

    def counted(*given: Any, **named: Any) -> Any:
        taken.append(1)
        return real(*given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "keep", counted)
        (report,) = ingest_paths(store, [folder])
    assert report == SourceReport("news", new=count - held, unchanged=held)
    assert len(taken) == count - held
    assert store.count_passages() == count
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=count)]
    store.close()


def test_a_file_changed_since_it_was_cut_short_is_read_from_its_beginning(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place in other bytes is none."""
    monkeypatch.setattr(files, "BATCH", 1)
    file = folder / "a.jsonl"
    file.write_text(f"{record(1, FERRY)}\n{record(2, FLOOD)}\n")
    real = files.keep

    def interrupted(*given: Any, **named: Any) -> Any:
        if named["key"].endswith("#2"):
            raise KeyboardInterrupt
        return real(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(files, "keep", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ingest_paths(store, [folder])
    assert texts(store) == [FERRY]
    file.write_text(f"{record(3, FLOOD)}\n{record(1, FERRY)}\n")
    assert ingest_paths(store, [folder]) == [SourceReport("news", new=1, unchanged=1)]
    assert texts(store) == [FERRY, FLOOD]


def test_lines_that_stand_as_they_did_are_not_taken_apart_again(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever their order, and though a line among them cannot be read; what is gone is withdrawn."""
    file = folder / "a.jsonl"
    same = [record(number, f"{FERRY} It was crossing number {number} of the year.") for number in range(4)]
    file.write_text("\n".join([*same, record(4, FERRY), record(5, FERRY)]))
    ingest_paths(store, [folder])
    taken: list[int] = []
    real = extract_lines

    def counted(lines: Any, name: str, *, first: int = 1) -> Any:
        for found in real(lines, name, first=first):
            taken.append(first)
            yield found

    monkeypatch.setattr("corpus.lines.extract_lines", counted)
    file.write_text("\n".join([same[2], record(4, FLOOD), same[0], "{", same[3], same[1]]))
    (report,) = ingest_paths(store, [folder])
    assert (report.changed, report.unchanged, report.withdrawn, len(report.failures)) == (1, 4, 0, 1)
    assert taken == [2, 4]
    taken.clear()
    file.write_text("\n".join([record(4, FLOOD), *same]))
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=5, withdrawn=1)]
    assert taken == []
    monkeypatch.setattr(files, "EXTRACTOR", 99)
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=5)]
    assert taken == [1, 2, 3, 4, 5]


def test_an_earlier_line_of_the_same_id_counts_before_one_that_stands_as_it_did(store: Store, folder: Path) -> None:
    """The first record of a file counts, whether the other was held before or not; the other is told."""
    file = folder / "a.jsonl"
    file.write_text(record(1, FERRY))
    ingest_paths(store, [folder])
    file.write_text(record(1, FLOOD) + "\n" + record(1, FERRY))
    (report,) = ingest_paths(store, [folder])
    assert (report.new, report.changed, report.unchanged) == (0, 1, 0)
    assert [each.reason for each in report.failures] == [
        "another record of the file is known by id as this one; the first counts"
    ]
    assert texts(store) == [FLOOD]


def test_a_line_of_an_article_that_was_withdrawn_brings_it_back(store: Store, folder: Path) -> None:
    """Its bytes were read before, and yet it may not be quoted as it stands."""
    file = folder / "a.jsonl"
    file.write_text(record(1, FERRY) + "\n" + record(2, FLOOD))
    ingest_paths(store, [folder])
    file.write_text(record(1, FERRY))
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=1, withdrawn=1)]
    file.write_text(record(1, FERRY) + "\n" + record(2, FLOOD))
    assert ingest_paths(store, [folder]) == [SourceReport("news", changed=1, unchanged=1)]
    assert texts(store) == [FERRY, FLOOD]
