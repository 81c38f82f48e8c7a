"""first version"""

from __future__ import annotations

import trafilatura
from lxml import etree

from corpus.cleaning import assemble, tidy
from corpus.records import Article, BlockKind


def page_article(markup: str, url: str | None = None) -> Article:
    document = trafilatura.bare_extraction(markup, url=url, favor_recall=True, include_comments=False, with_metadata=True)
    parts = []
    if document is not None and document.body is not None:
        for e in document.body:
            parts.append((BlockKind.HEADING if e.tag == "head" else BlockKind.PARAGRAPH, "".join(e.itertext())))
    text, blocks = assemble(parts)
    return Article(title=tidy(document.title or "") if document else "", text=text, blocks=blocks, url=url)
