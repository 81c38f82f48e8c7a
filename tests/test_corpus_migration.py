"""Migration m003: a store of before keeps its articles, and addresses that name one article now are one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlite_utils

from corpus.schema import MIGRATIONS
from corpus.store import Store

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
DAY = "2026-01-01T00:00:00+00:00"


def old_store(path: Path) -> None:
    """A store of schema 2 with three articles, two of them deliveries of one."""
    db = sqlite_utils.Database(sqlite3.connect(path, isolation_level=None))
    for migration in MIGRATIONS[:2]:
        migration(db)
    db.execute("PRAGMA user_version = 2")
    db.execute("INSERT INTO sources VALUES (1, 'The Paper', '', '', '[]', 60, 0, 0)")
    stated = [
        (1, "https://p.example/a", '["max-snippet:80"]'),
        (2, "https://www.p.example/a/amp", "[]"),
        (3, "https://p.example/c", '["noindex"]'),
    ]
    for number, url, robots in stated:
        key = f"url:{url.removeprefix('https://')}"
        row = [number, key, url]
        db.execute("INSERT INTO articles VALUES (?, 1, NULL, ?, '', ?, 'live', NULL, ?, ?)", [*row, DAY, DAY])
        db.execute(
            "INSERT INTO revisions VALUES (?, ?, 1, 'd', 'Ferries', ?, '[]', NULL, NULL, NULL, '[]', '', 'news', NULL,"
            " ?, '[]', ?)",
            [number, number, FERRY, robots, DAY],
        )
        db.execute("UPDATE articles SET revision_id = id WHERE id = ?", [number])
        db.execute("INSERT INTO passages VALUES (?, ?, ?, 0)", [number, number, b"x"])
        spans = f"[[0, {len(FERRY)}]]"
        db.execute("INSERT INTO placements VALUES (?, 0, ?, 0, ?, ?, '')", [number, number, len(FERRY), spans])
    db.close()


def test_a_store_of_before_is_brought_up(tmp_path: Path) -> None:
    """Text, ids and limits are there; nothing refers to a row that is none; the second delivery is not quoted twice."""
    path = tmp_path / "corpus.db"
    old_store(path)
    store = Store(path)
    assert [(each.id, each.text, each.max_chars) for each in store.passages()] == [(1, FERRY, 80)]
    assert store.holder("url:p.example/a") == (1, "")
    revision = store.revision(2)
    assert revision is not None
    assert (revision.number, revision.reading, revision.text) == (1, 1, FERRY)
    assert store._db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert store._db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    store.close()
    Store(path).close()
