"""A version of an article taken apart: sentences, notes and words, each read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.canonical import words_of
from corpus.difference import Setting
from corpus.notices import begins_note, repeats
from corpus.sentences import sentences
from corpus.spelling import fold, is_german, spelling
from corpus.words import Word

_TIDY = str.maketrans(
    {
        **dict.fromkeys("“”„«»‟″", '"'),
        **dict.fromkeys("‘’‚‛ʼ′", "'"),
        **dict.fromkeys("–—‒−‐‑", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        "…": "...",
    }
)
_ANY_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL_INSIDE = re.compile(r"(?<=[\w,;] )[^\W\d_a-zß-öø-ÿ][^\W\d_]*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a version.

    Attributes:
        start, end: offsets into the version's text.
        paragraph: the line it stands on, from 0.
        key: equal for sentences that differ in typography and case only.
        note: whether it belongs to a correction or update note.
    """

    start: int
    end: int
    paragraph: int
    key: str
    note: bool


class Version:
    """A text taken apart; words are read when asked for, since most sentences stand in both versions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.german = is_german(text)
        self.sentences = _sentences(text)
        self.keys: dict[str, list[int]] = {}
        for at, sentence in enumerate(self.sentences):
            self.keys.setdefault(sentence.key, []).append(at)
        self._words: dict[int, list[Word]] = {}

    def words(self, at: int) -> list[Word]:
        """The canonical words of one sentence."""
        if at not in self._words:
            one = self.sentences[at]
            self._words[at] = words_of(self.text, one.start, one.end, german=self.german)
        return self._words[at]

    def twin(self, at: int, other: Version) -> int | None:
        """Where the same sentence stands in another version; of repetitions, the one of the same rank."""
        key = self.sentences[at].key
        places = other.keys.get(key)
        return places[min(self.keys[key].index(at), len(places) - 1)] if places else None


@lru_cache(maxsize=16)
def read(text: str) -> Version:
    """The text taken apart; kept for the article's other quotes."""
    return Version(text)


def tidy_key(text: str) -> str:
    """The text without typography: one kind of quotes and dashes, single spaces, no capitals, no last mark."""
    return " ".join(text.translate(_TIDY).casefold().split()).rstrip(".!?\"' ").lstrip("\"' ")


@lru_cache(maxsize=2048)
def _line(line: str) -> tuple[tuple[int, int, str, bool], ...]:
    """The sentences of one paragraph: offsets, key, and whether it is a note; cached, as most stand in both."""
    found: list[tuple[int, int, str, bool]] = []
    note = begins_note(line)
    for start, end in sentences(line):
        # What follows a note in its paragraph belongs to it ("We apologise for the error").
        note = note or repeats(line[start:end])
        found.append((start, end, tidy_key(line[start:end]), note))
    return tuple(found)


def _sentences(text: str) -> list[Sentence]:
    found: list[Sentence] = []
    offset = 0
    for paragraph, line in enumerate(text.split("\n")):
        found += [Sentence(offset + a, offset + b, paragraph, key, note) for a, b, key, note in _line(line)]
        offset += len(line) + 1
    return found


@lru_cache(maxsize=16)
def setting_of(old: Version, new: Version) -> Setting:
    """What the two texts tell about names; the later one's notes left out, since they repeat what was wrong."""
    told = "\n".join(new.text[one.start : one.end] for one in new.sentences if not one.note)
    before, after = set(_ANY_WORD.findall(old.text)), set(_ANY_WORD.findall(told))
    large = {*_CAPITAL_INSIDE.findall(old.text), *_CAPITAL_INSIDE.findall(told)}
    return Setting(
        small=frozenset(spelling(fold(word)) for word in before | after if word[0].islower()),
        large=frozenset(spelling(fold(word)) for word in large),
        old=frozenset(spelling(fold(word)) for word in before),
        new=frozenset(spelling(fold(word)) for word in after),
        german=old.german,
    )
