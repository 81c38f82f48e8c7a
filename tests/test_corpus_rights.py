"""corpus.rights, and how the store and the extractor keep to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import an_article, put

from corpus.extract import extract
from corpus.passages import passages
from corpus.records import Block, BlockKind, Source, SourceKind
from corpus.rights import Rights, is_reserved, quote_words, rights, snippet_limit
from corpus.store import Store
from corpus.verify import verify_store

FIRST = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike began."
SECOND = "Crews voted by 41 to 12 to accept a rise of four per cent, their union said in the evening."


@pytest.mark.parametrize(
    ("robots", "free", "expected"),
    [
        ((), None, Rights(True, 60, None, True)),
        ((), False, Rights(True, 60, None, False)),
        ((), True, Rights(True, 60, None, True)),
        (("noarchive",), None, Rights(True, 60, None, False)),
        (("nosnippet",), None, Rights(True, 0, 0, False)),
        (("max-snippet:0",), None, Rights(True, 0, 0, False)),
        (("max-snippet:-1",), None, Rights(True, 60, None, True)),
        (("max-snippet:120",), None, Rights(True, 20, 120, False)),
        (("max-snippet:9000",), None, Rights(True, 60, 9000, False)),
        (("max-snippet:120", "max-snippet:30"), None, Rights(True, 5, 30, False)),
        (("noindex",), None, Rights(False, 60, None, True)),
        (("none",), None, Rights(False, 60, None, True)),
        (("tdm-reservation",), None, Rights(False, 60, None, True)),
        (("noai",), None, Rights(False, 60, None, True)),
        (("max-image-preview:large", "nofollow"), None, Rights(True, 60, None, True)),
    ],
)
def test_what_a_page_allows(robots: tuple[str, ...], free: bool | None, expected: Rights) -> None:
    """The stricter of source and page, directive by directive."""
    assert rights(robots, free, max_quote_words=60, full_text=True) == expected


def test_a_source_is_never_allowed_more_by_its_pages() -> None:
    """The operator's cap and the full text that was not switched on stand, whatever a page permits."""
    assert rights(("max-snippet:-1",), True, max_quote_words=25, full_text=False) == Rights(True, 25, None, False)
    assert quote_words(10_000, 25) == 25
    assert snippet_limit(()) is None
    assert not is_reserved(("noarchive",))


def test_reserved_articles_are_kept_and_not_searched(store: Store) -> None:
    """noindex and a reservation of text mining keep an article out of everything that an index reads."""
    reserved, _ = put(store, an_article(FIRST, robots=("tdm-reservation",)), "a")
    free, _ = put(store, an_article(SECOND), "b")
    assert [each.article for each in store.passages()] == [free]
    assert store.count_passages() == 1
    assert list(store.quotable_articles()) == [free]
    assert store.passages_of(reserved) == []
    found = store.article(reserved)
    assert found is not None
    assert store.revision_text(found.revision) == FIRST


def test_a_page_that_changes_its_mind_is_followed(store: Store) -> None:
    """The same words with other directives are no revision; the index hears of it."""
    number, _ = put(store, an_article(FIRST))
    revision, generation = store.article(number), store.generation
    put(store, an_article(FIRST, robots=("noindex",)))
    assert list(store.passages()) == []
    assert store.generation > generation
    put(store, an_article(FIRST))
    assert [each.text for each in store.passages()] == [FIRST]
    assert store.article(number) == revision


def test_the_operator_sees_what_is_limited(store: Store) -> None:
    """Counts by source, of what may be quoted or is held; what is not limited is not listed."""
    put(store, an_article(FIRST, robots=("noindex",)), "a")
    put(store, an_article(FIRST, "Second.", robots=("nosnippet", "noarchive")), "b")
    put(store, an_article(FIRST, "Third.", robots=("max-snippet:50",), free=False), "c")
    put(store, an_article(SECOND), "d", source="Another")
    assert store.limits() == {
        "The Paper": {"not searched": 1, "never quoted": 1, "quoted in part": 1, "not free": 1, "not archived": 1},
        "Another": {},
    }


def test_what_may_not_be_quoted_is_found_and_named(store: Store) -> None:
    """nosnippet leaves the passage to be found, with nothing in it to quote."""
    put(store, an_article(FIRST, SECOND, robots=("nosnippet",)))
    assert [(each.text.strip(), each.quotable, each.max_words) for each in store.passages()] == [
        (FIRST, (), 0),
        (SECOND, (), 0),
    ]
    known = [each.id for each in store.passages()]
    assert store.findable(known) == dict.fromkeys(known, False)


