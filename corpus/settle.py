"""Whether what an address answered is the article: taken, or held until a later fetch tells; pure.

Servers answer with consent pages, bot checks and the first paragraph before a paywall, for minutes or for good. What
looks like one is held: the text known before stands, and is not quoted, until a fetch at least `APART` later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from corpus.notices import says_removed, says_retracted
from corpus.records import Article, ArticleKind
from corpus.stories import resemblance, shingles

APART = timedelta(hours=6)
SHRUNK = 0.5  # share of the known characters from which a text is no sharp shrink
SHORT = 400  # characters of a text that can shrink without anyone wondering
STUB = 900  # characters; what a page that is not free shows of itself is rarely longer
ANOTHER = 0.1  # share of the shorter text's shingles below which two texts are not one article
NOTICE = 300  # characters; what a page says in place of an article that is gone is no longer
OPENING = 120  # characters of a line in which a retraction is stated
WALL_SHARE = 500  # characters of a text for each sign of a wall, beyond which it is an article about such things

_WALL = (
    r"\b(?:we|us) and our (?:\w+ )?(?:partners|vendors)\b",
    r"\bstore and/or access information on (?:a|your) device\b",
    r"\b(?:accept|reject|allow) (?:all|only)?\s?(?:cookies|and continue)\b|\baccept all\b|\breject all\b",
    r"\bmanage (?:your )?(?:cookies|preferences|settings|consent|choices)\b|\bcookie (?:settings|preferences|policy)\b",
    r"\byour (?:privacy|consent|data protection) (?:choices|preferences|settings)\b|\bwe value your privacy\b",
    r"\bwithdraw your consent\b|\blegitimate interests?\b|\bgive (?:your )?consent\b",
    r"\bverify (?:that )?you are (?:a )?human\b|\bare you a robot\b|\bunusual (?:traffic|activity) from your\b",
    r"\b(?:please )?enable (?:javascript|cookies)\b|\bchecking your browser\b",
    r"\baccess (?:to this page )?(?:has been )?denied\b",
    r"\bwir und unsere (?:\d+ )?partner\b|\balle (?:cookies )?akzeptieren\b|\bihre einwilligung\b",
    r"\bzustimmen und weiter\b",
    r"\bnous et nos (?:\d+ )?partenaires\b|\btout accepter\b|\bcontinuer sans accepter\b|\bvotre consentement\b",
    r"\bnosotros y nuestros (?:\d+ )?socios\b|\baceptar (?:todo|y continuar)\b|\brechazar todo\b",
    r"\bnoi e i nostri (?:\d+ )?partner\b|\baccetta (?:tutto|e continua)\b|\bwij en onze (?:\d+ )?partners\b",
)
_SIGN = re.compile("|".join(_WALL), re.I)


class Reason(StrEnum):
    """Why a text is not taken for the article."""

    WALL = "a consent page or bot check"
    STUB = "the start of an article that is not free"
    SHRUNK = "much shorter than before"
    ANOTHER = "another text than before"


class Verdict(StrEnum):
    """What becomes of a text."""

    TAKE = "take"
    """It is the article."""
    HOLD = "hold"
    """The article is not quoted until a later fetch settles what happened."""
    KEEP = "keep"
    """The text known before still is the article, though less is shown of it now; it may be quoted."""
    GONE = "gone"
    """The outlet says that it removed or retracted the article."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an address answered instead of the article.

    Attributes:
        since: when it was first seen so.
        settled: a later fetch found it so again, and the text known before was kept.
    """

    reason: Reason
    since: datetime
    title: str
    text: str
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a text.

    Attributes:
        held: what is to be remembered of it, None for TAKE and GONE.
    """

    verdict: Verdict
    held: Held | None = None


TAKE = Decision(Verdict.TAKE)


def decide(
    new: Article, *, known: Article | None, held: Held | None, now: datetime, changing: bool = False
) -> Decision:
    """What becomes of a freshly fetched text.

    A wall is never taken, however often it is met. The start of an article that is not free leaves the text known
    before standing; where none is known, it is all that the outlet shows, and taken. A shrink, or another text, is
    taken for what the outlet wants said once it is found again.

    Args:
        known: the article as it was last taken, None where it never was.
        held: what the address answered last time instead.
        changing: another text than before is what the address is for.
    """
    if says_gone(new, known):
        return Decision(Verdict.GONE)
    reason = suspicion(new, known)
    if reason is None or (changing and reason is Reason.ANOTHER):
        return TAKE
    again = held is not None and held.reason is reason and _same(new.text, held.text)
    fresh = Held(reason, held.since if held and again else now, new.title, new.text)
    if held is None or not again:
        return Decision(Verdict.HOLD, fresh)
    if reason is Reason.STUB and known is not None and (held.settled or now - held.since >= APART):
        return Decision(Verdict.KEEP, Held(reason, held.since, new.title, new.text, settled=True))
    if reason is Reason.WALL or now - held.since < APART:
        return Decision(Verdict.HOLD, fresh)
    return TAKE


def says_gone(new: Article, known: Article | None) -> bool:
    """Whether a page says that its article is gone: in the article's place, or above or below words that still stand.

    An article may tell of others that were removed: the notice is all that a page says, or much less than the article
    known before; a retraction is the first or last thing it says.
    """
    lines = [line for line in new.text.split("\n") if line]
    room = NOTICE if known is None else max(NOTICE, min(STUB, int(SHRUNK * len(known.text))))
    if len(new.text) <= room and any(map(says_removed, [new.title, *lines])):
        return True
    return any(says_retracted(line[:OPENING]) for line in (*lines[:2], *lines[-1:]))


def suspicion(new: Article, known: Article | None) -> Reason | None:
    """Why a text may not be the article; None where nothing speaks against it."""
    if _is_wall(new.text) and not (known and _is_wall(known.text)):
        return Reason.WALL
    if known is None:
        return Reason.STUB if new.free is False and len(new.text) < STUB else None
    if known.text == new.text or len(known.text) < SHORT:
        return None
    inside = resemblance(shingles(known.text), shingles(new.text))[1]
    if len(new.text) < SHRUNK * len(known.text):
        return Reason.STUB if new.free is False and inside > ANOTHER else Reason.SHRUNK
    # A live blog's page holds other entries in the evening than in the morning.
    if inside < ANOTHER and ArticleKind.LIVE not in (new.kind, known.kind):
        return Reason.ANOTHER
    return None


def _is_wall(text: str) -> bool:
    signs = len({found[0].casefold() for found in _SIGN.finditer(text)})
    return signs >= 2 and len(text) <= signs * WALL_SHARE


def _same(one: str, other: str) -> bool:
    """Whether two answers are the same one, small changes aside; short ones are, where both are short."""
    if one == other:
        return True
    first, second = shingles(one), shingles(other)
    if min(len(first), len(second)) < 10:
        return max(len(first), len(second)) < 30
    return resemblance(first, second)[1] >= 0.5
