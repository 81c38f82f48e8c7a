"""The gateway: sessions that identify, receive numbered events, are dropped and resume."""
# ruff: noqa: ASYNC109  (a test's timeout is an assertion of its own, not a cancellation scope)

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web
from discord_limits import Json
from discord_world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = (
    0, 1, 2, 3, 6, 7, 8, 9, 10, 11,
)  # fmt: skip

GUILDS, GUILD_MEMBERS, PRESENCES, GUILD_MESSAGES, GUILD_REACTIONS, DIRECT_MESSAGES, DIRECT_REACTIONS = (
    1 << 0, 1 << 1, 1 << 8, 1 << 9, 1 << 10, 1 << 12, 1 << 13,
)  # fmt: skip
PRIVILEGED = GUILD_MEMBERS | PRESENCES | 1 << 15

NOT_AUTHENTICATED, WRONG_TOKEN, ALREADY_AUTHENTICATED, DISALLOWED_INTENTS = 4003, 4004, 4005, 4014
GOODBYES = (1000, 1001)  # a client that closes with one of these ends its session


@dataclass(frozen=True)
class Heartbeat:
    """One heartbeat: when (monotonic seconds) and the last sequence number that the bot had seen."""

    time: float
    sequence: int | None


@dataclass(eq=False)
class Session:
    """What one shard has been sent.

    Event number n (they start at 1) is `sent[n - 1]`, so a resume only moves `cursor` back to the last one seen.
    """

    id: str
    shard: tuple[int, int]
    intents: int
    sent: list[str] = field(default_factory=list)
    cursor: int = 0
    socket: web.WebSocketResponse | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, event: str, data: object) -> None:
        self.sent.append(json.dumps({"op": DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data}))
        self.wake.set()

    def sees(self, guild_id: int | None) -> bool:
        """Whether events of this guild, or of direct messages for None, go to this shard."""
        number, count = self.shard
        return ((guild_id or 0) >> 22) % count == number


