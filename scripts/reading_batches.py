"""Examples for the reader as batches of token ids, question and text put together as the model's tokenizer does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from reading_examples import Group

from corpus.progress import Progress, silent
from index.reader import joined

if TYPE_CHECKING:
    import torch

LONGEST = 144
"""Tokens of an example."""


class _Texts:
    """Many texts as token ids, each once."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self._ids: list[NDArray[np.int64]] = []

    def add(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known))

    def encode(self, tokenizer: Any, progress: Progress) -> None:
        texts = list(self.known)
        for start in range(0, len(texts), 4096):
            found = tokenizer(texts[start : start + 4096], add_special_tokens=False, verbose=False)["input_ids"]
            self._ids += [np.array(each, np.int64) for each in found]
            progress("tokens", len(self._ids), len(texts))

    def __getitem__(self, place: int) -> NDArray[np.int64]:
        return self._ids[place]


class Row(NamedTuple):
    """An example: which question and text, where in the text's tokens the answer is (-1 for nowhere), its kind."""

    question: int
    text: int
    first: int
    last: int
    kind: str


class Examples:
    """Groups of examples as token ids; ``right`` and ``wrong`` are rows of each group."""

    def __init__(self, groups: Sequence[Group], tokenizer: Any, progress: Progress = silent) -> None:
        self._questions, self._texts = _Texts(), _Texts()
        self.right: list[list[Row]] = []
        self.wrong: list[list[Row]] = []
        self.articles = [each.article for each in groups]
        spans: list[tuple[str, int, int]] = []
        for group in groups:
            for part, into in ((group.right, self.right), (group.wrong, self.wrong)):
                rows = []
                for each in part:
                    whole = joined(each.title, each.text)
                    place = self._questions.add(each.question), self._texts.add(whole)
                    first, last = -1, -1
                    if each.answer is not None:
                        before = len(whole) - len(each.text)
                        first = len(spans)
                        spans.append((whole, before + each.answer[0], before + each.answer[1]))
                    rows.append(Row(*place, first, last, each.kind))
                into.append(rows)
        self._questions.encode(tokenizer, progress)
        self._texts.encode(tokenizer, progress)
        found = list(_tokens_of(tokenizer, spans))
        self.right = [
            [each._replace(first=found[each.first][0], last=found[each.first][1]) for each in rows]
            for rows in self.right
        ]
        self._marks = tokenizer.cls_token_id, tokenizer.sep_token_id

    def length(self, row: Row) -> int:
        """Its tokens."""
        return min(LONGEST, len(self._questions[row.question]) + len(self._texts[row.text]) + 3)

    def batch(self, rows: Sequence[Row], device: str) -> tuple[dict[str, torch.Tensor], torch.Tensor, torch.Tensor]:
        """What the transformer takes, shapes (n, t), and first and last tokens of answers, 0 for nowhere."""
        import torch  # takes a second: whoever only makes examples does without

        begin, end = self._marks
        longest = max(self.length(row) for row in rows)
        ids = np.zeros((len(rows), longest), np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        places = np.zeros((2, len(rows)), np.int64)
        for n, row in enumerate(rows):
            question, text = self._questions[row.question], self._texts[row.text]
            split = len(question) + 2
            text = text[: LONGEST - split - 1]
            length = split + len(text) + 1
            ids[n, 0], ids[n, split - 1], ids[n, length - 1] = begin, end, end
            ids[n, 1 : split - 1], ids[n, split : length - 1] = question, text
            mask[n, :length] = 1
            types[n, split:length] = 1
            if row.first >= 0 and row.last < len(text):
                places[:, n] = split + row.first, split + row.last
        features = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        first, last = torch.from_numpy(places).to(device)
        return {name: torch.from_numpy(each).to(device) for name, each in features.items()}, first, last


def _tokens_of(tokenizer: Any, spans: Sequence[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """The first and last token of parts of texts; (-1, -1) where there is none."""
    for start in range(0, len(spans), 4096):
        part = spans[start : start + 4096]
        told = tokenizer([text for text, _, _ in part], add_special_tokens=False, return_offsets_mapping=True)
        for (_, begin, end), offsets in zip(part, told["offset_mapping"], strict=True):
            inside = [n for n, (first, last) in enumerate(offsets) if first < end and last > begin]
            yield (inside[0], inside[-1]) if inside else (-1, -1)
