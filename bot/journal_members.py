"""Every table of journal.db by what it holds of members: one place that showing, exporting and forgetting follow.

A new table goes into ``HOLDINGS`` or ``IMPERSONAL``; a test compares both with the file. Nothing else has to be changed
for ``/privacy``, for retention and for backups that are restored; only the line of ``/privacy show``, in
``bot.commands.privacy``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

QUESTIONS = "exchanges"
"""The table of the questions. ``bot.journal_privacy`` forgets its words itself: replies and follow-ups repeat them."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A table whose rows belong to members, each by the key in its column ``member``.

    Attributes:
        table: its name.
        name: what its rows are called in ``/privacy show`` and in the member's file.
        moment: the column that says when, ISO 8601 in UTC.
        erased: what its columns become where the member deletes everything; None for a row that goes as a whole.
        aged: what they become after the retention time; None for a row that ends by itself.
    """

    table: str
    name: str
    moment: str
    erased: Mapping[str, Any] | None = None
    aged: Mapping[str, Any] | None = field(default_factory=lambda: {"member": None})


HOLDINGS = (
    Holding("verdicts", "verdicts", "given", aged={"member": None, "reason": ""}),
    Holding("admin_acts", "acts", "at", erased={"member": None, "request": ""}, aged={"member": None, "request": ""}),
    Holding("recipients", "notices", "noted", aged=None),
    Holding("follows", "follows", "made", aged=None),
)
"""The tables of members beside the questions."""

IMPERSONAL = {
    "citations": "quotes of articles",
    "follow_places": "places in articles; gone with the followed question",
    "follow_messages": "messages on their way; gone with the followed question",
    "disputes": "quotes of articles that differ",
    "further": "places in articles; gone with the question",
    "corrections": "what became of quotes of articles; gone with the question",
    "amendments": "which messages have to say so; gone with the question",
    "followed": "how far the store of articles was followed",
    "reread": "how far the exchanges were followed",
    "guilds": "what admins decided for their guild, without who",
    "departures": "guilds that the bot left",
    "_sqlite_migrations": "the migrations that were applied",
}
"""The other tables, and why no member is in them."""