def test_the_store_says_of_each_passage_whether_it_may_be_quoted(store: Store) -> None:
    """The same whether its text is read or not; a reserved page has no passage to be found."""
    shown, hidden = len(FIRST), len(FIRST) + 1 + len(SECOND)
    blocks = (Block(BlockKind.PARAGRAPH, 0, shown), Block(BlockKind.PARAGRAPH, shown + 1, hidden, quotable=False))
    put(store, replace(an_article(FIRST, SECOND), blocks=blocks), "a")
    put(store, an_article(FIRST, "Third.", robots=("noindex",)), "b")
    put(store, an_article(SECOND, "Fourth.", robots=("max-snippet:60",)), "c")
    known = range(10)
    found = store.findable(known)
    assert found == {number: bool(each.quotable) for number, each in store.passages_by_id(known).items()}
    assert sorted(found.values()) == [False, True, True]


def test_a_passage_carries_the_stricter_limit(store: Store) -> None:
    """Words by the source, characters by the page, kind by the page: known where the quote is cut."""
    source = store.put_source(Source("The Paper", SourceKind.FOLDER, "", max_quote_words=25))
    article = an_article(FIRST, robots=("max-snippet:60",))
    store.put(article, passages(article), key="k", source=source)
    (passage,) = store.passages()
    assert (passage.max_words, passage.max_chars, passage.quotable) == (10, 60, ((0, len(FIRST)),))
    store.put_source(Source("The Paper", SourceKind.FOLDER, "", max_quote_words=7))
    assert [each.max_words for each in store.passages()] == [7]


PAGE = f"""<html><head><title>Boats</title><meta name="robots" content="max-snippet: 80, noarchive">
<meta name="tdm-reservation" content="1"></head><body><article><h1>Boats</h1>
<p>{FIRST} It was the first of the winter and half of the island stood on the quay to see it.</p>
<div data-nosnippet><p>{SECOND} Nobody had thought that it would come to this in the end, she said.</p></div>
<blockquote><p>We counted them in and we counted them out, every boat of the nine long days.</p>
<footer>— Mora Tennant, harbour master</footer></blockquote>
<p>The island's council will meet on Monday to hear how much the nine days have cost its shops and its school.</p>
</article></body></html>"""


def test_parts_a_page_asks_not_to_show_are_never_quoted() -> None:
    """``data-nosnippet`` keeps its paragraph in the text, to be searched, and out of what may be quoted."""
    (article,) = extract(PAGE.encode(), name="a.html")
    assert {"max-snippet:80", "noarchive", "tdm-reservation", "data-nosnippet"} <= set(article.robots)
    assert SECOND in article.text
    quotable = [article.text[a:b] for tile in passages(article) for a, b in tile.quotable]
    assert not any("voted by 41" in each for each in quotable)
    assert any(FIRST in each for each in quotable)


def test_the_speaker_of_a_quotation_is_kept_where_the_page_names_one(store: Store) -> None:
    """The markup's ``footer`` or ``cite`` names who said the words; other text has no speaker."""
    (article,) = extract(PAGE.encode(), name="a.html")
    quotes = {article.text[b.start : b.end]: b.speaker for b in article.blocks if b.kind is BlockKind.QUOTE}
    said = next(line for line in quotes if line.startswith("We counted"))
    assert quotes[said] == "Mora Tennant, harbour master"
    assert {block.speaker for block in article.blocks if block.kind is not BlockKind.QUOTE} == {""}
    number, _ = put(store, article)
    kept = store.article(number)
    assert kept is not None
    at = article.text.index("every boat")
    assert store.speaker(kept.revision, at, at + 10) == "Mora Tennant, harbour master"
    assert store.speaker(kept.revision, 0, 10) == ""
    assert store.speaker(999, 0, 10) == ""


def test_what_a_page_says_of_its_parts_is_checked_like_other_text(store: Store) -> None:
    """``--verify`` reads paragraphs that are not to be shown, and quotations with a speaker."""
    (article,) = extract(PAGE.encode(), name="a.html")
    put(store, article)
    assert [(each.checked, each.found) for each in verify_store(store)] == [(1, 0), (1, 0), (4, 0)]
