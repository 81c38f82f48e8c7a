"""Where sentences end, beyond what nupunkt knows: words it takes for abbreviations, German dates, quotation marks."""

from __future__ import annotations

import pytest

from corpus.full_stops import mended
from corpus.sentences import inside, sentences


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


@pytest.mark.parametrize(
    "marked",
    [
        # Words that nupunkt takes for abbreviations.
        "Asked whether he would resign, he said no. | Minister Olaf Brenn had promised to stay.",
        "They work 70 hours a week. | 4,000 of them stayed away.",
        "They said so. | “We met.” | Then we left for Poland. | Hale stayed.",
        "He said yes and no. | Others wept.",
        # And real ones, which nothing may part.
        "He lives at no. 5 Mill Road. | She lives at No. 7, in the U.S. Senate's hotel.",
        "It costs approx. 40 crowns. | Dr. J. R. Mott of St. Anne's came in Sept. 2020 or on Jan. 5.",
        "Lt. Col. Pell met Msgr. Olt and Cllr. Dorn of Vexa Inc. on p. 5 of vol. 3.",
        "She called his name. | Capt. Hale heard her.",
        # Figures and units.
        "It closes at 5 p.m. | 300 people came.",
        "It closes at 5 p.m. Monday. | At 5 p.m. 12 March it opens. | At 3 p.m. (2000 GMT) it shut.",
        "The mine has a depth of 900 m. | 640 miners work there. | He is 2 m. tall.",
        "Prices rose 12.5 percent in 2025. | 300 shops closed.",
        # Quotation marks and ellipses.
        "“Are you sure?” Hale asked. | “I am.” | She left.",
        "„Ist es vorbei?“, fragte Brenn. | „Ich bleibe.“ | Das sagte sie am 7. Juni in Kest.",
        "»Wir gehen.« | Dann ging er. | Elle dit « Non. » | Puis il partit.",
        "He waited... and then he left. | She waited... | Then she left.",
    ],
)
def test_english(marked: str) -> None:
    """Sentences end where a bar is, and nowhere else."""
    assert split(marked.replace(" | ", " ")) == marked.split(" | ")


@pytest.mark.parametrize(
    "marked",
    [
        "Das Amt ließ am 5. Januar den Impfstoff zu. | Er kostet 40 Kronen.",
        "Am 12. Dezember, am 3. 4. 2024 und bis zum 5. Oktober. | Danach endet die Frist.",
        "Sie wohnt in der 3. Etage. | Er in der 4. | Der Rest ist leer.",
        "Der 1. FC Brask hat seine 3. Chance im 19. Jahrhundert. | Am 6. war er fertig. | Sie am 5. | Dann schlief er.",
        "König Karl II. von Solm kam auf Platz 2. | Die Siegerin war Edda Karst.",
        "Die Stadt bzw. der Kreis zahlt z.B. Dr. Mott. | Er hat u. a. die Fa. Olt (Az. 3 O 12) verklagt.",
        "Der Preis lag bei 3 Mrd. Kronen. | Der Umsatz betrug 5 Mio. | Der Gewinn fiel.",
        "Prof. Dr. Ina Farr leitet das Amt. | Es liegt in der Mühlstr. 5 und fasst max. 40 Leute.",
        "Das geschah 2019. | Der Minister trat zurück. | 91 Prozent waren dafür.",
    ],
)
def test_german(marked: str) -> None:
    """Ordinals and German abbreviations end nothing; little words that begin a sentence do so behind them, too."""
    assert split(marked.replace(" | ", " ")) == marked.split(" | ")


def test_beginnings_lie_inside() -> None:
    """What is given outside of the range is left out, and each beginning is there once."""
    text = "It rained all week. 40 came. They said no. Hale left."
    assert mended(text, 0, len(text), [0, 29, 29]) == [20, 29, 43]
    assert mended(text, 20, 40, [20, 29]) == [29]


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("It rained, and the river rose.", (False, False)),
        ("It rained", (False, True)),
        ("the river rose.", (True, False)),
        ("and the", (True, True)),
        ("It rained, and the river rose. Nobody was hurt.\nThe town slept.", (False, False)),
        ("Nobody was hurt.\nThe town", (False, True)),
        ("hurt.\nThe town slept.", (True, False)),
    ],
)
def test_a_span_inside_a_sentence(words: str, cut: tuple[bool, bool]) -> None:
    """Each end by itself, over the end of a line, too."""
    text = "At first.\nIt rained, and the river rose. Nobody was hurt.\nThe town slept."
    start = text.index(words)
    assert inside(text, start, start + len(words)) == cut
