"""Migration m003: readings of a revision, what may be quoted of it, stories, held texts and takedowns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from corpus import holding, stories, takedown
from corpus.identity import address_key
from corpus.rights import is_reserved, snippet_limit

if TYPE_CHECKING:
    import sqlite_utils

_REVISIONS = """
CREATE TABLE revisions_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    number INTEGER NOT NULL,
    reading INTEGER NOT NULL,
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
    reserved INTEGER NOT NULL,
    snippet INTEGER,
    notes TEXT NOT NULL,
    page TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    UNIQUE (article_id, number, reading)
);
INSERT INTO revisions_new SELECT id, article_id, number, 1, digest, title, text, blocks, published, published_at,
    updated, authors, language, kind, free, robots, 0, NULL, notes, '', fetched_at FROM revisions;
DROP TABLE revisions;
ALTER TABLE revisions_new RENAME TO revisions;
CREATE INDEX revisions_reserved ON revisions(id) WHERE reserved = 1;
ALTER TABLE documents ADD COLUMN progress TEXT NOT NULL DEFAULT '';
"""


def migrate(db: sqlite_utils.Database, run: Callable[[sqlite_utils.Database, str], None]) -> None:
    """Bring a store to schema 3; foreign keys must be off, as the table of revisions is made anew.

    Args:
        run: runs the statements of a script one by one.
    """
    for script in (_REVISIONS, holding.TABLES, stories.TABLES, takedown.TABLES):
        run(db, script)
    for revision, robots in db.execute("SELECT id, robots FROM revisions WHERE robots != '[]'").fetchall():
        stated = json.loads(robots)
        db.execute(
            "UPDATE revisions SET reserved = ?, snippet = ? WHERE id = ?",
            [int(is_reserved(stated)), snippet_limit(stated), revision],
        )
    # Addresses that name one article now: the first keeps the key, the others are gone until they are read again.
    for article, url in db.execute(
        "SELECT id, url FROM articles WHERE key LIKE 'url:%' AND url != '' ORDER BY id"
    ).fetchall():
        try:
            db.execute("UPDATE articles SET key = ? WHERE id = ?", [f"url:{address_key(url)}", article])
        except sqlite3.IntegrityError:
            db.execute("UPDATE articles SET status = 'withdrawn' WHERE id = ?", [article])
            db.execute("UPDATE state SET value = value + 1 WHERE name = 'generation'")
