"""Who held an office before somebody, or after: whether that is asked, and whom a sentence names. No model, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: who came before somebody in an office, or ``after``.

    Attributes:
        name: as the question has it; the last word of it is what an article may say alone.
        span: where it stands in the question, from "before" or "after" on; empty where a verb asks.
    """

    name: str
    after: bool
    span: tuple[int, int] = (0, 0)


_NAME = r"(?-i:[^\W\d_a-zß-ÿ][\w'’-]*(?:\s+[^\W\d_a-zß-ÿ][\w'’-]*){0,2})"
_BESIDE = re.compile(
    rf"^\W*who\s+(?:was|were|is|became|held|led|ran|headed|governed)\b.*?(?P<whole>\b(?P<side>before|after)\s+(?P<name>{_NAME}))\W*$",
    re.IGNORECASE,
)
_VERB = re.compile(
    rf"^\W*who\s+(?:(?P<after>succeed(?:s|ed)|replace[sd]|took\s+over\s+from|takes\s+over\s+from|followed)|(?P<before>preceded))\s+"
    rf"(?P<name>{_NAME})",
    re.IGNORECASE,
)
_SUCCEEDS = re.compile(
    r"\b(?:succeed(?:s|ed|ing)?|replac(?:es?|ed|ing)|(?:takes?|took|taking|taken)\s+over\s+from|follow(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\s+(?:\w+\s+){0,3}by\b", re.IGNORECASE)
_TOLD = re.compile(
    rf"\b(?P<side>predecessor|successor)(?:\s+(?:as|at|in)\s+\w+)?(?:,|\s+is|\s+was|\s+to)?\s+(?P<name>{_NAME})",
    re.IGNORECASE,
)
_PERSON = re.compile(_NAME)
_NEAR = 6
"""Words behind the verb among which somebody is named."""


def asked(question: str) -> Asked | None:
    """Who is asked for by whom they came before or after in an office; None for other questions."""
    if found := _BESIDE.match(question):
        return Asked(found["name"], found["side"].casefold() == "after", found.span("whole"))
    if found := _VERB.match(question):
        return Asked(found["name"], found["after"] is not None)
    return None


def tells(wanted: Asked, sentence: str) -> str:
    """The words of a sentence that name who is asked for, "Dana Ferrant"; empty where it does not say so."""
    last = wanted.name.split()[-1].removesuffix("'s").removesuffix("’s").casefold()
    for verb in _SUCCEEDS.finditer(sentence):
        newer, older = sentence[: verb.start()], " ".join(sentence[verb.end() :].split()[:_NEAR])
        if passive := _BY.match(sentence, verb.end()):
            newer, older = " ".join(sentence[passive.end() :].split()[:_NEAR]), sentence[: verb.start()]
        known, other = (older, newer) if wanted.after else (newer, older)
        if _has(known, last) and (name := _other(other, last)):
            return name
    for said in _TOLD.finditer(sentence):
        successor = said["side"].casefold() == "successor"
        own = _has(said["name"], last)
        if own and successor != wanted.after:
            return _other(sentence[: said.start()], last)
        if not own and successor == wanted.after and _has(sentence[: said.start()], last):
            return _other(said["name"], last)
    return ""


def _has(text: str, last: str) -> bool:
    return re.search(rf"\b{re.escape(last)}\b", text.casefold()) is not None


def _other(text: str, last: str) -> str:
    """The first full name in a text, or else the first, that is not the one known."""
    names = [found for found in _PERSON.findall(text) if not _has(found, last)]
    return next((name for name in names if " " in name), names[0] if names else "")
