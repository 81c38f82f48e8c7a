"""Pasted pages and Markdown files to articles."""

from __future__ import annotations

import re
from statistics import median

from corpus import wording
from corpus.cleaning import assemble, stated_time, tidy, web_address
from corpus.records import Article, BlockKind
from corpus.story import Line, find_title, story

_MARK = re.compile(r"\s*(?:[•·‣▪▸►●○◦∙*]|[-–—](?=\s{1,4}\S))\s*(?=\S)")
_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s+(?=\S)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_QUOTE = re.compile(r"\s{0,3}>\s?")
_KEY = re.compile(r"([A-Za-z][\w -]{0,30}):\s*(.*)")
_IMAGE = re.compile(r"!\[[^\]]{0,500}\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])")
_LINK = re.compile(r"\[([^\[\]]+)\](?:\((?:[^()\s]|\([^()\s]*\))*(?:\s+[\"'(][^)]*[\"')])?\)|\[[^\]]*\])")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]]+\]:\s+\S+.*$")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_ROW = re.compile(r"\s*\|(.+)\|\s*$")
_ROW_RULE = re.compile(r"\s*\|?[\s:|-]*-{3,}[\s:|-]*$")
_CAPTION = re.compile(r"\s*([*_])(?![*_\s]).+(?<![*_\s])\1\s*$")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--.{0,2000}?-->")
_EMPHASIS = re.compile(r"(?<![\w\\*])(\*{1,3}|_{1,3})(?=\S)(.{1,500}?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`([^`]+)`")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>-])")

_MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "mär": 3, "apr": 4, "avr": 4, "abr": 4,
    "may": 5, "mai": 5, "mag": 5, "maj": 5, "juin": 6, "jun": 6, "giu": 6, "juil": 7, "jul": 7, "lug": 7, "aug": 8,
    "aoû": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "out": 10, "ott": 10, "nov": 11, "dec": 12,
    "déc": 12, "dez": 12, "dic": 12,
}  # fmt: skip
_MONTH = rf"({'|'.join(_MONTHS)})[^\W\d_]*\.?"
_MONTH_FIRST = re.compile(rf"\b{_MONTH} (\d{{1,2}}),? (\d{{4}})\b", re.I)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:\.|er|º)? (?:de )?{_MONTH},? (?:de )?(\d{{4}})\b", re.I)
_ISO = re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?)?")
_NUMERIC = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_UTC = re.compile(r"\b(\d{1,2})[:.](\d\d)(?::\d\d)? ?(?:GMT|UTC)\b")
_LONG_LINES = 0.3  # share of the characters; a text with more in long lines is not broken at a width
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w.'’-]*(?: (?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|de|da|del|van|von|der|bin|al)){1,4}")
_CHANGED = re.compile(r"\W*(?:last )?(?:updated|modified|aktualisiert|mis à jour|actualizado|atualizado)\b", re.I)


def plain_article(text: str, url: str | None = None) -> Article:
    """The article in a page as a person pastes it: title, story, and who and when where lines above it say so."""
    lines = []
    for group, run in enumerate(_groups(_unwrapped(text))):
        for raw in run:
            kind = BlockKind.PARAGRAPH
            if _MARK.match(raw) and not _RULE.match(raw):
                raw, kind = _MARK.sub("", raw, count=1), BlockKind.ITEM
            elif _NUMBER.match(raw):
                kind = BlockKind.ITEM
            elif _QUOTE.match(raw):
                raw, kind = _QUOTE.sub("", raw, count=1), BlockKind.QUOTE
            if line := tidy(raw):
                lines.append(Line(line, kind, group))
    return _article(lines, url)


def markdown_article(text: str, url: str | None = None) -> Article:
    """The article in a Markdown file, with what its front matter states."""
    stated, body = _front_matter(text)
    lines = [line for line in _markdown_lines(body) if line.text]
    title = tidy(stated.get("title", ""))
    if title and lines and lines[0].kind is BlockKind.HEADING and _bare(lines[0].text) == _bare(title):
        title, lines = lines[0].text, lines[1:]
    article = _article(lines, url, title)
    author = stated.get("author") or stated.get("authors") or ""
    names = tuple(filter(None, (tidy(name.strip("[]\"' ")) for name in re.split(r",| and ", author))))
    return Article(
        title=article.title,
        text=article.text,
        blocks=article.blocks,
        url=web_address(stated.get("url") or stated.get("link") or stated.get("canonical")) or article.url,
        published=stated_time(stated.get("published") or stated.get("date")) or article.published,
        updated=stated_time(stated.get("updated") or stated.get("lastmod")) or article.updated,
        authors=names or article.authors,
        language=tidy(stated.get("language") or stated.get("lang") or ""),
        outlet=tidy(stated.get("source") or stated.get("outlet") or ""),
        notes=article.notes,
    )


def _bare(title: str) -> str:
    return title.strip("\"'“”‘’„«» ").casefold()


def _article(lines: list[Line], url: str | None, title: str = "") -> Article:
    at = None if title else find_title(lines)
    head = lines[: at + 1] if at is not None else []
    rest = lines[at + 1 :] if at is not None else lines
    if at is not None:
        title = lines[at].text
    rest = [line for line in rest if line.text.casefold() != title.casefold()]
    text, blocks = assemble((line.kind, line.text) for line in story(rest))
    published, updated = _times([*head, *rest])
    return Article(
        title=title,
        text=text,
        blocks=blocks,
        url=web_address(url),
        published=published,
        updated=updated,
        authors=_authors(rest[:12]),
        notes=tuple(text[b.start : b.end] for b in blocks if wording.is_note(text[b.start : b.end])),
    )


