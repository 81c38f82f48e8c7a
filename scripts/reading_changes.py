"""Changes of a question or a sentence, after which words that answered still do, or do no longer.

As SQuAD 2.0's writers changed questions (Rajpurkar et al. 2018, arXiv 1806.03822). Changes made on both sides stay
answers, so that it is the comparison that tells, not the look of a changed sentence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from wordnet import WordNet, plain

Span = tuple[int, int]

NEGATED = 0.1
"""Share of questions that a negation is tried on: as a word of its own it must not tell."""
REASONS = 0.06
"""Share of questions that are turned into one for reasons: many more than ask for them, and "why" alone would tell."""

_OTHER_THINGS = {"when": ("where", "how"), "where": ("when", "how"), "why": ("when", "where"), "how": ("when", "where")}
_ASKED_FIRST = re.compile(r"(When|Where|Why|How)(?= (?:did|does|do|was|were|is|are|has|have|had)\b)")
_HOLDS = {
    "when": re.compile(r"\d|\b(?:after|before|during|until|century|decade|year|month|week|day)s?\b", re.IGNORECASE),
    "where": re.compile(r"\b(?:in|at|near|from|to|on|off|across|into|outside) (?:the )?[A-Z]"),
    "why": re.compile(
        r"\b(?:because|due|owing|since|as|so|for|to|after|by|led|caused?|reasons?|therefore)\b", re.IGNORECASE
    ),
    "how": re.compile(r"\b(?:by|through|with|using|via|as|from)\b|ly\b", re.IGNORECASE),
}
"""What a text has that could say when, where, why or how; it need not."""
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:of|the|de|and|for)?\s*[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_YEAR = re.compile(r"1\d\d\d|20\d\d")
_VERB = re.compile(r"\b(?:did|does|do|was|were|is|are|has|have|had|can|could|would|will)\b")
_IRREGULAR = {"can": "can't", "will": "won't"}
_NEGATION = re.compile(r"\bnot\b|n't|never")
_OPENS = re.compile(r"(?:^|[.!?])\s*\Z")
_CALENDAR = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday".split()
)
_PLAIN = r"(?!(?:not|never|was|were|did|because|that|who|which)\b)[^\s?!.,;:]+"
_REFUSED = (
    # "did ... refuse to", "refused to" and "was ... unable to" in a question, and the negations that say the same
    (re.compile(rf"\b(did|does|do) ((?:{_PLAIN} ){{1,6}}?)(?:refuse|decline|fail) to (?=[a-z])"), r"\1n't \2"),
    (
        re.compile(
            r"(?<!has )(?<!have )(?<!had )(?<!having )(?<!not )(?<!never )"
            r"\b(?:refused|declined|failed) to (?!the\b|an?\b)(?=[a-z])"
        ),
        "didn't ",
    ),
    (re.compile(rf"\b(?:was|were) ((?:{_PLAIN} ){{0,6}}?)unable to (?=[a-z])"), r"couldn't \1"),
)
_NOT_DONE = re.compile(
    r"\b(did|does|do|could|would|will)(?: not|n't) "
    r"(?!(?:have|only|even|always|necessarily|just|merely|also|ever|really) )(?=([a-z]{4,}))"
)
_DONE_AND_NOT = {
    "did": ("agreed to ", ("declined to ", "refused to ", "failed to ", "chose not to ")),
    "does": ("agrees to ", ("declines to ", "refuses to ", "fails to ")),
    "do": ("agree to ", ("decline to ", "refuse to ", "fail to ")),
    "could": ("was able to ", ("was unable to ",)),
    "would": ("wanted to ", ("refused to ",)),
    "will": ("agrees to ", ("refuses to ",)),
}
"""For each verb what says that something was done, and what says, without a "not", that it was not."""
_LATER = (-30, -12, -5, -3, -2, -1, 1, 2, 3, 4, 7, 15, 25)
_ASKING = frozenset(
    "what which who whom whose when where why how in on at the a an is are was were did do does of for to by from with "
    "and if as during after before many much long".split()
)


class Change(NamedTuple):
    """Words to put in the place of others; ``kind``: name, number, opposite, noun, word or synonym."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Example:
    """A question and words.

    Attributes:
        title: of the article, may be empty.
        answer: offsets of the answer in ``text``; None where it does not answer.
        kind: how it was made: ``right``, ``near``, ``found``, ``close``, ``asked otherwise``, ``negated``, ``another
            thing asked``, ``names change places``, ``another name of the text``, ``negation undone in the text``, or
            a change and where it was made.
    """

    question: str
    title: str
    text: str
    answer: Span | None
    kind: str


