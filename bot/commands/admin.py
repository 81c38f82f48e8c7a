"""What admins and owners can do, put together."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands.gate import Gate
from bot.commands.library import Browsing
from bot.commands.outlets import Outlets
from bot.commands.parts import Parts
from bot.commands.reindex import Reindex
from bot.commands.reports import GuildReports
from bot.commands.setup import Setup
from bot.commands.timeline import Unfolding
from bot.journal import Journal
from bot.journal_guilds import GuildBook
from bot.library import Library
from bot.reindexing import Reindexing
from bot.settings import Settings
from corpus.fetch import Fetcher
from corpus.sources import load_sources
from corpus.store import Store


def make_library(settings: Settings) -> Library:
    """The library of the settings; opens nothing yet."""
    return Library(
        lambda: Store(settings.corpus_db, readonly=True),
        lambda: load_sources(settings.sources) if settings.sources.exists() else (),
        demonstrate=settings.discord_token is None or settings.demo,
    )


def add_browsing_and_admin(
    parts: Parts,
    settings: Settings,
    library: Library,
    book: GuildBook,
    reindexing: Reindexing | None = None,
    open_journal: Callable[[], Journal] | None = None,
    make_fetcher: Callable[[], Fetcher] | None = None,
) -> None:
    """Give the client every command beside asking.

    Args:
        library: used on the worker's thread alone, and closed there by whoever made it.
        book: the guilds' settings; ``parts.guilds`` looks them up in the same.
        reindexing, open_journal, make_fetcher: other than those of the settings.
    """
    gate = Gate(parts, settings.owner_ids)
    Browsing(parts, library).add()
    Unfolding(parts, library).add()
    Setup(parts, gate, library, book, answers_all=settings.message_content).add()
    Reindex(parts, gate, reindexing or Reindexing()).add()
    GuildReports(parts, gate, open_journal or (lambda: Journal(settings.journal_db))).add()
    made = make_fetcher or (lambda: Fetcher(settings.contact, settings.allow_hosts))
    Outlets(parts, gate, settings.sources, made).add()
