"""corpus.ingest: folders, files and records into the store, and what is gone out of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus import files
from corpus.files import SAMPLE
from corpus.ingest import ingest_paths, ingest_sources
from corpus.records import Failure, Source, SourceKind, SourceReport
from corpus.store import Store

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
FLOOD = "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock."
COMET = "A teacher found the comet from her garden with a telescope that she had built in the winter before."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    return made


def page(text: str, title: str = "A headline of some words") -> str:
    return f"{title}\n\n{text}\n"


def record(number: str, text: str, **particulars: Any) -> str:
    return json.dumps({"id": number, "text": text, **particulars})


def lines(path: Path, *records: str) -> Path:
    path.write_text("".join(f"{each}\n" for each in records), encoding="utf-8")
    return path


def texts(store: Store) -> list[str]:
    return sorted(each.text.strip() for each in store.passages())


def ids(store: Store) -> dict[str, int]:
    return {each.text.strip(): each.id for each in store.passages()}


def test_a_folder_is_a_source_of_its_name(store: Store, folder: Path) -> None:
    """Files of the folder go in under its name, those of a folder below under that one's."""
    (folder / "a.txt").write_text(page(FERRY))
    (folder / "evening").mkdir()
    (folder / "evening" / "b.md").write_text(page(FLOOD, "# Flood"))
    (report,) = ingest_paths(store, [folder])
    assert report == SourceReport("news", new=2)
    assert [(each.source, each.title) for each in store.passages()] == [
        ("news", "A headline of some words"),
        ("evening", "Flood"),
    ]
    assert texts(store) == [FERRY, FLOOD]


def test_a_single_file_is_of_its_folder(store: Store, folder: Path) -> None:
    """A file named by hand counts to the folder it lies in, and nothing else of the folder is read."""
    (folder / "a.txt").write_text(page(FERRY))
    (folder / "b.txt").write_text(page(FLOOD))
    assert ingest_paths(store, [folder / "a.txt"]) == [SourceReport("news", new=1)]
    assert texts(store) == [FERRY]


def test_records_name_their_outlet_and_named_sources_do_not(store: Store, folder: Path) -> None:
    """A record's "source" is its source when read by hand; a source of the operator's keeps its own name."""
    lines(folder / "a.jsonl", record("1", FERRY, source="The Lantern"), record("2", FLOOD))
    ingest_paths(store, [folder])
    assert {each.source for each in store.passages()} == {"The Lantern", "news"}
    ingest_sources(store, [Source("My Wire", SourceKind.FOLDER, str(folder))])
    assert {each.source for each in store.passages()} == {"My Wire"}
    assert texts(store) == [FERRY, FLOOD]


def test_a_source_that_is_renamed_is_followed(store: Store, folder: Path) -> None:
    """Members see the name that the sources file gives now, though no file changed."""
    (folder / "a.txt").write_text(page(FERRY))
    ingest_sources(store, [Source("The Papre", SourceKind.FOLDER, str(folder))])
    before, generation = ids(store), store.generation
    ingest_sources(store, [Source("The Paper", SourceKind.FOLDER, str(folder))])
    assert {each.source for each in store.passages()} == {"The Paper"}
    assert ids(store) == before
    assert store.generation > generation


def test_the_second_reading_changes_nothing(store: Store, folder: Path) -> None:
    """Unchanged files are not even parsed; they count as unchanged."""
    (folder / "a.txt").write_text(page(FERRY))
    lines(folder / "b.jsonl", record("1", FLOOD), record("2", COMET))
    assert ingest_paths(store, [folder]) == [SourceReport("news", new=3)]
    generation = store.generation
    with pytest.MonkeyPatch.context() as patch:
        for name in ("read_document", "read_json_lines"):
            patch.setattr(files, name, lambda path, *_, **__: pytest.fail(f"parsed {path}"))
        assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=3)]
    assert store.generation == generation


def test_a_changed_file_is_a_new_revision(store: Store, folder: Path) -> None:
    """The article stays the same one, with its unchanged passages under their ids."""
    file = folder / "a.txt"
    file.write_text(page(f"{FERRY}\n\n{FLOOD}"))
    ingest_paths(store, [folder])
    before = ids(store)
    file.write_text(page(f"{FERRY}\n\n{COMET}"))
    assert ingest_paths(store, [folder]) == [SourceReport("news", changed=1)]
    assert ids(store) == {FERRY: before[FERRY], COMET: ids(store)[COMET]}
    assert len(store.quotable_articles()) == 1


