"""``/source add|remove|pause|test``: what the bot reads, for its owners; every guild chooses among it in ``/setup``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.commands import without_folders
from bot.commands.gate import MANAGERS, Gate
from bot.commands.parts import GUILD_INSTALLED, GUILDS_AND_DIRECT, Make, Parts
from bot.markdown import link, plain, stamp
from bot.render import TITLE_LIMIT, Message, article_link, notice
from bot.texts import Texts
from corpus.discover import Candidate, discover
from corpus.entries import pause_source, remove_source
from corpus.errors import CorpusError, SourcesError
from corpus.fetch import Fetcher
from corpus.lists import choose
from corpus.records import Source, SourceKind, instant
from corpus.sources import append_sources, load_sources

log = logging.getLogger(__name__)

SHOWN = 6
"""Articles shown of what would be read."""
OTHERS = 3
LIMIT = 100
LINE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an owner wrote into ``/source add``."""

    url: str
    name: str = ""
    topics: str = ""
    language: str = ""


class Outlets:
    """Changes the sources file for an owner.

    Args:
        file: ``sources.toml``.
        make_fetcher: the network client; discovery runs on a thread of its own.
    """

    def __init__(self, parts: Parts, gate: Gate, file: Path, make_fetcher: Callable[[], Fetcher]) -> None:
        self._parts = parts
        self._gate = gate
        self._file = file
        self._make_fetcher = make_fetcher
        self._changing = asyncio.Lock()

    def add(self) -> None:
        """Give the client the commands."""
        _words = self._parts.words
        group = app_commands.Group(
            name=_words("command-source-name"),
            description=_words("command-source-description"),
            default_permissions=MANAGERS,
            allowed_contexts=GUILDS_AND_DIRECT,
            allowed_installs=GUILD_INSTALLED,
        )
        for command in (self._add(), self._remove(), self._pause(), self._test()):
            group.add_command(command)
        self._parts.client.tree.add_command(group)

    def _add(self) -> app_commands.Command[Any, ..., None]:
        _words = self._parts.words

        @app_commands.rename(
            url=_words("option-url-name"),
            name=_words("option-outlet-name"),
            topics=_words("option-topics-name"),
            language=_words("option-language-name"),
        )
        @app_commands.describe(
            url=_words("option-url-description"),
            name=_words("option-outlet-description"),
            topics=_words("option-topics-description"),
            language=_words("option-language-description"),
        )
        async def add(
            interaction: discord.Interaction,
            url: app_commands.Range[str, 4, 500],
            name: app_commands.Range[str, 1, 60] | None = None,
            topics: app_commands.Range[str, 1, 200] | None = None,
            language: app_commands.Range[str, 2, 12] | None = None,
        ) -> None:
            wanted = Wanted(url, name or "", topics or "", language or "")
            await self._gate.owner(interaction, lambda texts: self._added(interaction, texts, wanted))

        return app_commands.Command(
            name=_words("command-source-add-name"), description=_words("command-source-add-description"), callback=add
        )

    def _remove(self) -> app_commands.Command[Any, ..., None]:
        _words = self._parts.words

        @app_commands.rename(name=_words("option-known-name"))
        @app_commands.describe(name=_words("option-known-description"))
        @app_commands.autocomplete(name=self.names)
        async def remove(interaction: discord.Interaction, name: app_commands.Range[str, 1, LIMIT]) -> None:
            await self._gate.owner(interaction, lambda texts: self._removed(interaction, texts, name))

        return app_commands.Command(
            name=_words("command-source-remove-name"),
            description=_words("command-source-remove-description"),
            callback=remove,
        )

    def _pause(self) -> app_commands.Command[Any, ..., None]:
        _words = self._parts.words

        @app_commands.rename(name=_words("option-known-name"), resume=_words("option-resume-name"))
        @app_commands.describe(name=_words("option-known-description"), resume=_words("option-resume-description"))
        @app_commands.autocomplete(name=self.names)
        async def pause(
            interaction: discord.Interaction, name: app_commands.Range[str, 1, LIMIT], resume: bool = False
        ) -> None:
            await self._gate.owner(interaction, lambda texts: self._paused(interaction, texts, name, not resume))

        return app_commands.Command(
            name=_words("command-source-pause-name"),
            description=_words("command-source-pause-description"),
            callback=pause,
        )

    def _test(self) -> app_commands.Command[Any, ..., None]:
        _words = self._parts.words

        @app_commands.rename(url=_words("option-url-name"))
        @app_commands.describe(url=_words("option-url-description"))
        async def test(interaction: discord.Interaction, url: app_commands.Range[str, 4, 500]) -> None:
            await self._gate.owner(interaction, lambda texts: self._tested(interaction, texts, url))

        return app_commands.Command(
            name=_words("command-source-test-name"),
            description=_words("command-source-test-description"),
            callback=test,
        )

    def _tested(self, interaction: discord.Interaction[Any], texts: Texts, url: str) -> Make:
        async def make() -> Message:
            found = await self._found(url, "")
            await self._gate.note(interaction, "source test", url)
            if isinstance(found, str):
                return _trouble(found, texts)
            if not found:
                return notice(texts("source-nothing", url=plain(url, LINE_LIMIT)))
            return Message((texts("source-would-read"), *_candidate(found[0], texts), *_others(found[1:], texts)))

        return make

    def _added(self, interaction: discord.Interaction[Any], texts: Texts, wanted: Wanted) -> Make:
        async def make() -> Message:
            found = await self._found(wanted.url, wanted.name)
            if isinstance(found, str):
                return _trouble(found, texts)
            if not found:
                return notice(texts("source-nothing", url=plain(wanted.url, LINE_LIMIT)))
            topics = tuple(part.strip() for part in wanted.topics.split(",") if part.strip())
            source = replace(found[0].source, topics=topics, language=wanted.language)
            try:
                async with self._changing:
                    known = await asyncio.to_thread(self._known)
                    there = [other.name for other in known if other.location == source.location]
                    if there:
                        return notice(texts("source-there", source=plain(there[0], LINE_LIMIT)))
                    await asyncio.to_thread(append_sources, self._file, [source])
            except SourcesError as error:
                return _trouble(str(error), texts)
            await self._gate.note(interaction, "source add", f"{source.name} {source.location}")
            command = f"`/{texts('command-reindex-name')}`"
            done = texts("source-added", source=plain(source.name, LINE_LIMIT), command=command)
            return Message((done, *_candidate(replace(found[0], source=source), texts)))

        return make

    def _removed(self, interaction: discord.Interaction[Any], texts: Texts, name: str) -> Make:
        async def make() -> Message:
            try:
                async with self._changing:
                    if not await asyncio.to_thread(self._has, name):
                        return notice(texts("source-unknown", source=plain(name, LIMIT)))
                    await asyncio.to_thread(remove_source, self._file, name)
            except SourcesError as error:
                return _trouble(str(error), texts)
            await self._gate.note(interaction, "source remove", name)
            return notice(texts("source-removed", source=plain(name, LINE_LIMIT)))

        return make

    def _paused(self, interaction: discord.Interaction[Any], texts: Texts, name: str, paused: bool) -> Make:
        async def make() -> Message:
            try:
                async with self._changing:
                    if not await asyncio.to_thread(self._has, name):
                        return notice(texts("source-unknown", source=plain(name, LIMIT)))
                    await asyncio.to_thread(pause_source, self._file, name, paused=paused)
            except SourcesError as error:
                return _trouble(str(error), texts)
            await self._gate.note(interaction, "source pause" if paused else "source resume", name)
            source = plain(name, LINE_LIMIT)
            return notice(texts("source-paused", source=source) if paused else texts("source-resumed", source=source))

        return make

    async def _found(self, url: str, name: str) -> list[Candidate] | str:
        """What a site offers to read, or why nothing can be told; nothing is kept."""
        address = url.strip() if "://" in url else f"https://{url.strip()}"
        try:
            return await asyncio.to_thread(lambda: discover(self._make_fetcher(), address, name=name))
        except CorpusError as error:
            return str(error)

    def _known(self) -> Sequence[Source]:
        return load_sources(self._file) if self._file.exists() else ()

    def _has(self, name: str) -> bool:
        """Whether the file has a source of that name, in whatever case."""
        return any(source.name.casefold() == name.casefold() for source in self._known())

    async def names(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """The sources of the file, for an owner."""
        if not self._gate.owns(interaction):
            return []
        try:
            sources = await asyncio.to_thread(self._known)
        except SourcesError as error:
            log.warning("no source is suggested: %s", error)
            return []
        fitting = [source.name for source in sources if typed.casefold().strip() in source.name.casefold()]
        return [app_commands.Choice(name=name, value=name) for name in fitting if len(name) <= LIMIT][:25]


def _trouble(line: str, texts: Texts) -> Message:
    """What an owner reads of an error: the same line as in a terminal and in the log, without the server's folders."""
    log.warning("sources: %s", line)
    return Message((texts("source-failed"), plain(without_folders(line), 2 * LINE_LIMIT)))


def _candidate(candidate: Candidate, texts: Texts) -> tuple[str, ...]:
    """A source and the newest articles that would be read of it."""
    source = candidate.source
    kinds = {SourceKind.FEED: texts("source-kind-feed"), SourceKind.SITEMAP: texts("source-kind-sitemap")}
    where = link(source.location)
    address = f"<{where}>" if where else plain(source.location, LINE_LIMIT)
    items, failures = choose(candidate.items, source)
    name = plain(source.name, LINE_LIMIT)
    head = texts("source-found", source=name, kind=kinds.get(source.kind, ""), count=len(items))
    lines = []
    for item in items[:SHOWN]:
        moment = instant(item.published or item.updated)
        title = article_link(item.title or item.url, item.url, texts)
        lines.append(f"- {title}" + (f", {stamp(moment, 'D')}" if moment else ""))
    reasons = [plain(f"{each.reason} [{each.subject}]", TITLE_LIMIT) for each in failures[:OTHERS]]
    refused = [f"-# {texts('source-not-taken', reason=reason)}" for reason in reasons]
    return (f"{head}\n{address}", *(["\n".join(lines)] if lines else []), *(["\n".join(refused)] if refused else []))


def _others(candidates: Sequence[Candidate], texts: Texts) -> tuple[str, ...]:
    """Further addresses that the site offers."""
    found = [link(each.source.location) for each in candidates[:OTHERS]]
    addresses = [f"- <{address}>" for address in found if address]
    return ("\n".join([texts("source-others"), *addresses]),) if addresses else ()
