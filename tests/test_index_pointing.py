"""What points back to the sentence before, and what only looks like it."""

from __future__ import annotations

import pytest

from index.pointing import points_back


@pytest.mark.parametrize(
    "sentence",
    [
        "Because of this, the union called off its strike.",
        "After that, 640 miners will lose their jobs.",
        "For them, the state plans courses.",
        "In it, the union sees a failure of the state.",
        "Asked whether he would resign, he said no.",
        "One of them, Jan Peek, spoke of betrayal.",
        "There, the last shift ends on 30 June.",
        "Others wept.",
        "Then the water was in the kitchen.",
        "4,000 of them stayed away from the clinics.",
        "In that case the ferry stays in port.",
        "As a result, the ferry stays in port.",
        "Some said it was too late.",
        "Speaking to reporters on Tuesday, she called it a disgrace.",
        "Speaking to reporters, they called it a disgrace.",
        "Despite this, Hale stayed.",
        "Since then, 12 boats have sunk.",
        "Both had negotiated since March.",
        "But after that, the mine closed.",
        "According to her, nobody was hurt.",
        "The others stayed.",
        "Most were rescued.",
        "Er kostet 40 Kronen.",
        "Sie dauert drei Tage.",
        "Das Werk soll im Juni schließen.",
        "Das alte Werk wurde 1911 gebaut.",
        "Dort endet die letzte Schicht.",
        "Danach verlieren 640 Leute ihre Arbeit.",
        "Das sagte sie am Montag.",
        "Seine Anwältin nannte das Urteil zu hart.",
        "Nach diesem Unfall trat Brenn zurück.",
        "Einer von ihnen sprach von Verrat.",
        "Deshalb trat er zurück.",
        "„Sie hatten zehn Minuten“, sagte Olt.",
        "Dieses Urteil ist zu hart.",
        "Doch er blieb.",
        "“We strike because people fall asleep on their way home.”",
        '"I cannot act on it."',
        "We lost nine million on it, least of all my mother.”",
        "„Wir hatten zehn Minuten.“",
        '"We had ten minutes."',
    ],
)
def test_what_points_back(sentence: str) -> None:
    """Its first words stand for what was named before it, in English and German, behind a quotation mark, too."""
    assert points_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "In his speech on Monday, Hale said no.",
        "“We strike because people fall asleep,” said Holm.",
        "“I cannot act on it”, Pell said, “nor will I.”",
        "We know that the mine will close.",
        "„Wir hatten zehn Minuten“, sagte Olt.",
        "There were 40 boats in the port.",
        "Because it rained, the match was called off.",
        "The bridge at Kestrel had cracked.",
        "One man died in Kest.",
        "Some 40 boats sank.",
        "Most people in Solm agree.",
        "After the collapse, Hale resigned.",
        "In Kest, he said no.",
        "Asked by Olaf Brenn, he said no.",
        "Hale said he would go.",
        "Many doctors went on strike.",
        "Two of the paintings were found.",
        "All ferries stay in port.",
        "Since Monday, 12 boats have sunk.",
        "For her part, Petra Lunt said no.",
        "When the storm came, it cut the power.",
        "Thenard won the race.",
        "Das Gupta won the race.",
        "Die Brücke in Hollin stürzte ein.",
        "Das Amt von Solm ließ den Impfstoff zu.",
        "Es gibt 40 Boote.",
        "Die Polizei in Kest ermittelt.",
        "Minister Olaf Brenn trat zurück.",
        "In Kest ist es kalt.",
        "Darius Olt won.",
        "Sieben Menschen starben.",
        "Erst am Montag kam Hilfe.",
        "Seit Montag fährt kein Zug.",
        "Others than Hale came.",
        "Ihrig won the race.",
        "Nach Angaben der Polizei starb niemand.",
        "This week, Hale resigned.",
        "In this year the port froze.",
    ],
)
def test_what_does_not(sentence: str) -> None:
    """It names what it speaks of, points on, or points nowhere."""
    assert not points_back(sentence)
