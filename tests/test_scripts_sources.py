"""scripts/sources.py, and scripts/reindex.py --status and --watch: as people run them, and their parts."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from fakes import FakeEmbedder
from site_server import HOST, Reply, Site, a_feed, a_fetcher, a_page, an_item

from bot.settings import ROOT
from corpus.discover import discover
from corpus.errors import SourcesError, UnreadableError
from corpus.opml import read_opml, write_opml
from corpus.records import Source, SourceKind, SourceReport
from corpus.sources import append_sources, load_sources, parse_sources, written
from corpus.store import Store
from index.watch import Round, one_round, watch

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some two hundred people stood at the pier, and the captain let the youngest of them sound the horn."
FEED = Source("The Outlet", SourceKind.FEED, "https://outlet.example/feed", hosts=("outlet.example",))


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a command of this installation sees, with a data folder of its own and 127.0.0.1 allowed."""
    here = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSDESK_", "DISCORD_"))}
    own = {"NEWSDESK_DATA_DIR": str(folder / "data"), "NEWSDESK_SOURCES": str(folder / "sources.toml")}
    return {**here, **own, "NEWSDESK_ALLOW_HOSTS": "127.0.0.1", "COLUMNS": "200", **more}


def run(script: str, *arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / script), *arguments]
    return subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """scripts/sources.py in this process, with a client that need not wait, for the sources file in ``tmp_path``."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setenv("NEWSDESK_SOURCES", str(tmp_path / "sources.toml"))
    spec = importlib.util.spec_from_file_location("scripts_sources", ROOT / "scripts" / "sources.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "Fetcher", lambda contact, hosts: a_fetcher("127.0.0.1"))
    return module


def local(site: Site, path: str) -> str:
    return f"http://127.0.0.1:{site.port}{path}"


def put(site: Site, path: str, page: Reply | str) -> str:
    site.put(path, page, host="127.0.0.1")
    return local(site, path)


# -- add --------------------------------------------------------------------------------------------------------------


def test_a_site_is_searched_for_its_feeds_and_sitemap(site: Site) -> None:
    """The feeds its head names, then the sitemaps of its robots.txt, news first; what is there is read to show it."""
    links = (
        '<link rel="alternate" type="application/rss+xml" href="/feed">'
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
        '<link rel="alternate" type="text/html" hreflang="de" href="/de">'
        '<link rel="alternate" type="application/atom+xml" href="/broken">'
        '<meta property="og:site_name" content="The  Outlet">'
    )
    site.put("/", a_page(FERRY, head=links))
    site.put("/feed", a_feed(an_item(site.url("/1"), "Ferry")))
    site.put("/broken", "<html>no feed</html>")
    site.put("/map.xml", f"<urlset><url><loc>{site.url('/2')}</loc></url></urlset>")
    index = f"<sitemapindex><sitemap><loc>{site.url('/map.xml')}</loc></sitemap></sitemapindex>"
    site.put("/news-map.xml", index)
    lines = [site.url("/map.xml"), site.url("/news-map.xml"), "https://elsewhere.example/s.xml"]
    site.put("/robots.txt", "".join(f"Sitemap: {line}\n" for line in lines))
    feed, news, plain = discover(a_fetcher(), site.url("/"))
    assert feed.source == Source("The Outlet", SourceKind.FEED, site.url("/feed"), hosts=(HOST,))
    assert [item.title for item in feed.items] == ["Ferry"]
    assert (news.source.kind, news.source.location) == (SourceKind.SITEMAP, site.url("/news-map.xml"))
    assert [item.url for item in news.items] == [site.url("/2")]
    assert plain.source.location == site.url("/map.xml")


def test_common_paths_are_tried_where_the_head_names_no_feed(site: Site) -> None:
    """One after the other until one is there."""
    site.put("/", a_page(FERRY))
    site.put("/rss.xml", a_feed(an_item(site.url("/1"))))
    (found,) = discover(a_fetcher(), site.url("/"))
    assert (found.source.location, found.source.name) == (site.url("/rss.xml"), HOST)
    assert "/feed" in site.paths()
    assert "/feed.xml" not in site.paths()


def test_a_feeds_own_address_gives_that_feed(site: Site) -> None:
    """Its title names the outlet; a feed at another host than its site speaks for the site's."""
    feed = a_feed(an_item("https://paper.example/1"), channel="<link>https://www.paper.example/</link>")
    (found,) = discover(a_fetcher(), site.put("/f", feed))
    assert found.source == Source("Outlet", SourceKind.FEED, site.url("/f"), hosts=("paper.example",))


