"""Which language a text is in, and whether a model reads it.

The only file that knows py3langid. Its model takes 0.6 s and 80 MB, so it is loaded for the first text that is not
plainly English, and a community that asks in English never pays for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.asking_words import Asked
from index.model_files import DEFAULT_MODEL

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE = 0.6
"""Probability from which a language is claimed. Of 2,783 English questions (all sets of `../shared/data` with members'
questions, and the sample's) the most that another language got was .499; of 43 questions in 21 other languages, of
four words or more, 40 reached .6, all in the right language (24 November 2026)."""
WORDS = 4
"""Words from which letter statistics may claim a language: of fewer, names decide."""

BEGINNING = 1000
"""Characters of an article that tell its language: some 150 words."""

_ENGLISH = frozenset(
    "what what's when where which who who's whose whom why how did does didn't doesn't isn't wasn't they their there "
    "this that the these those have been with would should could".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Scripts written without spaces: each letter counts as a word. Thai to Khmer, kana, ideographs.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
# The languages of a script, by the first word of its letters' names in Unicode.
_SCRIPTS = {
    "ARABIC": "ar fa ur ps ku ug arz ary sdh", "ARMENIAN": "hy", "BENGALI": "bn as", "CJK": "zh ja wuu yue",
    "CYRILLIC": "ru uk bg sr mk be kk ky mn tg tt ba", "DEVANAGARI": "hi mr ne sa gom", "ETHIOPIC": "am",
    "GEORGIAN": "ka", "GREEK": "el grc", "GUJARATI": "gu", "GURMUKHI": "pa", "HANGUL": "ko", "HEBREW": "he hbo",
    "HIRAGANA": "ja", "KANNADA": "kn", "KATAKANA": "ja", "KHMER": "km", "LAO": "lo", "MALAYALAM": "ml", "MYANMAR": "my",
    "ORIYA": "or", "SINHALA": "si", "TAMIL": "ta", "TELUGU": "te", "THAI": "th", "TIBETAN": "dz",
}  # fmt: skip
_KANA = {"HIRAGANA", "KATAKANA"}


def identify(text: str) -> frozenset[str]:
    """The language of a text, as ISO 639 code ("en", "de", "zh"); several where it may be any of them.

    None where that is not sure: names and figures say nothing, and English is assumed by nobody. A script says it at
    any length, and what a question opens with (`index.asking_words`) at two or three words.
    """
    words = _WORD.findall(text)
    # "WHO" is no English word, and one "the" may belong to a title that a German asks about.
    plain = [word for word in words if not word.isupper() and word.casefold().replace("’", "'") in _ENGLISH]
    if len(plain) > 1 or (plain and words[0] in plain):
        return frozenset({"en"})
    asked = Asked(words, text)
    written = _script(words) if not asked.english else frozenset()
    if sum(len(_UNSPACED.findall(word)) or 1 for word in words) >= WORDS and len(written) != 1:
        language, probability = _identifier().classify(text)
        if probability >= SURE and (language in written if written else asked.speaks(language)):
            return frozenset({str(language)})
    return written or asked.languages


def _script(words: list[str]) -> frozenset[str]:
    """The languages of the script that most words are in; none for Latin letters, or for names amid them."""
    scripts: Counter[str] = Counter()
    for word in words:
        found = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
        # Kana stand among ideographs in Japanese alone; a Greek letter by itself is a sign.
        script = next(iter(found & _KANA or found))
        if script != "GREEK" or len(word) > 1:
            scripts[script] += len(_UNSPACED.findall(word)) or 1
    foreign = {script: count for script, count in scripts.items() if script in _SCRIPTS}
    if sum(foreign.values()) <= scripts["LATIN"]:
        return frozenset()
    named = next(iter(foreign.keys() & _KANA), None) or max(foreign, key=lambda script: foreign[script])
    return frozenset(_SCRIPTS[named].split())


def written_in(text: str, stated: str) -> frozenset[str]:
    """The language of an article, as `identify` says it of its beginning.

    Publishers state the language of their system as often as that of the text, so what is ``stated`` (a BCP 47 tag, or
    empty) counts where the text does not tell.
    """
    return identify(text[:BEGINNING]) or frozenset({stated.partition("-")[0].casefold()} - {""})


def unread(model: str, languages: frozenset[str]) -> bool:
    """Whether an embedding model was made for none of the languages that a text may be in; False where that is open."""
    return bool(languages) and all(supported(model, each) is False for each in languages)


def supported(model: str, language: str) -> bool | None:
    """Whether an embedding model was made for a language; None where nobody says.

    Args:
        model: as ``ModelFiles.name``: the default model, a folder, or a hub name. A folder's model card says which
            languages (``language:`` at the head of its README.md, ISO 639 codes or "multilingual").
        language: ISO 639 code, or a BCP 47 tag that begins with one.
    """
    language = language.partition("-")[0].casefold()
    if model == DEFAULT_MODEL:
        return language == "en"
    stated = _card_languages(Path(model).expanduser() / "README.md")
    if "multilingual" in stated or "multilingual" in model.casefold():
        return True
    return language in stated if stated else None


def _card_languages(path: Path) -> frozenset[str]:
    """The languages in a model card's metadata, lower case; none where there is no card or it names none.

    https://huggingface.co/docs/hub/model-cards: YAML between two lines of dashes, ``language`` a code or a list.
    """
    try:
        head = path.read_text(encoding="utf-8").split("---\n", 2)
    except (OSError, UnicodeDecodeError):
        return frozenset()
    if len(head) < 3 or head[0].strip():
        return frozenset()
    return frozenset(_language_values(head[1].splitlines()))


def _language_values(lines: list[str]) -> Iterator[str]:
    listing = False
    for line in lines:
        if match := re.match(r"languages?:\s*(.*)", line):
            listing = True
            yield from re.findall(r"[a-z]+", match[1].casefold())
        elif listing and (match := re.match(r"\s*-\s*[\"']?([A-Za-z]+)", line)):
            yield match[1].casefold()
        else:
            listing = False


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
