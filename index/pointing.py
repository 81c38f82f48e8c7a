"""Whether a sentence points back to what stands before it, by the words it opens with; English and German, pure."""

from __future__ import annotations

import re

_DAYS = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|"
    r"November|December"
)
_MANY = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens|hundreds|thousands|some|most|many|several|few|both|all|"
    r"none|neither|either|each|half|another|any|\d[\d.,]*)"
)
_NOW = r"(?! (?:week|month|year|morning|afternoon|evening|weekend|spring|summer|autumn|fall|winter|season|century)\b)"
_SAY = r"(?:is|was|are|were|has|had|have|will|would|can|could|did|does|do|said|says|told)"

_ENGLISH = re.compile(
    r"(?:(?:but|and|so|or|yet|still|then|now|instead|meanwhile|however|yesterday|later),?\s+)?(?:"
    r"(?:he|she|it|they|him|his|her|hers|their|its|that|these|those|such|both|the (?:two|pair|latter|"
    r"former|move|decision|incident|deal|group|company|region|country|man|woman|others?))\b"
    rf"|this\b{_NOW}"
    # "The alliance was formed": nothing behind the noun says which.
    r"|(?-i:[Tt]he (?:[a-z-]+ )?[a-z-]+) (?:is|was|are|were|has|had|have|will|would|can|could|did|does|do)\b"
    # "Because of this", "For them", "In it,"; "in that case", too. Not "in his speech, Hale said": that points on.
    r"|(?:because of|instead of|according to|apart from|thanks to|as for|like|unlike|after|before|since|until|for|in|"
    r"on|at|with|without|from|of|by|under|among|about|against|despite|to|between|during|behind|beyond|beside|besides|"
    r"over|through|around|inside|near)\s(?:(?:all|most|some|one|both) (?:of )?)?"
    rf"(?:this\b{_NOW}|(?:that|these|those|them|him)\b|(?:it|her),)"
    rf"|{_MANY} of (?:them|these|those)\b"
    rf"|(?-i:(?:One|Two|Three|Some|Most|Many|Several|Few|All|None|Neither|Each)) {_SAY}\b"
    r"|others?\b(?! than)|another\b"
    r"|(?:there|here|then|by then|since then|until then|before then|from then on),"
    r"|(?:then|afterwards|thereafter|therefore|thus|hence|consequently|nevertheless|nonetheless|thereupon)\b"
    r"|(?:as a (?:result|consequence)|in (?:return|response|turn|exchange|reply)|at the same time|even so|by contrast),"
    # "Asked whether he would resign, he said no": nobody is named before the pronoun.
    rf"|(?-i:[A-Z][a-z]+(?:\s(?:[a-z0-9’'-]+|{_DAYS}))+),\s(?:he|she)\b"
    rf"|(?-i:[A-Z][a-z]+(?:ed|ing)(?:\s(?:[a-z0-9’'-]+|{_DAYS}))*),\sthey\b"
    r")",
    re.IGNORECASE,
)

_VERB = (
    r"(?:ist|war|sind|waren|wird|werden|wurden?|hat|haben|hatten?|kann|konnte[n]?|soll|sollen|sollte[n]?|muss|müssen|"
    r"musste[n]?|will|wollen|wollte[n]?|darf|dürfen|durfte[n]?|kostet|kostete|kosten|gilt|galt|liegt|lag|steht|stand|"
    r"bleibt|blieb|beginnt|begann|endet|endete|gehört|gehörte|schließt|schloss|stellt|beschäftigt|dauert|dauerte|"
    r"umfasst|sieht|sah|kam|kommt|ging|geht|fiel|fällt|stieg|steigt)"
)
_GERMAN = re.compile(
    r"(?:(?:Aber|Und|Doch|Denn|Oder|Nun|Jetzt|Auch|Dann|Später|Gestern)\s)?(?:"
    # "Es gibt" and the like point nowhere; "sie" and "ihr" may be those spoken to, but that is seldom in news.
    r"(?:[Ee]r|[Ss]ie|[Ii]hm|[Ii]hn|[Ii]hnen|[Ii]hre?[nmrs]?|[Ss]eine?[nmrs]?|[Dd]iese?[nmrs]?|[Jj]ene[nmrs]?|"
    r"[Bb]eide[nr]?|[Ss]olche[nmrs]?)\s"
    r"|[Ee]s\s(?!gibt|gab|geht um|ging um|regnet|heißt|hieß|handelt)"
    r"|[Dd]as\s(?=[a-zäöü]+\b)(?!heißt)"
    r"|(?:[Dd]ort(?:hin)?|[Dd]aher|[Dd]anach|[Dd]avor|[Dd]abei|[Dd]afür|[Dd]agegen|[Dd]amit|[Dd]aran|[Dd]arauf(?:hin)?|"
    r"[Dd]araus|[Dd]arin|[Dd]arüber|[Dd]arum|[Dd]arunter|[Dd]avon|[Dd]azu|[Dd]ann|[Dd]eshalb|[Dd]eswegen|[Ss]eitdem|"
    r"[Ss]either|[Zz]uvor|[Aa]nschließend|[Ss]tattdessen|[Tt]rotzdem|[Dd]ennoch|[Ii]nfolgedessen)\s(?!, dass)"
    r"|(?:Wegen|Trotz|Nach|Vor|Seit|Für|In|Mit|Ohne|Von|Bei|Unter|Aus|Zu|Auf|An|Über|Gegen|Durch)\s(?:dies|jen|ihn|ihm|"
    r"ihr(?=\s[a-zäöü]))\w*\s"
    r"|(?:Eine?[rs]?|Zwei|Drei|Einige|Viele|Mehrere|Die meisten|Keine?[rs]?|Alle|[\d.]+)\s(?:von ihnen|davon|dieser)\b"
    # "Das Werk soll schließen": nothing behind the noun says which.
    rf"|(?:Der|Die|Das)\s(?:[a-zäöüß]+\s)?[A-ZÄÖÜ][a-zäöüß]+\s{_VERB}\b"
    r")"
)
_SPEAKING = re.compile(r"(?:(?:but|and|so|yet|now|then)\s)?(?:I|we|my|our|mine|ours)\b", re.IGNORECASE)
_SPEAKING_GERMAN = re.compile(
    r"(?:(?:aber|und|doch|nun|jetzt)\s)?(?:ich|wir|meine?[nmrs]?|unsere?[nmrs]?)\b", re.IGNORECASE
)
_TO_THE_END = re.compile(r"[^\"“”„»«]+[\"“”»«]\W*")
"""Speech up to the mark that closes it, and nothing that says who spoke."""
_OPENING = re.compile(r"[\"“”„»«'‘’‚(\[]*")


def points_back(sentence: str) -> bool:
    """Whether it opens with words that only what stands before it explains."""
    at = _OPENING.match(sentence)
    start = at.end() if at else 0
    speaking = _SPEAKING.match(sentence, start) or _SPEAKING_GERMAN.match(sentence, start)
    return (
        _ENGLISH.match(sentence, start) is not None
        or _GERMAN.match(sentence, start) is not None
        or (speaking is not None and _TO_THE_END.fullmatch(sentence, start) is not None)
    )
