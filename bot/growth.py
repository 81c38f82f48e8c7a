"""How search time and memory grow with the number of passages, as an SVG picture; both scales are logarithmic."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 860, 340
TOP, BOTTOM, PANEL, GAP = 44, 48, 340, 90


class _Line(NamedTuple):
    key: str
    label: str
    colour: str
    dashes: str


PANELS: tuple[tuple[str, tuple[_Line, ...]], ...] = (
    (
        "search, milliseconds",
        (
            _Line("search_ms_p50", "p50", "#1f5fbf", ""),
            _Line("search_ms_p99", "p99", "#1f5fbf", "6 4"),
            _Line("search_ms_p50_filtered", "1 % kept, p50", "#b3541e", ""),
            _Line("search_ms_p99_filtered", "1 % kept, p99", "#b3541e", "6 4"),
        ),
    ),
    ("the bot's process, MB", (_Line("rss_mb", "resident", "#2d7d46", ""),)),
)


def draw(runs: Sequence[Mapping[str, float]]) -> str:
    """The picture of several outputs of ``scripts/benchmark.py --json``, at least two of different sizes."""
    runs = sorted(runs, key=lambda run: run["passages"])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    sizes = [run["passages"] for run in runs]
    for number, (title, lines) in enumerate(PANELS):
        left = 60 + number * (PANEL + GAP)
        values = [run[line.key] for run in runs for line in lines]
        across = _scale(min(sizes), max(sizes), left, left + PANEL)
        low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
        up = _scale(low, high, HEIGHT - BOTTOM, TOP)
        parts.append(f'<text x="{left}" y="24" font-size="15">{escape(title)}</text>')
        for value in _decades(low, high):
            parts.append(
                f'<path d="M{left} {up(value):.1f}h{PANEL}" stroke="#ddd"/>'
                f'<text x="{left - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
            )
        for size in sizes:
            parts.append(f'<text x="{across(size):.1f}" y="{HEIGHT - 28}" text-anchor="middle">{size:,.0f}</text>')
        parts.append(f'<text x="{left + PANEL / 2}" y="{HEIGHT - 8}" text-anchor="middle">passages</text>')
        for place, line in enumerate(lines):
            points = " ".join(f"{across(run['passages']):.1f},{up(run[line.key]):.1f}" for run in runs)
            style = f'stroke="{line.colour}" stroke-width="2" stroke-dasharray="{line.dashes}"'
            y = TOP + 12 + place * 17
            parts.append(
                f'<polyline points="{points}" fill="none" {style}/><path d="M{left + 8} {y - 4}h26" {style}/>'
                f'<text x="{left + 40}" y="{y}">{escape(line.label)}</text>'
            )
    return "\n".join([*parts, "</svg>\n"])


def _decades(low: float, high: float) -> list[float]:
    first = round(math.log10(low))
    return [10.0**power for power in range(first, round(math.log10(high)) + 1)]


def _scale(low: float, high: float, first: float, last: float) -> Callable[[float], float]:
    """From a logarithmic range to a range of points."""
    span = math.log10(high / low) or 1.0
    return lambda value: first + (last - first) * math.log10(max(value, low) / low) / span
