"""The tables of journal.db, as the migrations that made them. A migration that was released is never changed."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot import journal_follows

migrations = Migrations("newsdesk.journal")


@migrations()
def m001_exchanges_and_citations(db: Database) -> None:
    """Questions and replies, and the quotes a reply gave. Articles, revisions and passages are corpus.db's row ids."""
    db.table("exchanges").create(
        {
            "id": int,
            "asked": str,
            "request": str,
            "surface": str,
            "installation": str,
            "guild": int,
            "channel": int,
            "private": int,
            "locale": str,
            "member": str,
            "question": str,
            "question_message": int,
            "reply_message": int,
            "answered": int,
            "confidence": float,
            "match": str,
            "reply": str,
            "model": str,
            "index_version": str,
            "stages": str,
            "took_ms": float,
        },
        pk="id",
        not_null={"asked", "surface", "installation", "private", "answered", "stages"},
    )
    db.table("citations").create(
        {
            "exchange": int,
            "number": int,
            "article": int,
            "revision": int,
            "passage": int,
            "start": int,
            "end": int,
            "score": float,
            "quote": str,
        },
        pk=("exchange", "number"),
        foreign_keys=[("exchange", "exchanges", "id")],
    )
    exchanges, citations = db.table("exchanges"), db.table("citations")
    exchanges.create_index(["guild", "asked"])
    exchanges.create_index(["asked"])
    exchanges.create_index(["member"])
    exchanges.create_index(["reply_message"])
    exchanges.create_index(["question_message"])
    citations.create_index(["article", "revision"])


@migrations()
def m002_follow_ups_and_buttons(db: Database) -> None:
    """What the buttons of a reply need for as long as it stands: its ticket, its pages, the hits it did not show."""
    exchanges = db.table("exchanges")
    exchanges.add_column("ticket", str)
    exchanges.add_column("follows", int)
    exchanges.add_column("understood", str)
    exchanges.add_column("pages", str)
    exchanges.create_index(["ticket"], unique=True)
    exchanges.create_index(["channel"])
    exchanges.create_index(["follows"])
    further = db.table("further")
    further.create(
        {"exchange": int, "number": int, "article": int, "revision": int, "passage": int, "start": int, "end": int},
        pk=("exchange", "number"),
        foreign_keys=[("exchange", "exchanges", "id")],
    )
    further.create_index(["article", "revision"])


@migrations()
def m003_verdicts(db: Database) -> None:
    """What members think of an answer: one verdict each."""
    verdicts = db.table("verdicts")
    verdicts.create(
        {"exchange": int, "member": str, "verdict": str, "reason": str, "given": str},
        pk=("exchange", "member"),
        not_null={"verdict", "given"},
        foreign_keys=[("exchange", "exchanges", "id")],
    )
    verdicts.create_index(["member"])


@migrations()
def m010_guilds(db: Database) -> None:
    """What each guild's admins decided; lists as JSON, null for "all" or "the operator's"."""
    db.table("guilds").create(
        {
            "guild": int,
            "channels": str,
            "answer_all": str,
            "threads": str,
            "sources": str,
            "language": str,
            "threshold": float,
            "changed": str,
        },
        pk="guild",
        not_null={"answer_all", "threads", "changed"},
    )


@migrations()
def m011_admin_acts(db: Database) -> None:
    """What admins and owners did, and when; who as a member's key, which may be forgotten."""
    acts = db.table("admin_acts")
    acts.create(
        {"id": int, "at": str, "guild": int, "member": str, "act": str, "detail": str, "request": str},
        pk="id",
        not_null={"at", "act", "detail"},
    )
    acts.create_index(["guild", "at"])
    acts.create_index(["member"])


@migrations()
def m020_recipients(db: Database) -> None:
    """Whom to tell something, sealed by ``bot.vault``; and an index of what still holds a member's words or key."""
    db.table("recipients").create(
        {"member": str, "purpose": str, "sealed": bytes, "noted": str, "until": str},
        pk=("member", "purpose"),
        not_null={"member", "purpose", "sealed", "noted", "until"},
    )
    db.execute("CREATE INDEX exchanges_known ON exchanges(asked) WHERE (question IS NOT NULL OR member IS NOT NULL)")


