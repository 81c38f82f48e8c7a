"""index.when: which period a question means, and whether the newest answer is wanted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import ROOT
from index.periods import Period
from index.time_words import Event, Relation
from index.when import is_current_state, of_its_time, preference, tells_of, understand, untimed, with_events

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # a Tuesday
SOON = NOW + timedelta(days=1)


def day(year: int, month: int, number: int) -> datetime:
    """Midnight, UTC."""
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What happened today?", day(2026, 11, 24), day(2026, 11, 25)),
        ("What did the mayor say this morning?", day(2026, 11, 24), day(2026, 11, 25)),
        ("What happened yesterday in Hadrow?", day(2026, 11, 23), day(2026, 11, 24)),
        ("who spoke the day before yesterday", day(2026, 11, 22), day(2026, 11, 23)),
        ("What was decided last week?", day(2026, 11, 16), day(2026, 11, 23)),
        ("what did the council decide this week", day(2026, 11, 18), day(2026, 11, 30)),
        ("Who won last weekend?", day(2026, 11, 21), day(2026, 11, 23)),
        ("What happened over the weekend?", day(2026, 11, 21), day(2026, 11, 23)),
        ("Was geschah übers Wochenende?", day(2026, 11, 21), day(2026, 11, 23)),
        ("Which bills passed last month?", day(2026, 10, 1), day(2026, 11, 1)),
        ("Did the barrier close when they tried it this month?", day(2026, 11, 1), day(2026, 12, 1)),
        ("Who won the cup last year?", day(2025, 1, 1), day(2026, 1, 1)),
        ("Who won the cup this year?", day(2026, 1, 1), day(2027, 1, 1)),
        ("What happened in the past 3 days?", NOW - timedelta(days=3), NOW),
        ("anything in the last two weeks about trams", NOW - timedelta(days=14), NOW),
        ("what broke in the past hour", NOW - timedelta(hours=1), NOW),
        ("who resigned three days ago", day(2026, 11, 21), day(2026, 11, 22)),
        ("What did Renn say last Monday?", day(2026, 11, 23), day(2026, 11, 24)),
        ("What did Renn say last Tuesday?", day(2026, 11, 17), day(2026, 11, 18)),
        ("what burned last March", day(2026, 3, 1), day(2026, 4, 1)),
        ("Was ist gestern in Hadrow passiert?", day(2026, 11, 23), day(2026, 11, 24)),
        ("was war vorgestern", day(2026, 11, 22), day(2026, 11, 23)),
        ("Was geschah letzte Woche?", day(2026, 11, 16), day(2026, 11, 23)),
        ("wer hat im letzten Jahr gewonnen", day(2025, 1, 1), day(2026, 1, 1)),
        ("Was geschah in den letzten drei Tagen?", NOW - timedelta(days=3), NOW),
        ("Was gab es vor drei Tagen?", day(2026, 11, 21), day(2026, 11, 22)),
        ("who resigned three days back", day(2026, 11, 21), day(2026, 11, 22)),
    ],
)
def test_words_that_count_from_now_are_a_filter(question: str, since: datetime, until: datetime) -> None:
    """Nothing from before the period, with a day to spare, and nothing from after now; the period is kept as meant."""
    when = understand(question, NOW)
    assert when.about == Period(since, until)
    assert (when.since, when.until) == (since - timedelta(days=1), SOON)
    assert len(when.words) == 1
    assert when.unresolved == when.events == ()


@pytest.mark.parametrize(
    ("question", "since"),
    [
        ("What has changed since Monday?", day(2026, 11, 23)),
        ("What has changed since Tuesday?", day(2026, 11, 17)),  # today is one, and it is hardly meant
        ("how many floods since 2022", day(2022, 1, 1)),
        ("Who has left since September 2025?", day(2025, 9, 1)),
        ("who has left since 3 October 2025?", day(2025, 10, 3)),
        ("Was ist seit Montag passiert?", day(2026, 11, 23)),
        ("Was ist seit gestern passiert?", day(2026, 11, 23)),
        ("How many fires have there been since the start of the year?", day(2026, 1, 1)),
    ],
)
def test_since_is_a_filter(question: str, since: datetime) -> None:
    """What has happened since is not in anything older."""
    when = understand(question, NOW)
    assert (when.since, when.until, when.about) == (since - timedelta(days=1), SOON, None)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("news in September 2022", day(2022, 9, 1), day(2022, 10, 1)),
        ("What was the news of 5 March 2024?", day(2024, 3, 5), day(2024, 3, 6)),
        ("headlines from last week", day(2026, 11, 16), day(2026, 11, 23)),
        ("What was reported between March and May 2025?", day(2025, 3, 1), day(2025, 6, 1)),
        ("Nachrichten vom 5. März 2024", day(2024, 3, 5), day(2024, 3, 6)),
        ("Schlagzeilen im Jahr 2023", day(2023, 1, 1), day(2024, 1, 1)),
    ],
)
def test_news_of_a_period_is_a_filter_on_both_sides(question: str, since: datetime, until: datetime) -> None:
    """Here the period speaks of the articles themselves."""
    when = understand(question, NOW)
    assert (when.since, when.until) == (since - timedelta(days=1), until + timedelta(days=1))


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Did Armenia ask for help in September 2022?", day(2022, 9, 1), day(2022, 10, 1)),
        ("How many houses were under water in Hadrow in 2022?", day(2022, 1, 1), day(2023, 1, 1)),
        ("what did the mayor say on 5 March", day(2026, 3, 5), day(2026, 3, 6)),
        ("what did the mayor say on December 5th", day(2025, 12, 5), day(2025, 12, 6)),
        ("what did the mayor say on Sunday, 6 October 2024", day(2024, 10, 6), day(2024, 10, 7)),
        ("what fell on 2024-05-14", day(2024, 5, 14), day(2024, 5, 15)),
        ("What did Pashinyan say on Monday?", day(2026, 11, 23), day(2026, 11, 24)),
        ("Who led the country before May 2024?", None, day(2024, 5, 1)),
        ("Who led the country after 2020?", day(2021, 1, 1), None),
        ("what happened between March 2025 and May 2025", day(2025, 3, 1), day(2025, 6, 1)),
        ("what happened from November to March 2024", day(2023, 11, 1), day(2024, 4, 1)),
        ("floods in 2022 and in 2025", day(2022, 1, 1), day(2026, 1, 1)),
        ("Was passierte im September 2022?", day(2022, 9, 1), day(2022, 10, 1)),
        ("Was sagte er am 5. März 2024?", day(2024, 3, 5), day(2024, 3, 6)),
        ("Was sagte er am 5.3.2024?", day(2024, 3, 5), day(2024, 3, 6)),
        ("wer regierte vor Mai 2024", None, day(2024, 5, 1)),
        ("was geschah zwischen März und Mai 2025", day(2025, 3, 1), day(2025, 6, 1)),
        ("What happened in the 1990s?", day(1990, 1, 1), day(2000, 1, 1)),
        ("Was geschah in den neunziger Jahren?", day(1990, 1, 1), day(2000, 1, 1)),
        ("What happened in Q3 2025?", day(2025, 7, 1), day(2025, 10, 1)),
        ("was geschah im vierten Quartal", day(2026, 10, 1), day(2027, 1, 1)),
        ("What happened on 13/11/2026?", day(2026, 11, 13), day(2026, 11, 14)),
    ],
)
def test_a_period_the_question_is_about_excludes_nothing(
    question: str, since: datetime | None, until: datetime | None
) -> None:
    """A later article may tell it; the period is for preferring."""
    when = understand(question, NOW)
    assert (when.since, when.until) == (None, None)
    assert when.about == Period(since, until)
    assert when.rest == question
    assert not when.prefers_newest


@pytest.mark.parametrize(
    "question",
    [
        "Who won the 2022 World Cup final?",
        "how many homes did the 2025 flood get into",
        "who may win the second round",
        "Why did they march on the capital?",
        "Who resigned after losing a vote?",
        "How many Russian peacekeepers were based in Nagorno-Karabakh?",
        "why did the sun turn red",
        "",
    ],
)
def test_what_only_looks_like_a_time_is_left_alone(question: str) -> None:
    """A year that names a thing, modal verbs."""
    when = understand(question, NOW)
    assert (when.since, when.until, when.about) == (None, None, None)
    assert (when.words, when.events, when.unresolved) == ((), (), ())
    assert when.rest == question


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What will happen on Monday?", Period(day(2026, 11, 30), day(2026, 12, 1))),
        ("when will the ferry be running in March", Period(day(2027, 3, 1), day(2027, 4, 1))),
        ("Will they vote this week?", Period(day(2026, 11, 18), day(2026, 11, 30))),
        ("When does the tax start this year?", Period(day(2026, 1, 1), day(2027, 1, 1))),
        ("Was wird diese Woche beschlossen?", Period(day(2026, 11, 18), day(2026, 11, 30))),
    ],
)
def test_questions_about_the_future_exclude_nothing(question: str, about: Period) -> None:
    """It was announced long ago."""
    when = understand(question, NOW)
    assert (when.since, when.until, when.about) == (None, None, about)


def test_words_and_rest_are_the_member_s_own() -> None:
    """Offsets of what was understood; what became a filter leaves the question, a possessive stays readable."""
    question = "What happened in Hadrow last week ?"
    when = understand(question, NOW)
    assert [question[start:end] for start, end in when.words] == ["last week"]
    assert when.rest == "What happened in Hadrow?"
    question = "What caused last year's crash?"
    when = understand(question, NOW)
    assert [question[start:end] for start, end in when.words] == ["last year"]
    assert when.rest == question
    assert when.since == day(2024, 12, 31)


def test_days_begin_in_the_asker_s_zone() -> None:
    """Where the zone is known, yesterday is the member's."""
    tokyo = timezone(timedelta(hours=9))
    when = understand("What happened yesterday?", NOW.astimezone(tokyo))  # 00:30 on the 25th there
    assert when.about == Period(datetime(2026, 11, 24, tzinfo=tokyo), datetime(2026, 11, 25, tzinfo=tokyo))


