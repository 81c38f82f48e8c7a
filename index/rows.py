"""What an index holds of one passage, and what of the passage that follows from."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.records import StoredPassage
from corpus.sentences import sentences
from index.published import DIGEST_BYTES, KEY_BYTES
from index.question import tokens


class Row(NamedTuple):
    """What a version holds of one passage.

    Attributes:
        vector: shape (d,), half precision.
        spans: sentences, offsets into the passage's text, shape (m, 2).
        sentences: their vectors, shape (m, d), half precision.
        words: vectors of its words as `index.late.pack` gives them, shape (w, ceil(d / 8)); none where the model does
            not pool its tokens.
        terms: places in the vocabulary, shape (t,).
    """

    vector: NDArray[np.float16]
    spans: NDArray[np.int32]
    sentences: NDArray[np.float16]
    words: NDArray[np.uint8]
    terms: NDArray[np.int32]

    def digest(self) -> bytes:
        """Stands for everything but the terms, whose numbers change from version to version; 8 bytes.

        It is made with the row and copied with it, so damage that is copied along still shows.
        """
        held = hashlib.blake2b(digest_size=DIGEST_BYTES)
        for part in (self.vector, self.spans, self.sentences, self.words):
            held.update(np.ascontiguousarray(part).data)
        return held.digest()


def document(passage: StoredPassage) -> str:
    """The text whose terms find a passage."""
    return f"{passage.title}\n{passage.heading}\n{passage.text}"


def row_key(passage: StoredPassage) -> bytes:
    """Changes with whatever of the passage its row depends on, 16 bytes."""
    parts = [(start - passage.start, end - passage.start) for start, end in passage.quotable]
    said = "\0".join((passage.title, passage.heading, repr(parts), passage.text))
    return hashlib.blake2b(said.encode(), digest_size=KEY_BYTES).digest()


def embedded_text(passage: StoredPassage) -> str:
    """What is embedded for a passage: title and heading as context, then its text without the newline that ends it.

    So a paragraph that is added behind it changes nothing about it.
    """
    context = [line for line in (passage.title, passage.heading) if line]
    return "\n".join([*context, passage.text.rstrip()])


def sentence_spans(passage: StoredPassage) -> list[tuple[int, int]]:
    """Sentences of the parts that may be quoted, offsets into the passage's text, in order."""
    found: list[tuple[int, int]] = []
    for start, end in passage.quotable:
        found.extend(sentences(passage.text, start - passage.start, end - passage.start))
    return found


def word_spans(passage: StoredPassage) -> list[tuple[int, int]]:
    """Words of the passage, offsets into its text: those that ``Candidate.matches`` is about."""
    return [(start, end) for _, start, end in tokens(passage.text)]
