"""Who is spoken of: names in questions and quotes, and the person whom "he" or "she" stands for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.question import STOPWORDS


def names(texts: Iterable[str]) -> list[str]:
    """Runs of capitalised words, in order, each once. A single word that only opens a sentence is none."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _NAME.finditer(text):
            words = match[0].split()
            while words and _names_nobody(words[0]):
                words.pop(0)
            opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in {".", "?", "!", "“", '"', ":", "("}
            if words and (len(words) > 1 or not opens or words[0] != match[0].split()[0]):
                found.setdefault(re.sub(r"['’]s$", "", " ".join(words)))
    return list(found)


def _names_nobody(word: str) -> bool:
    """Whether a word before a name is no part of it: "When", "Mr", "Bürgermeisterin"."""
    plain = word.casefold().removesuffix("'s").removesuffix("’s")
    return plain in EMPTY | _TITLES or _GERMAN_TITLE.fullmatch(plain) is not None


def persons(texts: Iterable[str]) -> list[str]:
    """Those of the names that may be a person's full name: two words or more, and nothing says that it is a place, a
    company or a body. One word may be a place as well."""
    found: dict[str, None] = {}
    for text in texts:
        for name in names([text]):
            words = name.split()
            if (
                len(words) < 2
                or _SIDE.fullmatch(words[0])
                or any(_BODY.fullmatch(word) or word.casefold() in _JOINS for word in words)
            ):
                continue
            if _NO_PERSON_BEFORE.search(text[: text.index(name)]):
                continue
            found.setdefault(name)
    return list(found)


def personal(question: str) -> bool:
    """Whether a pronoun in it stands for one person. German "sie" may; it stands for things and for many as well."""
    return _HE_OR_SHE.search(question) is not None or _SIE.search(question) is not None


def person(question: str, before: str, referent: str, topic: str, quotes: Sequence[str]) -> str:
    """Whom "he" or "she" in a question stands for; empty where none is meant, or it would be a guess.

    Args:
        before: the question before, as it was asked.
        referent: whom a pronoun in that one stood for; empty where there was none.
        topic: what the conversation is about: a question or a name.
        quotes: what answered the question before, best first.
    """
    if not personal(question):
        return ""
    sure = _HE_OR_SHE.search(question) is not None
    asked = names([topic])
    others = [name for name in persons(quotes) if name != referent]
    # Whoever answers a who-question is spoken of from then on; "Who is Renn?" has Renn for its answer.
    named = asked and re.search(rf"\b(?:is|was|ist|war)\s+{re.escape(asked[0])}\W*$", topic)
    if not named and (_WHO.match(before) or (not referent and _WHO.match(topic))):
        # "Renn, 47, taught physics": another quote has the whole name.
        told = {name: _place(name, quotes[0]) for name in others if quotes and not _meant(name, asked)}
        first = min((name for name in told if told[name] >= 0), key=lambda name: told[name], default="")
        if first:
            return first
    if referent:
        sexes = {_sex(before), _sex(question)} - {""}
        return referent if len(sexes) < 2 else _only(others)
    # "How old is Renn?", "Where did he teach?": a quote may have the whole name.
    whole = next((name for name in others if _meant(name, asked[:1])), "")
    return whole or next(iter(persons([f"x {asked[0]}"] if asked else [])), "") or _only(others if sure else [])


def _place(name: str, text: str) -> int:
    """Where somebody is first spoken of in a text, by the whole name or the last; -1 where nowhere."""
    places = [
        found.start() for each in (name, name.split()[-1]) if (found := re.search(rf"\b{re.escape(each)}\b", text))
    ]
    return min(places, default=-1)


def _meant(name: str, asked: Sequence[str]) -> bool:
    """Whether a name is one of those asked about, or has one of them for a part."""
    return any(each in name for each in asked)


def _only(people: Sequence[str]) -> str:
    """The one of them; empty where there are more or none."""
    return people[0] if len(people) == 1 else ""


def _sex(question: str) -> str:
    """Whether its pronoun says "he" or "she"; empty where it says neither."""
    met = _HE_OR_SHE.search(question) or _SIE.search(question)
    return "" if met is None else "he" if _HE.fullmatch(met[0]) else "she"


_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w'’-]*(?:\s+(?:(?:of|the|de|van|von|der|al|and the)\s+)?[A-ZÀ-ÖØ-Þ][\w'’-]*)*")
_TITLES = frozenset(
    "mr mrs ms miss dr professor prof president prime minister chancellor king queen judge mayor inspector captain "
    "governor foreign finance health interior education deputy secretary general senator "
    "managing director chief executive herr frau premierminister präsident bundeskanzler".split()
)
_GERMAN_TITLE = re.compile(
    r"\w*(?:meister|minister|kanzler|präsident|sprecher|chef|richter|direktor|leiter|trainer|kapitän|vorsitzende)(?:in|r)?"
)
# Nothing can be searched for by these: question words, auxiliaries, pronouns, verbs of saying, fillers.
EMPTY = STOPWORDS | frozenset(
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

_HE = re.compile(r"(?:he|him|his|er|ihm|ihn|seine?[nmrs]?)", re.IGNORECASE)
_HE_OR_SHE = re.compile(r"\b(?:he|she|him|his|her|hers|er|ihm|ihn|seine?[nmrs]?|ihre?[nmrs]?)\b", re.IGNORECASE)
_SIE = re.compile(r"\bsie\b", re.IGNORECASE)
_WHO = re.compile(r"\W*(?:and\s+|und\s+)?(?:who|wer)\b", re.IGNORECASE)
_JOINS = frozenset("of the and al".split())
# Words that companies, bodies, places and events are called by, English and German.
_BODY = re.compile(
    r"banks?|lines?|airlines?|airways|group|unions?|united|federation|association|alliance|league|party|council|"
    r"committee|commission|office|agency|services?|ministry|ministries|department|authority|court|police|army|navy|"
    r"university|school|college|institute|academy|hospital|observatory|museum|castle|cathedral|theatre|"
    r"orchestra|company|companies|brothers|sons|bros|ltd|inc|corp|plc|llc|gmbh|ag|holdings?|industries|cells|motors|"
    r"energy|airport|port|station|bridge|street|road|square|avenue|river|valley|island|islands|isle|lake|mount|sea|"
    r"ocean|bay|city|town|county|republic|kingdom|states|northern|southern|eastern|western|"
    r"new|old|great|grand|saint|times|news|radio|tv|wire|courier|gazette|herald|ledger|journal|tribune|press|"
    r"act|pact|treaty|summit|games|cup|week|storm|hurricane|operation|international|national|central|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|"
    r"september|october|november|december|gruppe|verein|verband|partei|rat|gemeinderat|stadtrat|ministerium|amt|"
    r"universität|schule|gericht|polizei|straße|platz|brücke|fluss|insel|see|tal|werke?|zeitung|bote|kurier|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|the",
    re.IGNORECASE,
)
# "North Harbour", and not "Oliver North".
_SIDE = re.compile(r"north|south|east|west", re.IGNORECASE)
# "in New Alm", "the Blue Line", "The operator, Vexa Nord,".
_NO_PERSON_BEFORE = re.compile(
    r"(?:\b(?:in|at|near|inside|outside|the|im|bei)\s+|\b(?:company|firm|bank|chain|operator|builder|maker|supplier|"
    r"airline|union|club|group|paper|agency|outlet|firma|gewerkschaft|konzern)s?,?\s+)$",
    re.IGNORECASE,
)
