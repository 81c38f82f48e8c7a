"""``corpus.db``: articles, their revisions and passages, in SQLite; the only file of the corpus that touches it.

A store belongs to the thread that opened it. Row ids of passages are the ids of the vectors: a passage keeps its
id for as long as its article holds the same words, in whatever order the revisions bring them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlite_utils

from corpus import chronicle
from corpus.chronicle import Chronicle
from corpus.errors import StoreError, TakenDownError
from corpus.holding import Holding
from corpus.identity import address_key
from corpus.inspection import Inspection
from corpus.m003_keeping import migrate as migrate_keeping
from corpus.records import (
    Article,
    ArticleKind,
    ArticleStatus,
    Block,
    Failure,
    Passage,
    Source,
    SourceReport,
    StoredArticle,
    StoredPassage,
    StoredRevision,
    instant,
)
from corpus.rights import is_reserved, quote_words, snippet_limit
from corpus.settle import Held
from corpus.shelf import Shelf
from corpus.stories import Stories
from corpus.storylines import TABLES as STORYLINES
from corpus.storylines import Storylines
from corpus.takedown import Takedown, Tombstones, marks_of, remember, remembered
from corpus.visits import TABLES, Visits

BUSY_TIMEOUT_MS = 30_000
OUTSIDE = frozenset({
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM,
})  # fmt: skip
"""SQLite's codes for what the disk, the file or another process did; any other is a bug."""
CACHE_KB = 16_384
CHECKPOINT_PAGES = 4_000  # of 4 KB in the log before they are copied into the file
LIMITS = ("not searched", "never quoted", "quoted in part", "not free", "not archived", "held")
"""What a page may restrict: noindex or reserved, nosnippet, max-snippet, not free, noarchive; and what is unsettled."""
REPORTS = 100  # runs kept of one source: months of reading would fill the file with what nobody looks at
VARIABLES = 500  # bound parameters in one statement; SQLite's oldest limit is 999


class Change(StrEnum):
    """What putting an article changed."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    HELD = "held"
    """What was fetched may not be the article; it is not quoted until a later fetch settles that."""
    REFUSED = "refused"
    """It was taken down, and stays so."""
    GONE = "gone"
    """Its page says that it was removed or retracted."""


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the next reading of it is compared with.

    Attributes:
        last: title, text and kind of its current reading.
        page: what tells the bytes of that reading, empty where nothing does.
    """

    id: int
    status: ArticleStatus
    last: Article | None
    page: str


def m001_articles(db: sqlite_utils.Database) -> None:
    """Sources, documents, articles, revisions, passages and where each passage stands."""
    _run(
        db,
        """
        CREATE TABLE sources (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            owner TEXT NOT NULL,
            language TEXT NOT NULL,
            topics TEXT NOT NULL,
            max_quote_words INTEGER NOT NULL,
            full_text INTEGER NOT NULL,
            sample INTEGER NOT NULL
        );
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE,
            fingerprint TEXT NOT NULL,
            read_at TEXT NOT NULL
        );
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            source_id INTEGER NOT NULL REFERENCES sources(id),
            document_id INTEGER REFERENCES documents(id),
            key TEXT NOT NULL UNIQUE,
            external_id TEXT NOT NULL,
            url TEXT,
            status TEXT NOT NULL,
            revision_id INTEGER REFERENCES revisions(id),
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL
        );
        CREATE INDEX articles_document ON articles(document_id);
        CREATE INDEX articles_source ON articles(source_id, status);
        CREATE TABLE revisions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            article_id INTEGER NOT NULL REFERENCES articles(id),
            number INTEGER NOT NULL,
            digest TEXT NOT NULL,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            blocks TEXT NOT NULL,
            published TEXT,
            published_at INTEGER,
            updated TEXT,
            authors TEXT NOT NULL,
            language TEXT NOT NULL,
            kind TEXT NOT NULL,
            free INTEGER,
            robots TEXT NOT NULL,
            notes TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            UNIQUE (article_id, number)
        );
        CREATE TABLE passages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            article_id INTEGER NOT NULL REFERENCES articles(id),
            digest BLOB NOT NULL,
            occurrence INTEGER NOT NULL,
            UNIQUE (article_id, digest, occurrence)
        );
        CREATE TABLE placements (
            revision_id INTEGER NOT NULL REFERENCES revisions(id),
            position INTEGER NOT NULL,
            passage_id INTEGER NOT NULL REFERENCES passages(id),
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            quotable TEXT NOT NULL,
            heading TEXT NOT NULL,
            PRIMARY KEY (revision_id, position)
        ) WITHOUT ROWID;
        CREATE INDEX placements_passage ON placements(passage_id);
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            ended_at TEXT NOT NULL,
            source TEXT NOT NULL,
            report TEXT NOT NULL
        );
        CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO state VALUES ('generation', 0);
        """,
    )


