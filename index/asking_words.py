"""In which languages a short question is asked, by its small words: three words are too few for letter statistics.

The word that asks must open the question, and another must agree with it, unless no name or title begins so. English
words speak against it, and so do capitals: "Was Der Spiegel sold?" asks in English about a German title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.lexicon import FUNCTION_WORDS
from index.common_words import STEMS
from index.question import stem

_ENOUGH = 2
# Particles of names in English text, which its commonest words hold as well.
_PARTICLES = frozenset("al da das de del della den der des di du el en il la las le les los o und van von".split())
_COMMON = frozenset(STEMS.split()) - _PARTICLES
_LISTED_ENGLISH = FUNCTION_WORDS | frozenset(
    "anyone anybody someone somebody everyone everybody nobody else won't didn't isn't wasn't what's who's".split()
)
# Endings that make English words beyond the commonest: "resigned", "Hale's".
_ENGLISH_FORM = re.compile(r"\w{3,}ed|\w+['’]s")


@dataclass(frozen=True, slots=True)
class _Words:
    """The small words of a language.

    Attributes:
        plain: words that ask, and that neither English nor a common name has; one alone is enough.
        asks: words that ask and may be something else.
        says: verbs and particles of questions, in no other sense English.
        other: further small words, and those that look English: they say nothing, and are not taken for English.
        letters: that English is written without.
    """

    plain: frozenset[str]
    asks: frozenset[str]
    says: frozenset[str]
    other: frozenset[str]
    letters: frozenset[str]

    def __contains__(self, word: str) -> bool:
        return word in self.plain or word in self.asks or word in self.says or word in self.other


def _words(plain: str, asks: str, says: str, other: str, letters: str) -> _Words:
    split = [frozenset(each.split()) for each in (plain, asks, says, other)]
    return _Words(split[0], split[1], split[2], split[3], frozenset(letters))


_LANGUAGES = {
    "de": _words(
        "wer wem wessen warum wieso weshalb weswegen wieviel wieviele wann woher wohin welche welcher welches welchen "
        "welchem wodurch womit worüber wofür",
        "was wie wo wen",
        "ist sind kostet kosten passiert passierte geschah gibt macht heißt sagt sagte wird wurde wurden worden haben "
        "hatte hatten kann konnte soll sollte muss musste darf ging geht kam kommt steht liegt brennt starb starben "
        "gewann gewonnen verlor zurück nicht noch jetzt heute gestern morgen jemand und dazu viele viel mehr wir sie",
        "der die das den dem des ein eine einen einem einer im am in an auf aus bei mit nach von vom vor zu zum zur um "
        "über unter für gegen seit bis durch war waren hat will bin man so also fast los es er ich ihr tag alle neue "
        "oder aber land hand art not bald",
        "äöüß",
    ),
    "fr": _words(
        "pourquoi combien où qu'est qu'a lequel laquelle lesquels lesquelles",
        "qui que quand quoi quel quelle quels quelles c'est",
        "est sont ont était étaient fut gagné gagne coûte coute dit pas s'est passé passe arrivé mort morts ce il elle "
        "ils elles avec y",
        "le la les l un une des du de d à a au aux en et ou dans sur par pour son sa ses on an plus n'a n'est va fait "
        "se t ça as été or me chez comment",
        "àâçèéêëîïôœùû",
    ),
    "es": _words(
        "quién quiénes qué cuándo cuánto cuánta cuántos cuántas dónde adónde cómo cuál cuáles cuanto cuanta cuantos "
        "cuantas",
        "quien quienes que cuando donde como cual",
        "es está están ganó gano pasó paso pasa ocurrió fue fueron era cuesta dijo dice hay han hizo murió murieron "
        "renunció se muertos heridos esta",
        "el la los las lo un una unos unas de del al a en y o por para con su sus son ha no me he has si sin más mas",
        "áéíñóú",
    ),
    "it": _words(
        "perché dov'è cos'è chi'è quanti quante com'è cos'ha",
        "chi quando quanto quanta cosa dove come che quale quali",
        "è sono ha hanno vinto successo costa fatto detto stato stata morti feriti si c'è dice",
        "il lo la i gli le l un una uno di del della dei delle a al alla in nel nella e o per con su da dal non come "
        "ho no me",
        "àèéìòù",
    ),
    "pt": _words(
        "quem quantos quantas porquê",
        "que quando quanto quanta onde qual quais como porque",
        "é está estão ganhou aconteceu custa foi foram morreu morreram disse renunciou são há houve fez venceu tem",
        "o a os as um uma de do da dos das no na nos nas em e ou por para com se não ao à mais me",
        "ãâáçéêíóõôúà",
    ),
    "nl": _words(
        "waarom wanneer hoeveel waar waarheen waardoor welke",
        "wie wat hoe",
        "het een zei heeft hebben kost gebeurd gebeurde ging werd werden wordt niet gewonnen doden gewonden kwam gaat "
        "de er",
        "is in op van en of te aan met voor over was had die dat deze zijn er na om we me want her door",
        "ë",
    ),
    "pl": _words(
        "kto kogo komu dlaczego czemu gdzie kiedy ilu czy który która które jaki jaka jakie",
        "co kim ile jak",
        "jest są wygrał wygrała wygral stało stalo kosztuje się sie zginęło powiedział powiedziała był była zmarł "
        "wybory umarł",
        "i w z na do o to nie a po od za ma dla przez u ze we te ten",
        "ąćęłńśźż",
    ),
    "tr": _words(
        "neden niçin niye nerede nereye nereden kimin kaç hangi nasıl",
        "kim ne",
        "kazandı oldu öldü zaman kadar mı mu mü değil kimdir nedir istifa etti dedi",
        "bir bu ve de da mi için ile en on o",
        "ğışç",
    ),
    "sv": _words(
        "varför vem vilka vilken",
        "vad hur när var",
        "är har hände vann kostar många inte dog sade gick",
        "i en ett det den de på av och för med om till som att så man han hon under",
        "åäö",
    ),
    "da": _words(
        "hvem hvad hvorfor hvornår hvor hvordan hvilken hvilke hvilket",
        "når",
        "er har skete vandt koster mange ikke døde sagde gik",
        "i en et det den de på af og for med om til som at så man han hun under",
        "åæø",
    ),
    "no": _words(
        "hvem hva hvorfor hvor hvordan hvilken hvilke hvilket",
        "når",
        "er har skjedde vant koster mange ikke døde sa gikk",
        "i en et det den de på av og for med om til som at så man han hun under",
        "åæø",
    ),
}  # fmt: skip
# Which opens a question with a mark of its own.
_INVERTED = "es"
# Which has a space before its question mark.
_SPACED = "fr"
# Where the word that asks stands at its place in the sentence.
_ANYWHERE = frozenset({"tr"})


class Asked:
    """The words of one text, weighed for any of the languages listed here."""

    def __init__(self, words: Sequence[str], text: str) -> None:
        """Takes the text's words as they are written."""
        self._inverted = "¿" in text
        self._marked = "?" in text
        self._spaced = re.search(r"\s\?", text) is not None
        shouted = all(word.isupper() for word in words)
        # Each as it is compared, and whether its capitals say nothing.
        self._words = [(word.casefold().replace("’", "'"), shouted or word.islower()) for word in words]
        # "WHO" amid other words is no English one.
        self._english = {
            word
            for (word, small), written in zip(self._words, words, strict=True)
            if (word in _LISTED_ENGLISH and (small or len(written) == 1 or not written.isupper()))
            or (small and (stem(word) in _COMMON or _ENGLISH_FORM.fullmatch(word)))
        }

    @property
    def english(self) -> bool:
        """Whether it has an English word that is no part of a name."""
        return bool(self._english)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that its small words speak for, none where there are few of them or English ones beside."""
        weights = {code: self._weight(words, code) for code, words in _LANGUAGES.items()}
        most = max(weights.values(), default=0)
        return frozenset(code for code, weight in weights.items() if weight == most >= _ENOUGH)

    def speaks(self, language: str) -> bool:
        """Whether the words bear out what letter statistics say: small ones of a language that is listed here.

        Titles and names of firms have the letters of a language, and an English word behind them.
        """
        words = _LANGUAGES.get(language)
        if words is None:
            return 2 * len(self._english) < len(self._words)
        own = sum(1 + (word in words.plain) for word, _ in self._words if word in words)
        english = sum(word not in words for word in self._english)
        return own > max(1, 3 * english)

    def _weight(self, words: _Words, code: str) -> int:
        """How much speaks for a language; each listed word once."""
        if any(word in _LISTED_ENGLISH and word not in words for word in self._english):
            return 0
        opening = self._words if code in _ANYWHERE else self._words[:1]
        if len(self._words) > 1 and self._words[0][0] in words.other:
            opening = self._words[:2]  # "por qué", "seit wann"
        plain = any(word in words.plain for word, _ in opening) or (self._inverted and code == _INVERTED)
        asking = {word for word, _ in opening if word in words.asks}
        if self._marked and self._words and self._words[0][0] in words.says:
            asking.add(self._words[0][0])  # "wurde jemand verletzt?"
        saying = {word for word, small in self._words if small and word in words.says and word not in asking}
        if not plain and not asking:
            return 0
        spelt = any(small and word not in words and words.letters & set(word) for word, small in self._words)
        spelt |= self._spaced and code == _SPACED
        against = sum(word not in words for word in self._english)
        return (1 + self._marked) * plain + len(asking) + len(saying) + spelt - 2 * against
