"""One request and one response of Discord's REST API: decoding, queued faults, errors, rate limits."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from discord_limits import Json, Violation
from discord_things import Attachment


@dataclass
class Request:
    """One request of the bot: `path` without /api/v10, `json` its body or payload_json, `time` in monotonic seconds."""

    method: str
    path: str
    query: dict[str, str]
    json: Any
    files: list[Attachment]
    time: float
    status: int = 0  # also where the connection was cut
    parts: dict[str, str] = field(default_factory=dict)  # the ids in the path


@dataclass
class Fault:
    """What happens to the next requests of one route instead of, or with `applied` after, what they ask for."""

    method: str
    pattern: str
    status: int
    code: int
    message: str
    retry_after: float
    is_global: bool
    delay: float
    applied: bool
    times: int
    cut: bool  # the connection ends instead of a response


class DiscordError(Exception):
    """An error as Discord answers it: HTTP status, JSON code, message and for 50035 the broken limits."""

    def __init__(self, status: int, code: int, message: str, violations: Iterable[Violation] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.violations = list(violations)
        self.json: Json = {"code": code, "message": message}
        if self.violations:
            self.json["errors"] = _error_tree(self.violations)


async def read(raw: web.Request) -> Request:
    """The request decoded: JSON bodies as they are, multipart ones split into payload_json and files."""
    path = raw.path.removeprefix("/api/v10")
    request = Request(raw.method, path, dict(raw.query), None, [], time.monotonic())
    if raw.content_type == "application/json":
        request.json = json.loads(await raw.read())
    elif raw.content_type == "multipart/form-data":
        contents: dict[int, tuple[str, bytes]] = {}
        async for part in await raw.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.name == "payload_json":
                request.json = json.loads(await part.read(decode=True))
            elif found := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
                contents[int(found[1])] = (part.filename or "", bytes(await part.read(decode=True)))
        # A callback holds its message one level down.
        described = request.json.get("data", request.json).get("attachments") or []
        notes = {str(entry["id"]): entry.get("description") for entry in described}
        for index, (name, content) in sorted(contents.items()):
            request.files.append(Attachment(name, content, notes.get(str(index))))
    return request


def respond(reply: Any, status: int) -> web.Response:
    """JSON under exactly `application/json`: with a charset discord.py would take it for text."""
    headers = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "99", "X-RateLimit-Reset-After": "1.000"}
    if reply is None:
        return web.Response(status=204, headers=headers)
    return web.Response(
        body=json.dumps(reply).encode(), status=status, headers=headers, content_type="application/json"
    )


def rate_limited(fault: Fault) -> web.Response:
    """A 429 of Discord's own: without the Via header discord.py takes it for a ban by the proxy in front."""
    reply = {"message": "You are being rate limited.", "retry_after": fault.retry_after, "global": fault.is_global}
    headers = {"Via": "1.1 google", "Retry-After": str(max(1, round(fault.retry_after)))}
    headers["X-RateLimit-Scope"] = "global" if fault.is_global else "user"
    if fault.is_global:
        headers["X-RateLimit-Global"] = "true"
    return web.Response(body=json.dumps(reply).encode(), status=429, headers=headers, content_type="application/json")


def refuse(violations: Iterable[Violation]) -> None:
    """Answer 50035 if there is any violation."""
    if broken := list(violations):
        raise DiscordError(400, 50035, "Invalid Form Body", broken)


def _error_tree(violations: list[Violation]) -> Json:
    """Violations as Discord nests them: {"embeds": {"0": {"title": {"_errors": […]}}}}."""
    tree: Json = {}
    for violation in violations:
        node = tree
        for part in filter(None, violation.path.split(".")):
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": violation.code, "message": violation.message})
    return tree