def test_a_weekend_of_another_time_is_no_filter() -> None:
    """Only the one before now leaves articles out; a fall of something is no season."""
    asked = ("What happened over the weekend of 5 March 2022?", "What happened over the weekend when the bridge fell?")
    assert [understand(each, NOW).since for each in asked] == [None, None]
    assert understand(asked[0], NOW).about == Period(day(2022, 3, 5), day(2022, 3, 6))
    assert understand("Who resigned over the fall of Kabul?", NOW).unresolved == ()


def test_events_are_for_the_corpus_to_date() -> None:
    """ "Since the summit" is not understood until an article dates it; then it is a filter."""
    when = understand("What has Renn done since the Kestrel summit?", NOW)
    assert when.events == (Event("the Kestrel summit", Relation.SINCE),)
    assert when.unresolved == ("the Kestrel summit",)
    assert (when.since, when.until) == (None, None)
    dated = with_events(when, {"the Kestrel summit": day(2026, 9, 3)}, NOW)
    assert (dated.since, dated.until, dated.unresolved) == (day(2026, 9, 2), SOON, ())
    assert with_events(when, {}, NOW) == when


def test_after_and_before_an_event_only_prefer() -> None:
    """The search finds "after the election" by its words; a date merely helps."""
    when = understand("What happened after the election?", NOW)
    assert (when.events, when.unresolved) == ((Event("the election", Relation.AFTER),), ())
    assert with_events(when, {"the election": day(2024, 10, 6)}, NOW).about == Period(day(2024, 10, 6), None)
    when = understand("Was geschah vor der Wahl?", NOW)
    assert when.events == (Event("der Wahl", Relation.BEFORE),)
    assert with_events(when, {"der Wahl": day(2024, 10, 6)}, NOW).about == Period(None, day(2024, 10, 6))
    assert understand("Was ist seit dem Gipfel passiert?", NOW).unresolved == ("dem Gipfel",)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How hot was it last summer?", "last summer"),
        ("Wie heiß war es letzten Sommer?", "letzten Sommer"),
        ("What happened over Easter?", "Easter"),
        ("What was built over the summer?", "summer"),
        ("Was geschah zu Weihnachten in Hadrow?", "Weihnachten"),
        ("What has Renn done since he took office?", "he took office"),
        ("What has changed since Brexit?", "Brexit"),
        ("What has changed since then?", "then"),
        ("what did he say on 31 February", "31 February"),
        ("What happened on 2026-02-30?", "2026-02-30"),
        ("What happened on 3/4/2026?", "3/4/2026"),
    ],
)
def test_what_no_calendar_tells_is_named_as_not_understood(question: str, words: str) -> None:
    """Whose summer it was depends on where the member lives; feasts move, some days are none, some are ambiguous."""
    when = understand(question, NOW)
    assert when.unresolved == (words,)
    assert (when.since, when.until, when.about) == (None, None, None)


