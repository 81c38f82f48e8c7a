"""Who holds an office: whether that is asked, and whom a sentence names. Read off the letters, no model.

Names are runs of words with capital letters, of any alphabet that has them; what is a place, an institution or the
holder of another office is told by the words beside and in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.question import STOPWORDS, Expected, Question, stem
from index.reading import CALENDAR
from index.when import is_current_state

_HOLDER = re.compile(
    r"\bwho(?:['’]s|\s+is|\s+are)\s+(?:now\s+|currently\s+)?(?:the|our|in\s+charge|[^\W\d_]+['’]s)\b"
    r"|\bwho\s+(?:leads|runs|heads|governs|chairs|coaches|captains)\b"
    r"|\bwho(?:['’]s|\s+is)\s+(?:now\s+)?(?:(?:deputy|vice|acting)[\s-]+)?(?:president|prime\s+minister|chancellor|mayor|governor|pm|ceo|king|queen)"
    r"(?=\s+(?:of|in|at|now|today)\b|\W*$)",
    re.IGNORECASE,
)
"""Who holds an office, as it is asked; "who is accused of it?" and "who is Renn?" ask something else."""
_TITLE = re.compile(r"\b(?:PM|MP|CEO|CFO)\b")
"""Offices that look like names."""

_OFFICE = (
    r"(?:(?:deputy|vice|acting)[\s-]+)?(?:prime\s+minister|president|chancellor|mayor|governor|premier|king|queen|pope|"
    r"chief\s+executive|chair(?:man|woman)?|(?:head\s+)?coach|captain|speaker|pm|ceo|cfo|(?:[^\W\d_]+\s+)?minister)"
)
_BARE = tuple(
    re.compile(rf"\W*{words}\W*", re.IGNORECASE)
    for words in (
        rf"(?P<office>{_OFFICE})(?:\s+(?:of|in|at))?\s+(?P<of>[^\W\d_][\w-]*(?:\s+[\w-]+){{0,2}})",
        rf"(?P<of>[^\W\d_][\w-]*(?:\s+[\w-]+){{0,2}}?)(?:['’]s)?\s+(?P<office>{_OFFICE})",
    )
)
"""An office and what it is of, without a verb: "mayor kestrel", "kestrel mayor"."""

# An initial keeps its full stop; any other ends the run.
_NAME_PART = re.compile(r"[^\W\d_](?:\.|[\w’'-]*)")
_PARTICLES = frozenset("von van de der den del di da la le bin al el zu".split())
_TITLES = frozenset(
    stem(word)
    for word in (
        "prime minister president chancellor mayor governor premier king queen pope chief executive chairman "
        "chairwoman chair judge captain coach commissioner secretary leader editor director senator deputy vice "
        "acting pm mp ceo cfo"
    ).split()
)
_RANKS = frozenset(map(stem, "deputy vice assistant shadow".split()))
"""With one of these a title is of another office, and its holder another person. An acting mayor is the mayor."""
_NEAR, _BEFORE = 3, 60
"""Words before a name among which its title stands ("the deputy mayor, Bo Thorn"), and characters that have them."""
_CALLED = re.compile(
    r"(?:\s(?:of|from)(?:\s[\w’'-]+){1,4}?)?(?:,|\s(?:as|is|becomes?|became))\s(?:(?:the|its|new|[\w-]+['’]s)\s)*"
    r"([\w-]+(?:\s[\w-]+){0,2})"
)
"""What a person is called behind the name: "Bo Thorn of the Civic Party as deputy mayor"."""
_OFFICES = {"pm": "prime minister", "mp": "member parliament", "ceo": "chief executive", "cfo": "chief financial"}
_INSTITUTIONS = frozenset(
    stem(word)
    for word in (
        "city hall council court cross house bank party ministry office parliament committee union university street "
        "square county district new north south east west united states times news post gazette radio river"
    ).split()
)
"""Words in names that are no person's."""
_WHERE = frozenset("in at near from to outside across off into of over".split())
_SAYS = frozenset("is was has had will became becomes said says took takes won wins".split())
_FORMER = re.compile(r"\b(?:former|formerly|ex|onetime|outgoing)\b", re.IGNORECASE)


