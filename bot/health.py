"""How the bot is, for whoever watches over it: JSON on a port of this machine alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.client import connected
from bot.commands.parts import Parts
from bot.settings import Settings, SettingsError
from corpus.errors import NewsdeskError
from corpus.store import Store
from index.published import current_version, read_manifest

HOST = "127.0.0.1"


class Health:
    """Answers ``GET /``: status 200 when the bot is connected and ready to answer, else 503, with the reasons."""

    def __init__(self, parts: Parts, settings: Settings) -> None:
        self._parts = parts
        self._settings = settings
        self._began = datetime.now(UTC)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen on ``NEWSDESK_HEALTH_PORT``, where one is set.

        Raises:
            SettingsError: the port cannot be had.
        """
        if self._settings.health_port is None:
            yield
            return
        app = web.Application()
        app.router.add_get("/", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, HOST, self._settings.health_port).start()
            except OSError as error:
                raise SettingsError(
                    f"cannot be used ({error.strerror or error})", subject="NEWSDESK_HEALTH_PORT", remedy="take another"
                ) from error
            yield
        finally:
            await runner.cleanup()

    async def report(self) -> dict[str, Any]:
        """What is told.

        ``ready``: an index is open and answers; ``connected``: every shard has a live connection; ``queue``: calls that
        wait or run; ``unwritten``: exchanges that wait for the log; ``index``: version and age in seconds of what is
        published, null without; ``sources_checked``: when a source was last read successfully.
        """
        desk, client = self._parts.desk, self._parts.client
        index, checked = await asyncio.to_thread(self._read)
        return {
            "ready": desk.ready and not client.newsdesk.stopping,
            "connected": connected(client),
            "stopping": client.newsdesk.stopping,
            "queue": self._parts.worker.waiting,
            "unwritten": desk.unwritten,
            "index": index,
            "sources_checked": checked,
            "guilds": len(client.guilds),
            "up_seconds": round((datetime.now(UTC) - self._began).total_seconds()),
        }

    async def _answer(self, request: web.Request) -> web.Response:
        del request
        found = await self.report()
        return web.json_response(found, status=200 if found["ready"] and found["connected"] else 503)

    def _read(self) -> tuple[dict[str, Any] | None, str | None]:
        """The published index, and the latest successful reading of a source."""
        index: dict[str, Any] | None = None
        checked: str | None = None
        with contextlib.suppress(NewsdeskError):
            if version := current_version(self._settings.index_dir):
                manifest = read_manifest(self._settings.index_dir / "versions" / version)
                age = datetime.now(UTC) - datetime.fromisoformat(manifest.created)
                index = {"version": version, "age_seconds": round(age.total_seconds()), "articles": manifest.articles}
        with contextlib.suppress(NewsdeskError):
            store = Store(self._settings.corpus_db, readonly=True)
            try:
                read = [state.succeeded for state in store.visits.states().values() if state.succeeded]
                checked = max(read).isoformat() if read else None
            finally:
                store.close()
        return index, checked
