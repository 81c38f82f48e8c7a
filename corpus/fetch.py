"""The only network client: polite to hosts, bounded in size and time, and closed to addresses that are not public.

Every request, be it for a feed, a page or a robots.txt, goes through `Fetcher.fetch`: it waits for its host's turn,
asks robots.txt (RFC 9309), follows redirects one by one (RFC 9110, 15.4), and connects to public addresses alone. The
last is checked on the address about to be connected to, so that names, literals, redirects and rebinding all meet it.
"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from corpus.addresses import host_of, is_public
from corpus.cleaning import tidy
from corpus.errors import FetchError, UnreadableError
from corpus.headers import directives, retry_after, validator
from corpus.inflate import LATER, Inflater, too_large
from corpus.reservations import LARGEST as LARGEST_RESERVATIONS
from corpus.reservations import PATH as RESERVATIONS
from corpus.reservations import Reservations
from corpus.robots import LARGEST as LARGEST_ROBOTS
from corpus.robots import Robots

PAGE_BYTES = 10_000_000
LIST_BYTES = 52_428_800  # feeds and sitemaps; sitemaps.org allows 50 MiB
REDIRECTS = 5
SECONDS = 30.0  # for one request, its body included
DELAY = 1.0  # seconds between two requests to one host, where robots.txt asks for no more
PATIENCE = 20.0  # the longest a run waits for a host that asks to be left alone; beyond, the next run tries
TRIES = 3
LONGEST_DELAY = 300.0  # the longest delay between two requests that a run waits out, seconds
ROBOTS_KEPT = 24 * 3600.0  # seconds, RFC 9309, 2.4
ROBOTS_RETRY = 900.0  # seconds until a robots.txt that could not be read is asked for again
BUSY = (429, 503)
MOVED = (301, 302, 303, 307, 308)

_BYTE = re.compile("[\udc80-\udcff]")  # how aiohttp hands on a byte that is no UTF-8
_NOT_PUBLIC = "is not a public address"
_ALLOW = "NEWSDESK_ALLOW_HOSTS names private hosts that may be fetched"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered.

    Attributes:
        url: where the redirects ended.
        body: unpacked; empty where ``unchanged``.
        unchanged: the validators given still hold (304).
        directives: what ``X-Robots-Tag`` and ``TDM-Reservation`` headers say to all readers, as pages word it.
    """

    url: str
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
    directives: tuple[str, ...] = ()


