"""``sources.toml`` -> Sources: what the operator wants read, checked before anything is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

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


def load_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a file, in its order; folders count from where the file lies.

    Raises:
        SourcesError: the file is missing or is not TOML, or an entry cannot be used; names the line and the entry.
    """
    try:
        text = path.read_text(encoding="utf-8")
        entries = tomllib.loads(text).get("source", [])
    except FileNotFoundError:
        raise SourcesError("there is no such file", subject=path, remedy="see docs/sources.md for an example") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourcesError(f"cannot be read ({error})", subject=path, remedy="mend the file") from error
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
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().replace(" ", "").startswith("[[source]]"):
            yield number


def _source(entry: Mapping[str, Any], place: str, folder: Path) -> Source:
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise SourcesError("the source has no name", subject=place, remedy='add name = "…"')
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
    for field in ("interval", "limit", "max_quote_words"):
        if entry.get(field, 1) <= 0:
            raise SourcesError(f"{field} must be above 0", subject=subject, remedy="raise it")
    if kind is SourceKind.FOLDER:
        location = str((folder / Path(location).expanduser()).resolve())
    elif not location.startswith(("http://", "https://")):
        raise SourcesError("url is no http or https address", subject=subject, remedy="write the whole address")
    return Source(
        name=name.strip(),
        kind=kind,
        location=location,
        hosts=tuple(host.casefold() for host in entry.get("hosts", ())),
        owner=entry.get("owner", ""),
        language=entry.get("language", ""),
        topics=tuple(entry.get("topics", ())),
        interval=float(entry.get("interval", 900.0)),
        limit=entry.get("limit", 100),
        max_quote_words=entry.get("max_quote_words", 60),
        full_text=entry.get("full_text", False),
        paused=entry.get("paused", False),
    )
