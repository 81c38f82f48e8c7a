"""Sums of money and spans of time: which of them a question asks for, and whether a text has one; pure."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache


class Measure(Enum):
    """What is to be measured in the answer."""

    MONEY = "money"
    SPAN = "span"


_COUNTED = re.compile(r"\bhow (?:many|often|old)\b|\bwie (?:viele|oft|alt)\b", re.IGNORECASE)
_ASKED = {
    Measure.SPAN: re.compile(
        r"\bhow (?:long|much (?:more |extra |less )?time|many (?:minutes|hours|days|weeks|months|years))\b|"
        r"\bwie (?:lang|lange|viel Zeit|viele (?:Minuten|Stunden|Tage|Wochen|Monate|Jahre))\b",
        re.IGNORECASE,
    ),
    Measure.MONEY: re.compile(
        r"\b(?:how much|what)\b.*\b(?:costs?|price[sd]?|pay|pays|paid|paying|worth|salary|wages?|fees?|fares?|fined?|"
        r"rent|spend|spent|earn|earns|earned|money|charged?|charges)\b|"
        r"\b(?:wie ?viel|was)\b.*\b(?:koste\w*|Preis\w*|zahl(?:t|te|en)|bezahlt|Geld|verdien\w*|wert)\b|"
        r"\bwie hoch\b.*\b(?:Preis\w*|Kosten|Strafe|Lohn|Miete|Gehalt)\b",
        re.IGNORECASE,
    ),
}

_NUMBER = (
    r"(?:(?<!\d[.,])\d[\d.,]{0,39}|"  # bounded, and begun once: a page of "1,1,1,..." must not take minutes
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"ninety|hundred|several|half|ein(?:e[nmrs]?)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|"
    r"dreißig|mehrere)"
)
_LARGE = r"(?:hundred|thousand|million|billion|trillion|bn|m|Tausend|Mio\.?|Mrd\.?|Millionen?|Milliarden?)"
_COIN = (
    r"(?:crowns?|kronen|kron[ae]r?|euros?|dollars?|pounds?|francs?|cents?|pence|yen|yuan|rupees?|r(?:o?u)bles?|zloty|"
    r"pesos?|reais|dinars?|liras?|shekels?|rand|franken|pfund|[A-Z]{3}(?<=USD|EUR|GBP|CHF|SEK|NOK|DKK))"
)
_LONG = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|fortnights?|months?|years?|decades?|centur(?:y|ies)|sekunden?|minuten?|"
    r"stunden?|tage?n?|wochen?|monaten?|monate|jahre?n?|jahrzehnten?|metres?|meters?|kilometres?|kilometers?|km|miles?|feet|"
    r"metern?|kilometern?)"
)
_HELD = {
    Measure.MONEY: (
        re.compile(rf"[$€£¥]\s?\d|\b{_NUMBER}\s(?:{_LARGE}\s)?(?:\w+\s)?{_COIN}\b", re.IGNORECASE),
        re.compile(rf"\b{_NUMBER}\s{_LARGE}\b", re.IGNORECASE),
    ),
    Measure.SPAN: (
        re.compile(rf"\b{_NUMBER}[\s-](?:and a half\s|more\s|full\s|whole\s)?{_LONG}\b", re.IGNORECASE),
        None,
    ),
}
_FIGURE = re.compile(r"\d")


@lru_cache(maxsize=64)
def asked_for(question: str) -> Measure | None:
    """The measure that a question asks for; None for none of these."""
    for measure, pattern in _ASKED.items():
        if pattern.search(question):
            return None if measure is Measure.MONEY and _COUNTED.search(question) else measure
    return None


def holds(measure: Measure, text: str) -> float:
    """How well a text could hold it: 1 with its unit, else 0.75 for a large number, less for any figure, 0 for none.

    A bare figure is less of a price (0.25) than of a time (0.5): nobody writes of money without a coin.
    """
    sure, likely = _HELD[measure]
    if sure.search(text):
        return 1.0
    if likely is not None and likely.search(text):
        return 0.75
    if _FIGURE.search(text):
        return 0.25 if measure is Measure.MONEY else 0.5
    return 0.0
