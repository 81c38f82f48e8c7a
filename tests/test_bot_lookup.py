"""What the buttons read again: quotes that may still be given, and the words around them, within their rights."""

from __future__ import annotations

from dataclasses import replace

from fakes import an_article, put

from bot.lookup import excerpt, still_quotable
from bot.panels import surrounded
from bot.records import Place
from bot.surroundings import paragraphs, sentences_around
from corpus.records import Source, SourceKind
from corpus.store import Store

FIRST = "The port froze on Monday. Nobody had expected it so soon."
SECOND = "The ferry was cancelled because ice blocked the channel. Buses ran instead."
THIRD = "It will sail again when the ice is gone. The port expects that on Friday."
QUOTE = "The ferry was cancelled because ice blocked the channel."
TEXT = f"{FIRST} {SECOND} {THIRD}"


def spans(text: str, *parts: str) -> list[tuple[int, int]]:
    return [(text.index(part), text.index(part) + len(part)) for part in parts]


def source(store: Store, **changed: object) -> None:
    known = Source("The Paper", SourceKind.FOLDER, "")
    store.put_source(replace(known, **changed))  # type: ignore[arg-type]


def placed(store: Store, *paragraphs: str, **particulars: object) -> Place:
    """Where the quote stands in an article of these paragraphs."""
    article, _ = put(store, an_article(*paragraphs, **particulars))
    passage = next(each for each in store.passages_of(article) if QUOTE in each.text)
    start = passage.start + passage.text.index(QUOTE)
    return Place(article, passage.revision, passage.id, start, start + len(QUOTE))


def test_sentences_around_share_what_words_are_left_in_turn() -> None:
    """The one before goes first; one that does not fit ends its side, so that no gap is left."""
    cut = spans(
        TEXT, "The port froze on Monday.", "Nobody had expected it so soon.", QUOTE, "Buses ran instead.",
        "It will sail again when the ice is gone.",
    )  # fmt: skip
    (start, end), words = cut[2], len(QUOTE.split())
    assert sentences_around(TEXT, cut, start, end, words) == ("", "")
    assert sentences_around(TEXT, cut, start, end, words + 3) == ("", "Buses ran instead.")
    assert sentences_around(TEXT, cut, start, end, words + 9) == (
        "Nobody had expected it so soon.",
        "Buses ran instead.",
    )
    assert sentences_around(TEXT, cut, start, end, words + 14) == (FIRST, "Buses ran instead.")
    assert (
        sentences_around(TEXT, cut, start, end, 500)[1] == "Buses ran instead. It will sail again when the ice is gone."
    )


def test_paragraphs_keep_their_lines() -> None:
    text = f"{FIRST}\n{SECOND}\n{THIRD}"
    ((start, end),) = spans(text, QUOTE)
    assert paragraphs(text, spans(text, FIRST, SECOND, THIRD), start, end) == (FIRST, f"Buses ran instead.\n{THIRD}")


def test_the_context_is_whole_where_the_source_allows_it(store: Store) -> None:
    source(store, full_text=True)
    found = excerpt(store, placed(store, FIRST, SECOND, THIRD))
    assert found is not None
    assert found.whole
    assert (found.before, found.quote) == (FIRST, QUOTE)
    assert found.after == f"Buses ran instead.\n{THIRD}"


def test_the_context_is_as_long_as_the_longest_quote_elsewhere(store: Store) -> None:
    source(store, max_quote_words=18)
    found = excerpt(store, placed(store, FIRST, SECOND, THIRD))
    assert found is not None
    assert not found.whole
    assert (found.before, found.after) == ("Nobody had expected it so soon.", "Buses ran instead.")


def test_a_page_that_limits_snippets_limits_the_context(store: Store) -> None:
    """Whatever the source's full text; and one that forbids them leaves none."""
    source(store, full_text=True)
    found = excerpt(store, placed(store, FIRST, SECOND, THIRD, robots=(f"max-snippet:{len(QUOTE) + 4}",)))
    assert found is not None
    assert (found.before, found.quote, found.after, found.whole) == ("", QUOTE, "", False)
    assert excerpt(store, placed(store, FIRST, SECOND, THIRD, robots=("nosnippet",))) is None


def test_what_is_left_of_a_sentence_that_was_cut_is_told(store: Store) -> None:
    """Beside a further source, and among the words around a quote unless these give the rest."""
    source(store, max_quote_words=18)
    place = placed(store, SECOND)
    start = SECOND.index(QUOTE)
    part = replace(place, start=start + 4, end=start + len(QUOTE) - 5)
    (citation,) = still_quotable(store, [part], {"The Paper"})
    found = excerpt(store, part)
    assert (citation.quote, citation.cut) == (QUOTE[4:-5], (True, True))
    assert found is not None
    assert found.cut == (True, True)
    assert r"\[…\] **" in surrounded(found, 500)
    source(store, full_text=True)
    found = excerpt(store, part)
    assert found is not None
    assert found.cut == (False, False)


def test_a_quote_is_found_again_in_a_later_revision(store: Store) -> None:
    """As long as its passage holds the same words; a withdrawn article shows nothing."""
    source(store)
    place = placed(store, SECOND)
    put(store, an_article(SECOND, title="A new title"))
    (citation,) = still_quotable(store, [place], {"The Paper"})
    assert (citation.quote, citation.title, citation.number) == (QUOTE, "A new title", 1)
    assert citation.revision != place.revision
    assert still_quotable(store, [place], set()) == []
    store.withdraw([place.article])
    assert still_quotable(store, [place], {"The Paper"}) == []
    assert excerpt(store, place) is None