def m002_visits(db: sqlite_utils.Database) -> None:
    """How each polled source fares, and what each fetched address answered."""
    _run(db, TABLES)


def m003_keeping(db: sqlite_utils.Database) -> None:
    """Readings of a revision, what may be quoted of it, stories, held texts and takedowns."""
    migrate_keeping(db, _run)


def m004_chronicle(db: sqlite_utils.Database) -> None:
    """What became of articles, in order."""
    _run(db, chronicle.TABLES)


def m005_storylines(db: sqlite_utils.Database) -> None:
    """Articles on one course of events; what is there already is grouped by the next run that reads sources."""
    _run(db, STORYLINES)


MIGRATIONS: Sequence[Callable[[sqlite_utils.Database], None]] = (
    m001_articles,
    m002_visits,
    m003_keeping,
    m004_chronicle,
    m005_storylines,
)


class Store:
    """The articles this installation holds.

    Args:
        path: the database file; made, with its folder, unless ``readonly``.
        readonly: refuse writes; the file must exist.

    Attributes:
        visits: what polling remembers of sources and addresses.
        shelf: lists of articles, for people who browse.
        stories: which articles are copies of one wire story.
        storylines: which articles are about one course of events.
        holding: what addresses answered instead of their articles.
        tombstones: what was taken down for good.
        inspection: what `corpus.verify` compares.
        chronicle: what became of articles, in order.

    Raises:
        StoreError: the file is missing, not a database, made by a newer version, or cannot be written; or the file of
            takedowns beside it cannot be read.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        if readonly and not path.exists():
            raise StoreError("no articles have been read", subject=path, remedy="run scripts/reindex.py")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite_utils.Database(sqlite3.connect(path, isolation_level=None))
            self._db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            self.visits = Visits(self._db)
            self.shelf = Shelf(self._db)
            self.stories = Stories(self._db)
            self.storylines = Storylines(self._db, self.transaction)
            self.holding = Holding(self._db)
            self.tombstones = Tombstones(self._db)
            self.inspection = Inspection(self._db)
            self.chronicle = Chronicle(self._db)
            if readonly:
                self._check_version()
                if self._version() < len(MIGRATIONS):
                    raise StoreError("is of an older Newsdesk", subject=path, remedy="run scripts/reindex.py")
                if self.tombstones.missing(remembered(path)):
                    Store(path).close()  # an older store was restored; it follows the takedowns before it is read
                self._db.execute("PRAGMA query_only = ON")
            else:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last commits, never the file
                self._db.execute(f"PRAGMA cache_size = -{CACHE_KB}")
                self._db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
                self._migrate()
                self._db.execute("PRAGMA foreign_keys = ON")  # only now: a migration may make a table anew
                takedowns = list(remembered(path))
                for takedown in self.tombstones.missing(takedowns):
                    self.follow(takedown)
                for takedown in self.tombstones.beyond(takedowns):
                    remember(path, takedown)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"cannot be used ({error})", subject=path, remedy="check the disk, or restore it from a backup"
            ) from error

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self._db.close()

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _check_version(self) -> None:
        version = self._version()
        if version > len(MIGRATIONS):
            raise StoreError(
                f"was written by a newer Newsdesk (schema {version}, this one knows {len(MIGRATIONS)})",
                subject=self.path,
                remedy="update Newsdesk, or use another NEWSDESK_DATA_DIR",
            )

    def _migrate(self) -> None:
        self._check_version()
        while (version := self._version()) < len(MIGRATIONS):
            with self.transaction():
                if self._version() == version:  # another process may have been first
                    MIGRATIONS[version](self._db)
                    self._db.execute(f"PRAGMA user_version = {version + 1}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and visible to readers only at the end; nested use joins the outer one.

        Raises:
            StoreError: the disk is full, the file locked, read-only or damaged; nothing was written.
        """
        if self._db.conn.in_transaction:
            yield
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.conn.commit()
        except BaseException as error:
            self._db.conn.rollback()
            if isinstance(error, sqlite3.DatabaseError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in OUTSIDE:
                raise StoreError(
                    f"cannot be written ({error})",
                    subject=self.path,
                    remedy="check the disk's space, then run it again",
                ) from error
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever is written meanwhile; nothing can be written inside."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.conn.rollback()

    # -- writing ---------------------------------------------------------------------------------------------------

    def put_source(self, source: Source, *, sample: bool = False) -> int:
        """Keep what the operator says of a source; returns its row id.

        Where it takes over the name of a sample source, the made-up articles under that name are withdrawn.
        """
        row = {
            "name": source.name,
            "owner": source.owner,
            "language": source.language,
            "topics": json.dumps(source.topics),
            "max_quote_words": source.max_quote_words,
            "full_text": int(source.full_text),
            "sample": int(sample),
        }
        with self.transaction():
            found = self._db.execute("SELECT id, sample FROM sources WHERE name = ?", [source.name]).fetchone()
            if found is None:
                return int(self._db.table("sources").insert(row).last_pk or 0)
            if found[1] and not sample:
                made_up = self._db.execute("SELECT id FROM articles WHERE source_id = ?", [found[0]]).fetchall()
                self.withdraw(article for (article,) in made_up)
            self._db.table("sources").update(found[0], row)
            return int(found[0])

    def put_document(self, path: str, fingerprint: str) -> int:
        """Remember a file and the bytes it was last read with in full; returns its row id."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO documents (path, fingerprint, read_at) VALUES (?, ?, ?) ON CONFLICT (path)"
                " DO UPDATE SET fingerprint = excluded.fingerprint, read_at = excluded.read_at",
                [path, fingerprint, _now()],
            )
        return int(self._db.execute("SELECT id FROM documents WHERE path = ?", [path]).fetchone()[0])

    def put_progress(self, document: int, progress: str) -> None:
        """Remember how far a file was read."""
        self._db.conn.execute("UPDATE documents SET progress = ? WHERE id = ?", [progress, document])

    def put(
        self,
        article: Article,
        passages: Sequence[Passage],
        *,
        key: str,
        source: int,
        document: int | None = None,
        page: str = "",
        held: bool = False,
    ) -> tuple[int, Change]:
        """Keep an article under its key, as a new revision where its title or text changed.

        The same page read to other words, by a better extractor say, is no revision but another reading of the one
        that stands: it has a row of its own with the same number, so that quotes of the earlier reading stay readable.

        Args:
            page: what tells the bytes it was read from; empty where nothing does.
            held: keep it without letting it be quoted.

        Returns:
            The article's row id and what changed. An article that was withdrawn and is seen again is CHANGED.

        Raises:
            TakenDownError: it was taken down.
        """
        digest = hashlib.sha256(f"{article.title}\0{article.text}".encode()).hexdigest()
        status = ArticleStatus.HELD if held else ArticleStatus.LIVE
        with self.transaction():
            if self.tombstones.bars(keys=[key], text=article.text, page=page):
                raise TakenDownError("was taken down", subject=article.url or article.title)
            found = self._db.conn.execute(
                "SELECT a.id, a.status, a.revision_id, r.digest, r.number, a.source_id, a.document_id, r.page,"
                " r.reading FROM articles a LEFT JOIN revisions r ON r.id = a.revision_id WHERE a.key = ?",
                [key],
            ).fetchone()
            if found is not None and found[6] not in (None, document):
                # Two files hold it. The one that loses it here is read again next time, should this one vanish.
                self._db.execute("UPDATE documents SET fingerprint = '' WHERE id = ?", [found[6]])
            if found is not None and found[3] == digest:
                change = self._seen_again(article, passages, found, source, document, page, status)
                return int(found[0]), Change.HELD if held else change
            now = _now()
            number, reading, change = 1, 1, Change.NEW
            if found is None:
                cursor = self._db.conn.execute(
                    "INSERT INTO articles (source_id, document_id, key, external_id, url, status, first_seen,"
                    " last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [source, document, key, article.external_id, article.url, status, now, now],
                )
                article_id = int(cursor.lastrowid or 0)
            else:
                article_id, number, change = int(found[0]), int(found[4] or 0) + 1, Change.CHANGED
                if page and page == found[7]:
                    number, reading = int(found[4]), int(found[8]) + 1
                    change = Change.UNCHANGED if found[1] == ArticleStatus.LIVE else Change.CHANGED
            revision = self._add_revision(article_id, number, reading, digest, article, page)
            self._place(article_id, revision, article.text, passages)
            if found is None:
                self._db.conn.execute("UPDATE articles SET revision_id = ? WHERE id = ?", [revision, article_id])
            else:
                self._db.conn.execute(
                    "UPDATE articles SET revision_id = ?, status = ?, last_seen = ?, source_id = ?, document_id = ?,"
                    " external_id = ?, url = ? WHERE id = ?",
                    [revision, status, now, source, document, article.external_id, article.url, article_id],
                )
                self.holding.drop(article_id)
            self.stories.link(article_id, source, article.text, _epoch(article.published))
            self._touch()
            return article_id, Change.HELD if held else change

    def _seen_again(
        self,
        article: Article,
        passages: Sequence[Passage],
        found: Sequence[Any],
        source: int,
        document: int | None,
        page: str,
        status: ArticleStatus,
    ) -> Change:
        """The same words once more: particulars may differ, or where they are cut; the revision stands."""
        article_id, old_status, revision, _, _, old_source, _, old_page, _ = found
        columns, stated = zip(*_particulars(article).items(), strict=True)
        execute = self._db.conn.execute
        known = execute(f"SELECT {', '.join(columns)} FROM revisions WHERE id = ?", [revision]).fetchone()
        places = execute(
            'SELECT start, "end", quotable, heading FROM placements WHERE revision_id = ? ORDER BY position', [revision]
        ).fetchall()
        execute(
            "UPDATE articles SET status = ?, last_seen = ?, document_id = ?, source_id = ?, url = ?, external_id = ?"
            " WHERE id = ?",
            [status, _now(), document, source, article.url, article.external_id, article_id],
        )
        if status is ArticleStatus.LIVE:
            self.holding.drop(article_id)
        if page and page != old_page:
            execute("UPDATE revisions SET page = ? WHERE id = ?", [page, revision])
        if restated := known != stated:
            marks = ", ".join(f"{column} = ?" for column in columns)
            execute(f"UPDATE revisions SET {marks} WHERE id = ?", [*stated, revision])
        if recut := places != [(each.start, each.end, _spans(each.quotable), each.heading) for each in passages]:
            execute("DELETE FROM placements WHERE revision_id = ?", [revision])
            self._place(article_id, revision, article.text, passages)
        if old_status != status or restated or recut or old_source != source:
            self._touch()
        return Change.UNCHANGED if old_status == ArticleStatus.LIVE else Change.CHANGED

    def _add_revision(
        self, article_id: int, number: int, reading: int, digest: str, article: Article, page: str
    ) -> int:
        row = {
            "article_id": article_id,
            "number": number,
            "reading": reading,
            "digest": digest,
            "title": article.title,
            "text": article.text,
            **_particulars(article),
            "page": page,
            "fetched_at": _now(),
        }
        cursor = self._db.conn.execute(
            f"INSERT INTO revisions ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        return int(cursor.lastrowid or 0)

    def _place(self, article_id: int, revision: int, text: str, passages: Sequence[Passage]) -> None:
        seen: Counter[bytes] = Counter()
        keys: list[tuple[bytes, int]] = []
        for passage in passages:
            digest = hashlib.sha256(text[passage.start : passage.end].strip().encode()).digest()
            keys.append((digest, seen[digest]))
            seen[digest] += 1
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO passages (article_id, digest, occurrence) VALUES (?, ?, ?)",
            [(article_id, *key) for key in keys],
        )
        rows = self._db.conn.execute(
            "SELECT id, digest, occurrence FROM passages WHERE article_id = ?", [article_id]
        ).fetchall()
        ids = {(digest, occurrence): number for number, digest, occurrence in rows}
        self._db.conn.executemany(
            'INSERT INTO placements (revision_id, position, passage_id, start, "end", quotable, heading)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (revision, position, ids[key], each.start, each.end, _spans(each.quotable), each.heading)
                for position, (key, each) in enumerate(zip(keys, passages, strict=True))
            ],
        )

    def hold(self, article: int, held: Held) -> None:
        """Stop quoting an article whose address answered something else, and remember what; its revision stands."""
        with self.transaction():
            self._set_status(article, ArticleStatus.HELD)
            self.holding.put(article, held)

    def release(self, article: int, held: Held) -> None:
        """Quote the article again as it was last taken, though its address still answers something else."""
        with self.transaction():
            self._set_status(article, ArticleStatus.LIVE)
            self.holding.put(article, held)

    def see(self, articles: Sequence[int]) -> None:
        """Note that articles stand where they stood, as they were last read."""
        self._db.conn.execute(
            "UPDATE articles SET last_seen = ? WHERE id IN (SELECT value FROM json_each(?))",
            [_now(), json.dumps(list(articles))],
        )

    def _set_status(self, article: int, status: ArticleStatus) -> None:
        row = [status, article, status]
        if self._db.execute("UPDATE articles SET status = ? WHERE id = ? AND status != ?", row).rowcount:
            self._touch()
        self._db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", [_now(), article])

    def take_down(self, url: str, articles: Collection[int], *, at: datetime) -> list[int]:
        """Remove articles for good, with whatever else has the same words, and keep an address from being read again.

        Args:
            url: the address, empty where the articles have none.

        Returns:
            The row ids of what was removed.

        Raises:
            StoreError: it cannot be written down; nothing was removed.
        """
        keys, texts, pages = ([f"url:{address_key(url)}"] if url else []), [], []
        for article in articles:
            rows = self._db.execute("SELECT key FROM articles WHERE id = ?", [article]).fetchall()
            keys += [key for (key,) in rows]
            seen = self._db.execute("SELECT key FROM visits WHERE article_id = ?", [article]).fetchall()
            keys += [f"url:{key}" for (key,) in seen]  # feeds and old addresses lead to it, too
            for text, page in self._db.execute("SELECT text, page FROM revisions WHERE article_id = ?", [article]):
                texts.append(text)
                pages.append(page)
        marks = marks_of(keys, texts, pages)
        named = sorted({*articles, *self.tombstones.marked(marks)})
        takedown = Takedown(uuid4().hex, at.isoformat(timespec="seconds"), tuple(named), marks)
        remember(self.path, takedown)  # first: whatever happens now, the next opening goes on
        return self.follow(takedown)

    def addressed(self, url: str) -> list[int]:
        """Row ids of the articles that an address names, in any of its spellings, as a page of an outlet or a feed."""
        rows = self._db.execute(
            "SELECT id FROM articles WHERE key = ? UNION SELECT article_id FROM visits"
            " WHERE key = ? AND article_id IS NOT NULL ORDER BY 1",
            [f"url:{address_key(url)}", address_key(url)],
        ).fetchall()
        # Records that share an address are known by their ids.
        others = self._db.execute("SELECT id, url FROM articles WHERE key NOT LIKE 'url:%' AND url IS NOT NULL")
        same = {int(number) for number, other in others if address_key(other) == address_key(url)}
        return sorted(same | {int(row[0]) for row in rows})

    def follow(self, takedown: Takedown) -> list[int]:
        """Remove every article that a takedown names, and keep it from coming back; returns their row ids."""
        with self.transaction():
            articles = self.tombstones.marked(takedown.marks)
            for article in articles:
                self.stories.forget(article)
                self.storylines.forget(article)
            self.tombstones.erase(articles)
            self.tombstones.put(takedown)
            if articles:
                self._touch()
        return articles

    def compact(self) -> None:
        """Write the file anew, so that nothing of what was removed is left in it or in its log.

        Raises:
            StoreError: another process is using it; nothing is lost.
        """
        try:
            self._db.execute("VACUUM")
            busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise StoreError(f"cannot be compacted ({error})", subject=self.path, remedy="run it again") from error
        if busy:
            raise StoreError("is in use and cannot be compacted", subject=self.path, remedy="run it again")

    def move(self, article: int, key: str) -> None:
        """Know an article by another key, which none has, from now on: its page moved to another address."""
        self._db.execute("UPDATE articles SET key = ? WHERE id = ?", [key, article])

    def withdraw(self, articles: Iterable[int]) -> int:
        """Mark articles as gone at their source: kept, never quoted. Returns how many were quotable before."""
        count = 0
        with self.transaction():
            for article in articles:
                count += self._db.execute(
                    "UPDATE articles SET status = ? WHERE id = ? AND status != ?",
                    [ArticleStatus.WITHDRAWN, article, ArticleStatus.WITHDRAWN],
                ).rowcount
            if count:
                self._touch()
        return count

    def retire_sample(self) -> int:
        """Withdraw the sample corpus once an article of the operator's own is there. Returns how many articles."""
        if not self.has_own_articles():
            return 0
        return self.withdraw(
            row[0]
            for row in self._db.execute(
                "SELECT a.id FROM articles a JOIN sources s ON s.id = a.source_id WHERE s.sample = 1 AND a.status = ?",
                [ArticleStatus.LIVE],
            ).fetchall()
        )

    def add_report(self, report: SourceReport) -> None:
        """Keep what a run did for one source; of the runs before, the last `REPORTS` are kept."""
        with self.transaction():
            self._db.table("runs").insert(
                {"ended_at": _now(), "source": report.source, "report": json.dumps(asdict(report))}
            )
            self._db.execute(
                "DELETE FROM runs WHERE source = ? AND id <= (SELECT id FROM runs WHERE source = ?"
                " ORDER BY id DESC LIMIT 1 OFFSET ?)",
                [report.source, report.source, REPORTS],
            )

    def _touch(self) -> None:
        self._db.conn.execute("UPDATE state SET value = value + 1 WHERE name = 'generation'")

    # -- reading ---------------------------------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """Grows with every change that an index has to follow."""
        return int(self._db.execute("SELECT value FROM state WHERE name = 'generation'").fetchone()[0])

    def has_own_articles(self) -> bool:
        """Whether an article that is not of the sample corpus may be quoted."""
        return (
            self._db.execute(
                "SELECT 1 FROM articles a JOIN sources s ON s.id = a.source_id"
                " WHERE s.sample = 0 AND a.status = ? LIMIT 1",
                [ArticleStatus.LIVE],
            ).fetchone()
            is not None
        )

    def source_id(self, name: str) -> int | None:
        """Row id of a source, None where it is not known."""
        row = self._db.execute("SELECT id FROM sources WHERE name = ?", [name]).fetchone()
        return None if row is None else int(row[0])

    def is_sample(self, source: int) -> bool:
        """Whether a source, by its row id, is one of the sample corpus."""
        return bool(self._db.conn.execute("SELECT sample FROM sources WHERE id = ?", [source]).fetchone()[0])

    def holder(self, key: str) -> tuple[int, str] | None:
        """Row id and external id of the article known by a key, or None."""
        row = self._db.conn.execute("SELECT id, external_id FROM articles WHERE key = ?", [key]).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def document(self, path: str) -> tuple[int, str] | None:
        """Row id and fingerprint of a file that was read in full, or None."""
        row = self._db.execute("SELECT id, fingerprint FROM documents WHERE path = ?", [path]).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def documents_under(self, folder: str) -> dict[str, int]:
        """Row ids of the files read below a folder, by path; ``folder`` ends with a separator."""
        rows = self._db.execute(
            "SELECT path, id FROM documents WHERE substr(path, 1, length(?)) = ?", [folder, folder]
        ).fetchall()
        return {path: int(row) for path, row in rows}

    def articles_of(self, document: int) -> set[int]:
        """Row ids of the articles a file holds that may be quoted."""
        return {
            int(row[0])
            for row in self._db.execute(
                "SELECT id FROM articles WHERE document_id = ? AND status = ?", [document, ArticleStatus.LIVE]
            ).fetchall()
        }

    def pages_of(self, document: int) -> dict[bytes, int]:
        """Row ids of the articles a file holds that may be quoted, by the SHA-256 of the bytes they were read from."""
        rows = self._db.conn.execute(
            "SELECT r.page, a.id FROM articles a JOIN revisions r ON r.id = a.revision_id"
            " WHERE a.document_id = ? AND a.status = ? AND length(r.page) = 64",
            [document, ArticleStatus.LIVE],
        )
        return {bytes.fromhex(page): int(article) for page, article in rows}

    def articles_seen(self, document: int, since: str) -> set[int]:
        """Row ids of the articles of a file that were read from it since a time (ISO 8601 in UTC, with seconds)."""
        rows = self._db.execute(
            "SELECT id FROM articles WHERE document_id = ? AND last_seen >= ?", [document, since]
        ).fetchall()
        return {int(row[0]) for row in rows}

    def progress(self, document: int) -> str:
        """How far a file was read, as `put_progress` kept it; empty where it was read to its end, or never."""
        row = self._db.execute("SELECT progress FROM documents WHERE id = ?", [document]).fetchone()
        return str(row[0]) if row else ""

    def passages(self, *, after: int = 0, limit: int | None = None) -> Iterator[StoredPassage]:
        """The quotable passages in the order of their ids, from the one after ``after``."""
        yield from self._read_passages("p.passage_id > ? ORDER BY p.passage_id LIMIT ?", [after, limit or -1])

    def count_passages(self) -> int:
        """How many passages may be quoted."""
        return int(
            self._db.execute(
                "SELECT count(*) FROM placements p JOIN articles a ON a.revision_id = p.revision_id WHERE a.status = ?"
                " AND a.revision_id NOT IN (SELECT id FROM revisions WHERE reserved = 1)",
                [ArticleStatus.LIVE],
            ).fetchone()[0]
        )

    def passages_by_id(self, ids: Sequence[int]) -> dict[int, StoredPassage]:
        """Those of the passages that may be quoted now, by id; the others are missing from the result."""
        found: dict[int, StoredPassage] = {}
        for first in range(0, len(ids), VARIABLES):
            some = [int(number) for number in ids[first : first + VARIABLES]]
            marks = ",".join("?" * len(some))
            for passage in self._read_passages(f"p.passage_id IN ({marks})", some):
                found[passage.id] = passage
        return found

    def passages_of(self, article: int) -> list[StoredPassage]:
        """The quotable passages of an article in reading order; empty when it may not be quoted."""
        return list(self._read_passages("a.id = ? ORDER BY p.position", [article]))

    def every_passage(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of all readings of articles, old ones included, whether they may be quoted or not."""
        for article in articles:
            yield from self._passages("r.article_id = a.id AND a.id = ? ORDER BY r.id, p.position", [article])

    def _read_passages(self, where: str, values: Sequence[Any]) -> Iterator[StoredPassage]:
        return self._passages(
            f"r.id = a.revision_id AND a.status = ? AND r.reserved = 0 AND {where}", [ArticleStatus.LIVE, *values]
        )

    def _passages(self, where: str, values: Sequence[Any]) -> Iterator[StoredPassage]:
        rows = self._db.execute(
            'SELECT p.passage_id, a.id, r.id, substr(r.text, p.start + 1, p."end" - p.start), p.start, p."end",'
            " p.quotable, p.heading, p.position, r.title, s.name, r.published, r.kind, coalesce(a.story_id, a.id),"
            " coalesce(a.storyline_id, a.story_id, a.id), r.snippet, s.max_quote_words"
            " FROM placements p JOIN revisions r ON r.id = p.revision_id JOIN articles a ON a.id = r.article_id"
            f" JOIN sources s ON s.id = a.source_id WHERE {where}",
            values,
        )
        for row in rows:
            *head, quotable, heading, position, title, source, published, kind, story, storyline, snippet, most = row
            passage, article, revision, text, start, end = head
            words = quote_words(snippet, most)
            spans = tuple((int(first), int(last)) for first, last in json.loads(quotable)) if words else ()
            yield StoredPassage(
                passage, article, revision, text, start, end, spans, heading, position, title, source, published,
                ArticleKind(kind), story, words, snippet, storyline,
            )  # fmt: skip

    def article(self, article: int) -> StoredArticle | None:
        """An article with its current revision's particulars, whatever its status."""
        row = self._db.execute(
            "SELECT a.id, s.name, a.url, r.title, r.published, r.updated, r.language, r.kind, a.status, r.id,"
            " a.external_id, coalesce(a.story_id, a.id), coalesce(a.storyline_id, a.story_id, a.id)"
            " FROM articles a JOIN sources s ON s.id = a.source_id"
            " JOIN revisions r ON r.id = a.revision_id WHERE a.id = ?",
            [article],
        ).fetchone()
        if row is None:
            return None
        number, source, url, title, published, updated, language, kind, status, revision, external, *stories = row
        return StoredArticle(
            number, source, url, title, published, updated, language, ArticleKind(kind), ArticleStatus(status),
            revision, external, *stories,
        )  # fmt: skip

    def quoting(self, article: int) -> tuple[int, int | None]:
        """Words and characters of the longest quote that may be taken from an article now; no word where none may.

        Characters are None where its page sets no limit.
        """
        row = self._db.execute(
            "SELECT r.snippet, s.max_quote_words FROM articles a JOIN revisions r ON r.id = a.revision_id"
            " JOIN sources s ON s.id = a.source_id WHERE a.id = ? AND a.status = ? AND r.reserved = 0",
            [article, ArticleStatus.LIVE],
        ).fetchone()
        return (0, 0) if row is None else (quote_words(row[0], row[1]), row[0])

    def known(self, key: str) -> Known | None:
        """What is held under a key, None where nothing is."""
        row = self._db.conn.execute(
            "SELECT a.id, a.status, r.title, r.text, r.kind, r.page FROM articles a"
            " LEFT JOIN revisions r ON r.id = a.revision_id WHERE a.key = ?",
            [key],
        ).fetchone()
        if row is None:
            return None
        number, status, title, text, kind, page = row
        last = None if text is None else Article(title, text, (), kind=ArticleKind(kind))
        return Known(int(number), ArticleStatus(status), last, page or "")

    def revision(self, revision: int) -> StoredRevision | None:
        """A reading of a revision, old ones included; None where there is none."""
        row = self._db.execute(
            "SELECT id, article_id, number, reading, title, text, notes, fetched_at FROM revisions WHERE id = ?",
            [revision],
        ).fetchone()
        if row is None:
            return None
        number, article, revised, reading, title, text, notes, fetched = row
        return StoredRevision(number, article, revised, reading, title, text, tuple(json.loads(notes)), fetched)

    def speaker(self, revision: int, start: int, end: int) -> str:
        """Who said the words between two offsets, where the page's markup names a speaker; else empty."""
        row = self._db.execute("SELECT blocks FROM revisions WHERE id = ?", [revision]).fetchone()
        for block in (Block(*each) for each in json.loads(row[0])) if row else ():
            if block.speaker and block.start <= start and end <= block.end:
                return block.speaker
        return ""

    def revision_text(self, revision: int) -> str | None:
        """The text of a revision, old ones included."""
        row = self._db.execute("SELECT text FROM revisions WHERE id = ?", [revision]).fetchone()
        return None if row is None else str(row[0])

    def quotable_articles(self) -> dict[int, tuple[str, int | None]]:
        """Source name and time of publication (seconds since 1970, UTC) of each article that may be quoted."""
        rows = self._db.execute(
            "SELECT a.id, s.name, r.published_at FROM articles a JOIN sources s ON s.id = a.source_id"
            " JOIN revisions r ON r.id = a.revision_id WHERE a.status = ? AND r.reserved = 0",
            [ArticleStatus.LIVE],
        ).fetchall()
        return {int(article): (name, published) for article, name, published in rows}

    def sources(self) -> dict[str, dict[str, Any]]:
        """What is kept of each source, by name: owner, language, topics, rights, ``sample``."""
        return {
            row["name"]: {
                **row,
                "topics": tuple(json.loads(row["topics"])),
                "full_text": bool(row["full_text"]),
                "sample": bool(row["sample"]),
            }
            for row in self._db["sources"].rows
        }

    def limits(self) -> dict[str, dict[str, int]]:
        """How many articles of each source may not be shown like others, by source and by why; zeros left out."""
        rows = self._db.execute(
            "SELECT s.name, sum(r.reserved), sum(r.snippet = 0), sum(r.snippet > 0), sum(r.free = 0),"
            """ sum(instr(r.robots, '"noarchive"') > 0), sum(a.status = ?)"""
            " FROM articles a JOIN sources s ON s.id = a.source_id JOIN revisions r ON r.id = a.revision_id"
            " WHERE a.status IN (?, ?) GROUP BY s.id",
            [ArticleStatus.HELD, ArticleStatus.LIVE, ArticleStatus.HELD],
        ).fetchall()
        found = {name: dict(zip(LIMITS, counts, strict=True)) for name, *counts in rows}
        return {name: {why: int(count) for why, count in each.items() if count} for name, each in found.items()}

    def reports(self) -> list[tuple[str, SourceReport]]:
        """The last report of each source with the time it was made, oldest first."""
        rows = self._db.execute(
            "SELECT ended_at, report FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY source) ORDER BY id"
        ).fetchall()
        found = []
        for ended, text in rows:
            report = json.loads(text)
            report["failures"] = tuple(Failure(**failure) for failure in report["failures"])
            found.append((str(ended), SourceReport(**report)))
        return found

    def recut(self, revision: int, passages: Sequence[Passage]) -> None:
        """Cut a reading anew; passages of the same words keep their ids."""
        with self.transaction():
            article, text = self._db.execute(
                "SELECT article_id, text FROM revisions WHERE id = ?", [revision]
            ).fetchone()
            self._db.execute("DELETE FROM placements WHERE revision_id = ?", [revision])
            self._place(article, revision, text, passages)
            self._touch()


def _run(db: sqlite_utils.Database, script: str) -> None:
    """Run statements one by one: ``executescript`` would first commit the transaction that stands open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _particulars(article: Article) -> dict[str, Any]:
    """What a revision says beside its title and text, by column."""
    return {
        "blocks": json.dumps([_block_row(block) for block in article.blocks]),
        "published": article.published,
        "published_at": _epoch(article.published),
        "updated": article.updated,
        "authors": json.dumps(article.authors),
        "language": article.language,
        "kind": article.kind,
        "free": article.free,
        "robots": json.dumps(article.robots),
        "reserved": int(is_reserved(article.robots)),
        "snippet": snippet_limit(article.robots),
        "notes": json.dumps(article.notes),
    }


def _spans(spans: Iterable[tuple[int, int]]) -> str:
    """As `json.dumps` writes them, in a third of its time."""
    return f"[{', '.join([f'[{start}, {end}]' for start, end in spans])}]"


def _block_row(block: Block) -> list[Any]:
    row = [block.kind, block.start, block.end, block.quotable, block.speaker]
    return row if block.speaker else row[:3] if block.quotable else row[:4]


def _epoch(stated: str | None) -> int | None:
    moment = instant(stated)
    return None if moment is None else int(moment.timestamp())
