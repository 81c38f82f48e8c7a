"""Entries of a sources file, changed line by line: what the operator wrote beside them stays as it is."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from corpus.errors import SourcesError
from corpus.sources import parse_sources

_HEAD = re.compile(r"\s*\[\[\s*source\s*\]\]")
_TABLE = re.compile(r"\s*\[")
_PAUSED = re.compile(r"(\s*paused\s*=\s*)(true|false)(.*)", re.DOTALL)


def pause_source(path: Path, name: str, *, paused: bool) -> None:
    """Stop or resume the reading of a source, by name.

    Raises:
        SourcesError: there is no such source, or the file cannot be read, changed or written; it is left as it was.
    """
    _change(path, name, paused=paused)


def remove_source(path: Path, name: str) -> None:
    """Take a source out of the file, by name; the comment lines right above its entry go with it.

    Raises:
        SourcesError: as ``pause_source``.
    """
    _change(path, name, paused=None)


def _change(path: Path, name: str, *, paused: bool | None) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourcesError(f"cannot be read ({error})", subject=path, remedy="mend the file") from error
    sources = parse_sources(text, path)
    lines = text.splitlines(keepends=True)
    first, last = _entry(lines, name, path)
    if paused is None:
        changed = _without(lines, first, last)
        wanted = [source for source in sources if source.name.casefold() != name.casefold()]
    else:
        changed = _with_paused(lines, first, last, paused)
        wanted = [*sources]
    after = "".join(changed)
    found = parse_sources(after, path)
    if [source.name for source in found] != [source.name for source in wanted]:
        raise SourcesError("is written in a way that only a person can change", subject=path, remedy="edit it by hand")
    _write(path, after)


def _entry(lines: list[str], name: str, path: Path) -> tuple[int, int]:
    """The lines of an entry: from its head to the one before the next table, or the end."""
    heads = [at for at, line in enumerate(lines) if _HEAD.match(line)]
    for at in heads:
        end = next((later for later in range(at + 1, len(lines)) if _TABLE.match(lines[later])), len(lines))
        while end < len(lines) and not _parses(lines[at:end]):  # a bracket opened a line inside a list or a text
            end = next((later for later in range(end + 1, len(lines)) if _TABLE.match(lines[later])), len(lines))
        try:
            entry = tomllib.loads("".join(lines[at:end]))["source"][0]
        except (tomllib.TOMLDecodeError, KeyError):
            continue
        if str(entry.get("name", "")).strip().casefold() == name.casefold():
            return at, end
    raise SourcesError(f"has no source named {name!r}", subject=path, remedy="name one that it has")


def _parses(lines: list[str]) -> bool:
    try:
        tomllib.loads("".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _without(lines: list[str], first: int, last: int) -> list[str]:
    while last > first and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1  # what stands below belongs to the next entry
    while first > 0 and lines[first - 1].lstrip().startswith("#") and first > 1:
        first -= 1
    kept = lines[:first] + lines[last:]
    if first < len(kept) and not kept[first].strip() and (first == 0 or not kept[first - 1].strip()):
        del kept[first]
    return kept


def _with_paused(lines: list[str], first: int, last: int, paused: bool) -> list[str]:
    value = "true" if paused else "false"
    for at in range(first + 1, last):
        if match := _PAUSED.fullmatch(lines[at]):
            return [*lines[:at], f"{match[1]}{value}{match[3]}", *lines[at + 1 :]]
    if not paused:
        return lines
    head = lines[first] if lines[first].endswith("\n") else f"{lines[first]}\n"
    return [*lines[:first], head, f"paused = {value}\n", *lines[first + 1 :]]


def _write(path: Path, text: str) -> None:
    """Put a file in the place of another in one step, so that no reader finds half of it."""
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_text(text, encoding="utf-8")
        if path.exists():
            os.chmod(draft, path.stat().st_mode & 0o777)
        os.replace(draft, path)
    except OSError as error:
        raise SourcesError(f"cannot be written ({error.strerror})", subject=path, remedy="check its folder") from error
