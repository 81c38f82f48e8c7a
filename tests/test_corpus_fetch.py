"""corpus.fetch: polite, bounded, and closed to addresses that are not public; against a server on 127.0.0.1."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from site_server import HOST, Asked, Reply, Site, Time, a_fetcher

from corpus.addresses import is_public, speaks_for
from corpus.errors import FetchError, UnreadableError
from corpus.fetch import PAGE_BYTES, Fetched, Fetcher
from corpus.headers import retry_after
from corpus.inflate import Inflater


def get(fetcher: Fetcher, *urls: str, **more: Any) -> Fetched:
    """Fetch addresses in one session; gives the last answer."""

    async def run() -> Fetched:
        async with fetcher:
            answers = [await fetcher.fetch(url, **more) for url in urls]
        return answers[-1]

    return asyncio.run(run())


def refused(fetcher: Fetcher, url: str, **more: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(fetcher, url, **more)
    return caught.value


# -- who asks, and how ------------------------------------------------------------------------------------------------


def test_it_says_who_it_is_and_sends_no_cookies(site: Site) -> None:
    """The User-Agent names program and contact; a cookie that was set is not sent back."""
    url = site.put("/a", "page", Set_Cookie="id=7; Path=/")
    fetched = get(a_fetcher(), url, url)
    assert (fetched.body, fetched.url, fetched.unchanged) == (b"page", url, False)
    agents = {asked.headers["User-Agent"] for asked in site.asked}
    assert agents == {"Newsdesk/0.1 (reads news for a Discord community; contact: desk@reader.example)"}
    assert all("Cookie" not in asked.headers for asked in site.asked)


def test_validators_are_sent_back_word_for_word(site: Site) -> None:
    """The answer's ETag and Last-Modified come back; 304 is an answer, not an error (RFC 9110, 13)."""
    stamp = "Tue, 24 Nov 2026 03:00:00 GMT"
    url = site.put("/a", "page", ETag='W/"x1"', Last_Modified=stamp, Content_Type="text/html")
    first = get(a_fetcher(), url)
    assert (first.etag, first.last_modified, first.content_type) == ('W/"x1"', stamp, "text/html")
    again = get(a_fetcher(), url, etag=first.etag, last_modified=first.last_modified)
    assert (again.unchanged, again.body, again.etag) == (True, b"", 'W/"x1"')
    assert site.asked[-1].headers["If-Modified-Since"] == stamp


def test_a_304_that_was_not_asked_for_is_an_error(site: Site) -> None:
    url = site.put("/a", Reply("", 304))
    assert refused(a_fetcher(), url).status == 304


def test_headers_that_limit_use_are_told(site: Site) -> None:
    """X-Robots-Tag for all readers, not for a named one, and the TDM reservation."""
    reply = Reply("x", headers={"X-Robots-Tag": "noarchive, max-snippet: 50", "TDM-Reservation": "1"})
    assert get(a_fetcher(), site.put("/a", reply)).directives == ("noarchive", "max-snippet:50", "tdm-reservation")
    other = Reply("x", headers={"X-Robots-Tag": "otherbot: noindex, nofollow"})
    assert get(a_fetcher(), site.put("/b", other)).directives == ()


# -- robots.txt -------------------------------------------------------------------------------------------------------


