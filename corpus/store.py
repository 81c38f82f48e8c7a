"""``corpus.db``: articles, their revisions and passages, in SQLite; the only file of the corpus that touches it.

A store belongs to the thread that opened it. Row ids of passages are the ids of the vectors: a passage keeps its
id for as long as its article holds the same words, in whatever order the revisions bring them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlite_utils

from corpus.errors import StoreError
from corpus.records import (
    Article,
    ArticleKind,
    ArticleStatus,
    Failure,
    Passage,
    Source,
    SourceReport,
    StoredArticle,
    StoredPassage,
    instant,
)

BUSY_TIMEOUT_MS = 30_000
VARIABLES = 500  # bound parameters in one statement; SQLite's oldest limit is 999


class Change(StrEnum):
    """What putting an article changed."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


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


MIGRATIONS: Sequence[Callable[[sqlite_utils.Database], None]] = (m001_articles,)


class Store:
    """The articles this installation holds.

    Args:
        path: the database file; made, with its folder, unless ``readonly``.
        readonly: refuse writes; the file must exist.

    Raises:
        StoreError: the file is missing, not a database, made by a newer version, or cannot be written.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        if readonly and not path.exists():
            raise StoreError("no articles have been read", subject=path, remedy="run scripts/reindex.py")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite_utils.Database(sqlite3.connect(path, isolation_level=None))
            self._db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            self._db.execute("PRAGMA foreign_keys = ON")
            if readonly:
                self._check_version()
                if self._version() < len(MIGRATIONS):
                    raise StoreError("is of an older Newsdesk", subject=path, remedy="run scripts/reindex.py")
                self._db.execute("PRAGMA query_only = ON")
            else:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._migrate()
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
        """All or nothing, and visible to readers only at the end; nested use joins the outer one."""
        if self._db.conn.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.conn.rollback()
            raise
        self._db.conn.commit()

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
        self._db.execute(
            "INSERT INTO documents (path, fingerprint, read_at) VALUES (?, ?, ?) ON CONFLICT (path)"
            " DO UPDATE SET fingerprint = excluded.fingerprint, read_at = excluded.read_at",
            [path, fingerprint, _now()],
        )
        return int(self._db.execute("SELECT id FROM documents WHERE path = ?", [path]).fetchone()[0])

    def put(
        self, article: Article, passages: Sequence[Passage], *, key: str, source: int, document: int | None = None
    ) -> tuple[int, Change]:
        """Keep an article under its key, as a new revision where its title or text changed.

        Returns:
            The article's row id and what changed. An article that was withdrawn and is seen again is CHANGED.
        """
        digest = hashlib.sha256(f"{article.title}\0{article.text}".encode()).hexdigest()
        with self.transaction():
            found = self._db.execute(
                "SELECT a.id, a.status, a.revision_id, r.digest, r.number, a.source_id, a.document_id FROM articles a"
                " LEFT JOIN revisions r ON r.id = a.revision_id WHERE a.key = ?",
                [key],
            ).fetchone()
            if found is not None and found[6] not in (None, document):
                # Two files hold it. The one that loses it here is read again next time, should this one vanish.
                self._db.execute("UPDATE documents SET fingerprint = '' WHERE id = ?", [found[6]])
            if found is not None and found[3] == digest:
                return int(found[0]), self._seen_again(article, passages, found, source, document)
            if found is None:
                cursor = self._db.execute(
                    "INSERT INTO articles (source_id, document_id, key, external_id, url, status, first_seen,"
                    " last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [source, document, key, article.external_id, article.url, ArticleStatus.LIVE, _now(), _now()],
                )
                article_id, number = int(cursor.lastrowid or 0), 1
            else:
                article_id, number = int(found[0]), int(found[4] or 0) + 1
            revision = self._add_revision(article_id, number, digest, article)
            self._place(article_id, revision, article.text, passages)
            self._db.execute(
                "UPDATE articles SET revision_id = ?, status = ?, last_seen = ?, source_id = ?, document_id = ?,"
                " external_id = ?, url = ? WHERE id = ?",
                [revision, ArticleStatus.LIVE, _now(), source, document, article.external_id, article.url, article_id],
            )
            self._touch()
            return article_id, Change.NEW if found is None else Change.CHANGED

    def _seen_again(
        self, article: Article, passages: Sequence[Passage], found: Sequence[Any], source: int, document: int | None
    ) -> Change:
        """The same words once more: particulars may differ, or where they are cut; the revision stands."""
        article_id, status, revision, _, _, old_source, _ = found
        columns, stated = zip(*_particulars(article).items(), strict=True)
        known = self._db.execute(f"SELECT {', '.join(columns)} FROM revisions WHERE id = ?", [revision]).fetchone()
        places = self._db.execute(
            'SELECT start, "end", quotable, heading FROM placements WHERE revision_id = ? ORDER BY position', [revision]
        ).fetchall()
        self._db.execute(
            "UPDATE articles SET status = ?, last_seen = ?, document_id = ?, source_id = ?, url = ?, external_id = ?"
            " WHERE id = ?",
            [ArticleStatus.LIVE, _now(), document, source, article.url, article.external_id, article_id],
        )
        if restated := known != stated:
            marks = ", ".join(f"{column} = ?" for column in columns)
            self._db.execute(f"UPDATE revisions SET {marks} WHERE id = ?", [*stated, revision])
        if recut := places != [(each.start, each.end, json.dumps(each.quotable), each.heading) for each in passages]:
            self._db.execute("DELETE FROM placements WHERE revision_id = ?", [revision])
            self._place(article_id, revision, article.text, passages)
        if status != ArticleStatus.LIVE or restated or recut or old_source != source:
            self._touch()
        return Change.UNCHANGED if status == ArticleStatus.LIVE else Change.CHANGED

    def _add_revision(self, article_id: int, number: int, digest: str, article: Article) -> int:
        row = {
            "article_id": article_id,
            "number": number,
            "digest": digest,
            "title": article.title,
            "text": article.text,
            **_particulars(article),
            "fetched_at": _now(),
        }
        cursor = self._db.execute(
            f"INSERT INTO revisions ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        return int(cursor.lastrowid or 0)

    def _place(self, article_id: int, revision: int, text: str, passages: Sequence[Passage]) -> None:
        seen: Counter[bytes] = Counter()
        for position, passage in enumerate(passages):
            digest = hashlib.sha256(text[passage.start : passage.end].strip().encode()).digest()
            row = [article_id, digest, seen[digest]]
            seen[digest] += 1
            self._db.execute("INSERT OR IGNORE INTO passages (article_id, digest, occurrence) VALUES (?, ?, ?)", row)
            self._db.execute(
                'INSERT INTO placements (revision_id, position, passage_id, start, "end", quotable, heading)'
                " SELECT ?, ?, id, ?, ?, ?, ? FROM passages WHERE article_id = ? AND digest = ? AND occurrence = ?",
                [
                    revision,
                    position,
                    passage.start,
                    passage.end,
                    json.dumps(passage.quotable),
                    passage.heading,
                    *row,
                ],
            )

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
        """Keep what a run did for one source."""
        self._db.table("runs").insert(
            {"ended_at": _now(), "source": report.source, "report": json.dumps(asdict(report))}
        )

    def _touch(self) -> None:
        self._db.execute("UPDATE state SET value = value + 1 WHERE name = 'generation'")

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

    def holder(self, key: str) -> tuple[int, str] | None:
        """Row id and external id of the article known by a key, or None."""
        row = self._db.execute("SELECT id, external_id FROM articles WHERE key = ?", [key]).fetchone()
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

    def passages(self, *, after: int = 0, limit: int | None = None) -> Iterator[StoredPassage]:
        """The quotable passages in the order of their ids, from the one after ``after``."""
        yield from self._read_passages("p.passage_id > ? ORDER BY p.passage_id LIMIT ?", [after, limit or -1])

    def count_passages(self) -> int:
        """How many passages may be quoted."""
        return int(
            self._db.execute(
                "SELECT count(*) FROM placements p JOIN articles a ON a.revision_id = p.revision_id WHERE a.status = ?",
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

    def _read_passages(self, where: str, values: Sequence[Any]) -> Iterator[StoredPassage]:
        rows = self._db.execute(
            'SELECT p.passage_id, a.id, r.id, substr(r.text, p.start + 1, p."end" - p.start), p.start, p."end",'
            " p.quotable, p.heading, p.position, r.title, s.name, r.published"
            " FROM placements p JOIN articles a ON a.revision_id = p.revision_id"
            " JOIN revisions r ON r.id = a.revision_id JOIN sources s ON s.id = a.source_id"
            " WHERE a.status = ? AND " + where,
            [ArticleStatus.LIVE, *values],
        )
        for row in rows:
            quotable = tuple((int(start), int(end)) for start, end in json.loads(row[6]))
            yield StoredPassage(row[0], row[1], row[2], row[3], row[4], row[5], quotable, *row[7:])

    def article(self, article: int) -> StoredArticle | None:
        """An article with its current revision's particulars, whatever its status."""
        row = self._db.execute(
            "SELECT a.id, s.name, a.url, r.title, r.published, r.updated, r.language, r.kind, a.status, r.id,"
            " a.external_id FROM articles a JOIN sources s ON s.id = a.source_id"
            " JOIN revisions r ON r.id = a.revision_id WHERE a.id = ?",
            [article],
        ).fetchone()
        if row is None:
            return None
        number, source, url, title, published, updated, language, kind, status, revision, external = row
        return StoredArticle(
            number, source, url, title, published, updated, language, ArticleKind(kind), ArticleStatus(status),
            revision, external,
        )  # fmt: skip

    def revision_text(self, revision: int) -> str | None:
        """The text of a revision, old ones included."""
        row = self._db.execute("SELECT text FROM revisions WHERE id = ?", [revision]).fetchone()
        return None if row is None else str(row[0])

    def quotable_articles(self) -> dict[int, tuple[str, int | None]]:
        """Source name and time of publication (seconds since 1970, UTC) of each article that may be quoted."""
        rows = self._db.execute(
            "SELECT a.id, s.name, r.published_at FROM articles a JOIN sources s ON s.id = a.source_id"
            " JOIN revisions r ON r.id = a.revision_id WHERE a.status = ?",
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
        "blocks": json.dumps([[block.kind, block.start, block.end] for block in article.blocks]),
        "published": article.published,
        "published_at": _epoch(article.published),
        "updated": article.updated,
        "authors": json.dumps(article.authors),
        "language": article.language,
        "kind": article.kind,
        "free": article.free,
        "robots": json.dumps(article.robots),
        "notes": json.dumps(article.notes),
    }


def _epoch(stated: str | None) -> int | None:
    moment = instant(stated)
    return None if moment is None else int(moment.timestamp())
