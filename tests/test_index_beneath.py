"""What stands beneath the first quote: what adds to it, and in whose order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from ranked_passages import ranked

from index.evidence import BAR, NEAR, Evidence, quotes
from index.question import analyse
from index.ranking import Ranked

CLOSED = "The bridge over the Marrow was closed to all on Monday."
AT = float(np.arccos(NEAR))
"""The angle between two vectors that are just near enough."""


def beneath(first: int, *passages: Ranked, asked: str = "When?", max_words: dict[str, int] | None = None) -> list[str]:
    """The quotes where the one at place ``first`` of those that may answer goes first."""
    evidence = Evidence(analyse(asked), passages, max_words)
    may_answer = evidence.may_answer()
    return [quote.text for quote in evidence.beneath(may_answer[first], may_answer[0].score)]


def test_what_is_quoted_beneath_the_first_adds_to_it() -> None:
    """Of other events only what is near to the first quote; of its own article, or its course of events, all."""
    first = ranked(CLOSED, [9.0], number=1, storyline=7, angle=0.0)
    near = ranked("A crack in a pillar was found at dawn.", [8.0], number=2, angle=AT - 0.01)
    far = ranked("The mill up the river makes paper again since May.", [8.0], number=2, angle=AT + 0.01)
    own = ranked("Buses go round by the valley road until it opens.", [7.0], number=3, article=1, angle=3.0)
    events = ranked(
        "Ferries replace the crossing until summer for cars and lorries.", [6.0], number=4, storyline=7, angle=3.0
    )
    unknown = ranked("A mason saw the crack first on his way to work.", [5.5], number=5)

    assert beneath(0, first, near) == [CLOSED, "A crack in a pillar was found at dawn."]
    assert beneath(0, first, far) == [CLOSED]
    # The next ones take its place.
    assert beneath(0, first, far, own, events) == [
        CLOSED,
        "Buses go round by the valley road until it opens.",
        "Ferries replace the crossing until summer for cars and lorries.",
    ]
    assert beneath(0, first, far, unknown) == [CLOSED, "A mason saw the crack first on his way to work."]
    assert [quote.hit.passage for quote in quotes(analyse("When?"), [first, far])] == [1, 2]  # it may answer instead


def test_near_is_meant_of_the_sentences_that_answer() -> None:
    """Neither of one that joined the first quote, nor of what is quoted second."""
    joined = ranked(f"It had cracked after the frost. {CLOSED}", [8.0, 9.0], number=1, angle=0.0)
    vectors = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
    joined = replace(joined, candidate=replace(joined.candidate, vectors=vectors))
    near = ranked("A crack in a pillar was found at dawn.", [8.5], number=2, angle=AT - 0.01)
    next_to_that = ranked("The mill up the river makes paper again since May.", [8.4], number=3, angle=2 * AT - 0.02)

    assert beneath(0, joined, near, next_to_that) == [
        f"It had cracked after the frost. {CLOSED}",
        "A crack in a pillar was found at dawn.",
    ]


def test_any_quote_can_go_first() -> None:
    """As it was found, though the best scores more and has words in common with it; the bar stays the best one's."""
    best = ranked(CLOSED, [9.0], number=1)
    second = ranked("Frost had cracked one of the pillars in the night. It was found at dawn.", [7.0, 4.9], number=2)
    low = ranked("Ferries replace the crossing until summer for cars and lorries.", [8.9 - BAR], number=3)

    assert beneath(0, best, second, low) == [CLOSED, "Frost had cracked one of the pillars in the night."]
    assert beneath(1, best, second, low) == ["Frost had cracked one of the pillars in the night.", CLOSED]


def test_the_bar_is_that_of_the_best_that_may_be_quoted() -> None:
    """A page that allows few characters may hold the best sentence of all."""
    longer = ranked("A" + "n" * 90 + " bridge was closed.", [20.0], number=1)
    passage = replace(longer.candidate.passage, max_chars=60)
    longer = replace(longer, candidate=replace(longer.candidate, passage=passage))
    best = ranked(CLOSED, [9.0], number=2)
    second = ranked("Frost had cracked one of the pillars in the night.", [7.0], number=3)

    assert beneath(0, longer, best, second) == [CLOSED, "Frost had cracked one of the pillars in the night."]
    assert beneath(1, longer, best, second) == ["Frost had cracked one of the pillars in the night.", CLOSED]


def test_a_quote_put_first_keeps_the_sentence_that_joined_it() -> None:
    """Though that one scores more: by itself, with the sentence before it, it says what was said already."""
    best = ranked("The bridge was closed on Monday after the frost.", [9.0], number=1)
    second = ranked("It closed after frost on Monday, the bridge. Engineers saw it twice. The mill makes paper.",
                    [8.0, 7.9, 7.5], number=2)  # fmt: skip
    found = [quote.text for quote in quotes(analyse("When?"), [best, second])]
    assert found[1] == "Engineers saw it twice. The mill makes paper."
    assert beneath(1, best, second)[0] == found[1]


def test_each_quote_is_as_long_as_its_source_allows() -> None:
    """The first and those beneath it; what the source has cut short is not a short sentence."""
    first = ranked(CLOSED + " Ships wait.", [9.0, 8.9], number=1)
    second = ranked("Frost had cracked a pillar of it in the night. Ferries go.", [8.0, 7.9], number=2)
    whole = [f"{CLOSED} Ships wait.", "Frost had cracked a pillar of it in the night. Ferries go."]
    assert beneath(0, first, second) == whole
    assert beneath(0, first, second, max_words={"Harbour Post": 7}) == [
        "The bridge over the Marrow was closed", "Frost had cracked a pillar of it"
    ]  # fmt: skip


def test_a_short_sentence_adds_nothing_by_itself() -> None:
    """But where it joins another, is another outlet's report of the same, or words are not set apart by spaces."""
    first = ranked(CLOSED, [9.0], number=1, storyline=7)
    short = ranked("Three more were injured, the doctors said.", [8.0], number=2)
    long = ranked("Three more were badly injured, the doctors said later.", [8.0], number=2)
    report = ranked("On Monday the bridge closed.", [8.0], number=2, source="Echo", storyline=7)
    chinese = ranked("这座桥因柱子开裂于星期一关闭。", [8.0], number=2)

    assert beneath(0, first, short) == [CLOSED]
    assert beneath(0, first, long) == [CLOSED, "Three more were badly injured, the doctors said later."]
    assert beneath(0, first, report) == [CLOSED, "On Monday the bridge closed."]
    assert beneath(0, first, chinese) == [CLOSED, "这座桥因柱子开裂于星期一关闭。"]
    assert beneath(1, first, short) == ["Three more were injured, the doctors said.", CLOSED]  # and may answer
