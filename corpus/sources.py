"""``sources.toml`` -> Sources: what the operator wants read, checked before anything is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.addresses import host_of
from corpus.cleaning import tidy
from corpus.errors import SourcesError
from corpus.records import Source, SourceKind

LOCATION = {SourceKind.FEED: "url", SourceKind.PAGE: "url", SourceKind.SITEMAP: "url", SourceKind.FOLDER: "path"}
FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "name": str,
    "kind": str,
    "url": str,
    "path": str,
    "hosts": list,
    "owner": str,
    "language": str,
    "topics": list,
    "interval": (int, float),
    "limit": int,
    "max_quote_words": int,
    "full_text": bool,
    "paused": bool,
}
MOST: Mapping[str, int] = {"interval": 366 * 24 * 3600, "limit": 1_000_000, "max_quote_words": 1_000_000}
LONGEST_NAME = 100  # characters; Discord shows no longer choices
EXAMPLE = "see docs/sources.md for an example"
_HOST = re.compile(r"[^\s/:@?#\[\]]+|[0-9a-f:]*:[0-9a-f:]*")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def load_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a file, in its order; folders count from where the file lies.

    Raises:
        SourcesError: the file is missing or is not TOML, or an entry cannot be used; names the line and the entry.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SourcesError("there is no such file", subject=path, remedy=EXAMPLE) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourcesError(f"cannot be read ({error})", subject=path, remedy="mend the file") from error
    return parse_sources(text, path)


def parse_sources(text: str, path: Path) -> tuple[Source, ...]:
    """The sources of a file's text, as `load_sources` gives them.

    Raises:
        SourcesError: it is not TOML, or an entry cannot be used; names the line and the entry.
    """
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"))  # some editors begin a file with a mark
    except tomllib.TOMLDecodeError as error:
        raise SourcesError(f"cannot be read ({error})", subject=path, remedy="mend the file") from error
    for other in tables.keys() - {"source"}:
        raise SourcesError(f"unknown entry {other!r}", subject=path, remedy="write [[source]] above each entry")
    entries = tables.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SourcesError("'source' is not a list of tables", subject=path, remedy="write [[source]] above each entry")
    lines = list(_entry_lines(text))
    found: dict[str, Source] = {}
    for number, entry in enumerate(entries):
        place = f"{path}:{lines[number] if number < len(lines) else 1}"
        source = _source(entry, place, path.parent)
        if source.name.casefold() in found:
            raise SourcesError(f"two sources are named {source.name!r}", subject=place, remedy="rename one")
        found[source.name.casefold()] = source
    return tuple(found.values())


def _entry_lines(text: str) -> Iterator[int]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.strip().replace(" ", "").startswith("[[source]]"):
            yield number


def _source(entry: Mapping[str, Any], place: str, folder: Path) -> Source:
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise SourcesError("the source has no name", subject=place, remedy='add name = "…"')
    if tidy(name) != name.strip() or len(name.strip()) > LONGEST_NAME:
        reason = f"the name is no line of {LONGEST_NAME} characters at most that can be printed"
        raise SourcesError(
            reason, subject=f"{place} ({tidy(name)[:LONGEST_NAME]})", remedy="write it shorter and plainly"
        )
    subject = f"{place} ({name})"
    for field, value in entry.items():
        if field not in FIELDS:
            raise SourcesError(f"unknown field {field!r}", subject=subject, remedy=f"use {', '.join(FIELDS)}")
        wanted = FIELDS[field]
        fits = isinstance(value, wanted) and not (isinstance(value, bool) and wanted is not bool)
        if not fits or (isinstance(value, list) and not all(isinstance(each, str) for each in value)):
            raise SourcesError(f"{field} has the wrong type", subject=subject, remedy="see docs/sources.md")
    try:
        kind = SourceKind(entry.get("kind", ""))
    except ValueError:
        kinds = ", ".join(SourceKind)
        raise SourcesError(f"kind is not one of {kinds}", subject=subject, remedy="set kind") from None
    location = entry.get(LOCATION[kind], "")
    if not location:
        raise SourcesError(f"a {kind} needs {LOCATION[kind]!r}", subject=subject, remedy=f"add {LOCATION[kind]} = …")
    for field, most in MOST.items():
        if not entry.get(field, 1) > 0:  # "nan" is neither above nor below
            raise SourcesError(f"{field} must be above 0", subject=subject, remedy="raise it")
        if entry.get(field, 1) > most:
            raise SourcesError(f"{field} must be {most} at most", subject=subject, remedy="lower it")
    if kind is SourceKind.FOLDER:
        location = str((folder / Path(location).expanduser()).resolve())
    else:
        _check_address(location, subject)
    for host in entry.get("hosts", ()):
        if not _HOST.fullmatch(host) or not host_of(f"http://[{host}]" if ":" in host else f"http://{host}"):
            raise SourcesError(f"{host!r} is no host name", subject=subject, remedy='write hosts = ["outlet.example"]')
    if entry.get("language") and not _TAG.fullmatch(entry["language"]):
        raise SourcesError("language is no language tag", subject=subject, remedy='write "en", "de" or "pt-BR", say')
    return Source(
        name=name.strip(),
        kind=kind,
        location=location,
        hosts=tuple(host.casefold() for host in entry.get("hosts", ())) or _own_host(kind, location),
        owner=entry.get("owner", ""),
        language=entry.get("language", ""),
        topics=tuple(entry.get("topics", ())),
        interval=float(entry.get("interval", 900.0)),
        limit=entry.get("limit", 100),
        max_quote_words=entry.get("max_quote_words", 60),
        full_text=entry.get("full_text", False),
        paused=entry.get("paused", False),
    )


def _check_address(address: str, subject: str) -> None:
    try:
        parts = urlsplit(address)
        named = parts.username is not None
        fits = parts.scheme in ("http", "https") and (named or bool(host_of(address)))
    except ValueError:
        named = fits = False
    if not fits or re.search(r"\s", address):
        raise SourcesError("url is no http or https address", subject=subject, remedy="write the whole address")
    if named:
        raise SourcesError("url holds a user name or password", subject=subject, remedy="use an address without them")


def _own_host(kind: SourceKind, location: str) -> tuple[str, ...]:
    """A source read from the network speaks for the host of its address unless it lists hosts."""
    return () if kind is SourceKind.FOLDER else (host_of(location),)


def name_of(text: str) -> str:
    """A name that a source may bear, of what a site or a list calls itself; there is room for a number behind it."""
    return tidy(text)[: LONGEST_NAME - 5].strip()


def written(source: Source) -> str:
    """A source of the network as an entry of the file; what is at its default is left out."""
    lines = [
        "[[source]]",
        f"name = {_quoted(source.name)}",
        f'kind = "{source.kind}"',
        f"url = {_quoted(source.location)}",
    ]
    if source.hosts and source.hosts != _own_host(source.kind, source.location):
        lines.append(f"hosts = [{', '.join(map(_quoted, source.hosts))}]")
    if source.language:
        lines.append(f"language = {_quoted(source.language)}")
    if source.topics:
        lines.append(f"topics = [{', '.join(map(_quoted, source.topics))}]")
    return "\n".join(lines) + "\n"


def append_sources(path: Path, sources: Iterable[Source]) -> None:
    """Add entries at the end of a file, made where there is none; nothing of what stands in it is touched.

    Raises:
        SourcesError: the file, or the file with the entries, could not be used; it is left as it was.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    added = "".join(f"\n{written(source)}" for source in sources)
    if not text:
        added = "# What Newsdesk reads; docs/sources.md explains every field.\n" + added
    elif not text.endswith("\n"):
        added = "\n" + added
    parse_sources(text + added, path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(added)
    except OSError as error:
        raise SourcesError(f"cannot be written ({error.strerror})", subject=path, remedy="check its folder") from error


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, save that TOML wants DEL escaped, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