def test_add_shows_what_would_be_read_and_writes_the_entry(
    site: Site, tmp_path: Path, command: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """The operator's file keeps its comments; the new entry stands at its end; the same address is refused."""
    put(site, "/", a_page(FERRY, head='<link rel="alternate" type="application/rss+xml" href="/feed">'))
    day = "<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate>"
    put(site, "/feed", a_feed(an_item(local(site, "/1"), "The ferry sails [again]", day), an_item("javascript:x")))
    file = tmp_path / "sources.toml"
    mine = '# mine\n[[source]]\nname = "Mine"   # keep\nkind = "folder"\npath = "x"'
    file.write_text(mine)
    assert command.main(["add", local(site, "/"), "--name", "The Outlet", "--dry-run"]) == 0
    assert file.read_text() == mine
    capsys.readouterr()
    assert command.main(["add", local(site, "/"), "--name", "The Outlet", "--topics", "sea, city"]) == 0
    shown = capsys.readouterr().out
    assert "2026-11-20 08:00  The ferry sails [again]" in shown
    assert "not taken: its link is no http or https address: 'javascript:x'" in shown
    entry = (
        f'[[source]]\nname = "The Outlet"\nkind = "feed"\nurl = "{local(site, "/feed")}"\ntopics = ["sea", "city"]\n'
    )
    assert file.read_text() == f"{mine}\n\n{entry}"
    assert command.main(["add", local(site, "/")]) == 2
    assert "is among the sources already" in capsys.readouterr().err


def test_add_says_when_there_is_nothing(
    site: Site, tmp_path: Path, command: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1; an address that cannot be fetched is an error in one line, status 2."""
    put(site, "/", a_page(FERRY))
    assert command.main(["add", local(site, "/")]) == 1
    assert "no feed and no sitemap was found" in capsys.readouterr().out
    private = run("sources.py", "add", local(site, "/"), env=environment(tmp_path, NEWSDESK_ALLOW_HOSTS=""))
    assert private.returncode == 2
    assert private.stderr == (
        f"sources: {local(site, '/robots.txt')}: 127.0.0.1 is not a public address;"
        " NEWSDESK_ALLOW_HOSTS names private hosts that may be fetched\n"
    )


# -- the file ---------------------------------------------------------------------------------------------------------


def test_entries_come_back_as_they_were_written(tmp_path: Path) -> None:
    """Quotes, backslashes, line ends and letters of any script; hosts only where they say more."""
    hosts, topics = ("b.example",), ('a\n"b"\x7f',)
    odd = Source('A "b" \\ c é', SourceKind.SITEMAP, "https://a.example/s", hosts, language="de", topics=topics)
    file = tmp_path / "new" / "sources.toml"
    append_sources(file, [FEED, odd])
    assert load_sources(file) == (FEED, odd)
    assert "hosts" not in written(FEED)


def test_an_entry_that_would_spoil_the_file_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    append_sources(file, [FEED])
    before = file.read_text()
    with pytest.raises(SourcesError, match="two sources are named 'The Outlet'"):
        append_sources(file, [FEED])
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('url = "https://user:pass@a.example/"', "url holds a user name or password"),
        ('url = "https://"', "url is no http or https address; write the whole address"),
        ('url = "https://a.example:99999/"', "url is no http or https address"),
        ('url = "https://a.example/ b"', "url is no http or https address"),
        ('url = "https://a.example/"\nhosts = ["https://a.example"]', "'https://a.example' is no host name"),
        ('url = "https://a.example/"\nlanguage = "English please"', "language is no language tag"),
    ],
)
def test_a_wrong_entry_of_the_network_is_named(line: str, message: str) -> None:
    """By line and name, before anything is fetched."""
    with pytest.raises(SourcesError, match=rf"s\.toml:2 \(A\): {message}"):
        parse_sources(f'\n[[source]]\nname = "A"\nkind = "feed"\n{line}\n', Path("s.toml"))


def test_a_misspelt_table_is_named() -> None:
    with pytest.raises(SourcesError, match=r"s\.toml: unknown entry 'sources'; write \[\[source\]\] above each entry"):
        parse_sources('[[sources]]\nname = "A"\n', Path("s.toml"))


def test_the_example_can_be_used() -> None:
    """Every kind stands in it, and every field is explained in docs/sources.md."""
    found = load_sources(ROOT / "corpus" / "sources.example.toml")
    assert {source.kind for source in found} == set(SourceKind)
    explained = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    from corpus.sources import FIELDS

    assert [field for field in FIELDS if f"`{field}`" not in explained] == []
    assert (
        not (ROOT / "corpus" / "sources.toml").exists()
        or not (ROOT / ".git").exists()
        or _ignored("corpus/sources.toml")
    )


def _ignored(path: str) -> bool:
    listed = subprocess.run(["git", "ls-files", path], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout == ""


# -- OPML -------------------------------------------------------------------------------------------------------------


def test_opml_goes_out_and_comes_back() -> None:
    """Names, addresses, topics, language and the site survive; what is no feed is left out."""
    feed = Source(
        "A & B", SourceKind.FEED, "https://a.example/f", ("a.example",), topics=("sea", "city"), language="en"
    )
    assert read_opml(write_opml([feed, Source("F", SourceKind.FOLDER, "/x")]), name="x.opml") == (feed,)


def test_opml_of_other_readers_is_read() -> None:
    """Folders become topics; outlines without a web address, and the second of one address, are passed over."""
    text = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY x "y">]><opml version="1.0"><body>
    <outline text="News"><outline title="A" text="" type="rss" xmlUrl="https://a.example/f" htmlUrl="https://www.a.example/"/>
    <outline text="A again" xmlUrl="https://a.example/f"/><outline text="bad" xmlUrl="javascript:x"/></outline>
    <outline xmlUrl="http://b.example/f"/><outline text="%s" xmlUrl="http://c.example/f"/></body></opml>"""
    assert read_opml(text % (b"long " * 50), name="x") == (
        Source("A", SourceKind.FEED, "https://a.example/f", ("a.example",), topics=("News",)),
        Source("b.example", SourceKind.FEED, "http://b.example/f", ("b.example",)),
        Source(("long " * 19).strip(), SourceKind.FEED, "http://c.example/f", ("c.example",)),
    )
    for bad, reason in ((b"<html/>", "is no OPML"), (b"", "is no OPML"), (b"<opml/>", "lists no feeds")):
        with pytest.raises(UnreadableError, match=reason):
            read_opml(bad, name="x")


def test_opml_is_imported_and_exported_by_command(
    tmp_path: Path, command: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is taken gets a number; what is there already is counted, not repeated."""
    env = environment(tmp_path)
    opml = tmp_path / "in.opml"
    twin = Source("The Outlet", SourceKind.FEED, "https://twin.example/f", hosts=("twin.example",))
    opml.write_bytes(write_opml([FEED, twin]))
    done = run("sources.py", "import", str(opml), env=env)
    assert done.stdout == f"2 feeds added to {tmp_path / 'sources.toml'}, 0 were there already\n", done.stderr
    assert [each.name for each in load_sources(tmp_path / "sources.toml")] == ["The Outlet", "The Outlet 2"]
    assert command.main(["import", str(opml)]) == 0
    assert capsys.readouterr().out.startswith("0 feeds added")
    out = run("sources.py", "export", env=env)
    assert [each.location for each in read_opml(out.stdout.encode(), name="x")] == [FEED.location, twin.location]
    assert command.main(["import", str(tmp_path / "none.opml")]) == 2
    assert capsys.readouterr().err.endswith("none.opml: No such file or directory\n")


# -- reindex --status, --watch ----------------------------------------------------------------------------------------


def test_status_is_shown_as_a_table(site: Site, tmp_path: Path, store: Store) -> None:
    """A row per source, then what is behind its health, what its last run did, and its rights; nothing is read."""
    env = environment(tmp_path)
    nothing = run("reindex.py", "--status", env=env)
    assert (nothing.returncode, nothing.stderr.count("\n")) == (2, 1)
    put(site, "/feed", a_feed(an_item(local(site, "/1"))))
    put(site, "/1", a_page(FERRY, PIER, published=datetime.now(UTC).isoformat()))
    append_sources(tmp_path / "sources.toml", [Source("O [x]", SourceKind.FEED, local(site, "/feed"))])
    append_sources(tmp_path / "sources.toml", [Source("Bad", SourceKind.FEED, local(site, "/none"))])
    with (tmp_path / "sources.toml").open("a") as file:
        file.write("max_quote_words = 40\nfull_text = true\n")
    from corpus.ingest import ingest_sources

    opened = Store(tmp_path / "data" / "corpus.db")
    ingest_sources(opened, load_sources(tmp_path / "sources.toml"), fetcher=a_fetcher("127.0.0.1"))
    opened.close()
    shown = run("reindex.py", "--status", env=env)
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert lines[0] == "source articles newest last checked next due health"
    assert lines[1] in ("O [x] 1 now now in 14 min good", "O [x] 1 now now in 15 min good")
    assert lines[2].startswith("Bad 0 – now in ")
    assert lines[2].endswith("failing")
    assert lines[3] == "O [x]: its last run: 1 new"
    assert lines[4].startswith("Bad: failed once, never read yet: ")
    assert "answered 404 Not Found" in lines[4]
    assert lines[5] == "Bad: its last run: 1 failed"
    assert lines[6] == "Bad: by its entry quotes of 40 words at most, its articles may be read whole"
    assert (len(lines), len(site.paths())) == (7, 3)


def test_a_round_reads_what_is_due_and_builds_when_something_changed(site: Site, tmp_path: Path) -> None:
    """The model is not even loaded while nothing changed; an index that fell behind is built though nothing is due."""
    put(site, "/feed", a_feed(an_item(local(site, "/1"))))
    put(site, "/1", a_page(FERRY, PIER))
    source = Source("The Outlet", SourceKind.FEED, local(site, "/feed"), interval=600)
    fetcher, now, loaded = a_fetcher("127.0.0.1"), datetime.now(UTC), []

    def model() -> FakeEmbedder:
        loaded.append(1)
        if len(loaded) == 1:
            raise UnreadableError("no model")
        return FakeEmbedder()

    def go(after: float) -> Round:
        at = now + timedelta(seconds=after)
        return one_round(tmp_path / "c.db", tmp_path / "index", model, [source], who="t", now=at, fetcher=fetcher)

    with pytest.raises(UnreadableError):
        go(0)
    built = go(5)
    assert (built.reports, built.built is not None and built.built.published) == ((), True)
    assert 500 < built.wait <= 600
    assert go(10) == Round((), None, pytest.approx(built.wait - 5))
    again = go(700)
    assert (again.reports, again.built) == ((SourceReport("The Outlet", unchanged=1),), None)
    assert len(loaded) == 2


def test_watching_outlives_errors_and_keeps_the_last_good_sources() -> None:
    """A broken file, a busy index and a bug are told; the sleeps are a minute at most."""
    works: list[Round | Exception] = [
        Round((SourceReport("A"),), None, 7.0),
        UnreadableError("busy"),
        Round((), None, 900.0),
    ]
    works += [ZeroDivisionError("oops"), Round((), None, 0.0)]
    loads: list[tuple[Source, ...] | Exception] = [(FEED,), (FEED,), SourcesError("broken"), (), OSError("odd")]
    seen, told, trouble, slept = [], [], [], []

    def work(sources: tuple[Source, ...], now: datetime) -> Round:
        seen.append(len(sources))
        result = works[len(seen) - 1]
        if isinstance(result, Exception):
            raise result
        return result

    def load() -> tuple[Source, ...]:
        result = loads[len(slept)]
        if isinstance(result, Exception):
            raise result
        return result

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == len(works):
            raise KeyboardInterrupt

    def complain(line: str) -> None:
        trouble.append(line)
        raise BrokenPipeError

    with pytest.raises(KeyboardInterrupt):
        watch(work, load, told=told.append, trouble=complain, sleep=sleep)
    assert seen == [1, 1, 1, 0, 0]
    assert slept == [7.0, 60.0, 60.0, 60.0, 1.0]
    assert told == [works[0]]
    oops, odd = (f"an error in Newsdesk: {what}" for what in ("ZeroDivisionError: oops", "OSError: odd"))
    assert trouble == ["busy", "broken", oops, odd]


def wait_for(what: Callable[[], bool], seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_watching_ends_cleanly_on_a_signal(site: Site, tmp_path: Path, kind: signal.Signals) -> None:
    """Amid a request that never ends: it says so, exits with 0, and leaves no lock."""

    site.pages["127.0.0.1", "/feed"] = site.silent
    append_sources(tmp_path / "sources.toml", [Source("A", SourceKind.FEED, local(site, "/feed"))])
    command = [sys.executable, str(ROOT / "scripts" / "reindex.py"), "--watch"]
    process = subprocess.Popen(
        command, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: "/feed" in site.paths())
    process.send_signal(kind)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.splitlines()[-1]) == (0, "stopped"), errors
    assert (tmp_path / "data" / "index" / "lock").read_text() == ""


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_watching_ends_cleanly_before_it_has_begun(tmp_path: Path, kind: signal.Signals) -> None:
    """Amid the imports, which take a second: with 0 and without a trace."""
    command = [sys.executable, "-X", "importtime", str(ROOT / "scripts" / "reindex.py"), "--watch"]
    # A short pipe: however late the signal, the process is still waiting to say what it imports.
    process = subprocess.Popen(command, env=environment(tmp_path), stderr=subprocess.PIPE, text=True, pipesize=4096)
    assert process.stderr is not None
    assert any("rich" in line for line in process.stderr)  # the first that is imported after the door
    process.send_signal(kind)
    rest = process.communicate(timeout=60)[1]
    assert process.returncode == 0
    assert [line for line in rest.splitlines() if not line.startswith("import time:")] == []
