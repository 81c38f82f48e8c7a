"""One spelling, one stem and one sense for a word: American and British, endings, synonyms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from corpus import lexicon, synonyms

_CUT_SHORT = re.compile("[^aeiouy][aeiou][^aeiouwxy]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060]")


def fold(word: str) -> str:
    """The word in lower case without diacritics, soft hyphens and invisible characters."""
    if word.isascii():
        return word.lower()
    word = _INVISIBLE.sub("", word).casefold()
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


@lru_cache(maxsize=32768)
def spelling(word: str) -> str:
    """One folded word in one spelling: British and American forms meet, and known abbreviations are written out.

    The result is for comparing only: it is not always a word ("colour" gives "color", "advise" gives "advize").
    """
    word = lexicon.ABBREVIATIONS.get(word, word)
    if len(word) > 4:
        word = re.sub(r"is(e|ed|es|ing|ation|ations|er|ers)$", r"iz\1", word)
        word = re.sub(r"ys(e|ed|es|ing)$", r"yz\1", word)
        word = re.sub(r"our(s|ed|ing|ite|ites|able|al|ful|hood|hoods|er|ers)?$", r"or\1", word)
        word = re.sub(r"([bcdfgkptv])re(s|d)?$", r"\1er\2", word)
        word = re.sub(r"ogue(s)?$", r"og\1", word)
        word = re.sub(r"([aeiouy][^aeiouy]+[aeiou])ll(ed|ing|er|ers|or|ors)$", r"\1l\2", word)
    return word


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """The stem of one folded word: plural and verb endings off, irregular forms to their base."""
    base = lexicon.IRREGULAR.get(word, word)
    if base != word:
        return base[:-1] if len(base) > 4 and base.endswith("e") else base
    if len(word) < 4 or not word.isalpha():
        return word
    if base.endswith("ies") and len(base) > 4:
        base = base[:-3] + "y"
    elif base.endswith(("sses", "shes", "ches", "xes")):
        base = base[:-2]
    elif base.endswith("s") and not base.endswith(("ss", "us", "is")):
        base = base[:-1]
    base = lexicon.IRREGULAR.get(base, base)
    for ending in ("ing", "ed", "ly"):
        cut = base[: -len(ending)]
        if base.endswith(ending) and len(cut) > 2 and re.search("[aeiouy]", cut):
            if ending == "ed" and cut.endswith("i"):
                cut = cut[:-1] + "y"
            elif len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "lsz":
                cut = cut[:-1]
            elif ending != "ly" and _CUT_SHORT.fullmatch(cut):
                cut += "e"  # "named" as "name", which is too short to lose its last letter
            base = cut
            break
    if len(base) > 4 and base.endswith(("e", "ll")):
        base = base[:-1]
    return base


def _by_stem(table: dict[str, str]) -> dict[str, str]:
    return {stem(spelling(word)): stem(spelling(head)) for word, head in table.items()}


_SENSES = _by_stem(synonyms.SYNONYMS)


@lru_cache(maxsize=32768)
def sense(key: str) -> str:
    """What the word says, as far as the closed list of synonyms knows."""
    base = stem(key)
    return _SENSES.get(base, base)


def is_german(text: str) -> bool:
    """Whether the text's little words are German rather than English."""
    little = re.findall(r"\b[a-zA-Zü]{2,7}\b", text[:4000])
    german = sum(word.lower() in lexicon.GERMAN_MARKS for word in little)
    return german > sum(word.lower() in lexicon.ENGLISH_MARKS for word in little)
