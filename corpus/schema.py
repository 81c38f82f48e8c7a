"""The tables of ``corpus.db``, a migration for each version of them; a part of `corpus.store.Store`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from corpus import chronicle, storylines, visits
from corpus.m003_keeping import migrate as migrate_keeping

if TYPE_CHECKING:
    import sqlite_utils


def run_script(db: sqlite_utils.Database, script: str) -> None:
    """Run statements one by one: ``executescript`` would first commit the transaction that stands open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def m001_articles(db: sqlite_utils.Database) -> None:
    """Sources, documents, articles, revisions, passages and where each passage stands."""
    run_script(
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
    run_script(db, visits.TABLES)


def m003_keeping(db: sqlite_utils.Database) -> None:
    """Readings of a revision, what may be quoted of it, stories, held texts and takedowns."""
    migrate_keeping(db, run_script)


def m004_chronicle(db: sqlite_utils.Database) -> None:
    """What became of articles, in order."""
    run_script(db, chronicle.TABLES)


def m005_storylines(db: sqlite_utils.Database) -> None:
    """Articles on one course of events; what is there already is grouped by the next run that reads sources."""
    run_script(db, storylines.TABLES)


MIGRATIONS: Sequence[Callable[[sqlite_utils.Database], None]] = (
    m001_articles,
    m002_visits,
    m003_keeping,
    m004_chronicle,
    m005_storylines,
)
