"""What a question asks for, read off its words: pure, no model, microseconds.

The words of a text become *terms*: lower case, light English stems, figures without separators. The same function
feeds the keyword index, the question and the passages, so that the three always agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus.lexicon import FUNCTION_WORDS
from index.clauses import is_yes_or_no


class Expected(StrEnum):
    """The kind of answer a question expects."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    REASON = "reason"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Term:
    """One content word of a question.

    Attributes:
        stem: what `terms` gives for the word.
        name: whether it is written like part of a proper name.
        number: whether it is a figure or a number word.
        asked: whether it belongs to the question's frame ("year" in "what year"), which an answer need not repeat.
    """

    stem: str
    name: bool = False
    number: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    Attributes:
        text: as it was asked.
        expected: the kind of answer.
        terms: content words in order, each stem once.
        negated: whether it asks for what did not happen.
    """

    text: str
    expected: Expected
    terms: tuple[Term, ...]
    negated: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Stems of the proper names in it."""
        return tuple(term.stem for term in self.terms if term.name)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Figures in it, years included."""
        return tuple(term.stem for term in self.terms if term.number)


# No alternative begins with a repeated group and none ever goes back: a question takes thousands of words apart.
_TOKEN = re.compile(r"[A-Za-z]\.(?:[A-Za-z]\.)++|[^\W\d_]++(?:['’][^\W\d_]++)*+|\d++(?:[.,]\d++)*+")

STOPWORDS = FUNCTION_WORDS | frozenset("s t re ve ll d m".split())

_NUMBER_WORDS = {
    "zero": "0", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30",
    "forty": "40", "fifty": "50",
}  # fmt: skip

_IRREGULAR = {
    form: base
    for base, forms in {
        "say": "said", "win": "won", "rise": "rose risen", "fall": "fell fallen", "hold": "held", "lead": "led",
        "lose": "lost", "make": "made", "take": "took taken", "shoot": "shot", "buy": "bought", "sell": "sold",
        "build": "built", "begin": "began begun", "give": "gave given", "get": "got gotten", "meet": "met",
        "pay": "paid", "send": "sent", "spend": "spent", "tell": "told", "become": "became", "break": "broke broken",
        "choose": "chose chosen", "fight": "fought", "steal": "stole stolen", "write": "wrote written",
        "go": "went gone", "come": "came", "see": "saw seen", "know": "knew known", "grow": "grew grown",
        "fly": "flew flown", "drive": "drove driven", "speak": "spoke spoken", "swear": "swore sworn",
        "strike": "struck", "seek": "sought", "teach": "taught", "catch": "caught", "bring": "brought",
        "think": "thought", "keep": "kept", "leave": "left", "feel": "felt", "mean": "meant", "run": "ran",
        "sing": "sang sung", "drink": "drank drunk", "swim": "swam swum", "wear": "wore worn", "die": "dying",
        "hide": "hidden hid", "eat": "ate eaten", "freeze": "froze frozen", "withdraw": "withdrew withdrawn",
        "man": "men", "woman": "women", "child": "children", "person": "people", "foot": "feet", "wife": "wives",
        "life": "lives",
    }.items()
    for form in forms.split()
}  # fmt: skip

_VOWEL = re.compile(r"[aeiouy]")


def stem(word: str) -> str:
    """The stem of one lower-case word: a few of Porter's (1980) steps, so that plurals and verb forms meet."""
    if not word.isalpha() or len(word) < 4:
        return _IRREGULAR.get(word, word)
    if word in _IRREGULAR:
        return stem(_IRREGULAR[word])
    for ending, cut in (("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", "")):
        if word.endswith(ending):
            word = word[: -len(ending)] + cut
            break
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        base = word[: -len(ending)]
        if word.endswith(ending) and len(base) > 2 and _VOWEL.search(base):
            if ending == "ed" and base.endswith("i"):
                base = base[:-1] + "y"
            elif len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz":
                base = base[:-1]
            word = base
            break
    for ending, cut in (("ational", "at"), ("ation", "at"), ("ement", ""), ("ment", ""), ("ness", ""), ("ion", "")):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            word = word[: -len(ending)] + cut
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


@lru_cache(maxsize=65536)
def _term(token: str) -> str:
    """The term of a word as it is written."""
    token = token.lower().replace("’", "'")
    if token[0].isdigit():
        return token.replace(",", "")
    if "." in token:
        return token.replace(".", "")
    token = token.removesuffix("'s")
    return _NUMBER_WORDS.get(token) or stem(token.replace("'", ""))


