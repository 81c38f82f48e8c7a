"""Files and folders into the store, each article whole, going on where a run was cut short.

A file counts as read only once all of it was. Of a file of JSON lines the place reached is kept with every batch, in
the same transaction, so that the next run begins there. A line that stands in the file as it did when it was last read
costs its hash: it is neither taken apart nor compared again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from corpus.beside import Beside
from corpus.errors import UnreadableError
from corpus.identity import address_key
from corpus.keep import keep
from corpus.lines import Made, Read, Same, read_document, read_json_lines, read_line
from corpus.progress import Progress
from corpus.records import Article, Failure, Source, SourceKind, SourceReport
from corpus.store import Change, Store

EXTRACTOR = 7
"""Grows when extraction or passages change, so that files read before are read again."""
SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".json", ".jsonl"})
RECORDS = frozenset({".json", ".jsonl"})
BATCH = 500  # articles in one commit
MANY = 4 * 1024 * 1024  # bytes of JSON lines for which it is worth beginning a second process
FAILURES = 1000  # told in one report
SAMPLE = Path(__file__).resolve().parent / "sample"


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read.

    Attributes:
        source: the outlet its articles are of.
        named: the operator named the source, so records do not name themselves.
    """

    path: Path
    source: str
    named: bool

    @property
    def lines(self) -> bool:
        """Whether it holds JSON lines."""
        return self.path.suffix.casefold() == ".jsonl"

    @property
    def size(self) -> int:
        """Its size in bytes; 0 where it cannot be looked at."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a file of JSON lines was read.

    Attributes:
        started: when its first line was, ISO 8601.
        broken: a line before here could not be read.
    """

    fingerprint: str
    started: str
    offset: int = 0
    line: int = 0
    broken: bool = False


def files_of(path: Path, source: str, *, named: bool) -> Iterator[File | Failure]:
    """The files below a folder that have a reader, in the order of their paths.

    Links are followed for files inside it only; others, pipes and devices come as failures.
    """
    if path.is_file():
        yield File(path.resolve(), source, named)
        return
    root = path.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if name.startswith(".") or file.suffix.casefold() not in SUFFIXES:
                continue
            if _leads_away(file, root):
                yield Failure(_shown(file), "it is a link that leads out of the folder, or no file")
                continue
            yield File(file, source if named or folder == str(root) else Path(folder).name, named)


def _leads_away(file: Path, root: Path) -> bool:
    """Whether a name stands for no file of the folder: a link out of it or to itself, a pipe, a device."""
    try:
        return not file.resolve().is_relative_to(root) or (file.exists() and not file.is_file())
    except (OSError, RuntimeError):  # a link that leads to itself
        return True


def read_files(
    store: Store,
    files: Iterator[File | Failure],
    folders: Sequence[Path],
    source: str,
    progress: Progress,
    beside: Beside,
) -> SourceReport:
    """Keep the articles of files; those of files gone from the folders are withdrawn.

    Args:
        beside: takes lines apart while the store writes, where there are many.
    """
    found = list(files)
    waiting = [each for each in found if isinstance(each, File)]
    alone = sum(each.size for each in waiting if each.lines) < MANY
    counts = dict.fromkeys(Change, 0)
    failures = [each for each in found if isinstance(each, Failure)]
    present = set()
    withdrawn = 0
    progress("read", 0, len(waiting))
    for number, file in enumerate(waiting, 1):
        present.add(str(file.path))
        try:
            str(file.path).encode()
            withdrawn += _Reader(store, file, counts, failures, beside, alone=alone).read()
        except (UnreadableError, OSError) as error:
            failures.append(_failure(error, file.path))
        except UnicodeEncodeError:
            failures.append(Failure(_shown(file.path), "its name is no valid UTF-8"))
        progress("read", number, len(waiting))
    for folder in folders:
        for path, document in store.documents.under(f"{folder.resolve()}{os.sep}").items():
            if path not in present and not Path(path).exists():
                withdrawn += store.withdraw(store.documents.articles(document))
    if not found and not withdrawn:
        failures += [
            Failure(_shown(folder), f"it holds no file of {', '.join(sorted(SUFFIXES))}") for folder in folders
        ]
    if len(failures) > FAILURES:
        failures[FAILURES:] = [Failure(source, f"{len(failures) - FAILURES} more could not be read")]
    return SourceReport(
        source,
        counts[Change.NEW],
        counts[Change.CHANGED],
        counts[Change.UNCHANGED],
        withdrawn,
        tuple(failures),
        refused=counts[Change.REFUSED],
    )


def _failure(error: UnreadableError | OSError, path: Path) -> Failure:
    """Why a file was not read; its name is said once."""
    if isinstance(error, OSError):
        return Failure(str(path), error.strerror or str(error))
    remedy = f"; {error.remedy}" if error.remedy else ""
    return Failure(error.subject or str(path), f"{error.message}{remedy}")


def _shown(path: Path) -> str:
    return os.fsencode(path).decode(errors="replace")


def is_sample(path: Path) -> bool:
    """Whether a file or folder is of the sample corpus, however it was named: made-up news stays marked as such."""
    return path.resolve().is_relative_to(SAMPLE)


