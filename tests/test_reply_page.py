"""scripts/reply_page.py: the picture of a message shows what Discord would, and nothing a member wrote acts in it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

from reply_page import Attached, Reader, form_page, page

from bot.client import form, layout
from bot.render import Button, Message

READER = Reader("de", datetime(2026, 2, 2, 5, 40, tzinfo=UTC), {5: "news"})


def body(html: str) -> str:
    return html.partition("</header>")[2]


def test_a_message_as_a_page() -> None:
    """Small print, quotes in one piece, bold, links, dates of the reader's language, mentions, escapes, buttons."""
    dates = "<t:1770000000:D> (<t:1770000000:R>)"
    block = f"-# Frage\n> eins\n> **zwei** \\*\n[Titel](<https://a.example/?x=1>), {dates} <#5>"
    message = Message((block, "- `/artikel`"), ((Button("Zurück", "page", "1", disabled=True),),))
    html = body(page(layout(message).to_components(), READER))
    assert '<p class="small">Frage</p>' in html
    assert "<blockquote>eins<br><strong>zwei</strong> *</blockquote>" in html
    assert '<a href="https://a.example/?x=1">Titel</a>, <time>2. Februar 2026</time>' in html
    assert "(<time>vor 3 Stunden</time>)" in html
    assert '<span class="mention">#news</span>' in html
    assert "<li><code>/artikel</code></li>" in html
    assert "<button disabled>Zurück</button>" in html


def test_what_members_write_stays_text() -> None:
    html = body(page([{"type": 10, "content": "<script>alert(1)</script>"}], READER))
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_menus_files_and_pictures() -> None:
    components = [
        {
            "type": 1,
            "components": [{"type": 3, "options": [{"label": "Deutsch", "default": True}, {"label": "English"}]}],
        },
        {"type": 1, "components": [{"type": 8, "default_values": [{"id": "5", "type": "channel"}]}]},
        {"type": 1, "components": [{"type": 8}]},
        {"type": 13, "file": {"url": "attachment://log.csv"}},
        {"type": 12, "items": [{"media": {"url": "attachment://stats.png"}, "description": "Ein Balken"}]},
    ]
    html = body(page(components, READER, [Attached("stats.png", b"x")]))
    assert [html.count(f'<div class="menu">{each}') for each in ("Deutsch</div>", "#news</div>", "<span")] == [1, 1, 1]
    assert "<span>log.csv</span>" in html
    assert '<img alt="Ein Balken" src="data:image/png;base64,eA==">' in html
    with pytest.raises(ValueError, match="type 99"):
        page([{"type": 99}], READER)


def test_a_form_as_a_page() -> None:
    html = form_page(form("Warum?", "because", "t", "In deinen Worten", 500, required=True).to_dict(), READER)
    assert '<h1>Warum?</h1><p>In deinen Worten</p><div class="input"></div>' in html
