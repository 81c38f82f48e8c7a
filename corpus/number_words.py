"""Numbers, units, months and weekdays as words, in the spelling of `corpus.lexicon`."""

from __future__ import annotations

APPROXIMATE = {
    "about": 0, "around": 0, "roughly": 0, "approximately": 0, "some": 0, "circa": 0, "etwa": 0, "rund": 0,
    "over": 1, "above": 1, "mindestens": 1,
    "under": -1, "nearly": -1, "almost": -1, "below": -1, "fast": -1, "knapp": -1,
}  # fmt: skip

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EINER = (
    "null ein zwei drei vier funf sechs sieben acht neun zehn elf "
    "zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn"
).split()
_ZEHNER = "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig".split()

NUMBER_WORDS: dict[str, float] = {word: value for value, word in enumerate(_UNITS)}
NUMBER_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
NUMBER_WORDS |= {word: value for value, word in enumerate(_EINER) if value > 1}
NUMBER_WORDS |= {word: 10 * value for value, word in enumerate(_ZEHNER, 2)}
NUMBER_WORDS |= {
    f"{ones}und{tens}": 10 * ten + one
    for ten, tens in enumerate(_ZEHNER, 2)
    for one, ones in enumerate(_EINER[:10])
    if one
}
NUMBER_WORDS |= {
    "single": 1,
    "twice": 2,
    "thrice": 3,
    "zweimal": 2,
    "dreimal": 3,
    "dozen": 12,
    "dutzend": 12,
    "both": 2,
    "beide": 2,
}
MULTIPLIERS = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9,
    "mn": 1e6, "mln": 1e6, "tn": 1e12, "trn": 1e12, "k": 1e3, "b": 1e9, "dozen": 12, "tausend": 1e3, "hundert": 1e2,
    "millionen": 1e6, "mio": 1e6, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9,
}  # fmt: skip
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
ORDINALS = {word: value for value, word in enumerate(_ORDINALS, 1)}
FRACTIONS = {
    "half": 50.0,
    "third": 100 / 3,
    "quarter": 25.0,
    "fifth": 20.0,
    "tenth": 10.0,
    "halfte": 50.0,
    "viertel": 25.0,
    "drittel": 100 / 3,
    "funftel": 20.0,
    "zehntel": 10.0,
}
DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}

CURRENCIES = {
    "$": "$", "€": "€", "£": "£", "¥": "¥", "dollar": "$", "dollars": "$", "usd": "$", "euro": "€", "euros": "€",
    "eur": "€", "pounds": "£", "gbp": "£", "yen": "¥",
}  # fmt: skip
# Unit word -> (dimension, how many base units it is); months and years by their average length.
UNITS: dict[str, tuple[str, float]] = {
    name: (dimension, size)
    for dimension, sizes in {
        "length": {
            "km kilometer kilometers kilometre kilometres kms kilometern": 1000.0, "mile miles mi meilen": 1609.34,
            "m meter meters metre metres metern": 1.0,
            "cm centimeter centimeters centimetre centimetres zentimeter": 0.01,
            "mm millimeter millimeters millimetre millimetres": 0.001, "foot feet ft": 0.3048, "inch inches": 0.0254,
            "yard yards": 0.9144, "nauticalmile": 1852.0,
        },
        "speed": {"kmh kph": 1.0, "mph": 1.60934, "knots": 1.852},
        "mass": {"kg kilo kilos kilogram kilograms": 1.0, "tonne tonnes tons ton tonnen": 1000.0,
        "gram grams": 0.001, "lb lbs": 0.4536},
        "area": {"hectare hectares ha hektar": 1.0, "acre acres": 0.4047},
        "volume": {"liter liters litre litres litern": 1.0, "gallon gallons": 3.785},
        "time": {
            "second seconds sekunden": 1.0, "minute minutes min mins minuten": 60.0,
            "hour hours hr hrs stunde stunden": 3600.0,
            "day days tag tage tagen": 86400.0, "week weeks woche wochen": 604800.0,
            "month months monat monate monaten": 2629800.0,
            "year years jahr jahre jahren": 31557600.0, "decade decades jahrzehnt jahrzehnte": 315576000.0,
            "century centuries": 3155760000.0,
        },
        "percent": {"% percent pc prozent": 1.0},
        "points": {"percentagepoint prozentpunkt prozentpunkte": 1.0},
    }.items()
    for names, size in sizes.items()
    for name in names.split()
}  # fmt: skip

MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january januar,feb february februar,mar march marz,apr april,may mai,jun june juni,"
        "jul july juli,aug august,"
        "sep sept september,oct october oktober okt,nov november,dec december dezember dez".split(","), 1
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        "monday mon montag,tuesday tue tues dienstag,wednesday wed mittwoch,thursday thu thur thurs donnerstag,"
        "friday fri freitag,saturday sat samstag sonnabend,sunday sun sonntag".split(",")
    )
    for name in names.split()
}  # fmt: skip