def test_robots_txt_is_asked_once_and_obeyed(site: Site) -> None:
    """What it disallows is not asked for; it is read once for all pages of a host."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /private\n")
    url = site.put("/a", "page")
    fetcher = a_fetcher()
    get(fetcher, url, site.put("/b", "page"))
    error = refused(fetcher, site.put("/private/c", "page"))
    assert (error.message, error.status) == ("robots.txt does not allow it", None)
    assert site.paths(robots=True) == ["/robots.txt", "/a", "/b"]


def test_the_group_for_newsdesk_goes_before_the_others(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: newsdesk\nAllow: /\n")
    assert get(a_fetcher(), site.put("/a", "page")).body == b"page"


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_host_without_robots_txt_allows_everything(site: Site, status: int) -> None:
    """RFC 9309, 2.3.1.3."""
    site.put("/robots.txt", Reply("no", status))
    assert get(a_fetcher(), site.put("/a", "page")).body == b"page"


def test_a_robots_txt_that_answers_500_closes_the_host_for_now(site: Site) -> None:
    """RFC 9309, 2.3.1.4; it is asked again a quarter of an hour later, not for each page."""
    site.put("/robots.txt", Reply("oops", 500))
    url, time = site.put("/a", "page"), Time()
    fetcher = a_fetcher(time=time)
    error = refused(fetcher, url)
    assert "its robots.txt cannot be read (answered 500 Internal Server Error), so nothing is fetched" in error.message
    refused(fetcher, url)
    assert site.paths(robots=True) == ["/robots.txt"]
    site.put("/robots.txt", "")
    time.seconds += 901
    assert get(fetcher, url).body == b"page"


def test_robots_txt_is_found_through_redirects(site: Site) -> None:
    """RFC 9309, 2.3.1.2: what is found there counts for the host that was asked."""
    site.put("/robots.txt", Reply("", 302, {"Location": "/rules.txt"}))
    site.put("/rules.txt", "User-agent: *\nDisallow: /a\n")
    assert refused(a_fetcher(), site.put("/a", "page")).message == "robots.txt does not allow it"


def test_robots_txt_is_asked_at_each_host_a_redirect_leads_to(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", host="b.example")
    target = site.put("/b", "page", host="b.example")
    url = site.put("/a", Reply("", 301, {"Location": target}))
    error = refused(a_fetcher(HOST, "b.example"), url)
    assert (error.subject, error.message) == (target, "robots.txt does not allow it")
    assert site.paths() == ["/a"]


def test_a_huge_robots_txt_is_read_to_its_cap(site: Site) -> None:
    """The rules within the first 500 kB count; the rest is not read."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /a\n" + "# filler\n" * 100_000)
    assert refused(a_fetcher(), site.put("/a", "page")).message == "robots.txt does not allow it"


# -- turns ------------------------------------------------------------------------------------------------------------


def test_requests_to_one_host_leave_a_delay(site: Site) -> None:
    """A second by default, between any two, robots.txt included."""
    time = Time()
    get(a_fetcher(time=time), site.put("/a", "1"), site.put("/b", "2"))
    assert time.slept == [1.0, 1.0]


def test_a_crawl_delay_is_honoured(site: Site) -> None:
    """Where robots.txt asks for more than the default, that; a fraction of it is not rounded away."""
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7.5\n")
    time = Time()
    get(a_fetcher(time=time), site.put("/a", "1"), site.put("/b", "2"), site.put("/c", "3"))
    assert time.slept == [1.0, 7.5, 7.5]


def test_one_request_at_a_time_per_host(site: Site) -> None:
    """Asked for at once, pages of a host come one after the other."""

    def slow(asked: Asked) -> str:
        time.sleep(0.02)
        return asked.path

    urls = [site.put(f"/{number}", slow) for number in range(4)]

    async def run() -> list[bytes]:
        async with a_fetcher(HOST) as fetcher:
            return [each.body for each in await asyncio.gather(*map(fetcher.fetch, urls))]

    assert asyncio.run(run()) == [b"/0", b"/1", b"/2", b"/3"]
    assert {asked.running for asked in site.asked} == {1}
    assert site.paths(robots=True).count("/robots.txt") == 1


def busy(times: int, status: int, **headers: str) -> Any:
    """Answers a status some times, then a page."""
    left = [times]

    def answer(asked: Asked) -> Reply:
        left[0] -= 1
        return Reply("page") if left[0] < 0 else Reply("", status, dict(headers))

    return answer


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_is_asked_again_when_it_says(site: Site, status: int) -> None:
    """Retry-After in seconds, short enough to wait for."""
    time = Time()
    url = site.put("/a", busy(1, status, **{"Retry-After": "12"}))
    assert get(a_fetcher(time=time), url).body == b"page"
    assert time.slept == [1.0, 12.0]