@pytest.mark.parametrize(
    "question",
    [
        "And since when?",
        "Since students pay nothing, who does?",
        "What is it like in the winter?",
        "Who owns Easter eggs?",
        "Is the museum open at the weekend?",
    ],
)
def test_what_speaks_of_no_particular_time_is_not_complained_of(question: str) -> None:
    """Seasons in general, reasons, and questions for the time."""
    assert understand(question, NOW).unresolved == ()


@pytest.mark.parametrize(
    "question",
    [
        "Who is the prime minister of Halvenia?", "who's the boss of Brightmoor now?", "Who leads the Harvest Party?",
        "How many seats does Civic Union have in parliament?", "Which countries are in the CSTO?",
        "what is the latest on the ferry", "Where is the astrolabe?", "How old is Tobias Renn?", "newest tram figures",
        "Is the strike still on?", "Wer ist der Bundeskanzler?", "Wie heißt die Ministerin?", "wo ist das Astrolabium",
        "Was ist der neueste Stand?", "How many people live in Dravo?", "Which company owns the harbour?",
        "What does a tram ticket cost?",
    ],
)  # fmt: skip
def test_questions_that_want_the_newest(question: str) -> None:
    """Offices, states, and words that say so."""
    assert understand(question, NOW).prefers_newest


@pytest.mark.parametrize(
    "question",
    [
        "Who was prime minister in 2019?", "Why is the comet green?", "When is the vote?", "Who won the cup?",
        "What's the name of the man who was driving the Line 4 tram?", "Who is the first woman to win it?",
        "What has caused the fire?", "Who discovered the comet?", "Wer war Kanzler?", "Who is the minister in 2023?",
        "How did medicine reach the island?", "Was hat sie gesagt?", "Which company owned the harbour?",
        "How many people did live in Dravo?",
    ],
)  # fmt: skip
def test_questions_that_do_not(question: str) -> None:
    """Causes, dates, the past, and a state in another year."""
    assert not understand(question, NOW).prefers_newest


