"""What a reply says beside its quotes: how old they are, what was not understood, which language is not read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.records import Citation, Nearest
from corpus.records import instant
from index.language import identify, unread
from index.question import terms
from index.records import Query
from index.when import FADING, SLACK, When, of_its_time

OLD = FADING
"""Age from which every answer says "as of"."""
CURRENT = timedelta(days=7)
"""The same for a question about the newest or about what is the case now: a state of last week may have changed."""

LANGUAGE = "language-unsupported"
ARTICLE = "article-language-unsupported"
TIME = "time-not-understood"
UNDATED = "undated"
OUTSIDE = "outside"


def as_of(citations: Sequence[Citation], when: When, now: datetime) -> datetime | None:
    """The first citation's date, where a reader could take it for newer than it is; None where it states none.

    A question about a period expects articles of that time, and gets no such remark; one for what is the case today
    gets it for all that is not of the day.
    """
    published = instant(citations[0].published) if citations else None
    if published is None or when.about is not None or when.until is not None:
        return None
    old = SLACK if when.of_today else CURRENT if when.prefers_newest else OLD
    return published if now - published > old else None


def notices(
    query: Query, when: When, model: str, citations: Sequence[Citation] = (), nearest: Nearest | None = None
) -> tuple[str, ...]:
    """Keys of what the member should know of question and answer, in order: `LANGUAGE` or `ARTICLE`, `TIME`, and of the
    first article that it is `UNDATED` or `OUTSIDE` the time asked about, which later articles tell of, too: nothing is
    said where the quote names that time in the question's words.

    Args:
        model: name of the embedding model.
        nearest: the article that a refusal names.
    """
    found = []
    if unread(model, identify(query.text)):
        found.append(LANGUAGE)
    elif nearest is not None and unread(model, nearest.languages):
        found.append(ARTICLE)
    if when.unresolved:
        found.append(TIME)
    timed = when.prefers_newest or when.about is not None or when.since is not None
    # An article without a date passes every time that a question speaks of.
    published = instant(citations[0].published) if citations else None
    if timed and citations and published is None:
        found.append(UNDATED)
    about = when.about
    # What is to come is told of before it comes.
    end = about and (about.until or about.since)
    ahead = published and end and published < query.now < end
    named = bool(citations) and _names_time(citations[0].quote, query.text, when)
    if about and published and not (ahead or named or of_its_time(published, when)):
        found.append(OUTSIDE)
    return tuple(found)


def _names_time(quote: str, question: str, when: When) -> bool:
    """Whether a quote has all the words of one of the question's times ("in August", "the third quarter")."""
    said = set(terms(quote))
    times = [set(terms(question[start:end])) for start, end in when.words]
    return any(time and time <= said for time in times)
