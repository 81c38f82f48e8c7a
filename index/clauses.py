"""What a part of a sentence is there for, by its words: where the news is from, who told it, of how many; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

FEW = 5
"""Words from which a part of a sentence is a clause of its own, so that a list stays whole; docs/quality.md compares it
with three."""

_CAPITALS = r"[^\W\d_a-zß-öø-ÿ]{3,}(?:[ .'’-]+[^\W\d_a-zß-öø-ÿ]+)*"
_PLACE = rf"(?:{_CAPITALS}|[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?)"
_DATELINE = re.compile(
    rf"{_PLACE}(?:, [^()\n]{{2,20}})?\s\([^()\n]{{2,40}}\)\s?[—–-]{{1,2}}\s+"
    rf"|{_CAPITALS}(?:, [^()—–\n]{{2,20}})?\s[—–]\s+"
)

_TELLS = (
    r"(?:said|says|told|tells|wrote|writes|added|adds|announced|reported|reports|explained|found|heard|decided|showed|shows|"
    r"sagte[nt]?|sagt|mitteilte[nt]?|schrieb|schreibt|berichtete[nt]?|berichtet|erklärte[nt]?|erklärt)"
)
_WORD = r"(?!(?:that|whether|dass|ob)\b)[^\s,;:“”\"„]+"
_TOLD = re.compile(
    # "the ministry said on Tuesday", "a lawyer told the court"
    rf"(?!(?:who|which|and|but|after|because|when|as|while|die|der|das|und)\b)(?:{_WORD}\s){{1,8}}?{_TELLS}"
    rf"(?:(?:(?<=told)|(?<=tells))(?:\s{_WORD}){{1,6}}"
    r"|\s(?:late|early|earlier|yesterday|today|later|on|in|at|during|last|this|am|im|gestern|heute|"
    rf"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:\s{_WORD}){{0,8}})?\W*$"
    # "said Dagny Holm", "said its director"
    r"|(?:said|says|added|adds|sagte|sagt|schrieb|erklärte)\s(?:(?:the|its|his|her|their|der|die|das)(?:\s[\w’'-]+){1,3}"
    r"|(?-i:(?:[a-z]+\s){0,2}[A-ZÀ-Þ][\w’'.-]*(?:\s[A-ZÀ-Þ][\w’'.-]*){0,3}))\W*$",
    re.IGNORECASE,
)
_TELLING = re.compile(rf"\b(?:{_TELLS}|say|tell|write|announce|report|sagen|berichten)\b", re.IGNORECASE)

_WHOLE = re.compile(r"(?:Of|Von)\s(?:the|its|their|these|those|all|more than|about|some|den|ihren|seinen|\d)\b")

_YES_OR_NO = re.compile(
    r"\W*(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must|"
    r"ist|sind|war|waren|hat|haben|hatte|hatten|wird|werden|wurde|wurden|kann|können|darf|dürfen|muss|müssen|soll|"
    r"sollen|gibt|gab)(?:n['’]?t)?\b",
    re.IGNORECASE,
)

_WHO = re.compile(
    r"\W*(?:who|wer)(?:['’]?s|\s(?:is|was|are|were|ist|war|sind|waren))\s+([^\W\d_][\w.’'-]*(?:\s+[^\W\d_][\w.’'-]*){0,3})\W*",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(r"(?:who|whom|whose|which|where|a|an|the|then|former|formerly|aged|\d+|der|die|das|ein|eine)\b")
_AGED = re.compile(r".*, \d+", re.DOTALL)


def dateline(sentence: str) -> int:
    """How many characters of it say only where, when and by which agency it was written: "LARKIN (Delta Wire) – "."""
    found = _DATELINE.match(sentence)
    return found.end() if found else 0


def tells(clause: str) -> bool:
    """Whether it only says who told the rest, or when: "the ministry said on Tuesday"."""
    return _TOLD.match(clause) is not None


def asks_of_telling(question: str) -> bool:
    """Whether a question asks about words that were said: "when did the ministry say so?"."""
    return _TELLING.search(question) is not None


def counts_the_whole(clause: str) -> bool:
    """Whether its figure is the whole that another clause takes a part of: "Of the 61 coins, 48 were found"."""
    return _WHOLE.match(clause) is not None


def is_yes_or_no(question: str) -> bool:
    """Whether a question is answered by yes or no, by the verb that opens it."""
    return _YES_OR_NO.match(question) is not None


def is_about(question: str, words: str) -> bool:
    """Whether a question asks who somebody is, by name alone, and words have this name, with its capital letters.

    Accents may be left out, as on phones.
    """
    found = _WHO.fullmatch(question)
    if found is None:
        return False
    name = r"\s+".join(re.escape(part) for part in _plain(found[1]).split())
    return any(
        all(part[0].isupper() for part in match[0].split())
        for match in re.finditer(rf"\b{name}\b", _plain(words), re.IGNORECASE)
    )


def _plain(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each) != "Mn")


def describes(clause: str) -> bool:
    """Whether it says more of who or what stands at the end of the clause before it: "who leads the union"."""
    return _DESCRIBES.match(clause) is not None


def telling(clauses: Sequence[str]) -> int:
    """Which is the first of a sentence's clauses that tells something of what the sentence is about.

    Those before it name that and describe it: "Edmund Hale, a pilot from the coast, | was acquitted".
    """
    opening, *rest = clauses
    if rest and (describes(rest[0]) or _AGED.fullmatch(opening)):
        if len(rest) > 1 and describes(rest[0]):
            return 2
        if len(opening.split()) < FEW:
            return 1
    return 0
