"""What a follow-up refers to: a question and the exchanges before it become a question that stands by itself. Pure.

A question is a follow-up when it cannot be searched for by its own words: nothing is left of it without question
words and fillers ("why?", "and when was that?", "who said so?"), it replaces a part of the question before ("what
about Armenia?", "and in 2022?"), or a pronoun or "the" in it points back and it brings few words of its own ("how
old is he?", "what did she say about the budget?"), or it has no thing of its own ("was anyone hurt?"). A question with
its own names, or three words of its own that the exchange before does not know, is a new topic and stays as it is.
Whether a thing behind "and" ("and the storm?") is one, only the articles know: it can be asked both ways.

Rules rather than a model: every decision can be explained to the member who reads what was understood, and a wrong
one costs little, because the member's own words always stay in the text. English and German.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.other_times import asked_of_before, asked_of_now, time_of, timeless, with_time
from bot.records import Answer
from bot.referents import EMPTY, names, person, personal
from index.question import spelled, stem
from index.records import Query
from index.when import understand as understand_time
from index.when import without


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
        asked: ``Query.asked``: what a quote has to answer, by itself; empty where that takes the subject.
        alone: what to search for by itself where nothing answers otherwise: "and the storm?" may ask for a part of
            what was spoken of, or for something else, and only the articles know which. Empty where it is a part.
    """

    text: str
    subject: str
    rewritten: bool
    search: str = ""
    asked: str = ""
    alone: str = ""


def query_of(understood: Understood, now: datetime) -> Query:
    """What is searched for."""
    text = understood.search or understood.text
    return Query(text, now, subject=understood.subject, asked=understood.asked)


def by_itself(understood: Understood, question: str) -> Understood:
    """What a question is understood as where only ``Understood.alone`` answers it."""
    return Understood(understood.alone, "", understood.alone != question)


def answered(
    question: str, understood: Understood, now: datetime, ask: Callable[[Query], Answer]
) -> tuple[Understood, Answer]:
    """The answer, and what the question was understood as in the end, see ``Understood.alone``."""
    answer = ask(query_of(understood, now))
    if answer.answered or not understood.alone:
        return understood, answer
    alone = by_itself(understood, question)
    other = ask(query_of(alone, now))
    return (alone, other) if other.answered else (understood, answer)


def turn(question: str, understood: str, answer: Answer) -> Turn:
    """The turn to keep of an exchange."""
    quotes = tuple(citation.quote for citation in answer.citations)
    titles = tuple(citation.title for citation in answer.citations)
    return Turn(question, understood, quotes, titles, tuple(names((understood, *quotes, *titles))))


def understand(question: str, previous: Sequence[Turn], now: datetime) -> Understood:
    """A question in the light of the exchanges before it.

    Args:
        previous: the conversation, oldest first; only the last exchange is referred to. Whoever calls decides what
            belongs together: a reply, a thread, a direct conversation of the last minutes.
        now: the moment of asking, for time expressions.

    Returns:
        The question itself, where it stands alone. It is read with the apostrophes that phones leave out, and shown as
        the member wrote it.
    """
    question = " ".join(question.split())
    before = [replace(each, question=spelled(each.question), understood=spelled(each.understood)) for each in previous]
    found = _understood(spelled(question), before, now)
    for written in (question, *(_topic(each.understood) for each in previous[-1:])):
        read = spelled(written)
        found = replace(found, text=found.text.replace(read, written), alone=found.alone.replace(read, written))
    return found


def _understood(question: str, previous: Sequence[Turn], now: datetime) -> Understood:
    """`understand`, of words with their apostrophes."""
    if not previous or not question:
        return Understood(question, "", False)
    last = previous[-1]
    topic, whole = _topic(last.understood), _whole(last)
    other = asked_of_now(question, whole, now) or asked_of_before(question, whole, now)
    if other is not None:
        return Understood(other, "", True)
    if (part := _part(question)) is not None:
        replaced = _replaced(*part, whole, last, now)
        if replaced is not None:
            return Understood(replaced, "", True)
        preposition, thing = part
        return replace(_bracketed(question, "", topic, last), alone="" if preposition else f"{thing}?")
    if not _points_back(question, last, now):
        return Understood(question, "", False)
    # "And before her?" has no verb but that of the question before.
    bare = _OPENER.match(question) and not _VERB.search(question)
    meant = "" if bare else person(question, last.question, _referent(last), topic, last.quote_texts)
    found = _bracketed(question, meant, whole if personal(question) else topic, last)
    if time := time_of(question, topic, now):
        found = replace(found, search=with_time(question, time), asked=found.asked and with_time(found.asked, time))
    # "who died?" may ask for something that the topic does not know; "was anyone hurt?" only ever asks of something.
    own = without(question, understand_time(question, now).words)
    may_stand_alone = _WHO.match(question) if _lacks_a_thing(question) else _takes_up(own, last)
    return replace(found, alone=question) if may_stand_alone else found


