"""Sources -> store: reads what is there, keeps what changed, and reports per source.

Every article is kept whole in one transaction, so a run that is cut short leaves whole articles, and the next run
goes on from there: a file counts as read only once all of it was.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import CorpusError, UnreadableError
from corpus.extract import extract, extract_lines
from corpus.identity import address_key
from corpus.passages import passages
from corpus.progress import Progress, silent
from corpus.records import Article, Failure, Source, SourceKind, SourceReport
from corpus.store import Change, Store

EXTRACTOR = 1
"""Grows when extraction or passages change, so that files read before are read again."""
SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".json", ".jsonl"})
RECORDS = frozenset({".json", ".jsonl"})
LARGEST_FILE = 32 * 1024 * 1024  # bytes; JSON lines are streamed and may be larger
BATCH = 200  # articles in one commit
SAMPLE = Path(__file__).resolve().parent / "sample"


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    source: str
    named: bool  # the operator named the source, so records do not name themselves


def ingest_sources(
    store: Store, sources: Sequence[Source], *, sample: bool = False, progress: Progress = silent
) -> list[SourceReport]:
    """Read every source that is not paused; one that fails never stops the others."""
    reports = []
    for source in sources:
        made_up = sample or (source.kind is SourceKind.FOLDER and _is_sample(Path(source.location)))
        store.put_source(source, sample=made_up)
        if source.paused:
            continue
        try:
            if source.kind is not SourceKind.FOLDER:
                raise CorpusError(
                    f"sources of the kind {source.kind} are not read yet", subject=source.name, remedy="use a folder"
                )
            folder = Path(source.location)
            if not folder.exists():
                raise CorpusError("there is no such folder", subject=folder, remedy="mend its path in the sources file")
            report = _read_files(store, _files_of(folder, source.name, named=True), [folder], source.name, progress)
        except CorpusError as error:
            report = SourceReport(source.name, failures=(Failure(source.name, str(error)),))
        store.add_report(report)
        reports.append(report)
    if not sample:
        store.retire_sample()
    return reports


def ingest_paths(store: Store, paths: Sequence[Path], *, progress: Progress = silent) -> list[SourceReport]:
    """Read files and folders named by hand; each folder is a source of its own name.

    A file gone from a folder that was read before is withdrawn.
    """
    reports = []
    for path in paths:
        path = path.expanduser().absolute()
        name = (path if path.is_dir() else path.parent).resolve().name or "files"
        if path.exists():
            folders = [path] if path.is_dir() else []
            report = _read_files(store, _files_of(path, name, named=False), folders, name, progress)
        else:
            report = SourceReport(name, failures=(Failure(str(path), "there is no such file or folder"),))
        store.add_report(report)
        reports.append(report)
    store.retire_sample()
    return reports


def _files_of(path: Path, source: str, *, named: bool) -> Iterator[_File]:
    """The readable files below a folder in the order of their paths; links are followed for files inside it only."""
    if path.is_file():
        yield _File(path.resolve(), source, named)
        return
    root = path.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if name.startswith(".") or file.suffix.casefold() not in SUFFIXES:
                continue
            if file.is_symlink() and not file.resolve().is_relative_to(root):
                continue
            yield _File(file, source if named or folder == str(root) else Path(folder).name, named)


def _read_files(
    store: Store, files: Iterator[_File], folders: Sequence[Path], source: str, progress: Progress
) -> SourceReport:
    waiting = list(files)
    counts = dict.fromkeys(Change, 0)
    failures: list[Failure] = []
    present = set()
    withdrawn = 0
    progress("read", 0, len(waiting))
    for number, file in enumerate(waiting, 1):
        present.add(str(file.path))
        try:
            str(file.path).encode()
            withdrawn += _read_file(store, file, counts, failures)
        except (CorpusError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            failures.append(Failure(str(file.path), reason))
        except UnicodeEncodeError:
            name = os.fsencode(file.path).decode(errors="replace")
            failures.append(Failure(name, "its name is no valid UTF-8"))
        progress("read", number, len(waiting))
    for folder in folders:
        for path, document in store.documents_under(f"{folder.resolve()}{os.sep}").items():
            if path not in present and not Path(path).exists():
                withdrawn += store.withdraw(store.articles_of(document))
    return SourceReport(
        source, counts[Change.NEW], counts[Change.CHANGED], counts[Change.UNCHANGED], withdrawn, tuple(failures)
    )


def _read_file(store: Store, file: _File, counts: dict[Change, int], failures: list[Failure]) -> int:
    """Keep one file's articles; returns how many that it held before are gone from it."""
    fingerprint = _fingerprint(file.path)
    known = store.document(str(file.path))
    if known is not None and known[1] == fingerprint:
        held = store.articles_of(known[0])
        if held:
            counts[Change.UNCHANGED] += len(held)
            return 0
    # Until all of it was read it counts as never read: a run cut short, or a broken line, is taken up again.
    document = store.put_document(str(file.path), "")
    kept: set[int] = set()
    broken = False
    batch: list[tuple[str, Article]] = []

    def flush() -> None:
        with store.transaction():
            ids = {}
            for name, article in batch:
                if name not in ids:
                    ids[name] = _source_id(store, name, made_up=_is_sample(file.path))
                key = _key(store, article, file, kept)
                article_id, change = store.put(article, passages(article), key=key, source=ids[name], document=document)
                kept.add(article_id)
                counts[change] += 1
        batch.clear()

    for found in _articles(file.path):
        if isinstance(found, Failure):
            failures.append(found)
            broken = True
            continue
        own = found.outlet if not file.named and file.path.suffix.casefold() in RECORDS else ""
        batch.append((own or file.source, _storable(found)))
        if len(batch) >= BATCH:
            flush()
    flush()
    # A line that could not be read may be an article kept before, so nothing of a broken file counts as gone.
    if broken:
        return 0
    withdrawn = store.withdraw(store.articles_of(document) - kept)
    store.put_document(str(file.path), fingerprint)
    return withdrawn