def test_a_file_gone_from_a_folder_is_withdrawn(store: Store, folder: Path) -> None:
    """Gone files are withdrawn, others stay, and a file that comes back is quoted again under its ids."""
    (folder / "a.txt").write_text(page(FERRY))
    (folder / "b.txt").write_text(page(FLOOD))
    ingest_paths(store, [folder])
    before = ids(store)
    (folder / "a.txt").unlink()
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=1, withdrawn=1)]
    assert texts(store) == [FLOOD]
    (folder / "a.txt").write_text(page(FERRY))
    assert ingest_paths(store, [folder]) == [SourceReport("news", changed=1, unchanged=1)]
    assert ids(store) == before


def test_only_the_folder_that_was_read_is_looked_through(store: Store, tmp_path: Path) -> None:
    """A file gone from another folder, one whose name begins the same included, is nobody's business."""
    for name in ("news", "news-old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(page(f"{name}: {FERRY}"))
    ingest_paths(store, [tmp_path / "news", tmp_path / "news-old"])
    (tmp_path / "news-old" / "a.txt").unlink()
    assert ingest_paths(store, [tmp_path / "news"]) == [SourceReport("news", unchanged=1)]
    assert len(texts(store)) == 2


def test_a_missing_folder_withdraws_nothing(store: Store, folder: Path) -> None:
    """A disk that is not there is a failure of the run, not the end of what was on it."""
    (folder / "a.txt").write_text(page(FERRY))
    source = Source("My Paper", SourceKind.FOLDER, str(folder))
    ingest_sources(store, [source])
    folder.rename(folder.with_name("away"))
    (by_hand,) = ingest_paths(store, [folder])
    assert by_hand.failures == (Failure(str(folder), "there is no such file or folder"),)
    (named,) = ingest_sources(store, [source])
    assert named.failures[0].reason == f"{folder}: there is no such folder; mend its path in the sources file"
    assert texts(store) == [FERRY]


def test_a_record_gone_from_a_file_is_withdrawn(store: Store, folder: Path) -> None:
    """What a file no longer holds is withdrawn, as a file gone is."""
    lines(folder / "a.jsonl", record("1", FERRY), record("2", FLOOD))
    ingest_paths(store, [folder])
    lines(folder / "a.jsonl", record("2", FLOOD))
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=1, withdrawn=1)]
    assert texts(store) == [FLOOD]


def test_a_broken_line_is_reported_and_withdraws_nothing(store: Store, folder: Path) -> None:
    """The line's number and reason are told in every run until it is mended; the others go in."""
    file = lines(folder / "a.jsonl", record("1", FERRY), record("2", FLOOD))
    ingest_paths(store, [folder])
    lines(file, record("1", FERRY), '{"id": "2", "text": ', record("3", COMET))
    for counts in ({"new": 1, "unchanged": 1}, {"unchanged": 2}):
        (report,) = ingest_paths(store, [folder])
        assert [failure.subject for failure in report.failures] == [f"{file}, line 2"]
        assert report.failures[0].reason.startswith("not JSON")
        assert report == SourceReport("news", failures=report.failures, **counts)
        assert texts(store) == sorted([FERRY, FLOOD, COMET])
    lines(file, record("1", FERRY), record("3", COMET))
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=2, withdrawn=1)]


def test_what_cannot_be_read_is_listed_and_the_rest_goes_in(store: Store, folder: Path) -> None:
    """An empty file, one that is not text and a broken one are failures; other endings and hidden files no business."""
    (folder / "a.txt").write_text(page(FERRY))
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.txt").write_bytes(bytes(range(32)) * 40)
    (folder / "d.json").write_text("{")
    (folder / "e.pdf").write_bytes(b"%PDF")
    (folder / ".f.txt").write_text(page(FLOOD))
    (folder / ".git").mkdir()
    (folder / ".git" / "g.txt").write_text(page(COMET))
    for _ in range(2):
        (report,) = ingest_paths(store, [folder])
        assert report.read == 1
        assert [Path(failure.subject).name for failure in report.failures] == ["b.txt", "c.txt", "d.json"]
        assert all(failure.reason for failure in report.failures)
    assert texts(store) == [FERRY]


def test_a_file_that_turns_unreadable_withdraws_nothing(store: Store, folder: Path) -> None:
    """What was read before stays quoted until the file says otherwise; restored, it is read again."""
    file = lines(folder / "a.json", record("1", FERRY))
    ingest_paths(store, [folder])
    file.write_text("{")
    (report,) = ingest_paths(store, [folder])
    assert (report.read, report.withdrawn, len(report.failures)) == (0, 0, 1)
    assert texts(store) == [FERRY]
    lines(file, record("1", FERRY))
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=1)]


