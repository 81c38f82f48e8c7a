"""What a follow-up refers to: a question and the exchanges before it become a question that stands by itself. Pure.

A question is a follow-up when it cannot be searched for by its own words: nothing is left of it without question
words and fillers ("why?", "and when was that?", "who said so?"), it replaces a part of the question before ("what
about Armenia?", "and in 2022?"), or a pronoun or "the" in it points back and it brings few words of its own ("how
old is he?", "what did she say about the budget?"). A question with its own names, or three words of its own that the
exchange before does not know, is a new topic and stays as it is.

Rules rather than a model: every decision can be explained to the member who reads what was understood, and a wrong
one costs little, because the member's own words always stay in the text. English and German.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.records import Answer
from index.question import STOPWORDS, stem
from index.when import understand as understand_time


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a conversation, as far as a follow-up needs it.

    Attributes:
        question: the member's words.
        understood: `Understood.text` of it, the same words where nothing was rewritten.
        quote_texts, titles: of the citations, best first; empty where nothing answered.
        names: proper names in question, quotes and titles, in that order, each once.
    """

    question: str
    understood: str
    quote_texts: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched for.

    Attributes:
        text: readable, and shown to the member where rewritten: "And when was that? (Why didn't Russia send troops?)".
        subject: words of the conversation to search with as well, ``Query.subject``; never shown.
        rewritten: whether the exchange before was needed.
        search: what to search for, ``Query.text``, without the words in brackets; empty where it is text.
    """

    text: str
    subject: str
    rewritten: bool
    search: str = ""


def turn(question: str, understood: str, answer: Answer) -> Turn:
    """The turn to keep of an exchange."""
    quotes = tuple(citation.quote for citation in answer.citations)
    titles = tuple(citation.title for citation in answer.citations)
    return Turn(question, understood, quotes, titles, tuple(names((understood, *quotes, *titles))))


def names(texts: Iterable[str]) -> list[str]:
    """Runs of capitalised words, in order, each once. A single word that only opens a sentence is none."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _NAME.finditer(text):
            words = match[0].split()
            while words and words[0].casefold().removesuffix("'s").removesuffix("’s") in _EMPTY | _TITLES:
                words.pop(0)
            opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in {".", "?", "!", "“", '"', ":", "("}
            if words and (len(words) > 1 or not opens or words[0] != match[0].split()[0]):
                found.setdefault(re.sub(r"['’]s$", "", " ".join(words)))
    return list(found)


def understand(question: str, previous: Sequence[Turn], now: datetime) -> Understood:
    """A question in the light of the exchanges before it.

    Args:
        previous: the conversation, oldest first; only the last exchange is referred to. Whoever calls decides what
            belongs together: a reply, a thread, a direct conversation of the last minutes.
        now: the moment of asking, for time expressions.

    Returns:
        The question itself, where it stands alone.
    """
    question = " ".join(question.split())
    if not previous or not question:
        return Understood(question, "", False)
    last = previous[-1]
    topic = _topic(last.understood)
    if (part := _part(question)) is not None:
        replaced = _replaced(*part, topic, last, now)
        if replaced is not None:
            return Understood(replaced, "", True)
        return _bracketed(question, "", topic, last)
    if not _points_back(question, last, now):
        return Understood(question, "", False)
    return _bracketed(question, _person(question, last, topic), topic, last)


def _topic(understood: str) -> str:
    """The question that a chain of follow-ups is about: what stands in brackets at the end, else all of it."""
    match = re.search(r"\(([^()]+)\)$", understood)
    return match[1] if match else understood


def _points_back(question: str, last: Turn, now: datetime) -> bool:
    """Whether a question needs the exchange before it."""
    time = understand_time(question, now)
    plain = _without(question, time.words)
    own = _content(plain)
    if not own:
        return True
    if _own_names(plain, last):
        return False
    known = {stem(word) for text in (last.understood, *last.quote_texts, *last.titles) for word in _words(text)}
    new = [word for word in own if stem(word) not in known]
    if _OPENER.match(plain) and len(own) <= 2 and not _VERB.search(plain):
        return True
    if _unbound(plain):
        return len(new) < _NEW_TOPIC
    # "How long was the strike?" speaks of the strike just told about; "the sofa" was not.
    definite = [match["noun"] for match in _DEFINITE.finditer(plain)]
    return len(new) <= 1 and any(stem(noun.casefold()) in known for noun in definite)


_NEW_TOPIC = 3
"""Words of its own from which a question with a pronoun is a new topic."""


def _unbound(question: str) -> bool:
    """Whether a pronoun in it has nothing in the question itself that it can stand for."""
    return any(len(_content(question[: match.start()])) < 2 for match in _PRONOUN.finditer(question))


