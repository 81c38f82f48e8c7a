"""Sentences about the article itself: corrections, removals, retractions, paywalls; English and German."""

from __future__ import annotations

import re

_TEXT_NAME = r"(?:article|story|report|post|page|piece|version|headline|item|entry|dispatch)"
_NOTE = re.compile(
    r"\W*(?:(?:corrections?|clarifications?|correction and clarification|amendment|retraction|for the record|"
    r"editor(?:['’]?s|s['’])?"
    r" note|editors['’] note|berichtigung|korrektur|richtigstellung|anmerkung der redaktion|hinweis der "
    r"redaktion)\b\s*[(:,.—–-]|"
    r"updated?\b[^.]{0,40}[:—–]|(?:corrections?|clarifications?)\s+(?:\d|[A-Z][a-z]+ \d))",
    re.I,
)
_NOTE_SENTENCE = re.compile(
    rf"\b(?:an? (?:earlier|previous|prior|original)|the (?:original|earlier|previous|first)|earlier|previous) "
    rf"(?:\w+ )?(?:version|{_TEXT_NAME})s?"
    rf"(?: of (?:this|the|our) {_TEXT_NAME})?\b.{{0,60}}?\b(?:said|say|gave|stated|misstated|misspell?ed|"
    rf"misspelt|incorrect\w*|wrong\w*|contained|"
    r"referred|reported|described|had|quoted|named|misidentified|attributed|was|implied|suggested|omitted|put|"
    r"listed|used|misquoted)\b|"
    rf"\bthis {_TEXT_NAME} (?:has been|was|is being|had been)\b.{{0,40}}?\b(?:amended|corrected|updated|changed|"
    rf"clarified|edited|revised)\b|"
    rf"\bthis {_TEXT_NAME} (?:originally|initially|previously|earlier|incorrectly|wrongly|mistakenly)\b|"
    r"\bwe (?:originally|initially|previously|earlier|wrongly|incorrectly|mistakenly) (?:said|reported|stated|"
    r"wrote|named|gave)\b|"
    r"\b(?:in einer (?:früheren|vorherigen|ersten) (?:version|fassung)|eine (?:frühere|vorherige) (?:version|fassung)|"
    r"dieser (?:artikel|text|beitrag) wurde (?:\w+ ){0,4}(?:korrigiert|aktualisiert|geändert))\b",
    re.I,
)
_REMOVED = re.compile(
    rf"\b(?:this|the|our|that) (?:\w+ )?(?:{_TEXT_NAME}|content)(?: you[^.]{{0,40}}?)? (?:has been|have been|"
    rf"was|is|has since been)(?: \w+)? "
    r"(?:removed|deleted|withdrawn|taken down|taken offline|retracted|unpublished|pulled|unavailable|no longer "
    r"available|not available)\b|"
    rf"\bwe(?: have|['’]ve)?(?: since)? (?:removed|deleted|withdrawn|withdrew|taken down|took down|retracted|"
    rf"retract|unpublished) (?:this|the|an?|our) (?:\w+ )?{_TEXT_NAME}\b|"
    rf"\b{_TEXT_NAME} (?:not found|no longer (?:exists|available)|removed|withdrawn|unavailable|retracted)\b|"
    rf"\b(?:no longer available|removed|withdrawn|retracted) (?:at the request|for legal reasons|by the "
    rf"publisher|following a (?:legal )?complaint)|"
    r"\b(?:dieser|der) (?:artikel|beitrag|text) (?:wurde|ist) (?:\w+ ){0,3}(?:entfernt|gelöscht|zurückgezogen|"
    r"nicht mehr verfügbar|nicht verfügbar)\b|"
    r"\bsteht nicht mehr zur verfügung\b|\b(?:404|410)\b[^.]{0,20}\b(?:not found|gone|page)\b",
    re.I,
)
_RETRACTED = re.compile(
    rf"\bthis {_TEXT_NAME} (?:has been|was|is) (?:\w+ )?(?:retracted|withdrawn)\b|"
    rf"\bwe(?: have|['’]ve)?(?: \w+)? (?:retracted|retract|withdrawn|withdrew) (?:this|the|"
    rf"our) {_TEXT_NAME}\b|\bdieser (?:artikel|beitrag|text) wurde (?:\w+ )?zurückgezogen\b",
    re.I,
)
_PAYWALL = re.compile(
    r"\b(?:subscribe|sign up|register|log ?in|sign in)\b.{0,40}\b(?:continue|read(?:ing)?|access|unlock)\b|"
    r"\bsubscribers? only\b|\bfor subscribers\b|"
    r"\balready a subscriber\b|\b(?:to )?(?:continue|keep) reading\b|\bsubscriber[- ](?:only|exclusive)\b|"
    r"\bunlock (?:this|the) (?:article|story)\b|"
    r"\bnur für abonnent\w*|\bjetzt (?:abonnieren|weiterlesen)\b|\bweiterlesen mit\b",
    re.I,
)


def begins_note(paragraph: str) -> bool:
    """Whether a paragraph is a correction, an update line or an editor's note by how it begins."""
    return _NOTE.match(paragraph) is not None


def repeats(sentence: str) -> bool:
    """Whether a sentence tells what an earlier version said, or that this one was amended."""
    return _NOTE_SENTENCE.search(sentence) is not None


def says_removed(sentence: str) -> bool:
    """Whether a sentence says that the article, or the page, is gone."""
    return _REMOVED.search(sentence) is not None


def says_retracted(sentence: str) -> bool:
    """Whether a sentence says that the article no longer stands, though its text may."""
    return _RETRACTED.search(sentence) is not None


def sells_the_rest(sentence: str) -> bool:
    """Whether a sentence asks for a subscription to read on."""
    return _PAYWALL.search(sentence) is not None