@dataclass(slots=True)
class _Host:
    """Where things stand with one host; times are the fetcher's clock."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)  # for robots.txt, so that it is read once
    ready: float = 0.0
    closed: float = 0.0
    delay: float = 0.0


class Fetcher:
    """A polite client; entered for a run, kept between runs for what it learned of the hosts.

    Args:
        contact: an address or page where outlets reach the operator, told in the User-Agent.
        allow_hosts: hosts that may lie at addresses that are not public.
        delay: seconds between two requests to one host, at least.
        seconds: for one request, its body included.
        resolver, clock, sleep: for tests; the clock gives seconds that only grow.

    Attributes:
        clock: what waiting is measured by.
    """

    def __init__(
        self,
        contact: str = "",
        allow_hosts: Iterable[str] = (),
        *,
        delay: float = DELAY,
        seconds: float = SECONDS,
        resolver: Callable[[], AbstractResolver] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        about = f"contact: {contact}" if contact else "its operator left no contact"
        self.user_agent = f"Newsdesk/0.1 (reads news for a Discord community; {_header(about)})"
        self._allowed = frozenset(host.strip("[]").casefold().rstrip(".") for host in allow_hosts)
        self._delay = delay
        self._seconds = seconds
        self._resolver = resolver
        self.clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, tuple[float, Robots]] = {}
        self._reservations: dict[str, tuple[float, Reservations]] = {}
        self._stack: AsyncExitStack | None = None
        self._guarded: aiohttp.ClientSession | None = None
        self._trusted: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Fetcher:
        # A lock belongs to the event loop it was first waited for in; what was learned of the hosts stays.
        for host in self._hosts.values():
            host.lock, host.asking = asyncio.Lock(), asyncio.Lock()
        self._stack = AsyncExitStack()
        self._guarded = await self._stack.enter_async_context(self._session(_public_socket))
        self._trusted = await self._stack.enter_async_context(self._session(None))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._stack is not None:
            await self._stack.aclose()
        self._stack = self._guarded = self._trusted = None

    def _session(self, sockets: Callable[[Any], socket.socket] | None) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            socket_factory=sockets, resolver=self._resolver() if self._resolver else None, limit_per_host=1
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # unpacked here, under a cap
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=self._seconds),
        )

    async def fetch(
        self,
        url: str,
        *,
        limit: int = PAGE_BYTES,
        etag: str = "",
        last_modified: str = "",
        head: bool = False,
        permit: Callable[[str], bool] = lambda url: True,
    ) -> Fetched:
        """What an address answers with 200, or 304 where validators were given.

        Args:
            limit: the most bytes of the body, as sent and after unpacking.
            etag, last_modified: what the last answer said of itself, word for word; empty asks without a condition.
            head: ask whether it is there, without its body.
            permit: whether a redirect may lead to an address.

        Raises:
            FetchError: it answered otherwise, was refused, or did not answer; see the attributes.
            UnreadableError: its body is larger than allowed or broken.
        """
        seen = {url}
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        there = url
        while True:
            robots = await self._robots_of(there)
            if not robots.allows(there):
                reason = robots.closed or "robots.txt does not allow it"
                remedy = LATER if robots.closed else "ask the outlet, or leave it out"
                raise FetchError(reason, subject=there, remedy=remedy)
            answer = await self._answer(there, headers, limit, head)
            if isinstance(answer, Fetched):
                return answer
            there = answer
            if there in seen:
                raise FetchError("redirects in a circle", subject=url, remedy="check the address")
            if len(seen) > REDIRECTS:
                raise FetchError(f"redirects more than {REDIRECTS} times", subject=url, remedy="check the address")
            if not permit(there):
                raise FetchError(
                    f"redirects to {host_of(there)}, which the source may not speak for",
                    subject=url,
                    remedy="add the host to its hosts if it is the outlet's",
                )
            seen.add(there)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an address's host names."""
        return (await self._robots_of(url)).sitemaps

    async def reserved(self, url: str) -> bool | None:
        """Whether the file of reservations of an address's host reserves text and data mining; None: it says nothing.

        A file that cannot be fetched says nothing.
        """
        origin = _origin(url)
        kept = self._reservations.get(origin)
        if kept is None or kept[0] <= self.clock():
            lasts, found = ROBOTS_KEPT, Reservations()
            try:
                found = Reservations((await self.fetch(f"{origin}{RESERVATIONS}", limit=LARGEST_RESERVATIONS)).body)
            except FetchError as error:
                lasts = ROBOTS_KEPT if error.status is not None and error.status < 500 else ROBOTS_RETRY
            except UnreadableError:
                pass
            kept = self._reservations[origin] = (self.clock() + lasts, found)
        return kept[1].reserved(url)

    # -- robots.txt ------------------------------------------------------------------------------------------------

    async def _robots_of(self, url: str) -> Robots:
        origin = _origin(url)
        host = self._host(url)
        async with host.asking:
            kept = self._robots.get(origin)
            if kept is None or kept[0] <= self.clock():
                robots = await self._read_robots(f"{origin}/robots.txt")
                lasts = ROBOTS_RETRY if robots.closed else ROBOTS_KEPT
                kept = self._robots[origin] = (self.clock() + lasts, robots)
                host.delay = robots.delay
        return kept[1]

    async def _read_robots(self, url: str) -> Robots:
        """RFC 9309, 2.3.1: what is not there allows everything, what cannot be reached nothing."""
        there = url
        try:
            for _ in range(REDIRECTS + 1):
                answer = await self._answer(there, {}, LARGEST_ROBOTS, False, cut=True)
                if isinstance(answer, Fetched):
                    return Robots(answer.body.decode("utf-8", "replace"))
                there = answer
        except FetchError as error:
            if _NOT_PUBLIC in error.message or error.status in BUSY or error.wait is not None:
                raise
            if error.status is None or error.status >= 500:
                return Robots(closed=f"its robots.txt cannot be read ({error.message}), so nothing is fetched for now")
        except UnreadableError as error:
            return Robots(closed=f"its robots.txt cannot be read ({error.message}), so nothing is fetched for now")
        return Robots()

    # -- one request -----------------------------------------------------------------------------------------------

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(host_of(url), _Host())

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[_Host]:
        """One request at a time per host, with the delay between the end of one and the start of the next."""
        host = self._host(url)
        async with host.lock:
            now = self.clock()
            if host.closed - now > PATIENCE:
                wait = host.closed - now
                raise FetchError(
                    f"its host asked to be left alone, for {wait:.0f} s more", subject=url, remedy=LATER, wait=wait
                )
            ready = max(host.ready, host.closed)
            if ready - now > LONGEST_DELAY:
                reason = f"its host asks for {host.delay:g} s between two requests"
                raise FetchError(reason, subject=url, remedy=LATER, wait=ready - now)
            if ready > now:
                await self._sleep(ready - now)
            try:
                yield host
            finally:
                host.ready = self.clock() + max(self._delay, host.delay)

    async def _answer(
        self, url: str, headers: Mapping[str, str], limit: int, head: bool, *, cut: bool = False
    ) -> Fetched | str:
        """The answer, or the address it redirects to; a host that is busy is asked again where it soon may be."""
        for attempt in range(1, TRIES + 1):
            async with self._turn(url) as host:
                try:
                    return await self._request(url, headers, limit, head, cut)
                except FetchError as error:
                    if error.status not in BUSY:
                        raise
                    wait = error.wait if error.wait is not None else PATIENCE / TRIES * 2 ** (attempt - 1)
                    host.closed = self.clock() + wait
                    if wait > PATIENCE or attempt == TRIES:
                        error.wait = wait
                        raise
        raise AssertionError  # the last attempt returns or raises

    async def _request(self, url: str, headers: Mapping[str, str], limit: int, head: bool, cut: bool) -> Fetched | str:
        _check(url)
        session = self._trusted if host_of(url) in self._allowed else self._guarded
        if session is None:
            raise RuntimeError("the fetcher was not entered")
        try:
            asked = session.request("HEAD" if head else "GET", URL(url), headers=headers, allow_redirects=False)
            async with asked as response:
                if response.status in MOVED:
                    return _target(url, response.headers.get("Location", ""))
                return await self._read(url, response, limit, cut)
        except TimeoutError:
            raise FetchError(f"did not answer within {self._seconds:g} s", subject=url, remedy=LATER) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if _NOT_PUBLIC in str(error):
                raise FetchError(f"{host_of(url)} {_NOT_PUBLIC}", subject=url, remedy=_ALLOW) from None
            raise FetchError(f"cannot be fetched ({_reason(error)})", subject=url, remedy=LATER) from error

    async def _read(self, url: str, response: aiohttp.ClientResponse, limit: int, cut: bool) -> Fetched:
        headers = response.headers
        if response.status == 304 and (response.request_info.headers.keys() & {"If-None-Match", "If-Modified-Since"}):
            return Fetched(
                url, b"", "", validator(headers, "ETag"), validator(headers, "Last-Modified"), unchanged=True
            )
        if response.status != 200:
            wait = retry_after(headers.get("Retry-After", ""), datetime.now(UTC)) if response.status in BUSY else None
            raise FetchError(
                tidy(f"answered {response.status} {response.reason or ''}"),
                subject=url,
                remedy=LATER,
                status=response.status,
                wait=wait,
            )
        body = bytearray()
        if response.method != "HEAD":
            if not cut and (response.content_length or 0) > limit:
                raise UnreadableError(too_large(limit), subject=url, remedy="leave it out")
            inflater = Inflater(headers.get("Content-Encoding", ""), limit, url)
            sent = 0
            async for chunk in response.content.iter_any():
                sent += len(chunk)
                if cut and sent > limit:
                    break
                if sent > limit:
                    raise UnreadableError(too_large(limit), subject=url, remedy="leave it out")
                body += inflater.feed(chunk)
            else:
                inflater.close()
        return Fetched(
            url,
            bytes(body),
            tidy(headers.get("Content-Type", "")),
            validator(headers, "ETag"),
            validator(headers, "Last-Modified"),
            directives=directives(headers),
        )


