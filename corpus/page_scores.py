"""How well articles are taken out of pages, by the article-extraction-benchmark's definition."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from statistics import mean

from corpus.errors import UnreadableError
from corpus.extract import extract

_TOKEN = re.compile(r"\w+")
_SHINGLE = 4
_ELEMENT = re.compile(rb"""<[A-Za-z](?:"[^"]*"|'[^']*'|[^<>"'])*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=<>"'/]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?""")
_NAMES = {b"class", b"id", b"data-component"}


def shingle_overlap(true: str, found: str) -> tuple[float, float, float]:
    """True positives, false positives and false negatives of the 4-grams, each divided by the sum of the three.

    Bags of 4-grams over ``\\w+`` tokens, case kept; a text of fewer tokens is one shingle. All
    zero for two empty texts.
    """
    wanted, got = _shingles(true), _shingles(found)
    counts = ((wanted & got).total(), (got - wanted).total(), (wanted - got).total())
    total = sum(counts)
    return (counts[0] / total, counts[1] / total, counts[2] / total) if total else (0.0, 0.0, 0.0)


def mean_scores(overlaps: list[tuple[float, float, float]]) -> dict[str, float]:
    """Precision and recall averaged over pages, and their harmonic mean as F1; fractions.

    Pages where nothing was found count for recall alone, as in the published scorer.
    """
    precisions = [tp / (tp + fp) for tp, fp, _ in overlaps if tp + fp > 0]
    recalls = [tp / (tp + fn) for tp, _, fn in overlaps if tp + fn > 0]
    precision = mean(precisions) if precisions else 0.0
    recall = mean(recalls) if recalls else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def without_names(page: bytes) -> bytes:
    """A page less the classes, ids and component names of its elements, which say to whom built it what is what."""

    def unnamed(element: re.Match[bytes]) -> bytes:
        return _ATTRIBUTE.sub(lambda found: b"" if found[1].lower() in _NAMES else found[0], element[0])

    return _ELEMENT.sub(unnamed, page)


def score_pages(folder: Path, *, unnamed: bool = False) -> dict[str, float]:
    """Precision, recall and F1 of `extract` on a folder of ``html/ID.html.gz`` and ``ground-truth.json``.

    Follows the scorer of scrapinghub/article-extraction-benchmark; a page that cannot be read counts as empty text.

    Args:
        unnamed: read the pages as `without_names` leaves them.

    Raises:
        UnreadableError: the folder is not laid out so.
    """
    try:
        truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
        pages = {key: gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()) for key in sorted(truth)}
    except (OSError, ValueError) as error:
        raise UnreadableError(
            f"not a folder of pages ({error})", subject=folder, remedy="give one with ground-truth.json and html/"
        ) from error
    if unnamed:
        pages = {key: without_names(page) for key, page in pages.items()}
    return mean_scores(
        [shingle_overlap(truth[key].get("articleBody", ""), _body(page, key)) for key, page in pages.items()]
    )


def _body(page: bytes, key: str) -> str:
    try:
        return extract(page, name=f"{key}.html")[0].text
    except UnreadableError:
        return ""


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    last = max(1, len(tokens) - _SHINGLE + 1)
    return Counter(tuple(tokens[i : i + _SHINGLE]) for i in range(last) if tokens)