def test_a_busy_host_that_says_nothing_is_given_ever_more_time(site: Site) -> None:
    """Three tries, then the error says how long to wait."""
    time = Time()
    error = refused(a_fetcher(time=time), site.put("/a", busy(9, 503)))
    assert (error.status, time.slept, error.wait) == (503, [1.0, 6.667, 13.333], pytest.approx(26.667, abs=0.01))


def test_a_host_that_asks_for_an_hour_is_left_alone(site: Site) -> None:
    """Nothing else is asked of it meanwhile; the errors say how long."""
    time = Time()
    fetcher = a_fetcher(time=time)
    error = refused(fetcher, site.put("/a", busy(1, 429, **{"Retry-After": "3600"})))
    assert (error.status, error.wait) == (429, 3600.0)
    later = refused(fetcher, site.put("/b", "page"))
    assert (later.message, later.wait) == ("its host asked to be left alone, for 3600 s more", 3600.0)
    assert site.paths() == ["/a"]
    time.seconds += 3601
    assert get(fetcher, site.url("/b")).body == b"page"


def test_retry_after_is_a_number_or_a_date() -> None:
    """RFC 9110, 10.2.3; a week at most, nothing below zero, None for nonsense."""
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert retry_after("120", now) == 120.0
    assert retry_after(format_datetime(now + timedelta(minutes=5), usegmt=True), now) == 300.0
    assert retry_after(format_datetime(now - timedelta(minutes=5), usegmt=True), now) == 0.0
    assert retry_after("99999999999", now) == 7 * 86_400.0
    assert [retry_after(value, now) for value in ("", "soon", "-5", "١٢")] == [None] * 4


# -- caps -------------------------------------------------------------------------------------------------------------


def test_a_page_of_30_mb_is_not_read(site: Site) -> None:
    """Its length is stated: nothing of the body is waited for."""
    with pytest.raises(UnreadableError, match="is larger than 10 MB"):
        get(a_fetcher(), site.put("/a", b"x" * 30_000_000))


def test_a_body_without_a_length_stops_at_the_cap(site: Site) -> None:
    reply = Reply(zlib.compress(b"x" * 5_000), headers={"Content-Encoding": "deflate"})
    url = site.put("/a", reply)
    assert len(get(a_fetcher(), url, limit=5_000).body) == 5_000
    with pytest.raises(UnreadableError, match=r"is larger than 0\.004999 MB"):
        get(a_fetcher(), url, limit=4_999)


def test_a_gzip_bomb_is_not_unpacked(site: Site) -> None:
    """A gigabyte in one megabyte: unpacking stops at the cap."""
    packed = gzip.compress(b"\0" * 100_000_000, 9)
    assert len(packed) < 200_000
    with pytest.raises(UnreadableError, match="is larger than 10 MB"):
        get(a_fetcher(), site.put("/a", Reply(packed, headers={"Content-Encoding": "gzip"})))
    assert PAGE_BYTES == 10_000_000


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"word " * 9_000, mtime=0)),
        ("gzip", gzip.compress(b"word " * 4_500, mtime=0) + gzip.compress(b"word " * 4_500, mtime=0)),
        ("x-gzip", gzip.compress(b"word " * 9_000, mtime=0) + b"\0" * 9),
        ("deflate", zlib.compress(b"word " * 9_000)),
        ("deflate", zlib.compress(b"word " * 9_000)[2:-4]),
        ("identity", b"word " * 9_000),
    ],
)
def test_bodies_are_unpacked(site: Site, encoding: str, packed: bytes) -> None:
    """gzip of one or several members, padded or not; deflate with its wrapper and without."""
    reply = Reply(packed, headers={"Content-Encoding": encoding})
    assert get(a_fetcher(), site.put("/a", reply)).body == b"word " * 9_000


