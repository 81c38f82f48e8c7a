"""The rows of an article's readings and of the passages each is cut into; a part of `corpus.store.Store`."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from corpus.records import Article, Block, Passage, instant
from corpus.rights import is_reserved, snippet_limit

if TYPE_CHECKING:
    import sqlite_utils


class Revisions:
    """The tables of revisions, passages and placements; made by the store it belongs to and used on its thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def add(self, article_id: int, number: int, reading: int, digest: str, article: Article, page: str) -> int:
        """Add a reading of an article; returns its row id.

        Args:
            number, reading: of the revision among the article's, and of the reading among the revision's, from 1.
            digest: of title and text.
            page: what tells the bytes it was read from.
        """
        row = {
            "article_id": article_id,
            "number": number,
            "reading": reading,
            "digest": digest,
            "title": article.title,
            "text": article.text,
            **_particulars(article),
            "page": page,
            "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        cursor = self._db.conn.execute(
            f"INSERT INTO revisions ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        return int(cursor.lastrowid or 0)

    def restate(self, revision: int, article: Article, page: str = "") -> bool:
        """Write down what a page says now beside the same words; returns whether that is anything else than before.

        Args:
            page: what tells the bytes it was read from, where that is not what is written down already.
        """
        columns, stated = zip(*_particulars(article).items(), strict=True)
        execute = self._db.conn.execute
        known = execute(f"SELECT {', '.join(columns)} FROM revisions WHERE id = ?", [revision]).fetchone()
        if page:
            execute("UPDATE revisions SET page = ? WHERE id = ?", [page, revision])
        if known == stated:
            return False
        marks = ", ".join(f"{column} = ?" for column in columns)
        execute(f"UPDATE revisions SET {marks} WHERE id = ?", [*stated, revision])
        return True

    def is_cut(self, revision: int, passages: Sequence[Passage]) -> bool:
        """Whether a reading is cut into just these passages."""
        places = self._db.conn.execute(
            'SELECT start, "end", quotable, heading FROM placements WHERE revision_id = ? ORDER BY position', [revision]
        ).fetchall()
        return places == [(each.start, each.end, _spans(each.quotable), each.heading) for each in passages]

    def recut(self, article: int, revision: int, text: str, passages: Sequence[Passage]) -> None:
        """Cut a reading anew; passages of the same words keep their ids."""
        self._db.conn.execute("DELETE FROM placements WHERE revision_id = ?", [revision])
        self.place(article, revision, text, passages)

    def place(self, article_id: int, revision: int, text: str, passages: Sequence[Passage]) -> None:
        """Write down which passages a reading is cut into; those whose words the article had before keep their ids."""
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


def _particulars(article: Article) -> dict[str, Any]:
    """What a revision says beside its title and text, by column."""
    return {
        "blocks": json.dumps([_block_row(block) for block in article.blocks]),
        "published": article.published,
        "published_at": epoch(article.published),
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


def epoch(stated: str | None) -> int | None:
    """Seconds since 1970 of a stated time, None where it names no moment; see `corpus.records.instant`."""
    moment = instant(stated)
    return None if moment is None else int(moment.timestamp())
