"""A newsroom with the real model over a few articles that a test file writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fakes import an_article, put

from bot.answer import Newsroom
from bot.settings import load_settings
from corpus.store import Store
from index.build import build
from index.confidence import load as load_calibration
from index.embedder import Embedder


@contextmanager
def newsroom_over(
    articles: Sequence[tuple[str, str, str]],
    folder: Path,
    embedder: Embedder,
    *,
    sources: Sequence[str] = (),
    threshold: float | None = None,
) -> Iterator[Newsroom]:
    """The newsroom, open.

    Args:
        articles: of each the day or moment of publication, title and text.
        sources: the outlet of each; one and the same where none is named.
        threshold: confidence to answer from; None for the calibration's own.
    """
    settings = load_settings(None, data_dir=folder)
    store = Store(settings.corpus_db)
    for number, (published, title, text) in enumerate(articles):
        moment = published if "T" in published else f"{published}T09:00:00Z"
        source = sources[number] if sources else "The Paper"
        put(store, an_article(text, title=title, published=moment), key=str(number), source=source)
    build(store, embedder, settings.index_dir)
    yield Newsroom(settings, store, embedder, load_calibration(), demonstrate=True, threshold=threshold)
    store.close()
