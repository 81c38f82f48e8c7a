"""Passages tile an article's text; sentences are found in it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import assemble
from corpus.passages import LIMIT, SHORT, passages, weight
from corpus.records import Article, BlockKind
from corpus.sentences import sentences

LONG = "The council met again on Tuesday to talk about the bridge, the road and the school, and nobody left early. "


def article(*parts: tuple[BlockKind, str]) -> Article:
    text, blocks = assemble(parts)
    return Article(title="T", text=text, blocks=blocks)


def paragraphs(*lines: str) -> Article:
    return article(*((BlockKind.PARAGRAPH, line) for line in lines))


def tiles(of: Article) -> list[str]:
    return [of.text[p.start : p.end] for p in passages(of)]


def test_a_paragraph_is_a_passage() -> None:
    """Each paragraph with the newline behind it."""
    one, two = LONG.strip(), "A second paragraph follows, and it is long enough to stand by itself."
    assert tiles(paragraphs(one, two)) == [one + "\n", two]
    assert passages(paragraphs()) == ()


def test_short_paragraphs_join_their_neighbour() -> None:
    """A short one joins what follows, the last one what came before; both can be quoted."""
    found = paragraphs("It was late.", LONG.strip(), LONG.strip(), "He left.")
    assert len("It was late.") < SHORT
    assert tiles(found) == [f"It was late.\n{LONG.strip()}\n", f"{LONG.strip()}\nHe left."]
    assert [found.text[a:b] for a, b in passages(found)[0].quotable] == ["It was late.", LONG.strip()]


def test_headings_lead_their_passage_and_are_not_quoted() -> None:
    """A heading stands in the tile of what follows it and names the section of all that do."""
    found = article(
        (BlockKind.PARAGRAPH, LONG),
        (BlockKind.HEADING, "What is next"),
        (BlockKind.PARAGRAPH, LONG),
        (BlockKind.PARAGRAPH, LONG),
    )
    first, second, third = passages(found)
    assert (first.heading, second.heading, third.heading) == ("", "What is next", "What is next")
    assert found.text[second.start : second.end].startswith("What is next\n")
    assert [found.text[a:b] for a, b in second.quotable] == [LONG.strip()]


def test_headings_alone_are_not_quotable() -> None:
    """A text of nothing but headings is one tile with nothing to quote."""
    (only,) = passages(article((BlockKind.HEADING, "One"), (BlockKind.HEADING, "Two")))
    assert (only.start, only.end, only.quotable) == (0, 7, ())


def test_long_paragraphs_are_split_between_sentences() -> None:
    """Parts of about one size, each a run of whole sentences."""
    parts = tiles(paragraphs(LONG * 20))
    assert len(parts) == -(-weight((LONG * 20).strip()) // LIMIT)
    assert all(part.strip().endswith("early.") and weight(part) <= LIMIT for part in parts)


def test_a_long_sentence_is_split_at_clauses_or_spaces() -> None:
    """Without full stops a part still ends between words."""
    parts = tiles(paragraphs("word " * 1000))
    assert {word for part in parts for word in part.split()} == {"word"}
    assert all(part.startswith("word") for part in parts)


KINDS = st.sampled_from(list(BlockKind))
WORDS = st.text(alphabet=st.sampled_from('abcde ABC.,;!?"” 漢字。한글é١🙂-'), max_size=400)
BIG = st.sampled_from([LONG * 30, "x" * 5000, "漢" * 700, "한" * 300, "! " * 900, "a,b;" * 500])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(KINDS, WORDS | BIG), max_size=8))
def test_tiles_cover_the_text_exactly_once(parts: list[tuple[BlockKind, str]]) -> None:
    """No gap, no overlap, no tile over the limit; quotable parts lie in their tile, never in a heading."""
    found = article(*parts)
    result = passages(found)
    assert "".join(found.text[p.start : p.end] for p in result) == found.text
    assert [p.start for p in result] == [0, *(p.end for p in result[:-1])][: len(result)]
    for passage in result:
        assert passage.start < passage.end
        assert weight(found.text[passage.start : passage.end]) <= LIMIT
        for a, b in passage.quotable:
            assert passage.start <= a < b <= passage.end
            assert any(x.start <= a and b <= x.end and x.kind is not BlockKind.HEADING for x in found.blocks)
    assert passages(found) == result


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Dr. Smith at 5 p.m. Monday. Then he left.", ["He met Dr. Smith at 5 p.m. Monday.", "Then he left."]),
        ("He said: “It failed.” She agreed.", ["He said: “It failed.”", "She agreed."]),
        ("One line\nAnother one. End", ["One line", "Another one.", "End"]),
        ("他说：“不。”然后走了。真的！", ["他说：“不。”", "然后走了。", "真的！"]),
        ("  ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Abbreviations hold together, closing quotes belong to their sentence, newlines always part."""
    assert split(text) == expected


def test_sentences_of_a_range() -> None:
    """Offsets count in the whole text and stay inside the range."""
    text = "First one. Second one. Third one."
    assert sentences(text, 11, 22) == [(11, 22)]
    assert sentences("a " * 100_000)[0][0] == 0


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab. \n\t!?"”。।A1,\u2028'), max_size=80))
def test_sentences_hold_all_that_is_not_space(text: str) -> None:
    """In order, trimmed, within lines, nothing lost."""
    spans = sentences(text)
    assert all(a < b and text[a:b].strip() == text[a:b] and "\n" not in text[a:b] for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


def test_a_paragraph_of_few_signs_may_say_much() -> None:
    """Twenty-odd signs of Japanese are a sentence; they stand by themselves, as six words of English do not."""
    told = ("島へのフェリーは金曜日の朝に運航を再開した。", "組合は四パーセントの賃上げを受け入れることを決めた。")
    assert len(tiles(paragraphs(*told))) == 2
    assert len(tiles(paragraphs("It sailed again.", "The union agreed."))) == 1