class Gateway:
    """Accepts the bot's connections and sends it events."""

    def __init__(self, world: World, token: str, *, privileged: int, heartbeat_interval: float, shards: int) -> None:
        self.world = world
        self.token = token
        self.privileged = privileged  # the privileged intents that the application may use
        self.heartbeat_interval = heartbeat_interval
        self.shards = shards
        self.url = ""
        self.acknowledges_heartbeats = True
        self.accepts = asyncio.Event()  # cleared while connections are kept waiting
        self.accepts.set()
        self.sessions: dict[str, Session] = {}
        self.identified: list[Json] = []
        self.resumed: list[Json] = []
        self.heartbeats: list[Heartbeat] = []
        self.presences: list[Json] = []
        self._sockets: set[web.WebSocketResponse] = set()
        self._later: list[asyncio.TimerHandle] = []

    @property
    def live(self) -> list[Session]:
        return [session for session in self.sessions.values() if session.socket is not None]

    def dispatch(
        self,
        event: str,
        data: object,
        *,
        guild_id: int | None = None,
        intent: int = 0,
        times: int = 1,
        delay: float = 0.0,
    ) -> None:
        """Send an event to the shard concerned, if it asked for one of `intent`'s bits (0: everybody gets it).

        A session that is down but resumable keeps it. `times` repeats it under new sequence numbers, `delay` in seconds
        holds it back.
        """
        if delay:
            loop = asyncio.get_running_loop()
            again = {"guild_id": guild_id, "intent": intent, "times": times}
            self._later.append(loop.call_later(delay, lambda: self.dispatch(event, data, **again)))  # type: ignore[arg-type]
            return
        for session in self.sessions.values():
            if session.sees(guild_id) and (not intent or session.intents & intent):
                for _ in range(times):
                    session.add(event, data)

    async def connected(self, timeout: float) -> None:
        """Wait until every shard has a live session."""

        def all_there() -> bool | None:
            counts = {session.shard[1] for session in self.live}
            shards = {session.shard[0] for session in self.live}
            return True if counts and shards == set(range(max(counts))) else None

        await self.world.changes.until(all_there, timeout, "the bot on the gateway")

    async def drop(self, code: int) -> None:
        """Close every connection with `code`; the sessions stay and can be resumed."""
        for session in self.sessions.values():
            session.socket = None
        for socket in list(self._sockets):
            await socket.close(code=code)

    async def ask_to_reconnect(self) -> None:
        """Send every connection the request to come back."""
        for socket in list(self._sockets):
            await self._send(socket, RECONNECT, None)

    async def stop(self) -> None:
        for handle in self._later:
            handle.cancel()
        self.accepts.set()
        await self.drop(1001)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection from HELLO to its close."""
        socket = web.WebSocketResponse(max_msg_size=0, timeout=1.0)
        await socket.prepare(request)
        self._sockets.add(socket)
        session: Session | None = None
        writer: asyncio.Task[None] | None = None
        try:
            await self.accepts.wait()
            await self._send(socket, HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000)})
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                received = json.loads(frame.data)
                if received["op"] in (IDENTIFY, RESUME):
                    if session is not None:
                        await socket.close(code=ALREADY_AUTHENTICATED)
                        break
                    begin = self._identify if received["op"] == IDENTIFY else self._resume
                    session = await begin(socket, received["d"])
                    if session:
                        writer = asyncio.create_task(self._write(session, socket))
                        self.world.changes.notify()
                elif received["op"] == HEARTBEAT:
                    self.heartbeats.append(Heartbeat(time.monotonic(), received["d"]))
                    if self.acknowledges_heartbeats:
                        await self._send(socket, HEARTBEAT_ACK, None)
                elif session is None:
                    await socket.close(code=NOT_AUTHENTICATED)
                elif received["op"] == PRESENCE:
                    self.presences.append(received["d"])
                elif received["op"] == REQUEST_MEMBERS:
                    self._send_members(session, received["d"])
        finally:
            self._sockets.discard(socket)
            if writer:
                writer.cancel()
            if session and session.socket is socket:
                session.socket = None
                if socket.close_code in GOODBYES:
                    self.sessions.pop(session.id, None)
            self.world.changes.notify()
        return socket

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> Session | None:
        if data["token"] != self.token:
            await socket.close(code=WRONG_TOKEN, message=b"Authentication failed.")
            return None
        if data["intents"] & PRIVILEGED & ~self.privileged:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        self.identified.append(data)
        self.world.intents = data["intents"]
        shard = tuple(data.get("shard") or (0, 1))
        session = Session(secrets.token_hex(16), (shard[0], shard[1]), data["intents"], socket=socket)
        self.sessions[session.id] = session
        guilds = [guild for guild in self.world.bot_guilds() if session.sees(guild.id)]
        application = {"id": str(self.world.application_id), "flags": self.world.application_json()["flags"]}
        session.add(
            "READY",
            {
                "v": 10, "user": self.world.bot.json(), "session_id": session.id, "resume_gateway_url": self.url,
                "shard": list(shard), "application": application,
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            },
        )  # fmt: skip
        for guild in guilds if session.intents & GUILDS else []:
            # Only a guild known from before says "unavailable": without it discord.py takes it for newly joined.
            session.add("GUILD_CREATE", self.world.guild_create_json(guild) | {"unavailable": False})
        return session

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> Session | None:
        if data["token"] != self.token:
            await socket.close(code=WRONG_TOKEN, message=b"Authentication failed.")
            return None
        session = self.sessions.get(data["session_id"])
        if session is None or (data["seq"] or 0) > len(session.sent):
            await self._send(socket, INVALID_SESSION, False)
            return None
        self.resumed.append(data)
        session.socket = socket
        session.cursor = data["seq"] or 0
        session.add("RESUMED", {})
        return session

    async def _write(self, session: Session, socket: web.WebSocketResponse) -> None:
        """Send a session's events in order for as long as this connection is the session's."""
        with contextlib.suppress(ConnectionError):  # the bot left: a resume says what it has seen
            while session.socket is socket:
                while session.cursor < len(session.sent) and session.socket is socket:
                    session.cursor += 1
                    await socket.send_str(session.sent[session.cursor - 1])
                session.wake.clear()
                await session.wake.wait()

    async def _send(self, socket: web.WebSocketResponse, op: int, data: object) -> None:
        await socket.send_str(json.dumps({"op": op, "t": None, "s": None, "d": data}))

    def _send_members(self, session: Session, asked: Json) -> None:
        guild = self.world.guilds[int(asked["guild_id"])]
        wanted = {int(one) for one in asked.get("user_ids") or []}
        start = asked.get("query") or ""
        found = [user for user in guild.members if user.id in wanted or (not wanted and user.name.startswith(start))]
        chunk: Json = {"guild_id": str(guild.id), "chunk_index": 0, "chunk_count": 1, "not_found": []}
        chunk |= {"members": [self.world.member_json(guild, user) for user in found], "nonce": asked.get("nonce")}
        session.add("GUILD_MEMBERS_CHUNK", chunk)