@pytest.mark.parametrize(
    ("encoding", "packed", "reason"),
    [
        ("br", b"x", "is sent as br, which was not asked for"),
        ("gzip", b"no gzip at all", "is not valid gzip data"),
        ("gzip", gzip.compress(b"word " * 9_000, mtime=0)[:-20], "broke off amid its gzip data"),
    ],
)
def test_bodies_that_cannot_be_unpacked_are_refused(site: Site, encoding: str, packed: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        get(a_fetcher(), site.put("/a", Reply(packed, headers={"Content-Encoding": encoding})))


def test_pieces_of_any_size_unpack_alike() -> None:
    packed = gzip.compress(b"word " * 1_000)
    inflater = Inflater("gzip", 10_000, "a")
    assert b"".join(inflater.feed(packed[at : at + 1]) for at in range(len(packed))) == b"word " * 1_000
    inflater.close()


def test_a_host_that_does_not_answer_is_given_up(site: Site) -> None:
    """The time counts for the whole request."""
    error = refused(a_fetcher(seconds=1.5), site.put("/a", site.silent))  # enough for robots.txt on a busy machine
    assert (error.message, error.status) == ("did not answer within 1.5 s", None)


def test_a_port_where_nobody_listens_is_an_error(site: Site) -> None:
    """One line, without objects of the client in it."""
    error = refused(a_fetcher(), f"http://{HOST}:1/a")
    assert error.status is None
    assert "robots.txt cannot be read (cannot be fetched (" in error.message
    assert "ssl:" not in error.message


# -- redirects --------------------------------------------------------------------------------------------------------


def test_redirects_are_followed_to_their_end(site: Site) -> None:
    """Relative ones, too; the answer says where it was found."""
    site.put("/b", Reply("", 308, {"Location": "c?x=1#part"}))
    site.put("/c?x=1", "page")
    fetched = get(a_fetcher(), site.put("/a", Reply("", 302, {"Location": "/b"})))
    assert (fetched.url, fetched.body) == (site.url("/c?x=1"), b"page")


def test_a_redirect_loop_ends(site: Site) -> None:
    site.put("/b", Reply("", 302, {"Location": "/a"}))
    assert refused(a_fetcher(), site.put("/a", Reply("", 302, {"Location": "/b"}))).message == "redirects in a circle"
    assert site.paths() == ["/a", "/b"]


def test_an_endless_chain_of_redirects_ends(site: Site) -> None:
    for number in range(9):
        site.put(f"/{number}", Reply("", 302, {"Location": f"/{number + 1}"}))
    assert refused(a_fetcher(), site.url("/0")).message == "redirects more than 5 times"
    assert len(site.paths()) == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:alert(1)", "ftp://a.example/", "http://[x", ""])
def test_a_redirect_to_no_web_address_is_refused(site: Site, target: str) -> None:
    error = refused(a_fetcher(), site.put("/a", Reply("", 302, {"Location": target})))
    assert error.message == "redirects to no http or https address"


def test_a_redirect_that_is_not_permitted_is_not_followed(site: Site) -> None:
    url = site.put("/a", Reply("", 302, {"Location": site.put("/b", "page", host="b.example")}))
    error = refused(a_fetcher(HOST, "b.example"), url, permit=lambda there: speaks_for([HOST], there))
    assert error.message == "redirects to b.example, which the source may not speak for"
    assert [asked.host for asked in site.asked] == [HOST, HOST]


# -- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:169.254.169.254]/latest/meta-data",
        "http://169.254.169.254/latest/meta-data",
        "http://0x7f000001:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::1]:{port}/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://private.example:{port}/",
        "http://localhost:{port}/",
    ],
)
def test_what_is_not_public_is_refused(site: Site, target: str) -> None:
    """Asked for outright or through a redirect: by literal in any spelling, by name, or IPv4 within IPv6."""
    target = target.format(port=site.port)
    assert "is not a public address" in refused(a_fetcher(), target).message
    error = refused(a_fetcher(), site.put("/a", Reply("", 302, {"Location": target})))
    assert "is not a public address; NEWSDESK_ALLOW_HOSTS names" in str(error)
    assert {asked.path for asked in site.asked} <= {"/robots.txt", "/a"}
    assert {asked.host for asked in site.asked} == {HOST}


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0177.0.0.1", "localhost"])
def test_other_spellings_of_private_addresses_lead_nowhere(site: Site, host: str) -> None:
    """With the system's own resolver, which reads some of them; nothing arrives."""
    refused(Fetcher(seconds=5), f"http://{host}:{site.port}/a")
    assert site.asked == []