def _is_sample(path: Path) -> bool:
    """Whether a file or folder is of the sample corpus, however it was named: made-up news stays marked as such."""
    return path.resolve().is_relative_to(SAMPLE)


def _source_id(store: Store, name: str, *, made_up: bool) -> int:
    """The source of a name that a file gave; an outlet of one's own never passes for one of the sample."""
    known = store.source_id(name)
    if known is not None and (made_up or not store.sources()[name]["sample"]):
        return known
    return store.put_source(Source(name, SourceKind.FOLDER, ""), sample=made_up)


def _storable(article: Article) -> Article:
    """The article without an address that is none, and with an id that can be written down."""
    url = article.url
    try:
        address_key(url or "")
    except ValueError:
        url = None
    return replace(article, url=url, external_id=article.external_id.encode(errors="replace").decode())


def _articles(path: Path) -> Iterator[Article | Failure]:
    if path.suffix.casefold() == ".jsonl":
        with path.open("rb") as lines:
            yield from extract_lines(lines, str(path))
        return
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableError(
            f"is larger than {LARGEST_FILE >> 20} MB", subject=path, remedy="split it, or write it as JSON lines"
        )
    yield from extract(path.read_bytes(), name=str(path))


def _key(store: Store, article: Article, file: _File, kept: set[int]) -> str:
    """What the article is known by, for good: its address, else the id it came with, else its file."""
    scope = file.source if file.named else str(file.path)
    by_id = f"id:{scope}#{article.external_id}" if article.external_id else ""
    if by_id and store.holder(by_id):
        return by_id
    if article.url:
        key = f"url:{address_key(article.url)}"
        holder = store.holder(key)
        # Records of one file may share an address (the paragraphs of one page, say): their ids tell them apart.
        if not (by_id and holder and holder[0] in kept and holder[1] != article.external_id):
            return key
    return by_id or f"file:{file.path}"


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return f"{EXTRACTOR}:{hashlib.file_digest(file, 'sha256').hexdigest()}"
