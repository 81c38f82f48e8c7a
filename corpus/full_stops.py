"""Which full stops end a sentence, where nupunkt is wrong: abbreviations of news, German ordinals, words like "no."

nupunkt learned its abbreviations from filings and their misread scans: "week", "so", "met", "no", "York" are among
them, "bzw." and "Az." are not, and it takes "am 5." for the end of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ABBREVIATIONS = frozenset(
    # English, titles first; months and states as agencies write them.
    "adm ald amb assn assoc asst atty brig capt cdr cllr cmdr col comdr cpl det dr esq fr gen gov hon insp jr lt maj "
    "messrs mlle mme mr mrs ms msgr mx pfc pres prof pte pvt rep reps rev sen sens sgt spc sr st ste supt treas jan "
    "feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri ala ariz ark calif colo conn "
    "del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa penn tenn tex va vt wash wis wyo "
    "ont que alta sask man approx apt art arts ave avg bldg blvd bros ca cf ch chap cl co corp cos dept dist div ed "
    "eds encl eq esp est etc excl ext fig figs fl ft fwd gal hr hrs hwy ibid inc incl intl jct lb lbs ltd max mfg mgr "
    "min misc mt mts mus nat natl no nos op opp orig oz par para paras pct pl pop pp pref pt pts pub rd resp rm rte "
    "sec sect ser sq supp temp terr trans tel univ viz vol vols vs yd yds yr yrs al seq plc llc "
    # German.
    "abb abs abt allg anm aug az betr bd bzgl bzw dipl dir ebd eig einschl ev evtl exkl fa ff folg forts frl geb gegr "
    "gem ges gesch gest ggf gez hausnr hg hl hptm hr hrsg inh inkl jg jh jhd kap kath kfm kr lfd lkr mag math med mdb "
    "mind mio mrd nr nrn obj od oö ol phil pkw rel rer röm sog std stellv str tab techn teilw tsd übers umg urspr usf "
    "usw verf vgl vorm vors wg wiss zit zt ztr zzgl ing iur jur sr abg red okt dez jän dt frz österr schweiz bes "
    "bspw beisp geistl staatl städt".split()
)
"""In small letters, without their stop; what else is written in letters and has a vowel is a word."""

_ALWAYS_ON = frozenset(
    "bzgl bzw einschl evtl exkl ggf inkl sog stellv vgl wg zzgl u.a u.ä d.h z.b i.d.r s.o o.ä v.a z.t u.u".split()
)
"""German abbreviations behind which the sentence goes on, whatever comes."""

_BEFORE_FIGURES = frozenset("abb abs abt approx art az ca excl incl lfd max mind nr nrn".split())
"""Behind these it does where a figure comes; some of them are words, or states, too."""

_TITLES = frozenset(
    "adm ald cllr cmdr col comdr cpl det dr gen gov hon insp lt maj messrs mr mrs ms msgr pfc prof pte pvt rep rev sen "
    "sgt spc supt dipl fa hl hrn ing kr lkr".split()
)

_AMOUNTS = frozenset("mio mrd tsd std jh jhd".split())
"""Behind these and behind titles it does where no word follows that begins a sentence."""

_BEGIN = frozenset(
    # English words that are capitals at the beginning of a sentence alone.
    "A After All Although An And Another As At Because Before But By Despite Even For From He Her His How However I "
    "If In Instead It Its Later Many Meanwhile More Most No None Nobody Not Now On One Only Other Others Our Over She "
    "Since So Some Such That The Their Then There These They This Those Though Through Under Until We What When Where "
    "Whether Which While Who Why With Without Yet You "
    # And German ones.
    "Aber Alle Allein Als Am An Auch Auf Aus Außerdem Bei Beim Bis Bisher Da Dabei Dafür Dagegen Daher Damit Danach "
    "Dann Daran Darauf Daraus Darin Darüber Darunter Das Davon Dazu Dem Den Denn Der Deren Des Deshalb Dessen Die "
    "Dies Diese Diesem Diesen Dieser Dieses Doch Dort Durch Ein Eine Einem Einen Einer Eines Einige Er Es Etwa Für "
    "Gegen Gestern Heute Hier Ihm Ihn Ihnen Ihr Ihre Ihrem Ihren Ihrer Im Immer Ins Insgesamt Ist Ja Jede Jeder Jedes "
    "Jedoch Jetzt Kein Keine Laut Man Mehr Mehrere Mit Nach Nachdem Neben Nein Nicht Noch Nun Nur Ob Obwohl Oder Ohne "
    "Rund Sein Seine Seinem Seinen Seit Seitdem Sie Sogar Später Trotz Trotzdem Über Um Und Unter Viele Vom Von Vor "
    "Wann Warum Was Während Weil Weitere Wenn Wer Wie Wir Wo Zu Zudem Zuerst Zum Zunächst Zur Zuvor Zwar Zwischen Zwei "
    "Drei".split()
)

_NOUNS = (
    "Januar|Jänner|Februar|Feber|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jan|Feb|Apr|Jun|"
    "Jul|Aug|Sept?|Okt|Nov|Dez|Jahrhunderts?|Jh|Quartals?|Halbjahr|Bundesliga|Liga|Weltkriegs?|Etage|Stock|"
    "Obergeschoss|Spieltag|Geburtstag|Jahrestag|Todestag|Platz|Klasse|Runde|Minute|Halbzeit|Mal|Lesung|Bezirk|FC|SC|FSV"
)
_DATED = re.compile(rf"\s*(?:(?:{_NOUNS})\b|\d{{1,2}}\.\s?(?:(?:{_NOUNS})\b|\d{{2,4}}\b))")
_DAY = re.compile(r"(?<![\w.,:-])\d{1,3}\.[\"“”»«’)]*\s*$")
_DAY_AND_MONTH = re.compile(r"(?<![\w.,:-])\d{1,2}\.\s?\d{1,2}\.\s*$")
_YEAR = re.compile(r"\d{4}\b")
_ORDINAL = re.compile(
    r"(?<!\bI )\b(?:[Dd](?:er|ie|as|en|em|es)|[AaIi]m|[ZzVv][ou][mr]|[Bb]eim|[Ii]ns|(?:[KkSsMm]?ein|[IiUu]hr|unser)"
    r"(?:e[nmrs]?)?|dies(?:e[nmrs]?))\s\d{1,3}\.\s*$"
)
_BEFORE = re.compile(r"([^\W\d_]+(?:\.\s?[^\W\d_])*|\d+)\.\s*$")
_ROMAN = re.compile(r"[IVX]+")
_NEXT = re.compile(r"[\"“”„»«‘’'(\[]*([^\W_]+)")
_VOWEL = re.compile(r"[aeiouyäöüáéíóúàèêâô]", re.IGNORECASE)

_OPENING = r"[\"“„»«‘'(\[]*"
# A word of letters alone, its stop, space, and a capital or a figure. What is behind is looked at, not taken.
_WORD_STOP = re.compile(
    rf"(?<![\w.&/-])([^\W\d_]{{2,}})\.[\"”“’»«)]*\s+(?={_OPENING}(?P<figure>\d)|{_OPENING}(?P<next>[^\W\d_]+))"
)
_UNIT_STOP = re.compile(r"\d\s?(?:m|km|kg|cm|mm|ha|[ap]\.m)\.\s+(?=(?P<figure>\d)|(?P<next>[^\W\d_]+))")
_DATE_AHEAD = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\d+ (?:in|oz|cm)\b"
)
# German quotation marks close with the sign that opens English ones, and French ones with either of two.
_QUOTE_STOP = re.compile(r"(?<=[^\W_][.!?…])[“«»‹›‘]+\s+(?=[„»«›‹‚]?[^\W\d_])")

_CALL = re.compile(r"[!?][\"”’»“]\s+$")
_SPEAKER = re.compile(
    r"(?:[A-ZÄÖÜ][\w’'-]+\s){1,3}(?:said|asked|told|added|wrote|replied|answered|shouted|cried|wondered|joked|sagte|"
    r"fragte|rief|schrieb|antwortete)\b"
)


def mended(text: str, start: int, end: int, found: Iterable[int]) -> list[int]:
    """Where the sentences of ``text[start:end]`` begin, but for the first: ``found``, put right."""
    begins = {at for at in found if start < at < end and not _goes_on(text, start, at)}
    for match in _WORD_STOP.finditer(text, start, end):
        if _ends(match[1], match["figure"], match["next"]):
            begins.add(match.end())
    for match in _UNIT_STOP.finditer(text, start, end):
        figure = match["figure"] and not _DATE_AHEAD.match(text, match.end())
        if figure or (match["next"] or "") in _BEGIN:
            begins.add(match.end())
    for match in _QUOTE_STOP.finditer(text, start, end):
        if text[match.end()].isupper() or not text[match.end()].isalpha():
            begins.add(match.end())
    return sorted(at for at in begins if start < at < end)


def _ends(word: str, figure: str | None, following: str | None) -> bool:
    """Whether a word before a full stop is no abbreviation, going by what stands behind the stop."""
    if word == "no" or word == "No":  # number only before one
        return following is not None and following[0].isupper() and not _ROMAN.fullmatch(following)
    if word.lower() in _AMOUNTS and following in _BEGIN:
        return True
    if word.lower() in _ABBREVIATIONS or not _VOWEL.search(word) or word.isupper():
        return False
    if following is not None and not following[0].isupper():
        return False
    # What is short and a capital may be a title that the list does not have.
    return word.islower() or (len(word) > 4 and figure is None) or following in _BEGIN


def _goes_on(text: str, start: int, at: int) -> bool:
    """Whether the sentence goes on at an offset where nupunkt ends it."""
    head = text[max(start, at - 40) : at]
    if _DAY.search(head) and _DATED.match(text, at):
        return True
    if _DAY_AND_MONTH.search(head) and _YEAR.match(text, at):
        return True
    if _CALL.search(head) and _SPEAKER.match(text, at):
        return True
    before, following = _BEFORE.search(head), _NEXT.match(text, at)
    if not before or not following:
        return False
    word, begun = before[1].replace(" ", "").replace("\u00a0", "").lower(), following[1]
    if word in _ALWAYS_ON:
        return True
    if word in _AMOUNTS or word in _TITLES or _ORDINAL.search(head):
        return begun[0].isalpha() and begun not in _BEGIN
    if begun[0].isdigit() and (word in _BEFORE_FIGURES or word.endswith("str")):  # "Mühlstr. 5"
        return True
    # No sentence begins small behind "II.", "5." or an abbreviation.
    short = word.isdigit() or word in _ABBREVIATIONS or _ROMAN.fullmatch(before[1]) is not None
    return short and begun.islower()