def _own_names(question: str, last: Turn) -> list[str]:
    """Names in the question that the exchange before does not know."""
    known = " ".join((last.understood, *last.quote_texts, *last.titles)).casefold()
    return [name for name in names([question]) if name.casefold() not in known]


def _part(question: str) -> tuple[str, str] | None:
    """What is to be put in the place of something: its preposition, may be empty, and the part."""
    match = _REPLACING.fullmatch(question)
    if match is None or not match["part"].strip():
        return None
    part = match["part"].strip()
    if len(part.split()) > _PART_WORDS or _PRONOUN.search(part) or _VERB.search(part) or part.casefold() in _EMPTY:
        return None
    return match["preposition"] or "", part


def _replaced(preposition: str, part: str, topic: str, last: Turn, now: datetime) -> str | None:
    """The topic's question with the part in its place: "and in 2022?"; None where it is a guess which place that is."""
    whole = f"{preposition} {part}".strip()
    if understand_time(whole, now).words == ((0, len(whole)),):
        return _with_time(topic, whole, now)
    if not names([f"x {part}"]) and part.casefold() not in " ".join(last.names).casefold():
        return None
    there = names([topic])
    if preposition:
        there = [name for name in there if re.search(rf"\b{preposition}\s+(?:\w+\s+)?{re.escape(name)}\b", topic)]
    if len(there) != 1:
        return None
    return re.sub(rf"\b{re.escape(there[0])}\b", lambda _: part, topic, count=1)


def _with_time(topic: str, part: str, now: datetime) -> str:
    """The topic's question asked of another time."""
    plain = _without(topic, understand_time(topic, now).words).rstrip(" ?.!")
    return f"{plain} {part}?"


_PART_WORDS = 4
"""Longest replacement, words: a name and its article. Longer ones are questions of their own."""


def _person(question: str, last: Turn, topic: str) -> str:
    """Whom "he" or "she" stands for: the person asked about, else the first one quoted; empty where none is meant."""
    if not _PERSONAL.search(question):
        return ""
    # One word may be a place as well; two are taken for a person's name.
    asked, quoted = names([topic]), [name for name in names(last.quote_texts[:1]) if " " in name]
    if not asked or re.match(r"\W*(?:and\s+|und\s+)?(?:who|wer)\b", topic, re.IGNORECASE):
        return quoted[0] if quoted else ""
    # "How old is Renn?", "Where did he teach?": the quote may have the whole name.
    return next((name for name in quoted if asked[0] in name), asked[0] if " " in asked[0] else "")


def _bracketed(question: str, person: str, topic: str, last: Turn) -> Understood:
    """The question with what it refers to in brackets, to be searched for beside the question before and a title.

    The title of what was quoted, because it says what the conversation is about in the article's words. Both find
    passages; which sentence answers is for the member's own words to say (`index.ranking.rank`), or else the same
    quote would be found once more. Of 31 follow-ups over the sample an accepted answer stood in the three quotes for
    13 by the bare words, for 22 with the title alone, and for 24 so (25 November 2026, tests/test_bot_conversation.py).
    """
    text = f"{question} ({person or topic})"
    return Understood(text, " ".join(filter(None, (person, *last.titles[:1], topic))), True, question)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _TOKEN.finditer(text)]


def _content(text: str) -> list[str]:
    """Words that say what a text is about, as written."""
    return [
        match[0]
        for match in _TOKEN.finditer(text)
        if re.sub(r"['’]\w+$", "", match[0].casefold()) not in _EMPTY and match[0].casefold() not in _EMPTY
    ]