def _unwrapped(text: str) -> list[str]:
    """The lines, those that a mail program or terminal broke at its width put together again."""
    lines = text.splitlines()
    runs = _groups(lines)
    inner = [len(line) for run in runs for line in run[:-1] if len(run) > 2]
    if not inner or max(inner) > 110 or not 45 <= median(inner) <= 100:
        return lines
    if sum(len(line) for line in lines if len(line) > 110) > _LONG_LINES * sum(map(len, lines)):
        return lines
    width = max(inner)
    joined: list[str] = []
    for run in runs:
        joined.append("")
        open_line = False
        for line in run:
            if open_line and not _MARK.match(line) and not _QUOTE.match(line):
                joined[-1] += " " + line.strip()
            else:
                joined.append(line)
            # A line that stops well before the width ended by itself.
            open_line = len(line) > width * 0.7
    return joined


def _groups(lines: list[str]) -> list[list[str]]:
    """Runs of lines without an empty one between them."""
    runs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _times(lines: list[Line]) -> tuple[str | None, str | None]:
    """Published and updated, as the lines around the title state them."""
    published = updated = None
    for line in lines[:15]:
        if wording.is_dateline(line.text) or wording.is_byline(line.text):
            stated = _date(line.text)
            if _CHANGED.match(line.text):
                updated = updated or stated
            else:
                published = published or stated
    return published, updated


def _date(line: str) -> str | None:
    if found := _ISO.search(line):
        return stated_time(found[0].replace(" ", "T", 1))
    if found := _MONTH_FIRST.search(line):
        month, day, year = found[1], found[2], found[3]
    elif found := _DAY_FIRST.search(line):
        day, month, year = found[1], found[2], found[3]
    elif found := _NUMERIC.search(line):  # with full stops the day comes first everywhere
        year, month, day = found[3], found[2], found[1]
    else:
        return None
    number = int(month) if month.isdecimal() else _MONTHS[month.lower()]
    date = f"{year}-{number:02}-{int(day):02}"
    clock = _UTC.search(line)  # of other zones the names stand for several
    return (clock and stated_time(f"{date}T{int(clock[1]):02}:{clock[2]}:00Z")) or stated_time(date)


def _authors(lines: list[Line]) -> tuple[str, ...]:
    for line in lines:
        if (found := re.match(r"(?:By|BY|Von|Par|Por) ([^|·•\d]+)", line.text)) and wording.is_byline(line.text):
            names = (name.strip(" -–—") for name in re.split(r",| and | und | et | y ", found[1]))
            return tuple(name for name in names if _NAME.fullmatch(name))
    return ()


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """The ``key: value`` lines between two lines of three dashes at the top, and what follows them."""
    lines = text.lstrip("\ufeff\n\r ").splitlines()
    if not lines or lines[0].strip() != "---":
        return {}, text
    for at, line in enumerate(lines[1:200], 1):
        if line.strip() in ("---", "..."):
            pairs = (found for raw in lines[1:at] if (found := _KEY.fullmatch(raw.strip())))
            stated = {found[1].strip().lower(): found[2].strip().strip("\"'") for found in pairs}
            return stated, "\n".join(lines[at + 1 :])
    return {}, text


def _markdown_lines(text: str) -> list[Line]:
    lines: list[Line] = []
    paragraph: list[str] = []
    kind = BlockKind.PARAGRAPH
    group = 0
    fenced = pictured = False

    def close() -> None:
        nonlocal kind
        while paragraph and kind is BlockKind.PARAGRAPH and _stamps(alone := _inline(paragraph[0])):
            lines.append(Line(alone, kind, group))  # who and when stand on lines of their own
            paragraph.pop(0)
        if paragraph:
            lines.append(Line(_inline(" ".join(paragraph)), kind, group))
            paragraph.clear()
        kind = BlockKind.PARAGRAPH

    for raw in text.splitlines():
        if _FENCE.match(raw):
            fenced = not fenced
            close()
            continue
        if fenced or _REFERENCE.match(raw) or (_ROW_RULE.fullmatch(raw) and "|" in raw):
            continue
        if raw.strip():
            caption, pictured = pictured and _CAPTION.match(raw), not _IMAGE.sub("", raw).strip()
            if caption or pictured:
                close()
                continue
        if paragraph and re.fullmatch(r"\s{0,3}(?:=+|-+)\s*", raw):
            kind = BlockKind.HEADING
            close()
        elif not raw.strip() or _RULE.match(raw):
            close()
            group += 1
        elif found := _HEADING.match(raw):
            close()
            lines.append(Line(_inline(found[2]), BlockKind.HEADING, group))
        elif _QUOTE.match(raw):
            if kind is not BlockKind.QUOTE:
                close()
            kind = BlockKind.QUOTE
            paragraph.append(_QUOTE.sub("", raw, count=1).strip())
        elif found := _ROW.match(raw):
            close()
            lines.append(Line(_inline(found[1].replace("|", " ")), BlockKind.ITEM, group))  # as a page's table reads
        elif re.match(r"\s*(?:[-*+]|\d{1,3}[.)])\s+\S", raw):
            close()
            kind = BlockKind.ITEM
            paragraph.append(re.sub(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", "", raw).strip())
        else:
            paragraph.append(raw.strip())
    close()
    return lines


def _stamps(line: str) -> bool:
    return wording.is_byline(line) or wording.is_dateline(line)


def _inline(text: str) -> str:
    """Markdown's inline marks taken off: links as their text, images gone."""
    text = _LINK.sub(r"\1", _IMAGE.sub(" ", _FOOTNOTE.sub("", text)))
    text = _TAG.sub(" ", _AUTOLINK.sub(r"\1", text))
    text = _CODE.sub(r"\1", _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text)))
    return tidy(_ESCAPE.sub(r"\1", text))