def test_a_robots_txt_that_redirects_inside_is_refused(site: Site) -> None:
    site.put("/robots.txt", Reply("", 302, {"Location": f"http://127.0.0.1:{site.port}/secret"}))
    assert "127.0.0.1 is not a public address" in refused(a_fetcher(), site.put("/a", "page")).message
    assert site.paths() == []


def test_a_name_that_changes_its_address_is_refused_where_it_leads(site: Site) -> None:
    """DNS rebinding: the address connected to decides, whatever the name said before."""

    class Rebinding:
        turn = 0

    from site_server import Names

    class Changing(Names):
        async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
            Rebinding.turn += 1
            self._known[host] = "93.184.215.14" if Rebinding.turn == 1 else "127.0.0.1"
            return await super().resolve(host, port)

    fetcher = Fetcher(resolver=Changing, seconds=0.3)
    refused(fetcher, f"http://rebound.example:{site.port}/a")  # what the first address answers does not matter here
    fetcher._robots.clear()
    fetcher._seconds = 30.0  # the second one has to be refused, not late
    assert "is not a public address" in refused(fetcher, f"http://rebound.example:{site.port}/a").message
    assert site.asked == []


def test_an_allowed_host_may_be_private_by_that_name_alone(site: Site) -> None:
    """The operator's own server is fetched under the name given, and may not hand the reader on to a neighbour."""
    site.pages["127.0.0.1", "/a"] = "page"
    assert get(a_fetcher("127.0.0.1"), f"http://127.0.0.1:{site.port}/a").body == b"page"
    assert "is not a public address" in refused(a_fetcher("127.0.0.1"), site.url("/a")).message


@pytest.mark.parametrize(
    "url", ["ftp://outlet.example/a", "file:///etc/passwd", "http://", "http://outlet.example:0/", "x"]
)
def test_only_web_addresses_are_fetched(url: str) -> None:
    assert refused(a_fetcher(), url).message == "is no http or https address"


def test_public_addresses_are_told_from_the_others() -> None:
    """IANA's registries, and IPv4 within IPv6 as public as the IPv4 address is."""
    public = "8.8.8.8 93.184.215.14 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::"
    others = (
        "127.0.0.1 10.1.1.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255"
        " 198.18.0.1 192.0.2.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fec0::1 ff02::1 2001:db8::1 2001:0:1::1"
        " ::7f00:1 ::ffff:10.0.0.1 ::ffff:0:7f00:1 64:ff9b::a00:1 64:ff9b:1::808:808 2002:a00:1::"
        " 2606:4700::5efe:7f00:1 3fff::1 2002:a9fe:a9fe:: 64:ff9b::a9fe:a9fe ::a9fe:a9fe nonsense"
    )
    assert [each for each in public.split() if not is_public(each)] == []
    assert [each for each in [*others.split(), ""] if is_public(each)] == []


def test_hosts_cover_their_subdomains_and_the_www_sibling() -> None:
    """Not names that merely end alike, nor a subdomain of an IP address."""
    hosts = ["www.paper.example", "127.0.0.1"]
    yes = ["https://paper.example/a", "http://WWW.paper.example:8080/", "https://news.paper.example./"]
    no = ["https://newspaper.example/", "https://paper.example.evil.example/", "http://x.127.0.0.1/", "x", "http://[/"]
    no += [r"http://evil.example\.paper.example/", "http://paper.example@evil.example/", "http://a@paper.example/"]
    assert [url for url in yes if not speaks_for(hosts, url)] == []
    assert speaks_for(["münchen.example"], "https://xn--mnchen-3ya.example/")
    assert speaks_for(["::1"], "http://[::1]:8080/")
    assert not speaks_for([""], "http://paper.example/")
    assert [url for url in no if speaks_for(hosts, url)] == []