def _public_socket(info: Any) -> socket.socket:
    """A socket for an address about to be connected to, if it is public; in place of any check made on names."""
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise OSError(errno.EACCES, f"{address[0]} {_NOT_PUBLIC}")
    return socket.socket(family, kind, protocol)


def _check(url: str) -> None:
    try:
        fits = urlsplit(url).scheme in ("http", "https") and bool(host_of(url)) and urlsplit(url).port != 0
    except ValueError:
        fits = False
    if not fits:
        raise FetchError("is no http or https address", subject=url, remedy="leave it out")


def _origin(url: str) -> str:
    """Scheme, host and port of an address; raises FetchError for what is none."""
    _check(url)
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".casefold()


def _target(url: str, location: str) -> str:
    """Where a redirect leads, without the fragment."""
    try:
        target = urljoin(url, _BYTE.sub(_escaped, location.strip())).partition("#")[0]
        fits = urlsplit(target).scheme in ("http", "https") and bool(host_of(target))
    except ValueError:
        fits = False
    if not location or not fits:
        raise FetchError("redirects to no http or https address", subject=url, remedy="check the address")
    return target


def _escaped(byte: re.Match[str]) -> str:
    return f"%{ord(byte[0]) & 0xFF:02X}"


def _header(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isprintable())


def _reason(error: Exception) -> str:
    """One line about a failure of the network, without the object that aiohttp writes into it."""
    inner = getattr(error, "os_error", None)
    text = str(getattr(inner, "strerror", None) or error or type(error).__name__)
    return tidy(text)[:200]
