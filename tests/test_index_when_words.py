"""index.when: single times in words, those that belong together, names that look like one, and what is not understood.

Asked on a Wednesday.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from index.periods import Period
from index.when import understand

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)
DAY = timedelta(days=1)


def days(first: str, after: str) -> Period:
    """From one day, as ISO 8601 has it, to before another."""
    return Period(*(datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (first, after)))


@pytest.mark.parametrize(
    ("question", "first", "after"),
    [
        ("What happened a week ago today?", "2026-11-18", "2026-11-19"),
        ("Who drowned a year ago today?", "2025-11-25", "2025-11-26"),
        ("What burned three weeks ago yesterday?", "2026-11-03", "2026-11-04"),
        ("Was geschah heute vor einem Jahr?", "2025-11-25", "2025-11-26"),
        ("What was decided two years ago this week?", "2024-11-25", "2024-12-02"),
        ("What was decided three months ago this month?", "2026-08-01", "2026-09-01"),
        ("What happened in August last year?", "2025-08-01", "2025-09-01"),
        ("What happened in November of last year?", "2025-11-01", "2025-12-01"),
        ("Was geschah im November letzten Jahres?", "2025-11-01", "2025-12-01"),
        ("Was geschah im März des vergangenen Jahres?", "2025-03-01", "2025-04-01"),
        ("Who won the vote on 5 November last year?", "2025-11-05", "2025-11-06"),
        ("Who won the vote last year in March?", "2025-03-01", "2025-04-01"),
        ("Who won the vote in March two years ago?", "2024-03-01", "2024-04-01"),
        ("What did Orrin say on Monday last week?", "2026-11-16", "2026-11-17"),
        ("What did Orrin say last week on Monday?", "2026-11-16", "2026-11-17"),
        ("Was sagte Orrin letzte Woche Montag?", "2026-11-16", "2026-11-17"),
        ("What closed on the 9th of last month?", "2026-10-09", "2026-10-10"),
        ("What fell in Q3 last year?", "2025-07-01", "2025-10-01"),
        ("Was the port shut this July?", "2026-07-01", "2026-08-01"),
        ("What happened the week before last?", "2026-11-09", "2026-11-16"),
        ("Was geschah vorletzte Woche?", "2026-11-09", "2026-11-16"),
        ("Who won the month before last?", "2026-09-01", "2026-10-01"),
        ("Who played the weekend before last?", "2026-11-14", "2026-11-16"),
        ("What happened the Friday before last?", "2026-11-13", "2026-11-14"),
        ("Was geschah vorletzten Montag?", "2026-11-16", "2026-11-17"),
        ("Who spoke this past Monday?", "2026-11-23", "2026-11-24"),
        ("What happened at the weekend in Kest?", "2026-11-21", "2026-11-23"),
        ("Was geschah am Wochenende?", "2026-11-21", "2026-11-23"),
        ("What sank overnight?", "2026-11-24", "2026-11-26"),
        ("Was geschah Ende letzten Jahres?", "2025-01-01", "2026-01-01"),
        ("What was built late last year?", "2025-01-01", "2026-01-01"),
        ("What did they close this year and last year?", "2025-01-01", "2027-01-01"),
    ],
)
def test_times_that_count_from_now_leave_out_what_is_older(question: str, first: str, after: str) -> None:
    """A day to spare; times that belong together are one."""
    when = understand(question, NOW)
    assert when.about == days(first, after)
    assert (when.since, when.until) == (datetime.fromisoformat(first).replace(tzinfo=UTC) - DAY, NOW + DAY)
    assert when.unresolved == ()


@pytest.mark.parametrize(
    ("question", "length"),
    [
        ("What happened in the last 48h?", 2 * DAY),
        ("What happened in the last ten minutes?", DAY / 144),
        ("What broke last fortnight?", 14 * DAY),
        ("What broke this past week?", 7 * DAY),
        ("How often did it flood in the past decade?", 3650 * DAY),
        ("Was geschah in den letzten Tagen?", 7 * DAY),
        ("Who has resigned over the last weeks?", 49 * DAY),
    ],
)
def test_stretches_that_end_now(question: str, length: timedelta) -> None:
    """ "The last days" are seven at most."""
    assert understand(question, NOW).about == Period(NOW - length, NOW)


@pytest.mark.parametrize(
    ("question", "first", "after"),
    [
        ("What happened between 1 and 9 November?", "2026-11-01", "2026-11-10"),
        ("What happened from the 1st to the 9th of November?", "2026-11-01", "2026-11-10"),
        ("What happened 1-9 November 2024?", "2024-11-01", "2024-11-10"),
        ("Was geschah vom 1. bis 9. November?", "2026-11-01", "2026-11-10"),
        ("What happened on Monday and Tuesday?", "2026-11-23", "2026-11-25"),
        ("What happened in May, June and July?", "2026-05-01", "2026-08-01"),
        ("What happened on Friday the 13th?", "2026-11-13", "2026-11-14"),
        ("What happened on the 9th?", "2026-11-09", "2026-11-10"),
        ("What happened on the 30th?", "2026-10-30", "2026-10-31"),
        ("Was geschah am 9.?", "2026-11-09", "2026-11-10"),
        ("What happened Monday?", "2026-11-23", "2026-11-24"),
        ("What happened in Kest Monday night?", "2026-11-23", "2026-11-24"),
        ("What did Orrin say Sunday about the port?", "2026-11-22", "2026-11-23"),
        ("Was geschah am Montagabend?", "2026-11-23", "2026-11-24"),
        ("What happened mid-October?", "2026-10-01", "2026-11-01"),
        ("Was geschah Anfang Oktober?", "2026-10-01", "2026-11-01"),
        ("Was geschah Mitte Oktober 2025?", "2025-10-01", "2025-11-01"),
        ("What happened in the '90s?", "1990-01-01", "2000-01-01"),
        ("Was geschah in den 80er Jahren?", "1980-01-01", "1990-01-01"),
        ("Was geschah in KW 45?", "2026-11-02", "2026-11-09"),
    ],
)
def test_times_of_the_calendar_leave_nothing_out(question: str, first: str, after: str) -> None:
    """They are what the question is about."""
    when = understand(question, NOW)
    assert (when.about, when.since, when.unresolved) == (days(first, after), None, ())


@pytest.mark.parametrize(
    "question",
    [
        "Who is mayor of Brask today?", "How much does petrol cost today?", "What is the population of Dravo today?",
        "How do people in Kest live today?", "Is the bridge open today?", "Wer ist heute Bürgermeister von Brask?",
        "Was kostet Benzin heute?", "How many people are employed in Kest today?",
    ],
)  # fmt: skip
def test_what_is_the_case_today_may_have_been_told_before(question: str) -> None:
    """Nothing is left out, the newest goes first, and a reply says of what day it is."""
    when = understand(question, NOW)
    assert (when.since, when.until, when.about, when.unresolved) == (None, None, None, ())
    assert when.prefers_newest
    assert when.of_today


@pytest.mark.parametrize(
    "question",
    [
        "What happened today?", "What has the council decided today?", "Who is the man who fled today?",
        "What is happening in Kest today?", "What's new today?", "What is in the news today?", "Who resigned today?",
        "Was hat der Rat heute beschlossen?", "Which shops have closed today?", "How many people died today?",
    ],
)  # fmt: skip
def test_what_has_happened_today_was_not_told_before(question: str) -> None:
    """Here today leaves out what is older."""
    when = understand(question, NOW)
    assert when.since == datetime(2026, 11, 24, tzinfo=UTC)
    assert not when.of_today


def test_times_that_are_compared_are_all_let_in() -> None:
    """The older of two that stand side by side; the later of two that do not."""
    assert (
        understand("Is rent higher this year than it was last year?", NOW).since
        == days("2024-12-31", "2025-01-01").since
    )
    assert (
        understand("What did the bank decide last Monday and last Friday?", NOW).since
        == days("2026-11-19", "2026-11-20").since
    )
    when = understand("Are there more strikes today than two years ago?", NOW)
    assert when.since == datetime(2024, 5, 26, 2, tzinfo=UTC)
    assert when.about is not None
    assert when.about.contains(NOW)
    assert (
        understand("What did Orrin say yesterday of last year's budget?", NOW).since
        == days("2026-11-23", "2026-11-24").since
    )


@pytest.mark.parametrize(
    "question",
    [
        "What did USA Today report about the mine?", "Why was the Tonight Show cancelled?", "Who owns Russia Today?",
        "Wem gehört die Zeitung Heute?", "Who directed Friday the 13th?", "Who coaches Sheffield Wednesday?",
        "Do they play every Monday?", "What is on the 9th floor?", "What is it like in the winter?",
        "Is the museum open on Sunday?", "Is it open from Monday to Friday?", "Who is Jan Friday?",
        "Is the museum open at the weekend?", "Do trains run overnight?", "Who was the late May Orrin?",
        "Why may this may be so?", "Who won the Winter 2022 Games?", "What was said of the 80s band?",
        "What happened in week 45 of the siege?", "Who leads the Monday Club?",
    ],
)  # fmt: skip
def test_names_habits_and_parts_of_other_words_are_no_times(question: str) -> None:
    """Nothing is understood, and nothing is complained of."""
    when = understand(question, NOW)
    assert (when.since, when.about, when.words, when.unresolved) == (None, None, (), ())


def test_a_name_in_capitals_is_one_only_among_small_letters() -> None:
    """Where a sentence begins, and in a question all in capitals, today is a day."""
    for question in ("Today what happened in Kest?", "WHAT HAPPENED IN KEST TODAY?", "It burned. Today too?"):
        assert understand(question, NOW).about == days("2026-11-25", "2026-11-26")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What happened in spring?", "spring"),
        ("Was geschah im Sommer?", "Sommer"),
        ("What happened on Boxing Day?", "Boxing Day"),
        ("What was bought on Black Friday in Kest?", "Black Friday"),
        ("What happened on election day?", "election day"),
        ("What did the council decide the other week?", "the other week"),
        ("What happened in week 45?", "week 45"),
        ("What happened in the last decade?", "last decade"),
        ("What happened last Monday week?", "last Monday week"),
        ("What happened a week last Monday?", "a week last Monday"),
    ],
)
def test_what_has_more_than_one_meaning_is_named(question: str, words: str) -> None:
    """The weekday within it is not understood for itself."""
    when = understand(question, NOW)
    assert (when.unresolved, when.since, when.about, when.words) == ((words,), None, None, ())


@pytest.mark.parametrize(
    ("question", "named", "time", "first", "after"),
    [
        ("What happened in summer 2025?", "summer 2025", "in summer 2025", "2025-01-01", "2026-01-01"),
        ("Was geschah im Herbst 2025?", "Herbst 2025", "im Herbst 2025", "2025-01-01", "2026-01-01"),
        (
            "What happened in late autumn 2025 in Kest?",
            "autumn 2025",
            "in late autumn 2025",
            "2025-01-01",
            "2026-01-01",
        ),
        ("What happened in the winter of 2024?", "winter of 2024", "in the winter of 2024", "2024-01-01", "2025-04-01"),
        ("What happened in winter 2024/25?", "winter 2024/25", "in winter 2024/25", "2024-01-01", "2025-04-01"),
        ("What happened in summer 2024-25?", "summer 2024-25", "in summer 2024-25", "2024-01-01", "2025-04-01"),
        ("How hot was the summer of 2025?", "summer of 2025", "", "2025-01-01", "2026-01-01"),
        ("Summer 2025 in Kest", "Summer 2025", "", "2025-01-01", "2026-01-01"),
        ("What happened at Christmas 2024?", "Christmas 2024", "at Christmas 2024", "2024-01-01", "2025-04-01"),
        ("What opened before autumn 2024?", "autumn 2024", "before autumn 2024", "", "2025-01-01"),
        ("What opened after spring 2024?", "spring 2024", "after spring 2024", "2024-01-01", ""),
    ],
)
def test_a_season_is_not_understood_but_its_year_is(
    question: str, named: str, time: str, first: str, after: str
) -> None:
    """It lies within the year wherever the member lives, or reaches into the next; nothing is left out."""
    when = understand(question, NOW)
    since, until = (datetime.fromisoformat(f"{each}T00:00Z") if each else None for each in (first, after))
    assert (when.unresolved, when.since, when.about) == ((named,), None, Period(since, until))
    words = [question[start:end] for start, end in when.words]
    assert words == ([time] if time else [])


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Wie heiß war der Sommer letzten Jahres?", "Sommer letzten Jahres"),
        ("What happened on Valentine's Day last year?", "Valentine's Day last year"),
        ("What has opened since spring 2025?", "spring 2025"),
    ],
)
def test_a_season_counted_from_now_leaves_out_what_is_older_than_its_year(question: str, named: str) -> None:
    """As the year does by itself."""
    when = understand(question, NOW)
    assert (when.unresolved, when.since, when.until) == ((named,), datetime(2024, 12, 31, tzinfo=UTC), NOW + DAY)


@pytest.mark.parametrize("since", ["since mid-October", "since the end of October", "seit Anfang Oktober"])
def test_since_a_part_of_a_month_is_since_the_month(since: str) -> None:
    """Too early a day leaves nothing out that may answer."""
    when = understand(f"What has changed {since}?", NOW)
    assert (when.since, when.about) == (datetime(2026, 9, 30, tzinfo=UTC), None)
    assert when.unresolved == ()


def test_a_weekend_to_come() -> None:
    """Of a question about the future the next one."""
    assert understand("What will open this weekend?", NOW).about == days("2026-11-28", "2026-11-30")
