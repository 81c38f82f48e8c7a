"""An article taken down everywhere: store, log, vectors and every version of the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.journal import Journal
from bot.settings import Settings
from corpus.cleaning import web_address
from corpus.errors import NewsdeskError
from corpus.records import StoredArticle
from corpus.store import Store
from index.embedder import Embedder
from index.published import current_version, reindex_lock
from index.takedown import forget_vectors, only_current


@dataclass(frozen=True, slots=True)
class Removed:
    """What a takedown did.

    Attributes:
        articles: what was removed; empty where nothing was held, and only the address is remembered.
        copies: articles of the same story that stand, for the operator to decide on.
        quotes: how many quotes left the log.
        vectors: how many passages left the cache of vectors.
        version: the version of the index that is left, None where there was none.
    """

    articles: tuple[StoredArticle, ...]
    copies: tuple[StoredArticle, ...]
    quotes: int
    vectors: int
    version: str | None


def take_down(target: str, settings: Settings, embedder: Callable[[], Embedder], *, who: str) -> Removed:
    """Remove the article of an address or row id for good; done again it finishes what was cut short.

    The words leave the store and the log before the index, so that nothing is quoted any more even where another
    reindex is at work.

    Args:
        embedder: gives the model.
        who: who asked, told to whoever asks for a reindex meanwhile.

    Raises:
        NewsdeskError: there is no such article, or what it stands in cannot be written.
        IndexBusy: a reindex is at work; the index still holds vectors of the article.
    """
    at = datetime.now(UTC)
    store = Store(settings.corpus_db)
    journal = Journal(settings.journal_db) if settings.journal_db.exists() else None
    try:
        url, wanted = _wanted(store, target)
        articles = [article for each in wanted if (article := store.article(each))]
        copies = {copy for each in wanted for copy in store.stories.copies_of(each)} - set(wanted)
        passages = list(store.every_passage(wanted))
        named = {each.title for each in passages} | {each.url for each in articles if each.url} | {url}
        model = embedder() if passages or current_version(settings.index_dir) else None
        removed = store.take_down(url, wanted, at=at)
        vectors = forget_vectors(passages, model, settings.index_dir) if model else 0
        quotes = 0
        if journal:
            before = at.isoformat(timespec="milliseconds")
            quotes = journal.takedowns.remove(removed, before=before, named=named - {""})
            journal.takedowns.compact()
        version = None
        with reindex_lock(settings.index_dir, who):
            if model and current_version(settings.index_dir):
                version = only_current(store, model, settings.index_dir)
            store.compact()
        standing = tuple(article for each in sorted(copies - set(removed)) if (article := store.article(each)))
        return Removed(tuple(articles), standing, quotes, vectors, version)
    finally:
        store.close()
        if journal:
            journal.close()


def _wanted(store: Store, target: str) -> tuple[str, list[int]]:
    if target.isascii() and target.isdigit():
        if store.article(int(target)) is None:
            raise NewsdeskError("there is no such article", subject=target, remedy="give its address")
        return "", [int(target)]
    url = web_address(target)
    if url is None:
        raise NewsdeskError("is no address and no article's number", subject=target, remedy="give the whole address")
    return url, store.addressed(url)