def tokens(text: str) -> list[tuple[str, int, int]]:
    """The terms of a text with their offsets, stop words included: ``(term, start, end)``, in order."""
    return [(_term(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def terms(text: str) -> list[str]:
    """The terms of a text without stop words, in order, repeated as they are: what the keyword index stores."""
    return [_term(word) for word in _TOKEN.findall(text) if not _is_stopword(word)]


@lru_cache(maxsize=65536)
def _is_stopword(word: str) -> bool:
    """Whether a word, as it is written, is one of `STOPWORDS`."""
    return word.lower().replace("’", "'").removesuffix("'s") in STOPWORDS


_FRAMES: tuple[tuple[Expected, re.Pattern[str]], ...] = tuple(
    (expected, re.compile(pattern, re.IGNORECASE))
    for expected, pattern in (
        (Expected.REASON, r"\b(why|how come|what (?:\w+ )?(?:caus|led\b|leads\b|made\b|makes\b|prompt|trigger|forc|"
                          r"driv|drove|explains)\w*|(?:reason|cause|purpose|motive)s?\b)"),
        (Expected.NUMBER, r"\b(how (?:many|much|old|long|tall|high|far|big|large|fast|deep|often|wide|heavy)|"
                          r"(?:what|which) (?:\w+ )?(?:number|percentage|percent|proportion|amount|price|age|score|"
                          r"fraction|share|total|size|population))\b"),
        (Expected.TIME, r"\b(when|(?:what|which) (?:\w+ )?(?:year|date|day|month|time|decade|century))\b"),
        (Expected.PLACE, r"\b(where|(?:what|which) (?:\w+ )?(?:country|city|state|nation|town|place|region|island|"
                         r"continent|county|location))\b"),
        (Expected.PERSON, r"\b(who|whom|whose|(?:what|which) (?:\w+ )?(?:person|man|woman|actor|actress|singer|"
                          r"athlete|player|politician|president|minister|leader|celebrity|author|artist|star|"
                          r"billionaire|musician|rapper|comedian|footballer|director))\b"),
    )
)  # fmt: skip

_UNMARKED = re.compile(r"[\w)\]}”“\"'’»%]\s*$")
_ASKING = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"|^\W*(?:\w+\s)?(?:wer|wem|wen|wessen|was|wann|wo|woher|wohin|warum|wieso|weshalb|wie|wieviele?|welche[nmrs]?)\b",
    re.IGNORECASE,
)


def marked(text: str) -> str:
    """A question with its mark, which members leave out on phones: models read a question without one worse.

    What ends with another mark, and what does not ask ("latest on the strike"), stays as it is.
    """
    asks = _ASKING.search(text) is not None or is_yes_or_no(text)
    return f"{text.rstrip()}?" if asks and _UNMARKED.search(text) else text


_CONTRACTED = re.compile(
    r"\b(?:(who|what|where|when|why|how|that|there|here)(s)|"
    r"((?:do|does|did|is|are|was|were|has|have|had|wo|would|could|should|ca)n)(t))\b",
    re.IGNORECASE,
)


def spelled(text: str) -> str:
    """A question with the apostrophes that members leave out on phones: "whos" is "who's", "didnt" is "didn't"."""
    return _CONTRACTED.sub(lambda found: f"{found[1] or found[3]}'{found[2] or found[4]}", text)


_MARKUP = re.compile(r"<[^<>]*>")
_NEGATION = re.compile(r"\b(not|never|no longer|n['’]t|without|refuse[ds]?)\b|n['’]t\b", re.IGNORECASE)


def analyse(text: str, subject: str = "") -> Question:
    """Take a question apart; ``subject`` adds the words of the conversation that it refers to."""
    text = _MARKUP.sub(" ", text)
    whole = f"{text} {subject}".strip()
    expected, frame = Expected.OTHER, (-1, -1)
    for kind, pattern in _FRAMES:
        if match := pattern.search(text):
            expected, frame = kind, match.span()
            break
    found: dict[str, Term] = {}
    shouting = text.isupper() or text.istitle()
    for index, match in enumerate(_TOKEN.finditer(whole)):
        word = match[0]
        if _is_stopword(word) or word.lower() in {"don't", "didn't"}:
            continue
        term = _term(word)
        number = term[0].isdigit()
        name = not number and not shouting and index > 0 and word[0].isupper()
        asked = frame[0] <= match.start() < frame[1]
        known = found.get(term)
        if known is None or (name and not known.name):
            found[term] = Term(term, name, number, asked and not name)
    return Question(text, expected, tuple(found.values()), _NEGATION.search(text) is not None)