def _topic(understood: str) -> str:
    """The question that a chain of follow-ups is about: what stands in brackets at the end, else all of it."""
    match = re.search(r"\(([^()]+)\)$", understood)
    return match[1] if match else understood


def _referent(last: Turn) -> str:
    """The person whose name stands in brackets at the end of what a question was understood as; empty where none."""
    topic = _topic(last.understood)
    return topic if topic != last.understood and names([f"x {topic}"]) == [topic] else ""


def _whole(last: Turn) -> str:
    """The question that the conversation is about, in words that another part or time can be put into."""
    referent = _referent(last)
    return _asked(last.question, referent) if referent else _topic(last.understood)


def _points_back(question: str, last: Turn, now: datetime) -> bool:
    """Whether a question needs the exchange before it."""
    time = understand_time(question, now)
    plain = without(question, time.words)
    own = _content(plain)
    if not own:
        return True
    if _own_names(plain, last):
        return False
    known = _stems(word for text in (last.understood, *last.quote_texts, *last.titles) for word in _words(text))
    new = [word for word in own if stem(word) not in known]
    if _lacks_a_thing(question) and len(own) <= _FEW:
        return True
    if _takes_up(plain, last):
        return True
    if _OPENER.match(plain) and len(own) <= 2 and not _VERB.search(plain):
        return True
    if _unbound(plain):
        return len(new) < _NEW_TOPIC
    # "How long was the strike?" speaks of the strike just told about; "the sofa" was not.
    definite = [match["noun"] for match in _DEFINITE.finditer(plain)]
    return len(own) <= _FEW and len(new) <= 1 and any(stem(noun.casefold()) in known for noun in definite)


def _lacks_a_thing(question: str) -> bool:
    """Whether it asks of something that it does not name: "was anyone hurt?", "how many passengers?"."""
    if _NOBODY.match(question):
        return True
    return _ELLIPTIC.fullmatch(question) is not None and len(_content(question)) == 1


def _takes_up(question: str, last: Turn) -> bool:
    """Whether its few words are those of the answer before: "how much would repairs cost?" where repairs were told of.

    What has the words of the question before is that question in other words, and stands by itself.
    """
    own = _stems(_content(question))
    told = _stems(word for text in (last.understood, *last.quote_texts, *last.titles) for word in _words(text))
    said = _stems(_words(last.understood))
    few = 0 < len(own) <= _FEW and not _unbound(question) and not names([f"x {question}"])
    return few and own <= told and not own <= said


def _stems(words: Iterable[str]) -> set[str]:
    return {stem(word.casefold()) for word in words}


_FEW = 2
"""Words of its own up to which a question that speaks of "the strike" goes on with the strike before."""

_NEW_TOPIC = 3
"""Words of its own from which a question with a pronoun is a new topic."""


def _unbound(question: str) -> bool:
    """Whether a pronoun in it has nothing in the question itself that it can stand for."""
    return any(
        len(_content(question[: match.start()])) < 2 and not _NAMED_BEFORE.match(question[: match.start()])
        for match in _PRONOUN.finditer(question)
    )


def _own_names(question: str, last: Turn) -> list[str]:
    """Names in the question that the exchange before does not know."""
    known = " ".join((last.understood, *last.quote_texts, *last.titles)).casefold()
    nouns = {match["noun"] for match in _GERMAN_NOUN.finditer(question)}
    return [name for name in names([question]) if name.casefold() not in known and name not in nouns]


def _part(question: str) -> tuple[str, str] | None:
    """What is to be put in the place of something: its preposition, may be empty, and the part."""
    match = _REPLACING.fullmatch(question)
    if match is None or not match["part"].strip():
        return None
    part = match["part"].strip()
    if len(part.split()) > _PART_WORDS or _PRONOUN.search(part) or _VERB.search(part) or part.casefold() in EMPTY:
        return None
    return match["preposition"] or "", part