class _Reader:
    """One file in one run."""

    def __init__(
        self,
        store: Store,
        file: File,
        counts: dict[Change, int],
        failures: list[Failure],
        beside: Beside,
        *,
        alone: bool,
    ) -> None:
        self.store, self.file, self.counts, self.failures = store, file, counts, failures
        self.beside, self.alone = beside, alone
        self.sources: dict[str, int] = {}
        self.kept: set[int] = set()
        self.document = 0

    def read(self) -> int:
        """Keep the file's articles; returns how many that it held before are gone from it."""
        store, path = self.store, str(self.file.path)
        fingerprint = _fingerprint(self.file)
        known = store.documents.get(path)
        if known is not None and known[1] == fingerprint and (held := store.documents.articles(known[0])):
            self.counts[Change.UNCHANGED] += len(held)
            return 0
        # Until all of it was read it counts as not read: a run cut short, or a broken line, is taken up again. What is
        # kept of the fingerprint tells the next run that whatever the file holds was read as it would be read now.
        reader = _reader(fingerprint)
        as_now = known is None or _reader(known[1]) == reader
        self.document = store.documents.put(path, reader if as_now else "")
        place = self._resumed(fingerprint)
        pages = store.documents.pages(self.document) if as_now and known is not None else {}
        batch: list[tuple[Made | Same, str]] = []
        for found, page, offset, line in self._found(place, pages):
            if isinstance(found, Failure):
                self.failures.append(found)
                place = replace(place, broken=True)
            else:
                batch.append((found, page))
            place = replace(place, offset=offset, line=line)
            if len(batch) >= BATCH:
                self._keep(batch, place)
                batch.clear()
        self._keep(batch, place)
        # A line that could not be read may be an article kept before, so nothing of a broken file counts as gone.
        if place.broken:
            store.documents.put_progress(self.document, "")
            return 0
        with store.transaction():
            withdrawn = store.withdraw(store.documents.articles(self.document) - self.kept)
            store.documents.put(path, fingerprint)
            store.documents.put_progress(self.document, "")
        return withdrawn

    def _found(self, place: _Place, pages: Mapping[bytes, int]) -> Iterator[Read]:
        if not self.file.lines:
            return read_document(self.file.path)
        # Of a file that was read before, most lines stand as they did.
        alone = self.alone or bool(pages)
        return read_json_lines(self.file.path, place.offset, place.line, pages, self.beside, alone=alone)

    def _resumed(self, fingerprint: str) -> _Place:
        """Where a run that was cut short stopped in the same bytes, else the beginning."""
        kept = self.store.documents.progress(self.document)
        place = _Place(**json.loads(kept)) if kept else None
        if place is None or place.fingerprint != fingerprint:
            return _Place(fingerprint, datetime.now(UTC).isoformat(timespec="seconds"))
        self.kept = self.store.documents.seen(self.document, place.started)
        self.counts[Change.UNCHANGED] += len(self.kept)
        return place

    def _keep(self, batch: Sequence[tuple[Made | Same, str]], place: _Place) -> None:
        same = []
        with self.store.transaction():
            for found, page in batch:
                if isinstance(found, Made):
                    self._one(found, page)
                elif found.article not in self.kept:
                    self.kept.add(found.article)
                    self.counts[Change.UNCHANGED] += 1
                    same.append(found.article)
                else:  # an earlier line was read to the same article
                    again = read_line(found.line, str(self.file.path), found.number)
                    if isinstance(again, Made):
                        self._one(again, page)
            self.store.see(same)
            if place.offset:
                self.store.documents.put_progress(self.document, json.dumps(asdict(place)))

    def _one(self, found: Made, page: str) -> None:
        article = found.article
        key, holder = self._key(article)
        if holder in self.kept:
            known = self.store.known(key)
            if known and known.last and (known.last.title, known.last.text) != (article.title, article.text):
                reason = f"another record of the file is known by {key.split(':', 1)[0]} as this one; the first counts"
                self.failures.append(Failure(f"{self.file.path}, id {article.external_id}", reason))
            return
        own = article.outlet if not self.file.named and self.file.path.suffix.casefold() in RECORDS else ""
        source = self._source(own or self.file.source)
        kept = keep(self.store, article, found.rows, key=key, source=source, document=self.document, page=page)
        self.counts[kept.change] += 1
        if kept.article is not None:
            self.kept.add(kept.article)

    def _source(self, name: str) -> int:
        """The source of a name that a file gave; an outlet of one's own never passes for one of the sample."""
        if name not in self.sources:
            made_up = is_sample(self.file.path)
            known = self.store.source_id(name)
            if known is None or not (made_up or not self.store.is_sample(known)):
                known = self.store.put_source(Source(name, SourceKind.FOLDER, ""), sample=made_up)
            self.sources[name] = known
        return self.sources[name]

    def _key(self, article: Article) -> tuple[str, int | None]:
        """What the article is known by, for good: its address, else the id it came with, else its file; and by which
        article that is taken."""
        scope = self.file.source if self.file.named else str(self.file.path)
        by_id = f"id:{scope}#{article.external_id}" if article.external_id else ""
        if by_id and (holder := self.store.holder(by_id)):
            return by_id, holder[0]
        if article.url:
            key = f"url:{address_key(article.url)}"
            holder = self.store.holder(key)
            # Records of one file may share an address (the paragraphs of one page, say): their ids tell them apart.
            if not (by_id and holder and holder[0] in self.kept and holder[1] != article.external_id):
                return key, holder and holder[0]
        key = by_id or f"file:{self.file.path}"
        holder = self.store.holder(key)
        return key, holder and holder[0]


def _fingerprint(file: File) -> str:
    """Changes with whatever the articles of a file depend on: its bytes, how they are read, and the source's name."""
    with file.path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return f"{EXTRACTOR}:{digest}:{file.source if file.named else ''}"


def _reader(fingerprint: str) -> str:
    """The fingerprint without the file's bytes: how its articles are read; empty where there is none."""
    version, _, rest = fingerprint.partition(":")
    return f"{version}::{rest.partition(':')[2]}" if version else ""
