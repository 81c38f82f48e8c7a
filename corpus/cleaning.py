"""Characters and stated values made uniform: bytes to text, text to blocks, dates and addresses checked."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from corpus.records import Block, BlockKind

Part = tuple[BlockKind, str]
"""One block before it has a place: its kind and its text on one line."""

# Joiners spell words in Arabic, Indic and other joining scripts, and hold emoji together; elsewhere they hide.
_JOINING = "\u0590-\u109f\u1700-\u1cff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
    f"|(?<![{_JOINING}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINING}])"
)
_NUMBER = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,20})|([0-9]{1,20}));?")
SURROGATE = re.compile("[\ud800-\udfff]")

_PLAIN_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?")
_YEAR_FIRST = re.compile(r"\d{4}")

# What browsers read under these labels (WHATWG Encoding Standard), under the names Python knows.
_BROWSER_CODECS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_META_CHARSET = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_META_WINDOW = 4096  # bytes; browsers look at 1,024, pages with long comments first need more
_GUESS_WINDOW = 65_536  # bytes shown to charset-normalizer, whose time grows with them
_CENTRAL_EUROPEAN = {"Polish", "Czech", "Hungarian", "Slovak", "Slovene", "Croatian", "Romanian"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def tidy(text: str) -> str:
    """The text on one line: NFC, whitespace runs as one space, no zero-width, bidi or other invisible controls."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def true_references(markup: str) -> str:
    """Markup whose references by number all stand for characters: lxml mends others to bytes that are no text.

    Numbers from 128 to 159 are read as HTML has it, as letters of Windows-1252.
    """
    return _NUMBER.sub(_referred, markup) if "&#" in markup else markup


def _referred(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    if 0x80 <= number <= 0x9F:
        return bytes([number]).decode("cp1252", "ignore")
    fits = number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
    return match[0] if fits or 0x10000 <= number < 0x110000 else ""


def assemble(parts: Iterable[Part]) -> tuple[str, tuple[Block, ...]]:
    """The blocks' texts joined by single newlines, and where each stands; empty blocks are left out."""
    lines: list[str] = []
    blocks: list[Block] = []
    position = 0
    for kind, line in parts:
        line = tidy(line)
        if line:
            blocks.append(Block(kind, position, position + len(line)))
            lines.append(line)
            position += len(line) + 1
    return "\n".join(lines), tuple(blocks)


def stated_time(value: object) -> str | None:
    """A stated date or time in ISO 8601, or None where it is neither that nor an RFC 5322 date.

    The zone stays the one stated ("2026-11-20T23:30:00-05:00"); a time without a zone is no moment, so its date
    alone is kept.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not 8 <= len(text) <= 60:
        return None
    if not _YEAR_FIRST.match(text):
        try:
            # The parser invents +00:00 for a missing zone only when "-0000" is written, which means UTC.
            moment = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError):
            return None
        return moment.isoformat() if moment.tzinfo else moment.date().isoformat()
    compact = re.sub(r"\s*(UTC|GMT)$", "Z", text)
    compact = re.sub(r"(?<=\d) +(?=[+-]\d\d:?\d\d$)", "", compact)
    compact = re.sub(r"(?<=\d)([+-]\d\d)(\d\d)$", r"\1:\2", compact) if ":" in compact else compact
    try:
        if len(compact) <= 10:
            return date.fromisoformat(compact).isoformat()
        moment = datetime.fromisoformat(compact)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.date().isoformat()
    return compact if _PLAIN_ISO.fullmatch(compact) else moment.isoformat()


def web_address(value: object) -> str | None:
    """The address if it is an absolute http or https one, else None."""
    if not isinstance(value, str):
        return None
    address = _INVISIBLE.sub("", value).strip()
    if re.search(r"\s", address):
        return None
    try:
        parsed = urlsplit(address)
        return address if parsed.scheme in ("http", "https") and parsed.hostname else None
    except ValueError:
        return None


def decode(data: bytes, content_type: str = "", *, markup: bool = False) -> str:
    """The text of a document, its encoding found as browsers find it; never fails.

    A byte order mark decides, then the charset of the HTTP header, then (in markup) of ``<meta>``; without any, valid
    UTF-8 is UTF-8 and charset-normalizer guesses the rest. A declared single-byte charset gives way to valid UTF-8,
    which text in another encoding does not happen to be.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    declared = _codec(_header_charset(content_type))
    if declared is None and markup and (found := _META_CHARSET.search(data[:_META_WINDOW])):
        declared = _codec(found[1].decode("ascii", "replace"))
        if declared is not None and declared.startswith("utf-16"):
            declared = "utf-8"  # a <meta> that could be read as ASCII is not UTF-16
    utf8 = _strict(data, "utf-8")
    if declared is None:
        return utf8 if utf8 is not None else _guessed(data)
    if utf8 is not None and declared.startswith(("cp125", "iso8859")):
        return utf8
    text = _strict(data, declared)
    if text is not None:
        return text
    if utf8 is not None:
        return utf8
    text = data.decode(declared, "replace")
    # A stray bad byte is no reason to doubt what was declared; a text full of them is.
    return text if text.count("\ufffd") * 200 <= len(text) else _guessed(data)


def _header_charset(content_type: str) -> str:
    found = re.search(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", content_type, re.I)
    return found[1] if found else ""


def _codec(label: str) -> str | None:
    """The codec a browser uses for a label, or None when there is none."""
    if not label:
        return None
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # Codecs such as hex or rot13 do not decode bytes to text.
    return _BROWSER_CODECS.get(info.name, info.name) if info._is_text_encoding else None


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    guesses = from_bytes(data[:_GUESS_WINDOW])
    best = guesses.best()
    if best is None or best.language in _CENTRAL_EUROPEAN:
        return data.decode(best.encoding if best else "cp1252", "replace")
    # The letters of Portuguese and Swedish make as good a text in windows-1250: browsers read windows-1252 then.
    fit = (best.chaos, best.coherence)
    western = any(each.encoding == "cp1252" and (each.chaos, each.coherence) == fit for each in guesses)
    return data.decode("cp1252" if western else best.encoding, "replace")