def _replaced(preposition: str, part: str, topic: str, last: Turn, now: datetime) -> str | None:
    """The topic's question with the part in its place: "and in 2022?"; None where it is a guess which place that is."""
    whole = f"{preposition} {part}".strip()
    if understand_time(whole, now).words == ((0, len(whole)),):
        return _with_time(topic, whole, now)
    if not _is_name(part, last):
        return None
    there = names([topic])
    if preposition:
        there = [name for name in there if re.search(rf"\b{preposition}\s+(?:\w+\s+)?{re.escape(name)}\b", topic)]
    if len(there) != 1:
        return None
    return re.sub(rf"\b{re.escape(there[0])}\b", lambda _: part, topic, count=1)


def _is_name(part: str, last: Turn) -> bool:
    """Whether a part is one name and no more: "the bridge in Hollin" cannot stand where "Ruhn" does."""
    article = _ARTICLE.match(part)
    bare = part[article.end() :] if article else part
    if bare.casefold() in {known for name in last.names for known in (name.casefold(), *name.casefold().split())}:
        return True
    # In German every noun is written so, and a name that is one word has no article.
    german = article is not None and article[0].strip().casefold() != "the"
    return names([f"x {bare}"]) == [bare] and not (german and " " not in bare)


def _with_time(topic: str, part: str, now: datetime) -> str:
    """The topic's question asked of another time."""
    return with_time(timeless(topic, now), part)


_PART_WORDS = 4
"""Longest replacement, words: a name and its article. Longer ones are questions of their own."""


def _bracketed(question: str, person: str, topic: str, last: Turn) -> Understood:
    """The question with what it refers to in brackets, to be searched for beside the question before and a title.

    The title of what was quoted, because it says what the conversation is about in the article's words. Both find
    passages; which sentence answers is for the member's own words to say (`index.ranking.rank`), or else the same
    quote would be found once more. Of 31 follow-ups over the sample an accepted answer stood in the three quotes for
    13 by the bare words, for 22 with the title alone, and for 24 so (25 November 2026, tests/test_bot_conversation.py).
    """
    text = f"{question} ({person or topic})"
    subject = " ".join(filter(None, (person, *last.titles[:1], topic)))
    return Understood(text, subject, True, question, _asked(question, person))


def _asked(question: str, person: str) -> str:
    """What a quote has to answer: "is he married?" asks for Tomas Hale's marriage, whatever was asked about him before.

    With the question before in it, whatever answers that one seems to answer this one too. Empty where the words say
    nothing without it: "why?", "when was that?".
    """
    if not person:
        return question if _content(question) else ""

    def name(met: re.Match[str]) -> str:
        return f"{person}'s" if met["whose"] else f"{person}s" if met["wessen"] else person

    named = _STANDS_FOR.sub(name, question)
    return named if named != question else f"{question} ({person})"


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _TOKEN.finditer(text)]


def _content(text: str) -> list[str]:
    """Words that say what a text is about, as written."""
    return [
        match[0]
        for match in _TOKEN.finditer(text)
        if re.sub(r"['’]\w+$", "", match[0].casefold()) not in EMPTY and match[0].casefold() not in EMPTY
    ]