def test_current_state_by_itself() -> None:
    """The member's words alone decide."""
    assert is_current_state("Who is the prime minister?")
    assert not is_current_state("Who became prime minister?")


def test_the_preference_for_a_period_falls_with_the_distance() -> None:
    """1 inside, one half at the distance of the period's own length, on either side."""
    when = understand("floods in September 2022", NOW)
    assert preference(day(2022, 9, 15), NOW, when) == 1.0
    assert preference(day(2022, 10, 31), NOW, when) == 0.5
    assert preference(day(2022, 8, 2), NOW, when) == 0.5
    assert preference(day(2023, 9, 26), NOW, when) == pytest.approx(30 / (30 + 360))
    open_ended = understand("Who led the country before May 2024?", NOW)
    assert preference(day(2010, 1, 1), NOW, open_ended) == 1.0
    assert preference(day(2024, 5, 2), NOW, open_ended) > 0.99
    assert preference(NOW, NOW, open_ended) == pytest.approx(0.5)


def test_the_preference_for_the_newest_falls_with_age() -> None:
    """1 now, one half at 30 days; an article from the future is not newer than now."""
    when = understand("Who is the prime minister?", NOW)
    ages = [preference(NOW - timedelta(days=days), NOW, when) for days in (0, 30, 90, 270)]
    assert ages == [1.0, 0.5, 0.25, 0.1]
    assert preference(NOW + timedelta(days=5), NOW, when) == 1.0


def test_without_a_date_or_a_wish_nothing_is_preferred() -> None:
    """One half for all."""
    assert preference(None, NOW, understand("Who is the prime minister?", NOW)) == 0.5
    assert preference(day(2020, 1, 1), NOW, understand("Why did the tram crash?", NOW)) == 0.5


