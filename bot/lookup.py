"""What the buttons of a reply show later: quotes read again from the store, and the words around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.fragments import fragment_link
from bot.records import Citation, Excerpt, Place, Quoted
from bot.surroundings import paragraphs, sentences_around
from corpus.records import StoredPassage
from corpus.sentences import inside, sentences
from corpus.store import Store
from index.evidence import quotes
from index.search import Found

FURTHER = 3
"""Quotes kept for "more sources"; more would not be read on a phone."""


def further_places(found: Found, cited: Sequence[Citation], max_words: Mapping[str, int]) -> tuple[Place, ...]:
    """The best quote of each of the next articles, none that says again what was cited.

    A copy of an article that is quoted is no further source. Where there are more than fit, each course of events has
    its best article before any has its second.
    """
    articles = {citation.article for citation in cited}
    said = {citation.quote for citation in cited}
    stories = {each.candidate.passage.story for each in found.ranked if each.candidate.passage.article in articles}
    first: list[Place] = []
    second: list[Place] = []
    storylines: set[int] = set()
    others = [each for each in found.ranked if each.candidate.passage.article not in articles]
    passages = {each.hit.passage: each.candidate.passage for each in others}
    for quote in quotes(found.question, others, limit=2 * FURTHER, max_words=max_words):
        passage = passages[quote.hit.passage]
        if passage.article in articles or passage.story in stories or quote.text in said:
            continue
        articles.add(passage.article)
        stories.add(passage.story)
        place = Place(passage.article, quote.revision, quote.hit.passage, quote.start, quote.end)
        (second if passage.storyline in storylines else first).append(place)
        storylines.add(passage.storyline)
    return tuple([*first, *second][:FURTHER])


def still_quotable(store: Store, places: Iterable[Place], quotable: set[str]) -> list[Citation]:
    """Citations of those ``places`` whose words may be quoted today, numbered from 1; the others are left out.

    Args:
        quotable: names of the sources that may be quoted.
    """
    citations: list[Citation] = []
    for place in places:
        found = _find(store, place)
        if found is None or found[0].source not in quotable:
            continue
        passage, start, end = found
        quote = passage.text[start - passage.start : end - passage.start]
        if len(quote.split()) > passage.max_words or (passage.max_chars is not None and len(quote) > passage.max_chars):
            continue  # the page has come to allow less
        article = store.article(passage.article)
        text = store.revision_text(passage.revision)
        citations.append(
            Citation(
                number=len(citations) + 1,
                quote=quote,
                passage=passage.text.strip(),
                title=passage.title,
                source=passage.source,
                url=article.url if article else None,
                published=passage.published,
                article=passage.article,
                revision=passage.revision,
                passage_id=passage.id,
                start=start,
                end=end,
                score=0.0,
                link=_link(article.url if article else None, text, start, end),
                kind=passage.kind,
                cut=inside(text, start, end) if text else (False, False),
            )
        )
    return citations


def passage_text(store: Store, passage: StoredPassage, start: int, end: int) -> str:
    """The text of the passages that a quote touches: mostly one, two where it goes over the end of a paragraph."""
    if passage.start <= start and end <= passage.end:
        return passage.text.strip()
    touched = [each.text for each in store.passages_of(passage.article) if each.start < end and each.end > start]
    return "".join(touched).strip()


def excerpt(store: Store, place: Place) -> Excerpt | None:
    """The quote among the paragraphs around it; None where it may not be quoted any more.

    Where source or page do not allow the full text, the whole excerpt is as long as their longest quote: whole
    sentences around this one.
    """
    found = _find(store, place)
    kept = store.shelf.read(found[0].article, {found[0].source}) if found else None
    if found is None or kept is None or not kept.rights.max_words:
        return None
    passage, start, end = found
    text, rights = kept.text, kept.rights
    beside = [each for each in store.passages_of(passage.article) if abs(each.position - passage.position) <= 1]
    spans = [span for each in beside for span in each.quotable]
    if rights.full_text:
        before, after = paragraphs(text, spans, start, end)
    else:
        cut = [span for first, last in spans for span in sentences(text, first, last)]
        before, after = sentences_around(text, cut, start, end, rights.max_words)
    if rights.max_chars is not None and len(before) + end - start + len(after) + 2 > rights.max_chars:
        before = after = ""
    # Whole sentences around a quote leave out the rest of the one that it is cut from.
    begins, ends = inside(text, start, end)
    spans = [*_spans_before(text, before, start), (start, end), *_spans_after(text, after, end)]
    return Excerpt(
        before=before,
        quote=text[start:end],
        after=after,
        title=passage.title,
        source=passage.source,
        url=_link(kept.listed.url, text, start, end),
        published=passage.published,
        whole=rights.full_text,
        kind=passage.kind,
        cut=(begins and not (rights.full_text and before), ends and not (rights.full_text and after)),
        quoted=tuple(
            Quoted(number, text[a:b], Place(passage.article, passage.revision, passage.id, a, b))
            for number, (a, b) in enumerate(spans, 1)
        ),
    )


def _spans_before(text: str, before: str, start: int) -> list[tuple[int, int]]:
    """Where the paragraphs that stand before a quote stand in the article."""
    found: list[tuple[int, int]] = []
    for line in filter(None, reversed(before.split("\n"))):
        start = text.rfind(line, 0, start)
        found.append((start, start + len(line)))
    return found[::-1]


def _spans_after(text: str, after: str, end: int) -> list[tuple[int, int]]:
    """Where the paragraphs that stand after a quote stand in the article."""
    found: list[tuple[int, int]] = []
    for line in filter(None, after.split("\n")):
        start = text.find(line, end)
        end = start + len(line)
        found.append((start, end))
    return found


def _link(url: str | None, text: str | None, start: int, end: int) -> str | None:
    """The address, on the quoted words where it can carry that."""
    return fragment_link(url, text, start, end) if url and text is not None else url


def _find(store: Store, place: Place) -> tuple[StoredPassage, int, int] | None:
    """The passage that holds a place's words today, with their offsets in its revision; None where there is none."""
    passage = store.passages_by_id([place.passage]).get(place.passage)
    if passage is None or passage.article != place.article:
        return None
    if passage.revision == place.revision:
        return passage, place.start, place.end
    before = store.revision_text(place.revision)
    if before is None:
        return None
    length = place.end - place.start
    # A quote may begin in the passage before, or end in the one behind.
    first, last = max(0, passage.start - length), passage.end + length
    at = (store.revision_text(passage.revision) or "").find(before[place.start : place.end], first, last)
    if at < 0 or at >= passage.end or at + length <= passage.start:
        return None
    return passage, at, at + length