_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_OPENER = re.compile(
    r"\W*(?:(?:and|but|so|or|also|und|aber|also|oder)\b|(?:what|how) about\b|was ist mit\b|wie (?:ist|steht) es mit\b|"
    r"wie sieht es mit\b)",
    re.IGNORECASE,
)
_REPLACING = re.compile(
    r"\W*(?:(?:and|but|so|und|aber)\s+)?(?:(?:what|how)\s+about\s+|was\s+ist\s+mit\s+|wie\s+sieht\s+es\s+mit\s+"
    r"(?=\w+(?:\s+\w+)?\s+aus)|(?<=\w\s)|(?=(?:last|yesterday|today|this|letzte|gestern|heute)\b))"
    r"(?:(?P<preposition>in|for|at|on|with|during|since|of|from|to|by|among|between|für|im|bei|am|seit|von|aus|unter)\s+)?(?P<part>[^?.!,;]+?)(?:\s+aus)?\W*",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(
    r"\b(?:(?P<whose>his|hers|her(?=\s+\w))|(?P<wessen>seine?[nmrs]?|ihre?[nmrs]?(?=\s+\w))"
    r"|he|she|him|her|er|ihm|ihn|ihr|sie)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:he|she|him|his|hers?|they|them|their|theirs|these|those|himself|herself|themselves"
    # "it is clear that", "how long does it take to": nothing stands for anything here.
    r"|its?\b(?!\s+(?:(?:take[sn]?|costs?|means?)(?:\s+\w+){0,2}\s+to\s|rain\w*|snow\w*|(?:is|was)\s+\w+\s+(?:to|that)\b|possible"
    r"|(?:safe|ok|legal|allowed|true|hard|easy|worth)\s+(?:to|that)\b))"
    # "that" as a pronoun ends a clause or stands before a verb; otherwise it points to its own noun or clause.
    r"|(?:that|this)(?=\s*(?:[?.!,]|$)|\s+(?:is|was|has|had|did|does|will|happen\w*|mean\w*|cost\w*|start\w*|still)\b)"
    r"|(?<=\babout\s)(?:that|this)|(?<=\bis\s)that|(?<=\bwas\s)that|(?<=\bdid\s)that"
    r"|there(?=\s*(?:[?.!,]|$))|then(?=\s*[?.!]|$)|so(?=\s*[?.!]|$)|one(?=\s*[?.!]|$)"
    r"|er|ihm|ihn|ihnen|sein(?:e[nmrs]?)?|ihr(?:e[nmrs]?)?|damals|da|dort|dabei|dafür|dagegen|damit|danach|daran|"
    r"darauf|daraus|darin|darüber|davon|dazu|deren|dessen|diese[rsnm]?(?=\s*[?.!]|$)|(?<!\w\s)das(?=\s+(?:ist|war|hat|"
    r"heißt|passiert)\b)|das(?=\s*(?:[?.!]|$|\s(?:passiert|geschehen|gesagt|noch)))|(?<=\bwar\s)das|(?<=\bhat\s)das(?!\s+(?-i:[A-ZÄÖÜ]))|(?<=\bist\s)das"
    r"|sie(?=\s*(?:[?.!]|$|\s(?:gesagt|dazu|getan|noch|alt|an|jetzt)))|(?<=\bhat\s)sie|(?<=\bist\s)sie|(?<=\bwar\s)sie"
    r"|(?<=\bsagt\s)sie|(?<=\bsagte\s)sie|(?<=\bkostet\s)(?:es\b(?!.*\szu\s)|sie)|(?<=\bwird\s)(?:es|sie)|(?<=\bist\s)es"
    r")\b",
    re.IGNORECASE,
)
# "was anyone hurt?", "who pays?": of what, only the question before says.
_NOBODY = re.compile(
    r"\W*(?:(?:and|but|so|und|aber)\s+)?(?:(?:was|were|is|are|did|has|have|had|will|can|could|wurden?|ist|hat|haben|wird)\s+"
    r"(?:anyone|anybody|someone|somebody|everyone|everybody|nobody|(?:irgend)?jemand|niemand)\b"
    r"|(?:who|wer)\s+\w+(?:\s+(?:over|up|in|out|for|off|on|away|back|else|now|then|dafür|das))?\W*$)",
    re.IGNORECASE,
)
_WHO = re.compile(r"\W*(?:(?:and|but|so|und|aber)\s+)?(?:who|wer)\b", re.IGNORECASE)
# "how many passengers?", "any arrests?", "were there protests?": one word, and not said of what.
_ELLIPTIC = re.compile(
    r"\W*(?:(?:and|but|so|und|aber)\s+)?(?:(?:how\s+(?:many|much)|which|whose|any|wie\s*viele?|welche[rsnm]?)(?:\s+[\w'’-]+){1,2}"
    r"|(?:was|were|is|are)\s+there(?:\s+(?:any|many|some|more|other))?\s+[\w'’-]+|gab\s+es\s+[\w'’-]+)\W*",
    re.IGNORECASE,
)
# "sein Anwalt": written like a name, and none.
_GERMAN_NOUN = re.compile(
    r"\b(?:(?:m?ein|kein|sein|ihr|welch|dies)(?:e[nmrs]?)?|der|die|das|den|dem|des|viele?)\s+(?P<noun>\w+)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|der|die|das|den|dem|des)\s+", re.IGNORECASE)
# "and the vaccine, what does it cost?" says itself what "it" is.
_NAMED_BEFORE = re.compile(r"\W*(?:and|but|so|und|aber)\s+(?:the|der|die|das|dem|den)\s+[^,?.!]+,.*", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|that|this|der|die|das|dem|den|des)\s+(?P<noun>[^\W\d_]+)", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|will|would|can|could|should|who|what|when|where|why|which|how many|"
    r"how much|ist|sind|war|waren|hat|haben|hatte|wird|werden|wurde|wurden|kann|soll|wer|wann|warum|wieso|"
    r"welche[rsnm]?|wie viele?|\w{3,}ed)\b(?!\s+about\b)",
    re.IGNORECASE,
)