_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w'’-]*(?:\s+(?:(?:of|the|de|van|von|der|al|and the)\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]*)*")
_TITLES = frozenset(
    "mr mrs ms miss dr professor prof president prime minister chancellor king queen judge mayor inspector captain "
    "managing director chief executive herr frau premierminister präsident bundeskanzler".split()
)
# Nothing can be searched for by these: question words, auxiliaries, pronouns, verbs of saying, fillers.
_EMPTY = STOPWORDS | frozenset(
    "say says said saying tell tells told mean means meant know think happen happens happened happening case thing "
    "things really sure ok okay please thanks thank hi hello hey well else exactly still again now today yes no "
    "next then new news way true real right reason result results latest update updates anything anyone something "
    "someone anybody nobody everyone everybody like want give got get go come else many much long old big far often "
    "time times year years day days month months week date place who's what's that's it's there's isn't wasn't "
    "didn't doesn't don't aren't source sources outlet article articles mention mentioned explain detail details "
    "actually exact called name names number numbers people person part let's ask question answer about "
    "wer wie was wo wann warum wieso weshalb wen wem wessen welche welcher welches welchen welchem woher wohin womit "
    "wozu woran wofür der die das den dem des ein eine einen einem einer eines und oder aber auch denn doch mal noch "
    "schon nur so sehr nicht kein keine keinen mehr ist sind war waren wird werden wurde wurden worden hat haben hatte "
    "hatten sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer er sie es ich du wir man ihn ihm ihnen mich "
    "dich uns sich dies diese dieser dieses diesen diesem da dort dann damals dabei dafür dagegen damit danach daran "
    "darauf daraus darin darum darüber davon davor dazu hier jetzt heute immer wieder im in an am auf aus bei beim mit "
    "nach seit über um unter von vom vor zu zum zur für gegen ohne durch bis als wenn ob weil dass kann können konnte "
    "soll sollen muss müssen darf gibt gab geht ging passiert passierte geschah geschehen sagt sagte sagen gesagt "
    "meint heißt genau eigentlich bitte danke ja nein stimmt viel viele vielen lange alt groß grund grunde jahr jahre "
    "tag tage mal leute menschen quelle quellen artikel sonst etwas jemand alle alles los".split()
)
_OPENER = re.compile(
    r"\W*(?:(?:and|but|so|or|also|und|aber|also|oder)\b|(?:what|how) about\b|was ist mit\b|wie (?:ist|steht) es mit\b|"
    r"wie sieht es mit\b)",
    re.IGNORECASE,
)
_REPLACING = re.compile(
    r"\W*(?:(?:and|but|so|und|aber)\s+)?(?:(?:what|how)\s+about\s+|was\s+ist\s+mit\s+|wie\s+sieht\s+es\s+mit\s+"
    r"(?=\w+(?:\s+\w+)?\s+aus)|(?<=\w\s)|(?=(?:last|yesterday|today|this|letzte|gestern|heute)\b))"
    r"(?:(?P<preposition>in|for|at|on|with|during|since|für|im|bei|am|seit)\s+)?(?P<part>[^?.!,;]+?)(?:\s+aus)?\W*",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:he|she|him|his|her|hers|er|ihm|ihn|seine?[nmrs]?|ihre?[nmrs]?)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:he|she|him|his|hers?|they|them|their|theirs|these|those|himself|herself|themselves"
    # "it is clear that", "how long does it take to": nothing stands for anything here.
    r"|its?\b(?!\s+(?:take[sn]?\s+to|rain\w*|snow\w*|(?:is|was)\s+\w+\s+(?:to|that)\b|possible|safe\s+to|ok\s+to))"
    # "that" as a pronoun ends a clause or stands before a verb; otherwise it points to its own noun or clause.
    r"|(?:that|this)(?=\s*(?:[?.!,]|$)|\s+(?:is|was|has|had|did|does|will|happen\w*|mean\w*|cost\w*|start\w*|still)\b)"
    r"|(?<=\babout\s)(?:that|this)|(?<=\bis\s)that|(?<=\bwas\s)that|(?<=\bdid\s)that"
    r"|there(?=\s*(?:[?.!,]|$))|then(?=\s*[?.!]|$)|so(?=\s*[?.!]|$)|one(?=\s*[?.!]|$)"
    r"|er|ihm|ihn|ihnen|sein(?:e[nmrs]?)?|ihr(?:e[nmrs]?)?|damals|da|dort|dabei|dafür|dagegen|damit|danach|daran|"
    r"darauf|daraus|darin|darüber|davon|dazu|deren|dessen|diese[rsnm]?(?=\s*[?.!]|$)|(?<!\w\s)das(?=\s+(?:ist|war|hat|"
    r"heißt|passiert)\b)|das(?=\s*(?:[?.!]|$|\s(?:passiert|geschehen|gesagt|noch)))|(?<=\bwar\s)das|(?<=\bhat\s)das(?!\s+(?-i:[A-ZÄÖÜ]))|(?<=\bist\s)das"
    r"|sie(?=\s*(?:[?.!]|$|\s(?:gesagt|dazu|getan|noch|alt|an|jetzt)))|(?<=\bhat\s)sie|(?<=\bist\s)sie|(?<=\bwar\s)sie"
    r"|(?<=\bsagt\s)sie|(?<=\bsagte\s)sie|(?<=\bkostet\s)(?:es|sie)|(?<=\bwird\s)(?:es|sie)|(?<=\bist\s)es"
    r")\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(r"\b(?:the|that|this|der|die|das|dem|den|des)\s+(?P<noun>[^\W\d_]+)", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|will|would|can|could|should|who|what|when|where|why|which|how many|"
    r"how much|ist|sind|war|waren|hat|haben|hatte|wird|werden|wurde|wurden|kann|soll|wer|wann|warum|wieso|"
    r"welche[rsnm]?|wie viele?|\w{3,}ed)\b(?!\s+about\b)",
    re.IGNORECASE,
)