def without_verb(text: str) -> tuple[str, re.Pattern[str]] | None:
    """What the keywords "mayor kestrel" ask, and how an article says that there is such an office; None for others.

    Only an article can tell: "mayor sollas" may name the mayor, and "mayor salary" asks for no office.
    """
    for pattern in _BARE:
        if found := pattern.fullmatch(text):
            office, of = " ".join(found["office"].split()), " ".join(found["of"].split())
            names = {office.casefold(), _OFFICES.get(office.casefold(), "")} - {""}
            names |= {short for short, long in _OFFICES.items() if long == office.casefold()}
            title = "|".join(re.escape(name) for name in sorted(names))
            of_it, its = rf"\b(?:{title})\s+(?:of|in|at)\s+(?:the\s+)?", rf"(?:['’]s)?\s+(?:{title})\b"
            said = rf"{of_it}{re.escape(of)}\b|\b{re.escape(of)}{its}"
            return f"Who is the {office} of {of}?", re.compile(said, re.IGNORECASE)
    return None


def asked_for(question: Question) -> bool:
    """Whether it asks who is something now; "who is the Rock?" asks what somebody is."""
    found = _HOLDER.search(question.text)
    if question.expected is not Expected.PERSON or found is None or not is_current_state(question.text):
        return False
    office = found.group().split()[-1].casefold() not in ("the", "our")
    return office or _TITLE.search(question.text) is not None or not all(term.name for term in question.terms)


def named(question: Question, sentence: str, source: str = "") -> str:
    """The first person in a sentence with a full name that neither the question nor the outlet has, by first and last.

    Empty where there is none, where the name's title is of another office than the question's, and where the sentence
    calls somebody former.
    """
    return next((f"{name[0]} {name[-1]}" for name in _persons(question, sentence, source) if len(name) > 1), "")


def names_somebody(question: Question, sentence: str, source: str = "") -> bool:
    """Whether a sentence speaks of a person, by full name or by surname, as `named` has it."""
    return any(_persons(question, sentence, source))


def _persons(question: Question, sentence: str, source: str) -> Iterator[list[str]]:
    if _FORMER.search(sentence):
        return
    asked = {term.stem for term in question.terms}
    known = asked | set(map(stem, source.casefold().split())) | STOPWORDS | CALENDAR
    offices = {stem(word) for short, words in _OFFICES.items() if short in asked for word in words.split()} | asked
    strict = not offices.isdisjoint(_TITLES)
    ranks = asked & _RANKS
    for run in _capitals(sentence):
        words = [re.sub(r"['’]s$", "", found.group()) for found in run]
        low = [stem(word.casefold().rstrip(".")) for word in words]
        skipped = max((n for n, word in enumerate(low, 1) if word in known or word in _TITLES), default=0)
        titles, name = _TITLES.intersection(low[:skipped]), words[skipped:]
        before, behind = sentence[: run[0].start()].split()[-1:], sentence[run[-1].end() :].split()[:1]
        if not name or _INSTITUTIONS.intersection(low):
            continue
        if (low[skipped - 1 : skipped] or [word.casefold() for word in before]) == ["the"]:
            continue  # "the Green List": no person
        if before and not skipped:
            titles = _TITLES.intersection({stem(before[0].casefold())})  # "economy minister Ada Renn"
        if strict and titles and titles.isdisjoint(offices):
            continue
        near = re.findall(r"[^\W\d_]+", sentence[max(0, run[0].start() - _BEFORE) : run[0].start()])[-_NEAR:]
        if called := _CALLED.match(sentence, run[-1].end()):
            near += re.findall(r"[^\W\d_]+", called[1])
        title = {*titles, *(_TITLES.intersection(stem(word.casefold()) for word in near))}
        if strict and title and title & _RANKS != ranks:
            continue
        if not titles and before and before[0].casefold() in _WHERE:
            continue
        opens = not before or before[0].endswith((".", "?", "!", "”", '"'))
        if len(name) == 1 and opens and not skipped and (not behind or behind[0] not in _SAYS):
            continue  # every sentence begins with a capital letter
        yield name


def _capitals(sentence: str) -> Iterator[list[re.Match[str]]]:
    """Words that follow each other with capital letters, "von" and the like between them taken along."""
    run: list[re.Match[str]] = []
    for found in _NAME_PART.finditer(sentence):
        word = found.group()
        if run and (sentence[run[-1].end() : found.start()] != " " or not (word[0].isupper() or word in _PARTICLES)):
            yield run
            run = []
        if word[0].isupper() or (run and word in _PARTICLES):
            run.append(found)
    if run:
        yield run
