"""A guild's log as a file that fits into a message: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

COLUMNS = (
    "asked", "channel", "channel_name", "surface", "locale", "question", "answered", "confidence", "match", "reply",
    "citations", "helpful", "unhelpful", "wrong", "took_ms", "model", "index_version", "message",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, its full-width twins too (OWASP, "CSV Injection")."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file.

    Attributes:
        rows: in it, the newest; ``total`` there are.
    """

    name: str
    content: bytes
    rows: int
    total: int


def export(rows: Iterable[Mapping[str, Any]], kind: str, name: str, limit: int) -> Export:
    """The rows as ``kind`` ("csv" or "json") in at most ``limit`` bytes.

    As they are where that fits, else compressed (``.gz``), else the newest rows that do fit, compressed.

    Args:
        rows: newest first, with the keys of ``COLUMNS``.
    """
    lines = [_line(row, kind) for row in rows]
    whole = _file(lines, kind)
    if len(whole) <= limit:
        return Export(f"{name}.{kind}", whole, len(lines), len(lines))
    taken = len(lines)
    packed = gzip.compress(whole, mtime=0)
    while len(packed) > limit and taken:
        # Rows differ in size: a few guesses, each a little lower than the size of the last one says.
        taken = min(taken - 1, int(taken * limit / len(packed) * 0.97))
        packed = gzip.compress(_file(lines[:taken], kind), mtime=0)
    return Export(f"{name}.{kind}.gz", packed, taken, len(lines))


def neutral(value: str) -> str:
    """``value`` so that no spreadsheet takes it for a formula: with an apostrophe before it where one might."""
    return f"'{value}" if value.lstrip(" ").startswith(FORMULA) else value


def _line(row: Mapping[str, Any], kind: str) -> str:
    if kind == "json":
        return json.dumps({column: row[column] for column in COLUMNS}, ensure_ascii=False)
    return _csv_line([_cell(row[column]) for column in COLUMNS])


def _cell(value: Any) -> str:
    """A cell's text; numbers stay numbers, whatever a person or an article wrote is neutralised."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return neutral(value)
    return neutral(json.dumps(value, ensure_ascii=False))


def _csv_line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _file(lines: list[str], kind: str) -> bytes:
    if kind == "json":
        body = ",\n".join(lines)
        return f"[\n{body}\n]\n".encode() if lines else b"[]\n"
    # The mark at the beginning tells Excel that this is UTF-8 (RFC 4180 does not mind it).
    return ("\ufeff" + _csv_line(list(COLUMNS)) + "".join(lines)).encode()
