"""News sites on 127.0.0.1 for tests: every host name leads there, and each answers what the test laid out."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from corpus.fetch import Fetcher

HOST = "outlet.example"
ABOUT = ("/robots.txt", "/.well-known/tdmrep.json")


@dataclass
class Asked:
    """A request that came in."""

    method: str
    host: str
    path: str
    headers: dict[str, str]
    running: int  # requests of this host at work when it came, itself included


@dataclass
class Reply:
    """What a path answers; a body given as text is UTF-8."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Page = Reply | str | bytes | Callable[[Asked], "Reply | str"]


class Site:
    """A server on a free port of 127.0.0.1; ``pages`` holds what each host and path answers, else 404.

    Attributes:
        pages: replies by (host, path with query); a string is an HTML page.
        asked: the requests in their order, robots.txt among them.
        closing: set at the end; what an answer waits for that is never to come.
    """

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], Page] = {}
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._running: dict[str, int] = {}
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def do_HEAD(self) -> None:
                site._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                pass  # clients that hang up are what some tests are about

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/", host: str = HOST) -> str:
        """The address of a path."""
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, page: Page, *, host: str = HOST, **headers: str) -> str:
        """Lay out a page; header names are written with underscores. Returns its address."""
        if headers:
            assert isinstance(page, str | bytes)
            page = Reply(page, headers={name.replace("_", "-"): value for name, value in headers.items()})
        self.pages[host, path] = page
        return self.url(path, host)

    def silent(self, asked: Asked) -> str:
        """A page that is asked for and never answered."""
        self.closing.wait()
        return asked.path

    def paths(self, *, robots: bool = False) -> list[str]:
        """What was asked for so far, in order; without the files about the site itself unless wanted."""
        return [asked.path for asked in self.asked if robots or asked.path not in ABOUT]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers.get("Host", "").rpartition(":")[0]
        with self._lock:
            self._running[host] = self._running.get(host, 0) + 1
            asked = Asked(handler.command, host, handler.path, dict(handler.headers), self._running[host])
            self.asked.append(asked)
        try:
            page = self.pages.get((host, handler.path), Reply("gone", 404))
            if callable(page):
                page = page(asked)
            # Before the last byte is out: whoever has read it may ask again at once.
            with self._lock:
                self._running[host] -= 1
            if isinstance(page, str | bytes):
                page = Reply(page, headers={"Content-Type": "text/html; charset=utf-8"})
            body = page.body.encode() if isinstance(page.body, str) else page.body
            etag = page.headers.get("ETag")
            if etag and asked.headers.get("If-None-Match") == etag:
                page, body = Reply(b"", 304, {"ETag": etag}), b""
            handler.send_response(page.status)
            for name, value in page.headers.items():
                handler.send_header(name, value)
            if page.status != 304:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            if asked.method != "HEAD":
                handler.wfile.write(body)
        except OSError:
            pass  # the client had enough


class Names(AbstractResolver):
    """Host names to addresses; those not listed lead to 127.0.0.1."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = dict(known or {})

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """See `aiohttp.abc.AbstractResolver`."""
        address = self._known.get(host, "127.0.0.1")
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to give back."""


class Time:
    """A clock that moves only when somebody sleeps.

    Attributes:
        slept: the sleeps, seconds.
    """

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(round(seconds, 3))
        self.seconds += seconds
        await asyncio.sleep(0)


def a_fetcher(*hosts: str, time: Time | None = None, names: Mapping[str, str] | None = None, **more: Any) -> Fetcher:
    """A client that may fetch the hosts (by default `HOST`) from 127.0.0.1 and waits on a clock of its own."""
    time = time or Time()
    return Fetcher(
        "desk@reader.example",
        hosts or (HOST,),
        resolver=lambda: Names(names),
        clock=time,
        sleep=time.sleep,
        **more,
    )


def a_page(
    *paragraphs: str, title: str = "The ferry sails again", head: str = "", published: str = "2026-11-20T08:00:00Z"
) -> str:
    """An article's page."""
    stated = f'<meta property="article:published_time" content="{published}">' if published else ""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{stated}{head}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def a_feed(*items: str, channel: str = "") -> Reply:
    """An RSS feed of items, each given as the XML inside ``<item>``."""
    inner = "".join(f"<item>{item}</item>" for item in items)
    namespaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return Reply(
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {namespaces}><channel><title>Outlet</title>{channel}'
        f"{inner}</channel></rss>",
        headers={"Content-Type": "application/rss+xml"},
    )


def an_item(link: str, title: str = "The ferry sails again", more: str = "") -> str:
    """The inside of an RSS item."""
    return f"<title>{title}</title><link>{link}</link><description>A summary.</description>{more}"
