"""A small picture of a story's turning points: days down a line, the quoted sentences and outlets beside it."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.chart import FILL, GREY, GRID, INK, PAPER

if TYPE_CHECKING:
    from PIL import ImageFont

    Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

WIDTH, MARGIN, LINE_X, TEXT_X = 720, 28, 216, 248
SIZE, SMALL = 26, 22  # a phone shows it at half its size
LINES = 7
FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Arial Unicode.ttf")
"""Fonts of the system, the first that is there; Pillow's own knows ASCII alone."""
_PLAIN = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "“": '"', "”": '"', "„": '"',
    "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " ",
})  # fmt: skip


class Point(NamedTuple):
    """One line of the picture."""

    day: str
    words: str
    outlet: str


def draw(points: Sequence[Point]) -> bytes | None:
    """A PNG 720 points wide, as high as it takes; None where no font here has the letters of the words."""
    from PIL import Image, ImageDraw  # 20 MB in memory, once somebody wants a picture

    (font, small), whole = _fonts()
    if not whole:
        points = [Point(each.day, _ascii(each.words), _ascii(each.outlet)) for each in points]
        if any("?" * 3 in each.words for each in points):
            return None
    wrapped = [_wrapped(each.words, font) for each in points]
    heights = [len(lines) * (SIZE + 8) + SMALL + 40 for lines in wrapped]
    height = MARGIN * 2 + sum(heights) - 24
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    y = MARGIN
    if len(points) > 1:
        pen.line([(LINE_X, y + 16), (LINE_X, height - MARGIN - heights[-1] + 40)], fill=GRID, width=4)
    for point, lines, step in zip(points, wrapped, heights, strict=True):
        pen.text((LINE_X - 28, y), point.day, fill=GREY, font=font, anchor="ra")
        pen.ellipse([LINE_X - 9, y + 7, LINE_X + 9, y + 25], fill=FILL)
        for number, line in enumerate(lines):
            pen.text((TEXT_X, y + number * (SIZE + 8)), line, fill=INK, font=font)
        pen.text((TEXT_X, y + len(lines) * (SIZE + 8) + 2), point.outlet[:60], fill=GREY, font=small)
        y += step
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _fonts() -> tuple[tuple[Font, Font], bool]:
    """A font in both sizes, and whether it knows more than ASCII."""
    from PIL import ImageFont

    for name in FONTS:
        try:
            return (ImageFont.truetype(name, SIZE), ImageFont.truetype(name, SMALL)), True
        except OSError:
            continue
    return (ImageFont.load_default(size=SIZE), ImageFont.load_default(size=SMALL)), False


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return kept.encode("ascii", "replace").decode()


def _wrapped(text: str, font: Font) -> list[str]:
    """The words in lines that fit, with an ellipsis where there are too many."""
    room = WIDTH - TEXT_X - MARGIN
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1]} ..."]
    return lines
