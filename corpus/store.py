"""``corpus.db``: articles, their revisions and passages, in SQLite, as they are written.

A store belongs to the thread that opened it. Row ids of passages are the ids of the vectors: a passage keeps its
id for as long as its article holds the same words, in whatever order the revisions bring them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

from corpus.catalogue import Catalogue
from corpus.chronicle import Chronicle
from corpus.connection import Connection
from corpus.database import remedy_for
from corpus.documents import Documents
from corpus.errors import StoreError, TakenDownError
from corpus.holding import Holding
from corpus.identity import address_key
from corpus.inspection import Inspection
from corpus.records import Article, ArticleStatus, Passage, Source, SourceReport
from corpus.revisions import Revisions
from corpus.rows import Rows, cuts, rows
from corpus.settle import Held
from corpus.shelf import Shelf
from corpus.stories import Stories
from corpus.storylines import Storylines
from corpus.takedown import Takedown, Tombstones, marks_of, remember, remembered
from corpus.visits import Visits

REPORTS = 100  # runs kept of one source: months of reading would fill the file with what nobody looks at


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


class Store(Catalogue):
    """The articles this installation holds.

    Args:
        path: the database file; made, with its folder, unless ``readonly``.
        readonly: refuse writes; the file must exist.
        alone: see `corpus.connection.Connection`; for who reads for a moment.

    Attributes:
        transaction, snapshot: see `corpus.connection.Connection`.
        documents: which files were read, and how far.
        revisions: the readings of articles and their passages.
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

    def __init__(self, path: Path, *, readonly: bool = False, alone: bool = False) -> None:
        self.path = path
        if readonly and not path.exists():
            raise StoreError("no articles have been read", subject=path, remedy="run scripts/reindex.py")
        try:
            with ExitStack() as undo:
                connection = Connection(path, readonly=readonly, alone=alone)
                undo.callback(connection.db.close)
                super().__init__(connection.db)
                self._connection = connection
                self.transaction, self.snapshot = connection.transaction, connection.snapshot
                self.documents = Documents(self._db, self.transaction)
                self.revisions = Revisions(self._db)
                self.visits = Visits(self._db)
                self.shelf = Shelf(self._db)
                self.stories = Stories(self._db)
                self.storylines = Storylines(self._db, self.transaction)
                self.holding = Holding(self._db)
                self.tombstones = Tombstones(self._db)
                self.inspection = Inspection(self._db)
                self.chronicle = Chronicle(self._db)
                if readonly:
                    connection.check_readable()
                    if self.tombstones.missing(remembered(path)):
                        Store(path).close()  # an older store was restored; it follows the takedowns before it is read
                    self._db.execute("PRAGMA query_only = ON")
                else:
                    connection.open_to_write()
                    takedowns = list(remembered(path))
                    for takedown in self.tombstones.missing(takedowns):
                        self.follow(takedown)
                    for takedown in self.tombstones.beyond(takedowns):
                        remember(path, takedown)
                undo.pop_all()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"cannot be used ({error})",
                subject=path,
                remedy=remedy_for(error, "check the disk, or restore it from a backup"),
            ) from error

    @property
    def stale(self) -> bool:
        """Whether it has to be opened anew, see `corpus.connection.Connection`; False where it is open for writing."""
        return self._connection.stale

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self._db.close()

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

    def put(
        self,
        article: Article,
        passages: Sequence[Passage] | Rows,
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
            passages: what its text is cut into, or all the rows that were worked out of it already.
            page: what tells the bytes it was read from; empty where nothing does.
            held: keep it without letting it be quoted.

        Returns:
            The article's row id and what changed. An article that was withdrawn and is seen again is CHANGED.

        Raises:
            TakenDownError: it was taken down.
        """
        made = passages if isinstance(passages, Rows) else rows(article, passages)
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
            if found is not None and found[3] == made.digest:
                change = self._seen_again(article, made, found, source, document, page, status)
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
            revision = self.revisions.add(article_id, number, reading, article, made, page)
            if found is None:
                self._db.conn.execute("UPDATE articles SET revision_id = ? WHERE id = ?", [revision, article_id])
            else:
                self._db.conn.execute(
                    "UPDATE articles SET revision_id = ?, status = ?, last_seen = ?, source_id = ?, document_id = ?,"
                    " external_id = ?, url = ? WHERE id = ?",
                    [revision, status, now, source, document, article.external_id, article.url, article_id],
                )
                self.holding.drop(article_id)
            self.stories.link(article_id, source, made.shingles, made.particulars["published_at"])
            self._touch()
            return article_id, Change.HELD if held else change

    def _seen_again(
        self,
        article: Article,
        made: Rows,
        found: Sequence[Any],
        source: int,
        document: int | None,
        page: str,
        status: ArticleStatus,
    ) -> Change:
        """The same words once more: particulars may differ, or where they are cut; the revision stands."""
        article_id, old_status, revision, _, _, old_source, _, old_page, _ = found
        self._db.conn.execute(
            "UPDATE articles SET status = ?, last_seen = ?, document_id = ?, source_id = ?, url = ?, external_id = ?"
            " WHERE id = ?",
            [status, _now(), document, source, article.url, article.external_id, article_id],
        )
        if status is ArticleStatus.LIVE:
            self.holding.drop(article_id)
        restated = self.revisions.restate(revision, made, page if page != old_page else "")
        if recut := not self.revisions.is_cut(revision, made.cuts):
            self.revisions.recut(article_id, revision, made.cuts)
        if old_status != status or restated or recut or old_source != source:
            self._touch()
        return Change.UNCHANGED if old_status == ArticleStatus.LIVE else Change.CHANGED

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

    def recut(self, revision: int, passages: Sequence[Passage]) -> None:
        """Cut a reading anew; passages of the same words keep their ids."""
        with self.transaction():
            article, text = self._db.execute(
                "SELECT article_id, text FROM revisions WHERE id = ?", [revision]
            ).fetchone()
            self.revisions.recut(article, revision, cuts(text, passages))
            self._touch()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
