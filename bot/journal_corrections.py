"""Quotes that do not stand any more, in journal.db, and the messages that have to say so: the part behind corrections.

Everything here is keyed by exchange and quote, so that finding the same once more changes nothing. Quotes that answer
have the numbers under which they stand in the reply, from 1 on; those of outlets that differ from the first one, in the
table ``disputes``, have theirs below zero: -1 for the first. 0 stands for a whole reply.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from bot.correcting import Correction, Finding, Found, Given, Held, Kind, Standing, state_of
from bot.records import Act, Place

_COLUMNS = (
    "c.number, coalesce(q.quote, d.quote), c.kind, c.revision, c.reason, c.old, c.new, c.words, c.note, c.title,"
    " c.source, c.url, c.since, c.confirmed, c.held"
)
_KEPT = "c.kind, c.revision, c.reason, c.old, c.new, c.words, c.note, c.title, c.source, c.url, c.since, c.confirmed"
"""What is kept, as JSON, of a finding that is said until the next one may be: a withdrawal that was seen once, or what
waits for the operator, must not take back what the message says."""
_FROM = (
    "FROM corrections c LEFT JOIN citations q ON q.exchange = c.exchange AND q.number = c.number"
    " LEFT JOIN disputes d ON d.exchange = c.exchange AND d.number = -c.number"
)
_HELD = (Held.FREE, Held.WAITING, Held.DISMISSED)


class Corrections:
    """Made by the journal it belongs to and used on its thread.

    Args:
        errors: turns what the file or the disk does into a JournalError.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._errors = errors

    # -- following the store ---------------------------------------------------------------------------------------

    def followed(self, store: int) -> int:
        """How far the store of an identity was followed; 0 where it never was."""
        with self._errors():
            row = self._db.execute("SELECT seq FROM followed WHERE store = ?", [store]).fetchone()
        return int(row[0]) if row else 0

    def follow(self, store: int, seq: int) -> None:
        """Remember how far the store was followed."""
        with self._errors(), self._db.atomic():
            self._db.execute("INSERT OR REPLACE INTO followed (store, seq) VALUES (?, ?)", [store, seq])

    def logged(self) -> int:
        """The row id of the last exchange; 0 where there is none."""
        with self._errors():
            return int(self._db.execute("SELECT coalesce(max(id), 0) FROM exchanges").fetchone()[0])

    def unread(self, until: int, limit: int) -> tuple[int, int, list[tuple[int, int]]] | None:
        """The next exchanges that were not looked at for themselves: the first and the last one's row id, and the
        articles and revisions that they quote; None where there are none.

        What an article has become by the time that an answer quoting it is logged, no later change of it tells.
        """
        with self._errors():
            rows = self._db.execute(
                "SELECT id FROM exchanges WHERE id > (SELECT exchange FROM reread) AND id <= ? ORDER BY id LIMIT ?",
                [until, limit],
            ).fetchall()
            if not rows:
                return None
            first, last = int(rows[0][0]), int(rows[-1][0])
            quoted = self._db.execute(
                "SELECT article, revision FROM citations WHERE exchange BETWEEN ?1 AND ?2"
                " UNION ALL SELECT article, revision FROM disputes WHERE exchange BETWEEN ?1 AND ?2",
                [first, last],
            ).fetchall()
        return first, last, [(int(article), int(revision)) for article, revision in quoted]

    def read_up_to(self, exchange: int) -> None:
        """Remember up to which exchange quotes were looked at."""
        with self._errors(), self._db.atomic():
            self._db.execute("UPDATE reread SET exchange = ?", [exchange])

    def given(self, article: int, after: tuple[int, int], limit: int) -> list[Given]:
        """The next quotes ever given from an article, by exchange and number, after one of them."""
        with self._errors():
            rows = self._db.execute(
                # Each part is limited by itself, so that a page costs what is on it, however often it was quoted.
                "SELECT * FROM (SELECT exchange, number, revision, start, end, quote FROM citations"
                " WHERE article = ?1 AND (exchange, number) > (?2, ?3) ORDER BY exchange, number LIMIT ?4)"
                " UNION ALL SELECT * FROM (SELECT exchange, -number, revision, start, end, quote FROM disputes"
                " WHERE article = ?1 AND exchange >= ?2 AND (exchange, -number) > (?2, ?3)"
                " ORDER BY exchange, -number LIMIT ?4) ORDER BY 1, 2 LIMIT ?4",
                [article, *after, limit],
            ).fetchall()
        return [Given(*row) for row in rows]

    def unconfirmed(self, before: datetime) -> list[int]:
        """Articles of which something was first seen before a time and has to be seen once more."""
        with self._errors():
            rows = self._db.execute(
                "SELECT DISTINCT article FROM corrections WHERE confirmed IS NULL AND since <= ?", [_text(before)]
            ).fetchall()
        return [int(row[0]) for row in rows]

    def note(self, found: Sequence[Found], *, now: datetime) -> int:
        """Write what a look found out, all or nothing; returns how many answers have to say something else.

        A finding that is known stays as it is, the operator's decision about it too.
        """
        with self._errors(), self._db.atomic():
            touched = {each.given.exchange for each in found if self._note(each, now)}
            return self._settle(sorted(touched), now)

    def _note(self, found: Found, now: datetime) -> bool:
        """Whether anything changed."""
        key = [found.given.exchange, found.given.number]
        row = self._db.execute(
            "SELECT c.kind, c.revision, c.words, c.note, c.confirmed, c.held, CASE WHEN c.confirmed NOT NULL AND"
            f" c.held = 0 THEN json_array({_KEPT}) ELSE c.meanwhile END"
            " FROM corrections c WHERE c.exchange = ? AND c.number = ?",
            key,
        ).fetchone()
        finding = found.finding
        if finding is None or (row and row[0] == Kind.REMOVED):
            if row and row[0] != Kind.REMOVED:
                self._db.execute("DELETE FROM corrections WHERE exchange = ? AND number = ?", key)
                return True
            return False
        known = row is not None and tuple(row[:2]) == (finding.kind, finding.revision)
        same = known and tuple(row[2:4]) == (finding.words, finding.note)
        confirmed = (row[4] if known else None) or (_text(now) if found.confirmed else None)
        held = int(row[5]) if known else _HELD.index(Held.WAITING if found.crowd else Held.FREE)
        if same and confirmed == row[4]:
            return False
        said = confirmed is not None and _HELD[held] is Held.FREE
        values = {
            "exchange": key[0],
            "number": key[1],
            "article": self._article(key),
            "revision": finding.revision,
            "kind": finding.kind.value,
            "reason": finding.reason,
            "old": finding.old,
            "new": finding.new,
            "words": finding.words,
            "note": finding.note,
            "source": found.source,
            "title": found.title,
            "url": found.url,
            "since": _text(found.since),
            "confirmed": confirmed,
            "held": held,
            "meanwhile": None if said or row is None else row[6],
        }
        self._db.table("corrections").upsert(values, pk=("exchange", "number"))
        return True

    def _article(self, key: list[int]) -> int:
        exchange, number = key
        table = "citations" if number > 0 else "disputes"
        where = "WHERE exchange = ? AND number = ?"
        row = self._db.execute(f"SELECT article FROM {table} {where}", [exchange, abs(number)]).fetchone()
        return int(row[0])

    def _settle(self, exchanges: Iterable[int], now: datetime) -> int:
        """Make what each exchange should say anew; those that say it already are left alone."""
        changed = 0
        for exchange in exchanges:
            wanted = state_of(self._of(exchange))
            row = self._db.execute("SELECT wanted FROM amendments WHERE exchange = ?", [exchange]).fetchone()
            if wanted == (row[0] if row else ""):
                continue
            changed += 1
            self._db.execute(
                "INSERT INTO amendments (exchange, wanted, done, told, state, tries, due, changed)"
                " VALUES (?, ?, '', '', '', 0, ?, ?) ON CONFLICT (exchange) DO UPDATE SET wanted = excluded.wanted,"
                " state = CASE state WHEN 'sending' THEN state ELSE '' END, tries = 0, due = excluded.due,"
                " changed = excluded.changed",
                [exchange, wanted, _text(now), _text(now)],
            )
        return changed

    # -- the operator ----------------------------------------------------------------------------------------------

    def waiting(self) -> list[tuple[str, int, int]]:
        """Each source of which edits wait for the operator, with how many articles and answers that are."""
        with self._errors():
            rows = self._db.execute(
                "SELECT source, count(DISTINCT article), count(DISTINCT exchange) FROM corrections WHERE held = 1"
                " GROUP BY source ORDER BY source"
            ).fetchall()
        return [(str(source), int(articles), int(answers)) for source, articles, answers in rows]

    def samples(self, source: str, limit: int) -> list[Correction]:
        """Some of the waiting findings of a source, one of each article."""
        with self._errors():
            rows = self._db.execute(
                f"SELECT {_COLUMNS} {_FROM} WHERE c.held = 1 AND c.source = ? GROUP BY c.article LIMIT ?",
                [source, limit],
            ).fetchall()
        return [_correction(row) for row in rows]

    def decide(self, source: str, held: Held, *, now: datetime) -> int:
        """Let the waiting edits of a source go, or dismiss them; returns how many quotes they concern."""
        with self._errors(), self._db.atomic():
            rows = self._db.execute(
                "SELECT DISTINCT exchange FROM corrections WHERE held = 1 AND source = ?", [source]
            ).fetchall()
            count = self._db.execute(
                "UPDATE corrections SET held = ?1, meanwhile = CASE WHEN ?1 = 0 AND confirmed NOT NULL THEN NULL"
                " ELSE meanwhile END WHERE held = 1 AND source = ?2",
                [_HELD.index(held), source],
            ).rowcount
            self._settle([int(row[0]) for row in rows], now)
        return int(count)

    # -- editing ---------------------------------------------------------------------------------------------------

    def due(self, now: datetime, limit: int) -> list[int]:
        """Exchanges whose message is to be edited, or whose asker is to be told, longest due first."""
        with self._errors():
            rows = self._db.execute(
                "SELECT exchange FROM amendments WHERE due <= ? ORDER BY due, exchange LIMIT ?", [_text(now), limit]
            ).fetchall()
        return [int(row[0]) for row in rows]

    def standing(self, exchange: int) -> Standing | None:
        """What an exchange should say; None where it never said otherwise."""
        with self._errors():
            row = self._db.execute(
                "SELECT e.question, e.asked, e.reply, e.pages, e.ticket, e.locale, e.guild, e.channel, e.reply_message,"
                " e.private, e.member, a.wanted, a.done, a.told, a.state, a.tries, a.changed, e.outlets,"
                " EXISTS (SELECT 1 FROM further f WHERE f.exchange = e.id), e.act, e.argument,"
                " (SELECT p.question FROM exchanges p WHERE p.id = e.follows AND e.act IS NOT NULL),"
                " (SELECT f.question FROM follow_messages m JOIN follows f ON f.id = m.follow"
                " WHERE m.exchange = e.id AND e.act = 'told')"
                " FROM amendments a JOIN exchanges e ON e.id = a.exchange WHERE a.exchange = ?",
                [exchange],
            ).fetchone()
            return None if row is None else self._standing(exchange, row)

    def _standing(self, exchange: int, row: Sequence[Any]) -> Standing:
        question, asked, reply, pages, ticket, locale, guild, channel, message, private, member, *rest = row
        wanted, done, told, state, tries, changed, outlets, further, act, argument, answered, followed = rest
        return Standing(
            exchange=exchange,
            question=question or answered or followed,
            asked=datetime.fromisoformat(asked),
            reply=reply,
            pages=tuple(tuple(page) for page in json.loads(pages or "[]")),
            ticket=ticket,
            further=bool(further),
            locale=locale or "",
            guild=guild,
            channel=channel,
            message=None if private or channel is None else message,
            private=bool(private),
            member=member,
            corrections=self._of(exchange),
            wanted=wanted,
            done=done,
            told=told,
            state=state,
            tries=int(tries),
            changed=datetime.fromisoformat(changed),
            outlets=tuple(json.loads(outlets or "[]")),
            act=Act(act) if act else None,
            argument=argument or "",
            followed=followed,
        )

    def places(self, exchange: int) -> list[tuple[int, Place]]:
        """Where the quotes of an answer stand that were not taken down, by number."""
        with self._errors():
            rows = self._db.execute(
                "SELECT number, article, revision, passage, start, end FROM citations q WHERE exchange = ?"
                " AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.exchange = q.exchange AND c.number = q.number"
                " AND c.kind = ?) ORDER BY number",
                [exchange, Kind.REMOVED.value],
            ).fetchall()
        return [(int(number), Place(*place)) for number, *place in rows]

    def differing(self, exchange: int) -> list[tuple[int, str, str, str, Place]]:
        """Where outlets differ with the first quote of an answer, as long as neither was taken down.

        Returns:
            The number, below zero; on what; the words of the first quote and the other's; where those stand.
        """
        with self._errors():
            rows = self._db.execute(
                "SELECT -number, differs, ours, theirs, article, revision, passage, start, end FROM disputes d"
                " WHERE exchange = ?1 AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.exchange = ?1"
                " AND c.number IN (1, -d.number) AND c.kind = ?2) ORDER BY number",
                [exchange, Kind.REMOVED.value],
            ).fetchall()
        return [(int(number), on, ours, theirs, Place(*place)) for number, on, ours, theirs, *place in rows]

    def attempt(self, exchange: int) -> None:
        """Note that a message is being edited: whoever finds this note later looks first whether that was done."""
        with self._errors(), self._db.atomic():
            self._db.execute("UPDATE amendments SET state = 'sending' WHERE exchange = ?", [exchange])

    def done(self, exchange: int, wanted: str, state: str) -> None:
        """Note that a message says what was wanted, or never will.

        Args:
            state: "edited", or why it never will: "gone", "forbidden", "archived", "private", "forgotten".
        """
        with self._errors(), self._db.atomic():
            self._db.execute(
                "UPDATE amendments SET done = ?, state = ?, tries = 0 WHERE exchange = ?", [wanted, state, exchange]
            )
            self._clear(exchange)

    def told(self, exchange: int, wanted: str) -> None:
        """Note that the asker was told, or need not be."""
        with self._errors(), self._db.atomic():
            self._db.execute("UPDATE amendments SET told = ? WHERE exchange = ?", [wanted, exchange])
            self._clear(exchange)

    def _clear(self, exchange: int) -> None:
        """Nothing is due any more where all that was wanted is done; what came up meanwhile stays due."""
        self._db.execute(
            "UPDATE amendments SET due = NULL WHERE exchange = ? AND done = wanted AND told = wanted", [exchange]
        )

    def later(self, exchange: int, state: str, due: datetime) -> None:
        """Try again at a time."""
        with self._errors(), self._db.atomic():
            self._db.execute(
                "UPDATE amendments SET state = ?, tries = tries + 1, due = ? WHERE exchange = ?",
                [state, _text(due), exchange],
            )

    # -- members ---------------------------------------------------------------------------------------------------

    def of_member(self, member: str, offset: int, limit: int) -> tuple[int, list[Standing]]:
        """How many answers to a member say otherwise now, and some of them, the latest change first."""
        # From the member's exchanges on, of which there are fewer than of corrected ones: CROSS JOIN keeps that order.
        where = "FROM exchanges e CROSS JOIN amendments a ON a.exchange = e.id WHERE e.member = ? AND a.wanted != ''"
        with self._errors():
            (count,) = self._db.execute(f"SELECT count(*) {where}", [member]).fetchone()
            rows = self._db.execute(
                f"SELECT a.exchange {where} ORDER BY a.changed DESC, a.exchange DESC LIMIT ? OFFSET ?",
                [member, limit, offset],
            ).fetchall()
            found = [self.standing(int(row[0])) for row in rows]
        return int(count), [each for each in found if each is not None]

    def _of(self, exchange: int) -> tuple[Correction, ...]:
        """What is said of the quotes, and what is to be said of those of which nothing is."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS}, c.meanwhile {_FROM} WHERE c.exchange = ? ORDER BY c.number", [exchange]
        ).fetchall()
        kept = [(row[:2], json.loads(row[-1])) for row in rows if row[-1]]
        said = {first[0]: _correction((*first, *values, _HELD.index(Held.FREE))) for first, values in kept}
        return tuple(said.get(row[0]) or _correction(row[:-1]) for row in rows)

    # -- takedowns and privacy -------------------------------------------------------------------------------------

    def removed(self, exchanges: Collection[int], articles: Collection[int], *, now: str) -> None:
        """What was taken down leaves these answers; part of the transaction that removes the words.

        Answers that quote none of the articles, but name one, are replaced whole: number 0 stands for that.
        """
        taken, moment = set(articles), datetime.fromisoformat(now)
        for exchange in exchanges:
            rows = self._db.execute(
                "SELECT number, article FROM citations WHERE exchange = ?1"
                " UNION ALL SELECT -number, article FROM disputes WHERE exchange = ?1",
                [exchange],
            ).fetchall()
            numbers = [(number, article) for number, article in rows if article in taken] or [(0, 0)]
            for number, article in numbers:
                self._db.execute(
                    "INSERT OR REPLACE INTO corrections (exchange, number, article, revision, kind, reason, old, new,"
                    " words, note, source, title, url, since, confirmed, held)"
                    " VALUES (?, ?, ?, 0, ?, '', '', '', '', '', '', '', NULL, ?, ?, 0)",
                    [exchange, number, article, Kind.REMOVED.value, _text(moment), _text(moment)],
                )
        self._settle(exchanges, moment)


def forget(db: Database, exchanges: str) -> None:
    """Delete what is kept of exchanges, given as a JSON list: their replies can neither be found nor edited."""
    for table in ("corrections", "amendments"):
        db.execute(f"DELETE FROM {table} WHERE exchange IN (SELECT value FROM json_each(?))", [exchanges])


def _correction(row: Sequence[Any]) -> Correction:
    number, quote, kind, revision, reason, old, new, words, note, title, source, url, since, confirmed, held = row
    return Correction(
        number=number,
        quote=quote or "",
        finding=Finding(Kind(kind), revision, reason, old, new, words, note),
        title=title,
        source=source,
        url=url,
        since=datetime.fromisoformat(since),
        confirmed=datetime.fromisoformat(confirmed) if confirmed else None,
        held=_HELD[held],
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