@dataclass(frozen=True, slots=True)
class Pool:
    """Names, numbers and words in small letters of one article, to put in the place of others."""

    names: list[str]
    numbers: list[str]
    words: list[str]

    @classmethod
    def of(cls, texts: Sequence[tuple[str, Sequence[Span]]]) -> Pool:
        """What stands in texts, each with the spans of its sentences."""
        names = {
            found.group()
            for text, spans in texts
            for found in _NAME.finditer(text)
            if len(found.group()) > 3 and found.start() not in {start for start, _ in spans}
        }
        numbers = {found.group() for text, _ in texts for found in _NUMBER.finditer(text)}
        words = {found.group() for text, _ in texts for found in re.finditer(r"[a-z]{4,}", text)} - _ASKING
        return cls(sorted(names), sorted(numbers), sorted(words))


class Changes:
    """Makes changes of examples that answer, by throws of one dice."""

    def __init__(self, wordnet: WordNet, chance: random.Random) -> None:
        self._wordnet = wordnet
        self._chance = chance

    def of(self, right: Example, pool: Pool) -> tuple[list[Example], list[Example]]:
        """What is still an answer, after a change on both sides or in words alone, and what is none after others."""
        kept, wrong = [], []
        for way in (self._name, self._number, self._opposite, self._noun, self._word):
            change = way(right, pool)
            if change is None:
                continue
            kind, old, new = change
            asked = swapped(right.question, old, new)
            told = swapped(right.text, old, new, right.answer)
            named = kind == "name" and old in right.title
            title = right.title.replace(old, new) if named else right.title
            if asked and told and kind != "noun":
                kept.append(Example(asked[0], title, *told, "right"))
            if asked and not (kind == "name" and not right.title and old not in right.text):
                wrong.append(replace(right, question=asked[0], answer=None, kind=f"{kind} in the question"))
            if told and kind != "noun" and not named:
                wrong.append(replace(right, text=told[0], answer=None, kind=f"{kind} in the text"))
        if told_otherwise := self._negation(right):
            kept.append(told_otherwise[0])
            wrong += told_otherwise[1:]
        ways = {
            "names change places": self._places,
            "another name of the text": self._neighbour,
            "another thing asked": self._another,
        }
        if self._chance.random() < NEGATED and not _NEGATION.search(right.text):
            ways["negated"] = self._negated
        for kind, ask in ways.items():
            if question := ask(right):
                wrong.append(replace(right, question=question, answer=None, kind=kind))
        return kept, wrong

    def _drawn(self, kind: str, old: Sequence[str], new: Sequence[str]) -> Change | None:
        return Change(kind, self._chance.choice(old), self._chance.choice(new)) if old and new else None

    def _name(self, right: Example, pool: Pool) -> Change | None:
        held = [found.group() for found in _NAME.finditer(right.question) if found.start() > 0]
        held = [name for name in held if name.split()[0].lower() not in _ASKING]
        held = [name for name in held if name in right.text] or held
        both = f"{right.text} {right.question}".lower()
        drawn = self._chance.sample(pool.names, min(30, len(pool.names)))
        free = [name for name in drawn if name.lower() not in both]
        if not held or not free:
            return None
        old = self._chance.choice(held)
        return Change("name", old, min(free, key=lambda each: abs(len(each.split()) - len(old.split()))))

    def _number(self, right: Example, pool: Pool) -> Change | None:
        held = [found.group() for found in _NUMBER.finditer(right.question)]
        if not held:
            return None
        old = self._chance.choice(held)
        if _YEAR.fullmatch(old):
            free = [str(int(old) + self._chance.choice(_LATER))]
        else:
            free = [each for each in pool.numbers if each != old and not _YEAR.fullmatch(each)]
        return self._drawn("number", [old], [n for n in free if n not in right.text and n not in right.question])

    def _opposite(self, right: Example, _: Pool) -> Change | None:
        held = [word for word in _words(right.question) if word in self._wordnet.opposites]
        if not held:
            return None
        old, told = self._chance.choice(held), set(right.text.lower().split())
        return self._drawn("opposite", [old], sorted(self._wordnet.opposites[old] - told))

    def _noun(self, right: Example, _: Pool) -> Change | None:
        nouns, both = self._wordnet.nouns, f"{right.text} {right.question}".lower()
        held = [word for word in _words(right.question)[1:] if word in nouns or word.removesuffix("s") in nouns]
        if not held:
            return None
        old = self._chance.choice(held)
        plural = "" if old in nouns else "s"
        free = [each + plural for each in nouns[old if old in nouns else old.removesuffix("s")]]
        return self._drawn("noun", [old], [each for each in free if each not in both])

    def _word(self, right: Example, pool: Pool) -> Change | None:
        told, both = set(_words(right.text)), f"{right.text} {right.question}".lower()
        held = [word for word in _words(right.question)[1:] if plain(word) and word in told]
        if not held:
            return None
        old = self._chance.choice(held)
        drawn = self._chance.sample(pool.words, min(200, len(pool.words)))
        return self._drawn("word", [old], [word for word in drawn if word[-2:] == old[-2:] and word not in both])

    def _negated(self, right: Example) -> str | None:
        question = right.question
        found = _VERB.search(question)
        if not found or _NEGATION.search(question):
            return None
        negated = _IRREGULAR.get(found.group(), f"{found.group()}n't")
        return question[: found.start()] + negated + question[found.end() :]

    def _places(self, right: Example) -> str | None:
        """The question with two of the text's names in each other's place."""
        found = [each for each in _NAME.finditer(right.question) if each.start() > 0 and each.group() in right.text]
        if len(found) < 2:
            return None
        one, other = found[0], found[-1]
        if one.group() in other.group() or other.group() in one.group():
            return None
        text = right.question
        between = text[one.end() : other.start()]
        if between.strip(" ,") in ("", "and", "or", "and the", "or the"):
            return None  # the order of a list tells nothing
        return text[: one.start()] + other.group() + between + one.group() + text[other.end() :]

    def _neighbour(self, right: Example) -> str | None:
        """The question with a name of the text that it does not ask of: what is said of one is not said of another."""
        held = [found.group() for found in _NAME.finditer(right.question) if found.start() > 0]
        held = [_bare(name) for name in held if name.split()[0].lower() not in _ASKING and len(name) > 3]
        held = [name for name in held if name.split()[0] not in _CALENDAR]
        held = [name for name in held if name in right.text] or [name for name in held if name in right.title]
        parts = {part for name in held for part in name.split() if len(part) > 3}
        assert right.answer is not None  # noqa: S101  # what does not answer is not changed
        answer = right.text[slice(*right.answer)].lower()
        names = [
            _bare(found.group())
            for found in _NAME.finditer(right.text)
            if not _OPENS.search(right.text[: found.start()]) and found.group().split()[0] not in _CALENDAR
        ]
        free = [
            name
            for name in names
            if len(name) > 3
            and name.lower() not in answer
            and answer not in name.lower()
            and name.lower() not in right.question.lower()
            and not any(part in name for part in parts)
        ]
        if not held or not free:
            return None
        changed = swapped(right.question, self._chance.choice(held), self._chance.choice(free))
        return changed and changed[0]

    def _negation(self, right: Example) -> list[Example]:
        """For a question with a negation its text with that of a verb in other words, and, if asked of, undone."""
        assert right.answer is not None  # noqa: S101  # what does not answer is not changed
        first, last = right.answer
        places = [each for each in _NOT_DONE.finditer(right.text) if each.end() <= first or each.start() >= last]
        if not places or not _NEGATION.search(right.question):
            return []
        place = self._chance.choice(places)
        done, not_done = _DONE_AND_NOT[place.group(1)]
        new = self._chance.choice(not_done)
        before, after = right.text[: place.start()], right.text[place.end() :]
        moved = len(new) - len(place.group()) if place.end() <= first else 0
        made = [replace(right, text=before + new + after, answer=(first + moved, last + moved))]
        if place.group(2)[:4] in right.question:
            made.append(replace(right, text=before + done + after, answer=None, kind="negation undone in the text"))
        return made

    def asked_otherwise(self, right: Example) -> str | None:
        """The question in other words: a negation for a refusal, or a synonym, of a word of the text's where it can."""
        for pattern, negation in _REFUSED:
            if pattern.search(right.question):
                return pattern.sub(negation, right.question, count=1)
        told = set(_words(right.text.lower()))
        # Forms of verbs stand in WordNet as nouns and adjectives of another meaning.
        held = [word for word in _words(right.question)[1:] if not word.endswith(("ed", "ing"))]
        held = [word for word in held if self._wordnet.synonyms(word)]
        held = [word for word in held if word in told] or held
        if not held:
            return None
        old = self._chance.choice(held)
        change = self._drawn("synonym", [old], [each for each in self._wordnet.synonyms(old) if each not in told])
        changed = change and swapped(right.question, change.old, change.new)
        return changed and changed[0]

    def _another(self, right: Example) -> str | None:
        """The question with another question word, for what nothing in the text could say."""
        found = _ASKED_FIRST.match(right.question)
        if not found:
            return None
        ways = list(_OTHER_THINGS[found.group().lower()])
        if found.group() != "Why" and self._chance.random() < REASONS:
            ways = ["why"]
        free = [way for way in ways if not _HOLDS[way].search(right.text)]
        return self._chance.choice(free).capitalize() + right.question[found.end() :] if free else None


def _bare(name: str) -> str:
    """A name without the ending of a genitive."""
    return re.sub(r"['’]s?$", "", name)


def _words(text: str) -> list[str]:
    return [found.group() for found in re.finditer(r"[A-Za-z]+", text) if found.group() not in _ASKING]


def swapped(text: str, old: str, new: str, keep: Span | None = None) -> tuple[str, Span | None] | None:
    """``text`` with one word or name for another, and where ``keep`` went; None where there is none, or it is hit."""
    found = list(re.finditer(rf"(?<!\w){re.escape(old)}(?!\w)", text))
    if not found or (keep and any(each.start() < keep[1] and each.end() > keep[0] for each in found)):
        return None
    moved = keep and (len(new) - len(old)) * sum(each.start() < keep[0] for each in found)
    changed = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)
    return changed, (keep[0] + moved, keep[1] + moved) if keep and moved is not None else None
