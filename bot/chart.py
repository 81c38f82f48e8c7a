"""A picture of how many questions were asked and answered over time; the only file that knows Pillow.

Told apart without colour: answered questions are filled bars, unanswered ones hatched bars on top of them. Pillow's
own font knows ASCII alone, so other words stay out of the picture; they stand beside it in the message.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

WIDTH, HEIGHT = 1000, 480
LEFT, RIGHT, TOP, BOTTOM = 90, 20, 76, 64
INK, GREY, GRID, PAPER, FILL = "#f2f3f5", "#b5bac1", "#3f4147", "#232428", "#8ab4ff"
HATCH = 7
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True)
class Bar:
    """One time: its label, the questions asked in it, and how many of them were answered."""

    label: str
    asked: int
    answered: int


def draw(bars: Sequence[Bar], answered: str, unanswered: str) -> bytes:
    """A PNG of 1000 by 480 points.

    Args:
        bars: at least one, oldest first.
        answered, unanswered: what the two kinds of bars are called; left out unless ASCII.
    """
    from PIL import Image, ImageDraw, ImageFont  # 20 MB in memory, once somebody wants a chart

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=30)  # a phone shows it at a third of its size
    top = max((bar.asked for bar in bars), default=0)
    step = next((each for each in STEPS if top <= 4 * each), STEPS[-1])
    ceiling = max(step, step * math.ceil(top / step))
    scale = (HEIGHT - TOP - BOTTOM) / ceiling
    floor = HEIGHT - BOTTOM
    for value in range(0, ceiling + 1, step):
        y = floor - value * scale
        pen.line([(LEFT, y), (WIDTH - RIGHT, y)], fill=GRID)
        pen.text((LEFT - 10, y), str(value), fill=GREY, font=font, anchor="rm")
    width = (WIDTH - LEFT - RIGHT) / max(len(bars), 1)
    every = max(1, math.ceil(len(bars) * 110 / (WIDTH - LEFT - RIGHT)))
    for at, bar in enumerate(bars):
        left, right = LEFT + at * width + width * 0.12, LEFT + (at + 1) * width - width * 0.12
        middle, whole = floor - bar.answered * scale, floor - bar.asked * scale
        if bar.answered:
            pen.rectangle([left, middle, right, floor], fill=FILL)
        if bar.asked > bar.answered:
            _hatched(pen, left, whole, right, middle)
        if at % every == 0:
            pen.text(((left + right) / 2, floor + 8), bar.label, fill=GREY, font=font, anchor="ma")
    if answered.isascii() and unanswered.isascii():
        _legend(pen, font, answered, unanswered)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _hatched(pen: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float) -> None:
    """A rectangle of slanting lines with a frame."""
    height = bottom - top
    start = left - height
    while start < right:
        # From (start, bottom) up to (start + height, top), cut at the sides.
        x1, x2 = max(start, left), min(start + height, right)
        if x2 > x1:
            pen.line([(x1, bottom - (x1 - start)), (x2, bottom - (x2 - start))], fill=INK)
        start += HATCH
    pen.rectangle([left, top, right, bottom], outline=INK)


def _legend(
    pen: ImageDraw.ImageDraw, font: ImageFont.ImageFont | ImageFont.FreeTypeFont, answered: str, unanswered: str
) -> None:
    x = float(LEFT)
    pen.rectangle([x, 18, x + 32, 50], fill=FILL)
    pen.text((x + 44, 34), answered, fill=INK, font=font, anchor="lm")
    x += 84 + pen.textlength(answered, font=font)
    _hatched(pen, x, 18, x + 32, 50)
    pen.text((x + 44, 34), unanswered, fill=INK, font=font, anchor="lm")
