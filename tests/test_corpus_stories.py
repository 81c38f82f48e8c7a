"""corpus.stories: copies of a wire story are linked, whatever outlets do to them, and nothing else is."""

from __future__ import annotations

import random

import pytest
from fakes import an_article, put
from hypothesis import given
from hypothesis import strategies as st

from corpus.store import Store
from corpus.stories import resemblance, shingles

WIRE = (
    "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began, with some two"
    " hundred passengers and the first fresh bread that the island had seen in a week.",
    "Crews voted by 41 to 12 to accept a rise of four per cent, their union said late on Thursday, after the company"
    " had offered three per cent in March and called that its last word on the matter.",
    "The harbour master of Port Selwick, who counted the boats in and out through the whole of the strike, said that"
    " she had never known the sound so quiet in a November and hoped not to know it again.",
    "The island's council will meet on Monday to hear how much the nine days have cost its shops, two of which closed"
    " for good, and whether a second boat can be had before the winter storms set in.",
)
OTHER = (
    "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock, when the fire"
    " brigade of Harrowgate began to pump and the schools told their pupils to stay in bed.",
    "Nobody was hurt, the mayor said at noon, but the old bridge is closed until engineers have looked at its middle"
    " pier, which was last mended after the flood of 1987 and has leaned a little since.",
    "More rain is expected on Sunday, less of it than fell this week, and the people of the lower town have carried"
    " their carpets up to the attic for the second time in this year.",
)


def linked(store: Store, one: int, other: int) -> bool:
    first, second = store.article(one), store.article(other)
    assert first is not None
    assert second is not None
    return first.story == second.story


def test_shingles_are_runs_of_five_words() -> None:
    """Case and punctuation do not count, order does; fewer than five words have none."""
    assert len(shingles("One two three four five six.")) == 2
    assert shingles("one, TWO three – four five").tolist() == shingles("One two “three” four five!").tolist()
    assert shingles("five four three two one").tolist() != shingles("one two three four five").tolist()
    assert len(shingles("one two three four")) == 0
    assert len(shingles("漢字五文字")) == 1
    assert len(shingles("")) == 0


@given(st.text(max_size=400))
def test_any_text_resembles_itself_alone(text: str) -> None:
    """A text's resemblance to itself is 1 as soon as it has five words, and never outside 0 to 1 to another."""
    found = shingles(text)
    assert resemblance(found, found) == ((1.0, 1.0) if len(found) else (0.0, 0.0))
    alike, inside = resemblance(found, shingles(text[::2] + " one two three four five"))
    assert 0 <= alike <= inside <= 1
    assert found.tolist() == sorted(set(found.tolist()))


def test_ascii_and_other_spellings_hash_alike() -> None:
    """The quick way for plain text and the thorough one agree: curly quotes are no difference."""
    plain = "The crews' vote was 41 to 12, it's said"
    assert shingles(plain).tolist() == shingles(plain.replace("'", "’") + " –").tolist()


@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        ("By our own staff on the quay of Port Selwick, who saw it all and would not have missed it.", *WIRE),
        (WIRE[0].replace("two hundred", "200"), *WIRE[1:3], WIRE[3].replace("Monday", "Tuesday")),
        WIRE[:2],  # an outlet prints the first half
    ],
)
def test_copies_in_several_outlets_are_one_story(store: Store, copy: tuple[str, ...]) -> None:
    """Verbatim, with a paragraph before, edited or cut: one story, each outlet's article kept."""
    one, _ = put(store, an_article(*WIRE, published="2026-11-20"), "a", source="The Wire")
    other, _ = put(store, an_article(*copy, title="Boats again", published="2026-11-21"), "b", source="The Paper")
    assert linked(store, one, other)
    assert store.stories.copies_of(one) == [other]
    assert store.stories.copies_of(other) == [one]
    assert {each.story for each in store.passages()} == {one}
    assert {each.article for each in store.passages()} == {one, other}


def test_other_stories_stand_alone(store: Store) -> None:
    """Another event is another story; so is one with a sentence in common, and each is the first of its own."""
    one, _ = put(store, an_article(*WIRE), "a", source="The Wire")
    other, _ = put(store, an_article(*OTHER, WIRE[0]), "b", source="The Paper")
    assert not linked(store, one, other)
    assert store.stories.copies_of(one) == []
    found = store.article(other)
    assert found is not None
    assert found.story == other


def test_the_same_words_a_month_later_are_another_story(store: Store) -> None:
    """Reports made from one form (weather, results) come again and again; a wire's copies come within days."""
    one, _ = put(store, an_article(*WIRE, published="2026-10-01"), "a", source="The Wire")
    other, _ = put(store, an_article(*WIRE, published="2026-11-20"), "b", source="The Paper")
    assert not linked(store, one, other)


def test_an_outlet_s_own_articles_need_to_be_nearly_the_same(store: Store) -> None:
    """An outlet's second report repeats half of its first and is none the less another."""
    one, _ = put(store, an_article(*WIRE), "a")
    second, _ = put(store, an_article(*WIRE[2:], *OTHER), "b")
    again, _ = put(store, an_article(*WIRE, title="Again"), "c")
    assert not linked(store, one, second)
    assert linked(store, one, again)


def test_stories_are_stable_as_they_grow(store: Store) -> None:
    """The story keeps the number of its first article through copies and edits; a rewrite alone may join one."""
    first, _ = put(store, an_article(*WIRE), "a", source="The Wire")
    second, _ = put(store, an_article(*OTHER), "b", source="The Paper")
    third, _ = put(store, an_article(*WIRE[:3]), "c", source="The Lantern")
    put(store, an_article(*WIRE, "An hour later the second boat left the quay, too."), "a", source="The Wire")
    assert linked(store, first, third)
    put(store, an_article(*WIRE, title="Now a copy"), "b", source="The Paper")
    assert [store.stories.copies_of(each) for each in (first, second, third)] == [
        [second, third],
        [first, third],
        [first, second],
    ]
    put(store, an_article(*OTHER), "c", source="The Lantern")
    assert linked(store, first, third)


def test_what_stands_in_every_article_links_none(store: Store) -> None:
    """A hundred articles with the same closing paragraphs, and lines of their own, are a hundred stories."""
    chance = random.Random(3)
    words = [f"word{number}" for number in range(3000)]
    for number in range(100):
        own = " ".join(chance.sample(words, 120))
        put(store, an_article(own, OTHER[2]), f"k{number}", source=f"Outlet {number % 7}")
    stories = {each.story for each in store.passages()}
    assert len(stories) == 100
    crowd = store._db.execute("SELECT max(n) FROM (SELECT count(*) n FROM sketches GROUP BY hash)").fetchone()[0]
    assert crowd <= 24
