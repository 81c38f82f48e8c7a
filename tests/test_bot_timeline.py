"""How a story unfolded: turning points by day, quoted, copies folded, in pages and as a picture."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from admin_house import Bureau, buttons, open_bureau, text
from bot_house import make_citation, shared_catalogue
from fakes import an_article, put
from measure_stories import WRITTEN, written
from PIL import Image

from bot.timeline import PAGE, code_of, shown, storylines_of, unfold
from bot.timeline_picture import Point, _wrapped, draw
from corpus.store import Store

ENGLISH = shared_catalogue().texts("en")
OUTLETS = {"Pell Courier", "Radio Veen", "The Morrow"}


def bridge(store: Store) -> int:
    """The written stories in a store; returns the storyline of the bridge."""
    rows = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    true = written(store, rows)
    return store.storylines.of(next(number for number, story in true.items() if story == "bridge"))


def test_each_day_has_the_sentence_that_told_something_new(store: Store) -> None:
    """Two outlets on the first day make one point; the town's market on another day makes none."""
    found = unfold(store, code_of([bridge(store)]), OUTLETS)
    assert found is not None
    assert [(each.published, each.source, each.quote[:40]) for each in found.points] == [
        ("2026-03-02", "Radio Veen", "Drivers in Pell face long detours: the c"),
        ("2026-03-09", "The Morrow", "The cracked Old Mill Bridge in Pell coul"),
        ("2026-07-04", "Pell Courier", "Four months after a crack closed it, the"),
    ]
    assert found.articles == 4
    assert found.title == "Old Mill Bridge closed after crack is found"
    only = unfold(store, found.code, {"The Morrow"})
    assert only is not None
    assert [each.source for each in only.points] == ["The Morrow"]
    assert unfold(store, found.code, set()) is None
    assert unfold(store, "no-code", OUTLETS) is None


def test_copies_and_repetitions_make_no_further_points(store: Store) -> None:
    """A wire story that another outlet prints a day later tells nothing new."""
    words = [f"The bridge of Pell was closed because word{number} of the pier cracked." for number in range(8)]
    put(store, an_article(*words, title="Bridge closed", published="2026-03-02"), "a", source="The Wire")
    put(store, an_article(*words, title="Bridge shut", published="2026-03-03"), "b", source="The Paper")
    store.storylines.group()
    found = unfold(store, "1", {"The Wire", "The Paper"})
    assert found is not None
    assert [each.source for each in found.points] == ["The Wire"]
    assert found.articles == 1


def test_an_answer_leads_to_its_story(store: Store) -> None:
    storyline = bridge(store)
    members = store.storylines.members(storyline)
    first = make_citation(article=members[0], title="Old Mill Bridge closed after crack is found")
    other = make_citation(article=5, title="Pell's market moves to Fridays")
    assert storylines_of(store, [first, other]) == [storyline]
    assert storylines_of(store, []) == []


def test_pages_of_five(store: Store) -> None:
    found = unfold(store, code_of([bridge(store)]), OUTLETS)
    assert found is not None
    many = dataclasses.replace(found, points=found.points * 4)
    first, last = shown(many, 1, ENGLISH), shown(many, 9, ENGLISH)
    assert len(first.blocks) == PAGE + 2
    assert first.blocks[-1].endswith("-# Page 1 of 3")
    assert last.blocks[-1].endswith("-# Page 3 of 3")
    assert [(each.act, each.argument) for each in first.rows[-1]] == [("unfolded", f"{found.code}.1")]
    assert first.blocks[1].split("\n")[0] == "**<t:1772452800:D>**"
    assert first.blocks[1].split("\n")[2] == "**1** Radio Veen: Divers' find shuts bridge in Pell"


def test_the_picture_holds_every_line() -> None:
    """As high as its points need, with letters beyond ASCII; a long sentence ends in dots."""
    points = [Point("2026-03-02", "Die Brücke ist “zu” – für Wochen, sagt Müller.", "Radio Veen")] * 3
    png = draw(points)
    assert png is not None
    image = Image.open(io.BytesIO(png))
    assert image.width == 720
    one = Image.open(io.BytesIO(draw(points[:1]) or b""))
    assert image.height - one.height == 2 * (one.height - 2 * 28 + 24)
    assert image.getpixel((216, 44)) == (0x8A, 0xB4, 0xFF)  # the first point on the line

    class Wide:
        def getlength(self, words: str) -> float:
            return 20.0 * len(words)

    assert _wrapped("word " * 60, Wide())[-1].endswith(" ...")  # type: ignore[arg-type]


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    store = Store(tmp_path / "corpus.db")
    bridge(store)
    store.close()
    async with open_bureau(tmp_path) as opened:
        yield opened


async def test_the_command_shows_the_story_of_its_answer_and_draws_it(bureau: Bureau) -> None:
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
    bureau.newsroom.citations = (make_citation(article=1, title="Old Mill Bridge closed after crack is found"),)
    result = await ann.slash(channel, "timeline", question="the bridge of Pell")
    told = text(result.response.components)
    assert "**How it unfolded:** Old Mill Bridge closed after crack is found" in told
    assert told.count("\n> ") == 3
    assert buttons(result.response.components) == {"As a picture": "nd:unfolded:1.1"}
    drawn = await ann.click(result.response.message, label="As a picture")
    (file,) = drawn.response.message.attachments
    assert file.filename == "timeline.png"
    bureau.newsroom.answered = False
    nothing = await ann.slash(channel, "timeline", question="the moon")
    assert "I found no story on this in my sources." in text(nothing.response.components)