@migrations()
def m021_departures(db: Database) -> None:
    """When the bot left a guild of which something is kept."""
    db.table("departures").create({"guild": int, "noted": str}, pk="guild", not_null={"noted"})


@migrations()
def m030_corrections(db: Database) -> None:
    """What became of quotes whose articles changed, the messages to edit for it, and how far the store was followed.

    ``corrections`` holds the quotes that do not stand any more, each as it is now; ``amendments`` the exchanges that
    say otherwise than they did: ``wanted`` names what a message should show, ``done`` what it shows.
    """
    db.table("corrections").create(
        {
            "exchange": int,
            "number": int,
            "article": int,
            "revision": int,
            "kind": str,
            "reason": str,
            "old": str,
            "new": str,
            "words": str,
            "note": str,
            "source": str,
            "title": str,
            "url": str,
            "since": str,
            "confirmed": str,
            "held": int,
        },
        pk=("exchange", "number"),
        not_null={"kind", "since", "held"},
        foreign_keys=[("exchange", "exchanges", "id")],
    )
    db.execute("CREATE INDEX corrections_article ON corrections(article)")
    db.execute("CREATE INDEX corrections_open ON corrections(since) WHERE confirmed IS NULL")
    db.execute("CREATE INDEX corrections_held ON corrections(source) WHERE held = 1")
    db.table("amendments").create(
        {
            "exchange": int,
            "wanted": str,
            "done": str,
            "told": str,
            "state": str,
            "tries": int,
            "due": str,
            "changed": str,
        },
        pk="exchange",
        not_null={"wanted", "done", "told", "state", "tries", "changed"},
        foreign_keys=[("exchange", "exchanges", "id")],
    )
    db.execute("CREATE INDEX amendments_due ON amendments(due) WHERE due IS NOT NULL")
    db.table("followed").create({"store": int, "seq": int}, pk="store", not_null={"seq"})


@migrations()
def m040_disputes(db: Database) -> None:
    """Which independent outlets said what an answer quoted, and what others said otherwise."""
    db.table("exchanges").add_column("outlets", str)
    disputes = db.table("disputes")
    disputes.create(
        {
            "exchange": int,
            "number": int,
            "differs": str,
            "ours": str,
            "theirs": str,
            "article": int,
            "revision": int,
            "passage": int,
            "start": int,
            "end": int,
            "quote": str,
        },
        pk=("exchange", "number"),
        not_null={"differs"},
        foreign_keys=[("exchange", "exchanges", "id")],
    )
    disputes.create_index(["article", "revision"])


@migrations()
def m041_follows(db: Database) -> None:
    """Questions that members follow, what they were told, and the messages on their way."""
    statement = ""
    for line in journal_follows.TABLES.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


@migrations()
def m042_quotes_of_an_article(db: Database) -> None:
    """The quotes given from an article are read a page at a time, in the order of the answers."""
    for table in ("citations", "disputes"):
        db.table(table).create_index(["article", "exchange", "number"])


@migrations()
def m050_messages_beside_answers(db: Database) -> None:
    """Messages that quote and are no answers are logged, too; and up to which exchange quotes were looked at.

    An answer that is written late, when what its articles have become was looked at already, is looked at for itself.
    """
    db.table("exchanges").add_column("act", str)
    db.table("exchanges").add_column("argument", str)
    db.table("follow_messages").add_column("exchange", int)
    db.table("reread").create({"only": int, "exchange": int}, pk="only", not_null={"exchange"})
    db.execute("INSERT INTO reread (only, exchange) SELECT 1, coalesce(max(id), 0) FROM exchanges")


@migrations()
def m051_what_is_said_meanwhile(db: Database) -> None:
    """What was said of a quote stays while nothing found since may be said; see ``bot.journal_corrections``."""
    db.table("corrections").add_column("meanwhile", str)
