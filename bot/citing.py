"""What a search found, as an answer cites it: the source beside each quote, or what is nearest to a question."""

from __future__ import annotations

from bot.fragments import fragment_link
from bot.lookup import passage_text
from bot.records import Citation, Nearest
from corpus.sentences import inside
from corpus.store import Store
from index.language import written_in
from index.records import Quote
from index.search import Found


def cited(store: Store, number: int, quote: Quote, found: Found) -> Citation:
    """The citation of one of a search's quotes."""
    passage = next(each.candidate.passage for each in found.ranked if each.hit.passage == quote.hit.passage)
    article = store.article(passage.article)
    url = article.url if article else None
    text = store.revision_text(quote.revision)
    emphasis = quote.emphasis and (quote.emphasis[0] - quote.start, quote.emphasis[1] - quote.start)
    return Citation(
        number=number,
        quote=quote.text,
        passage=passage_text(store, passage, quote.start, quote.end),
        title=passage.title,
        source=passage.source,
        url=url,
        published=passage.published,
        article=passage.article,
        revision=quote.revision,
        passage_id=passage.id,
        start=quote.start,
        end=quote.end,
        score=quote.score,
        emphasis=emphasis,
        context=quote.context,
        kind=passage.kind,
        speaker=store.speaker(quote.revision, quote.start, quote.end),
        link=fragment_link(url, text, quote.start, quote.end) if url and text else url,
        cut=inside(text, quote.start, quote.end) if text else (False, False),
    )


def nearest_article(store: Store, found: Found) -> Nearest | None:
    """The article to read where nothing that a search found answers; None where it found nothing."""
    if not found.ranked:
        return None
    passage = found.ranked[0].candidate.passage
    article = store.article(passage.article)
    languages = written_in(store.revision_text(passage.revision) or "", article.language if article else "")
    url = article.url if article else None
    return Nearest(passage.article, passage.title, passage.source, url, passage.published, languages)
