"""Whether a message in a channel is a question about the world, or members talking to each other; pure.

A wrong yes puts an unasked-for reply into a conversation, a wrong no costs one mention: in doubt it is chat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# Code, addresses, emoji, mentions, and what is quoted: a line, or by ">>>" all that follows.
_NOISE = re.compile(
    r"```.*?```|`[^`]*`|https?://\S+|<a?:\w+:\d+>|<(?:@[!&]?|#)\d+>|^>>>\s.*|^>[^\n]*", re.DOTALL | re.MULTILINE
)
_EMOJI = re.compile(r"<a?:\w+:\d+>")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
MOST_WORDS = 50


@dataclass(frozen=True, slots=True)
class _Language:
    """The words that tell a question in one language.

    Attributes:
        asks: words a question opens with; a question mark is not needed then.
        verbs: words that open a question only when it ends in a question mark.
        personal: words that speak of those who talk and what they do here, not of the news.
        small: words too common to ask about.
        openers: words before the question itself ("so", "hey").
        prepositions: words that may stand before the one that asks ("since when").
        not_asking: openings that look like questions and are none.
    """

    asks: frozenset[str]
    verbs: frozenset[str]
    personal: frozenset[str]
    small: frozenset[str]
    openers: frozenset[str]
    prepositions: frozenset[str]
    not_asking: re.Pattern[str]


_ENGLISH = _Language(
    asks=frozenset("who whom whose what which when where why how".split()),
    verbs=frozenset(
        "is are was were did does do has have had will would can could should isn't aren't wasn't weren't didn't "
        "doesn't hasn't haven't won't".split()
    ),
    personal=frozenset(
        "i i'm i've i'd i'll im me my mine myself we we're we've we'll us our ours you you're you've u ur your yours "
        "yourself y'all guys anyone anybody someone somebody everyone everybody bro dude mate mods mod lol lmao "
        "patch update updates stream streaming channel server discord meme memes lobby bot tonight".split()
    ),
    small=frozenset(
        "a an the is are was were be been am it it's its that that's this these those there he she they them him her "
        "not no yes ok okay so but and or if of to in on at for with from by about as up out off over just like really "
        "even ever now then here do does did has have had will would can could should what who why how when where "
        "which whose whats what's hows how's wheres where's whos who's happened happening going wrong right true thing "
        "things stuff way again still already today tonight tomorrow yesterday time one all some any more much many "
        "good bad nice long old know think mean get got work works working next else same point matter tho though wait "
        "say said come real life happen made make people person cost costs much rules".split()
    ),
    prepositions=frozenset("in at on for since to from by with under of until during against".split()),
    openers=frozenset("so and but hey ok okay well hmm hm um please wait also then btw".split()),
    not_asking=re.compile(
        r"what (?:a|an)\b|how (?:nice|cool|sweet|cute|funny|sad|lovely|dare|about)\b|why not\b|which is\b|"
        r"what ?ever\b|who (?:cares|knows|asked)\b|when (?:the|a|an|he|she|they|it)\b(?!.*\?$)"
    ),
)
_GERMAN = _Language(
    asks=frozenset(
        "wer wem wen wessen was wann wo wohin woher warum wieso weshalb weswegen wie wieviel wieviele welche welcher "
        "welches welchen welchem worüber womit wodurch wofür wogegen".split()
    ),
    verbs=frozenset(
        "ist sind war waren hat haben hatte hatten wird werden wurde wurden kann können konnte konnten soll sollen "
        "sollte muss müssen darf dürfen gibt gab stimmt kommt kommen bleibt bleiben fährt fahren".split()
    ),
    personal=frozenset(
        "ich mich mir mein meine meinen meiner meinem wir uns unser unsere du dich dir dein deine deinen deiner deinem "
        "ihr euch euer eure jemand irgendwer leute alter digga bro lol patch update stream channel kanal server "
        "discord meme memes lobby training bot bock lieblingsfilm lieblingsspiel".split()
    ),
    small=frozenset(
        "der die das den dem des ein eine einen einem einer eines ist sind war waren es er sie ihn ihm und oder aber "
        "denn nicht kein keine ja nein ok so doch mal nur auch noch schon jetzt dann da hier dort heute morgen gestern "
        "in im an am auf zu zum zur von vom für mit bei aus nach vor über um wie was wer wo wann warum wieso los "
        "passiert geht macht machen gut schlecht richtig falsch sache ding alles etwas mehr viel viele lang alt weiß "
        "wieder eigentlich bitte soll wird hat haben kann gibt stimmt echt wirklich bloß eben halt kommt kommen "
        "spielt sagt gesagt uhr kostet kosten".split()
    ),
    prepositions=frozenset("seit um in an auf mit für von nach bis ab bei gegen über aus unter zu vor durch".split()),
    openers=frozenset("und aber also hey na ok okay hm sag sagt moin hallo bitte ach".split()),
    not_asking=re.compile(
        r"was für ein(?:e|en|em|er)? [^?]*$|wie (?:schön|cool|süß|lustig|traurig|nett|geil|immer|gesagt)\b|"
        r"warum (?:nicht|auch nicht)\b|wer weiß\b|was soll'?s\b|wie auch immer\b|wo[- ]?bei\b"
    ),
)
_LANGUAGES: Mapping[str, _Language] = {"en": _ENGLISH, "de": _GERMAN}


_THANKS = frozenset(
    "thanks thank you thx ty tysm cheers so very much a lot ok okay k alright nice cool great awesome perfect neat "
    "good bad job work bot answer lol lmao haha wow oh ah yes yeah yep yup no nope nah sure right exactly true same "
    "this makes sense got it i see bye danke dir dankeschön vielen dank sehr merci alles klar super toll klasse prima "
    "spitze gut gute antwort ja nein nee genau stimmt achso ach verstehe verstanden tschüss".split()
)
_HELLO = frozenset(
    "hi hello hey hiya yo morning evening there help me please test ping hallo moin servus hilfe bitte guten tag "
    "morgen abend na".split()
)


class SmallTalk(StrEnum):
    """What a message is that asks for nothing."""

    THANKS = "thanks"
    HELLO = "hello"


def small_talk(text: str) -> SmallTalk | None:
    """Whether a message to the bot only thanks, agrees or greets; None for all that may be a question.

    Every word must be one of few: "no" is talk, "no entry?" is not, and what ends in a question mark never is.
    Signs without a word, such as emoji, count as thanks.
    """
    said = " ".join(_NOISE.sub(" ", text).split())
    words = {word.lower().replace("’", "'") for word in _WORD.findall(said)}
    if not said:
        return SmallTalk.THANKS if _EMOJI.search(text) else None
    if "?" in said or not words <= _THANKS | _HELLO:
        return None
    return SmallTalk.HELLO if words and not words <= _THANKS else SmallTalk.THANKS


def is_question(text: str, language: str) -> bool:
    """Whether ``text`` asks something an article could answer.

    Args:
        text: a message as Discord sends it.
        language: the channel's, such as ``de``; its members may ask in another all the same, with a question mark.
    """
    said = " ".join(_NOISE.sub(" ", text).split())
    sentence = _last_question(said)
    own = _LANGUAGES.get(language)
    # "was" opens a question in English and in German: the channel's language goes first where it knows the word.
    if own is not None and _words(sentence, own)[:1] and _words(sentence, own)[0] in own.asks | own.verbs:
        return _asks(sentence, own)
    others = [other for other in _LANGUAGES.values() if other is not own]
    return sentence.endswith("?") and any(_asks(sentence, other) for other in others)


def _words(sentence: str, language: _Language) -> list[str]:
    """The words in lower case, from the question itself on."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(sentence)]
    while words and words[0] in language.openers:
        words = words[1:]
    if words[1:] and words[0] in language.prepositions and words[1] in language.asks:
        words = words[1:]
    return words


def _asks(sentence: str, language: _Language) -> bool:
    marked = sentence.endswith("?")
    words = _words(sentence, language)
    if not 2 <= len(words) <= MOST_WORDS or not language.personal.isdisjoint(words):
        return False
    if language.not_asking.match(" ".join(words) + ("?" if marked else "")):
        return False
    about = [word for word in words if word not in language.small and word not in language.asks]
    if not about:
        return False
    if words[0] in language.asks:
        return marked or len(words) >= 4
    return marked and words[0] in language.verbs and len(words) >= 3


def _last_question(said: str) -> str:
    """The last sentence that ends in a question mark, or all of it."""
    marked = re.findall(r"[^.!?]*\?", re.sub(r"(?<=\d)\.(?=\d)", "", said))
    return marked[-1].strip() if marked and said.endswith("?") else said