def test_no_question_of_the_sample_loses_its_answer_to_a_filter() -> None:
    """Asked on its day, or today: the only filters are those of words that count from now."""
    path: Path = ROOT / "corpus" / "sample" / "questions.jsonl"
    filtered = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        each = json.loads(line)
        now = datetime.fromisoformat(each["asked"]).replace(tzinfo=UTC) if each["asked"] else NOW
        when = understand(each["question"], now)
        if when.since or when.until:
            filtered[each["id"]] = when.since
    assert filtered == {"s40": day(2026, 10, 31)}


@given(
    st.lists(
        st.sampled_from(
            "since between and from to the last past 2 3 few days week month year ago in on May march 2022 29 February "
            "5th Monday yesterday 's news will vor den letzten Tagen seit bis am 31. Sept. 2022-02-30 99 years".split()
        ),
        max_size=10,
    ),
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
@settings(max_examples=400, deadline=None)
def test_whatever_is_said_is_a_sensible_period(words: list[str], now: datetime) -> None:
    """No combination breaks; words are spans in order, and preferences stay in range."""
    text = " ".join(words)
    when = understand(text, now)
    edges = [edge for span in when.words for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    for moment in (now, now - timedelta(days=900), now + timedelta(days=900)):
        assert 0.0 <= preference(moment, now, when) <= 1.0


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("latest on the water treaty", "What about the water treaty?"),
        ("What's the latest on Viktor Lund?", "What about Viktor Lund?"),
        ("any news about Storm Ivo?", "What about Storm Ivo?"),
        ("what's new in Hadley?", "What happened in Hadley?"),
        ("any updates from Osmark", "What about Osmark?"),
        ("gibt es Neues zu den Fährleuten?", "Was ist mit den Fährleuten?"),
        ("bread price", "What about bread price?"),
        ("The avalanche?", "What about The avalanche?"),
        ("news on the storm last week", ""),
        ("latest news", ""),
        ("storm since the flood", ""),
        ("latest on Christmas", ""),
        ("Unfall auf einem Schiff", ""),
        ("What is the bread price?", ""),
        ("who resigned", ""),
        ("council approved the budget", ""),
        ("what did the news say about the strike?", ""),
    ],
)
def test_a_topic_is_asked_as_a_question(question: str, topic: str) -> None:
    """Of a request for news on it, and of its bare name; the newest article on it is wanted."""
    when = understand(question, NOW)
    assert when.topic == topic
    assert when.prefers_newest or not topic


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("who resigned in August?", "who resigned?"),
        ("what did the council decide two weeks ago?", "what did the council decide?"),
        ("bread price last month", "What about bread price?"),
        ("Was more sold this year than last year?", "Was more sold this year than last year?"),
        ("What will happen on Monday?", "What will happen on Monday?"),
        ("what happened in August after the flood?", "what happened in August after the flood?"),
        ("who resigned?", "who resigned?"),
    ],
)
def test_a_question_without_its_time(question: str, bare: str) -> None:
    """One time is taken out; times that are compared stay, and so does what is to come."""
    assert untimed(question, NOW) == bare


def test_articles_of_the_time_asked_about() -> None:
    """Within the period or a day from it, or after the day from which something is asked; never without a date."""
    august = understand("who resigned in August?", NOW)
    assert of_its_time(day(2026, 8, 4), august)
    assert of_its_time(day(2026, 9, 1), august)
    assert not of_its_time(day(2026, 9, 2), august)
    assert not of_its_time(None, august)
    assert of_its_time(NOW, understand("who resigned since Monday?", NOW))
    assert not of_its_time(NOW, understand("who resigned?", NOW))


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("A loaf cost more again in October", True),
        ("On 3 October the bridge fell.", True),
        ("On Sunday the bridge fell.", False),
        ("In 2026 three bridges fell.", False),
        ("The bridge fell.", False),
    ],
)
def test_a_later_text_may_tell_of_the_time(text: str, tells: bool) -> None:
    """A time that it names lies wholly within the period."""
    assert tells_of(text, day(2026, 11, 5), Period(day(2026, 10, 1), day(2026, 11, 1))) is tells


def test_what_dates_an_event_is_not_of_the_time_since() -> None:
    """What happened since the summit is not that the summit ended; a day later somebody else may tell of the rest."""
    when = with_events(understand("What has happened since the summit?", NOW), {"the summit": day(2026, 9, 3)}, NOW)
    assert not of_its_time(day(2026, 9, 3), when)
    assert of_its_time(day(2026, 9, 4), when)
