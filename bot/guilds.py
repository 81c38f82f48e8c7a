"""What a guild's admins decided about the bot there, frozen; and where commands look it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The settings of one guild; the defaults hold where nobody ran ``/setup``, and in direct messages.

    Attributes:
        channels: ids of the channels the bot answers in, None for all. A thread counts as its channel. Elsewhere a
            mention is left alone, and a command is answered with where to ask.
        answer_all: ids of the channels where every question is answered without a mention. Needs the Message Content
            intent (``NEWSDESK_MESSAGE_CONTENT``).
        threads: ids of the channels whose long exchanges move to a thread.
        sources: names of the sources that may be quoted, None for all.
        language: code such as ``de`` of public replies, None for the asker's or the guild's own.
        threshold: confidence to answer from, 0 to 1; None for the operator's.
    """

    channels: frozenset[int] | None = None
    answer_all: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()
    sources: frozenset[str] | None = None
    language: str | None = None
    threshold: float | None = None

    def answers_in(self, channel: int | None, parent: int | None = None) -> bool:
        """Whether questions are answered in a channel, or in a thread of the channel ``parent``."""
        return self.channels is None or channel in self.channels or parent in self.channels


class Guilds(Protocol):
    """Where settings are looked up: on the event loop, for every message, so from memory."""

    def of(self, guild: int | None) -> GuildSettings:
        """The settings of a guild; the defaults for None, and where nothing was set."""
        ...


class Defaults:
    """Guilds of which nobody decided anything."""

    def of(self, guild: int | None) -> GuildSettings:
        """See ``Guilds``."""
        del guild
        return GuildSettings()
