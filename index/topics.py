"""Requests for news on something, and bare names of topics, as questions; English and German. Pure."""

from __future__ import annotations

import re

from index.language import identify


def wanted(text: str) -> str:
    """A request for news on something, or its bare name, asked as a reader knows questions; empty for all else."""
    if match := _NEWS_ON.match(text):
        place = match["preposition"].casefold() in {"in", "at", "around"}
        return f"What happened {match['preposition']} {match['topic']}?" if place else f"What about {match['topic']}?"
    if match := _NEWS_ON_GERMAN.match(text):
        return f"Was ist mit {match['topic']}?"
    return asked(text) if is_bare(text) else ""


def is_bare(text: str) -> bool:
    """Whether a text names something without asking, "bread price", and is in no language but English that is known."""
    few = 1 <= len(_WORD.findall(text)) <= _BARE and _ASKS.search(text) is None
    return few and identify(text) <= {"en"}


def asked(text: str) -> str:
    """Its name as a question."""
    return f"What about {text.strip(' ?!.,;')}?"


_WORD = re.compile(r"\w+")
_BARE = 5
"""Words up to which a text without a verb is the name of a topic; longer ones may have verbs that no list knows."""
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|be|been|am|do|does|did|has|have|had|will|would|can|"
    r"could|shall|should|may|might|must|tell|give|show|find|explain|list|name|describe|say|said|any|anything|news|latest|"
    r"headlines?|isn|wasn|didn|won|\w{3,}ed|wer|wem|wen|wessen|was|wann|wo|wohin|woher|warum|wieso|weshalb|wie|welche\w?|ist|"
    r"sind|war|waren|hat|haben|wird|werden|wurden?|kann|soll|gibt|neues|neueste\w?|der|die|das|und)\b|['’]s\b",
    re.IGNORECASE,
)
_NEWS_ON = re.compile(
    r"\W*(?:(?:so|and|ok|okay|hey|please)\W+)*"
    r"(?:(?:what(?:['’]?s|\s+is|\s+are)|(?:is|are)\s+there|(?:give|show|tell)\s+me|do\s+you\s+have|got)\s+)?"
    r"(?:(?:the|any|some)\s+)?(?:anything\s+)?"
    r"(?:(?:(?:latest|newest|most\s+recent|recent|new|current|breaking)\s+)?(?:news|updates?|headlines|developments?)"
    r"|latest|newest|new|going\s+on|happening)\s+"
    r"(?P<preposition>on|about|regarding|concerning|from|in|with|of|for|at|around)\s+(?P<topic>[^?!;]+?)"
    r"(?:\s+(?:lately|recently|currently|now|right\s+now|at\s+the\s+moment))?[\s?!.]*$",
    re.IGNORECASE,
)
_NEWS_ON_GERMAN = re.compile(
    r"\W*(?:(?:was\s+)?gibt(?:\s+es|['’]?s)\s+)?(?:(?:et)?was\s+|das\s+|die\s+)?"
    r"(?:neues|neueste[ns]?|neuigkeiten|aktuelles|(?:neueste[n]?\s+|aktuelle[n]?\s+)?nachrichten)\s+"
    r"(?:zu[mr]?|von|vom|aus|über|in|im|bei|beim)\s+(?P<topic>[^?!;]+?)[\s?!.]*$",
    re.IGNORECASE,
)