def test_a_file_too_large_is_refused_and_json_lines_are_not(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole files are bounded, lines are streamed."""
    monkeypatch.setattr("corpus.lines.LARGEST_FILE", 50)
    (folder / "a.txt").write_text(page(FERRY))
    lines(folder / "b.jsonl", record("1", FLOOD))
    (report,) = ingest_paths(store, [folder])
    assert [Path(failure.subject).name for failure in report.failures] == ["a.txt"]
    assert "is larger than" in report.failures[0].reason
    assert texts(store) == [FLOOD]


def test_links_out_of_the_folder_are_not_followed(store: Store, folder: Path, tmp_path: Path) -> None:
    """A link to a file elsewhere is listed and not read, one to a folder passed over; one inside the folder is read."""
    (tmp_path / "secret.txt").write_text(page(FLOOD))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "c.txt").write_text(page(COMET))
    (folder / "a.txt").write_text(page(FERRY))
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "below").symlink_to(tmp_path / "elsewhere")
    (folder / "dangling.txt").symlink_to(tmp_path / "nothing.txt")
    (folder / "within.txt").symlink_to(folder / "a.txt")
    (report,) = ingest_paths(store, [folder])
    assert (report.new, len(report.failures)) == (2, 2)
    assert [Path(failure.subject).name for failure in report.failures] == ["dangling.txt", "out.txt"]
    assert texts(store) == [FERRY, FERRY]


def test_a_file_name_that_is_no_utf8_is_a_failure(store: Store, folder: Path) -> None:
    """A name that SQLite cannot hold is listed; the rest goes in."""
    (folder / "a.txt").write_text(page(FERRY))
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text(page(FLOOD))
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    (report,) = ingest_paths(store, [folder])
    assert report == SourceReport(
        "news", new=1, failures=(Failure(f"{folder}/caf\ufffd.txt", "its name is no valid UTF-8"),)
    )


def test_one_address_is_one_article(store: Store, folder: Path) -> None:
    """http and https, tracking and a slash do not make a second article; the last reading's words stand."""
    lines(folder / "a.jsonl", record("1", FERRY, url="http://news.example/a/?utm_source=feed"))
    lines(folder / "b.jsonl", record("9", FLOOD, url="https://news.example/a?fbclid=1"))
    assert ingest_paths(store, [folder]) == [SourceReport("news", new=1, changed=1)]
    assert len(store.quotable_articles()) == 1
    assert texts(store) == [FLOOD]


def test_an_article_in_two_files_stays_when_one_of_them_goes(store: Store, folder: Path) -> None:
    """Overlapping exports: what the file that is left still holds is still quoted, with its ids."""
    lines(
        folder / "a.jsonl", record("1", FERRY, url="https://n.example/1"), record("2", FLOOD, url="https://n.example/2")
    )
    lines(
        folder / "b.jsonl", record("2", FLOOD, url="https://n.example/2"), record("3", COMET, url="https://n.example/3")
    )
    ingest_paths(store, [folder])
    before = ids(store)
    ingest_paths(store, [folder])
    (folder / "b.jsonl").unlink()
    (report,) = ingest_paths(store, [folder])
    assert report.withdrawn == 1
    assert ids(store) == {FERRY: before[FERRY], FLOOD: before[FLOOD]}


def test_records_that_share_an_address_stay_apart_by_their_ids(store: Store, folder: Path) -> None:
    """The paragraphs of one page, say, are articles of their own, in whatever order the file brings them next."""
    first = record("1", FERRY, url="https://news.example/a")
    second = record("2", FLOOD, url="https://news.example/a")
    file = lines(folder / "a.jsonl", first, second)
    assert ingest_paths(store, [folder]) == [SourceReport("news", new=2)]
    before = ids(store)
    lines(file, second, first)
    assert ingest_paths(store, [folder]) == [SourceReport("news", unchanged=2)]
    assert ids(store) == before


def test_records_without_address_are_known_by_their_id(store: Store, folder: Path) -> None:
    """A changed text under the same id is a revision; the same id in another file is another article."""
    file = lines(folder / "a.jsonl", record("1", FERRY))
    lines(folder / "b.jsonl", record("1", FLOOD))
    ingest_paths(store, [folder])
    assert texts(store) == [FERRY, FLOOD]
    lines(file, record("1", COMET))
    assert ingest_paths(store, [folder]) == [SourceReport("news", changed=1, unchanged=1)]
    assert texts(store) == [COMET, FLOOD]


def test_an_address_or_id_that_is_none_stops_nothing(store: Store, folder: Path) -> None:
    """A port out of range and half a character in an address or id are read as what is left of them."""
    lines(
        folder / "a.jsonl",
        record("1", FERRY, url="http://news.example:99999/"),
        record("2", FLOOD, url="http://news.example/\ud800"),
        record("\ud800", COMET),
    )
    assert ingest_paths(store, [folder]) == [SourceReport("news", new=3)]
    articles = [store.article(number) for number in store.quotable_articles()]
    assert [(each.url, each.external_id) for each in articles if each] == [(None, "1"), (None, "2"), (None, "?")]


def test_a_run_that_is_cut_short_goes_on(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole articles are there after the interrupt, and the next run brings the rest."""
    monkeypatch.setattr(files, "BATCH", 2)
    everything = [f"Report {number}: {FERRY}" for number in range(7)]
    lines(folder / "a.jsonl", *(record(str(number), text) for number, text in enumerate(everything)))
    real = files.read_json_lines

    def interrupted(*place: Any, **more: Any) -> Iterator[Any]:
        for number, found in enumerate(real(*place, **more)):
            if number == 5:
                raise KeyboardInterrupt
            yield found

    with monkeypatch.context() as patch:
        patch.setattr(files, "read_json_lines", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ingest_paths(store, [folder])
    assert texts(store) == everything[:4]
    assert ingest_paths(store, [folder]) == [SourceReport("news", new=3, unchanged=4)]
    assert texts(store) == everything


def test_a_file_put_back_after_an_interrupted_reading_is_read(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of a new version must not stay because the file's old bytes are known."""
    monkeypatch.setattr(files, "BATCH", 1)
    file = lines(folder / "a.jsonl", record("1", FERRY), record("2", FLOOD))
    ingest_paths(store, [folder])
    lines(file, record("1", COMET), record("2", COMET))
    real = files.read_json_lines

    def interrupted(*place: Any, **more: Any) -> Iterator[Any]:
        yield next(iter(real(*place, **more)))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files, "read_json_lines", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ingest_paths(store, [folder])
    assert texts(store) == sorted([COMET, FLOOD])
    lines(file, record("1", FERRY), record("2", FLOOD))
    ingest_paths(store, [folder])
    assert texts(store) == [FERRY, FLOOD]


def test_a_source_that_fails_stops_no_other(store: Store, folder: Path) -> None:
    """Every source gets its report, kept in the store; a paused one is not read and keeps its articles."""
    (folder / "a.txt").write_text(page(FERRY))
    good = Source("Good", SourceKind.FOLDER, str(folder))
    reports = ingest_sources(store, [Source("Gone", SourceKind.FOLDER, str(folder / "nothing")), good])
    assert [(each.source, each.new, len(each.failures)) for each in reports] == [("Gone", 0, 1), ("Good", 1, 0)]
    assert [report for _, report in store.reports()] == reports
    paused = Source("Good", SourceKind.FOLDER, str(folder), paused=True)
    assert ingest_sources(store, [paused]) == []
    assert texts(store) == [FERRY]


def test_progress_tells_every_file(store: Store, folder: Path) -> None:
    """The stage is told from 0 to the number of files."""
    for number in range(3):
        (folder / f"{number}.txt").write_text(page(f"{number} {FERRY}"))
    told: list[tuple[str, int, int | None]] = []
    ingest_paths(store, [folder], progress=lambda stage, done, total: told.append((stage, done, total)))
    assert told == [("read", done, 3) for done in range(4)]


def test_the_first_own_article_retires_the_sample(store: Store, folder: Path) -> None:
    """Reading something of one's own withdraws every sample article; reading nothing does not."""
    ingest_sources(store, [Source("The Lantern", SourceKind.FOLDER, str(SAMPLE / "cobalt-ledger"))], sample=True)
    sample = store.count_passages()
    assert sample > 10
    ingest_paths(store, [folder])
    assert store.count_passages() == sample
    (folder / "a.txt").write_text(page(FERRY))
    ingest_paths(store, [folder])
    assert texts(store) == [FERRY]


def test_the_sample_stays_the_sample_however_it_is_named(store: Store, folder: Path) -> None:
    """Read by hand or from a sources file, made-up articles are marked as such and give way to real ones."""
    ingest_paths(store, [SAMPLE / "cobalt-ledger"])
    ingest_sources(store, [Source("My Wire", SourceKind.FOLDER, str(SAMPLE / "ostrel-wire"))])
    assert {name: source["sample"] for name, source in store.sources().items()} == {
        "cobalt-ledger": True,
        "My Wire": True,
    }
    assert not store.has_own_articles()
    (folder / "a.txt").write_text(page(FERRY))
    ingest_paths(store, [folder])
    assert texts(store) == [FERRY]


def test_an_own_record_may_bear_the_name_of_a_sample_outlet(store: Store, folder: Path) -> None:
    """It is the operator's own article then, and retires the sample."""
    ingest_sources(store, [Source("The Lantern", SourceKind.FOLDER, str(SAMPLE / "cobalt-ledger"))], sample=True)
    lines(folder / "a.jsonl", record("1", FERRY, source="The Lantern"))
    ingest_paths(store, [folder])
    assert store.has_own_articles()
    assert texts(store) == [FERRY]
