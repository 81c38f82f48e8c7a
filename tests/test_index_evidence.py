"""Quotes: which sentences, cut where, marked how."""

from dataclasses import replace

import pytest
from ranked_passages import ranked

from corpus.records import ArticleKind
from index.cutting import MAX_WORDS
from index.evidence import BAR, quotes
from index.question import analyse
from index.ranking import Candidate, Ranked

BRIDGE = "The bridge was closed on Monday. It had cracked after the frost. Engineers will look at it in May."


def test_nothing_to_quote() -> None:
    """No passages, and passages without sentences, give no quotes."""
    bare = ranked("Menu", [0.0])
    assert quotes(analyse("Why?"), []) == []
    assert quotes(analyse("Why?"), [Ranked(bare.hit, bare.candidate, ())]) == []


def test_best_sentence_alone() -> None:
    """A neighbour that scores far lower stays out; offsets count from the revision's start."""
    found = quotes(analyse("When was the bridge closed?"), [ranked(BRIDGE, [9.0, 1.0, 0.0], start=100)], limit=1)

    assert [quote.text for quote in found] == ["The bridge was closed on Monday."]
    assert (found[0].start, found[0].end) == (100, 132)
    assert found[0].revision == 10
    assert found[0].score == 9.0
    assert found[0].context == ""


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("How was the bridge?", ["It had cracked."]),
        ("What did she ask?", ["“Why was the bridge closed?”"]),
        ("Who asked for it?", ["It had cracked."]),
        ("Which fragments fell?", ["It had cracked."]),
    ],
)
def test_a_question_is_no_answer(question: str, texts: list[str]) -> None:
    """It has all the words of one, but what stands behind it answers; who wants to know what was asked gets it."""
    asked = ranked("“Why was the bridge closed?” It had cracked. Nobody was hurt.", [9.0, 1.0, 4.5])
    spans = ((0, 28), (29, 44), (45, 61))
    passage = replace(asked, candidate=replace(asked.candidate, sentences=spans, cosines=(0.5, 0.5, 0.5)))

    assert [quote.text for quote in quotes(analyse(question), [passage], limit=1)] == texts
    alone = replace(passage, scores=(9.0,), candidate=replace(passage.candidate, sentences=spans[:1], cosines=(0.5,)))
    assert len(quotes(analyse(question), [alone])) == (question == "What did she ask?")


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (("Why was it closed?!", " ", "A crack was found."), ("A crack was found.", 9.0, "Why was it closed?!")),
        (("„Warum das?“", " ", "Ein Riss."), ("Ein Riss.", 9.0, "„Warum das?“")),
        (("Why was it closed?", "\n# Sport\n", "Marrow won three to nil."), ("Marrow won three to nil.", 1.0, None)),
        (("Why? ", "", "What for?", " ", "A crack was found."), ("A crack was found.", 9.0, "What for?")),
    ],
)
def test_what_stands_behind_a_question(parts: tuple[str, ...], found: tuple[str, float, str | None]) -> None:
    """It has the best score of the questions right before it, which are told with it; not over a heading."""
    text, spans, at = "".join(parts), [], 0
    for number, part in enumerate(parts):
        if number % 2 == 0:
            spans.append((at, at + len(part.rstrip())))
        at += len(part)
    scores = (9.0, 1.0) if len(spans) == 2 else (9.0, 2.0, 1.0)
    one = ranked(text, scores)
    passage = replace(one, candidate=replace(one.candidate, sentences=tuple(spans), cosines=(0.5,) * len(spans)))
    (quote,) = quotes(analyse("How was the bridge?"), [passage], limit=1)
    assert (quote.text, quote.score) == found[:2]
    assert found[2] is None or quote.context == found[2]


def test_second_sentence_that_comes_close() -> None:
    """The better neighbour joins, and the sentence that scored is marked."""
    (found,) = quotes(analyse("Why was the bridge closed?"), [ranked(BRIDGE, [7.0, 9.0, 1.0])], limit=1)

    assert found.text == "The bridge was closed on Monday. It had cracked after the frost."
    assert found.emphasis is not None
    assert BRIDGE[slice(*found.emphasis)] == "It had cracked after the frost."


def test_two_paragraphs_join_and_headings_do_not() -> None:
    """Only space may lie between two sentences of a quote."""
    text = "The bridge was closed.\nIt had cracked."
    apart = "The bridge was closed. What next It had cracked."
    (joined,) = quotes(analyse("Why?"), [ranked(text, [9.0, 8.0], stops=".\n")], limit=1)
    gap = ranked(apart, [9.0, 8.0])
    spans = ((0, 22), (33, 48))
    candidate = Candidate(gap.candidate.passage, 0.5, 1.0, spans, (0.5, 0.5))
    (alone,) = quotes(analyse("Why?"), [Ranked(gap.hit, candidate, (9.0, 8.0))], limit=1)

    assert joined.text == text
    assert alone.text == "The bridge was closed."


def test_context_where_the_quote_points_back() -> None:
    """A quote that opens with a pronoun brings the sentence before along, outside the quote."""
    (found,) = quotes(analyse("Why did it crack?"), [ranked(BRIDGE, [0.0, 9.0, 1.0])], limit=1)

    assert found.text == "It had cracked after the frost."
    assert found.context == "The bridge was closed on Monday."


@pytest.mark.parametrize(("heading", "context"), [("What next", "\nWhat next"), ("", ""), ("Elsewhere", "")])
def test_a_heading_between_comes_with_the_sentence_before(heading: str, context: str) -> None:
    """A pronoun below a heading may point to it; the sentence above alone would say something else."""
    text = "The bridge was closed. What next It had cracked."
    gap = ranked(text, [1.0, 9.0])
    passage = replace(gap.candidate.passage, heading=heading)
    below = replace(gap, candidate=Candidate(passage, 0.5, 1.0, ((0, 22), (33, 48)), (0.5, 0.5)))
    (found,) = quotes(analyse("Why?"), [below], limit=1)

    assert (found.text, found.context) == ("It had cracked.", f"The bridge was closed.{context}")


@pytest.mark.parametrize(
    ("second", "pointing"),
    [
        ("But he had warned of it.", True),
        ("“They had warned of it,” she said.", True),
        ("The alliance was formed in 2002.", True),
        ("The new vessel will carry 90 cars.", True),
        ("The bridge at Kestrel had cracked.", False),
        ("The European Union was formed in 1993.", False),
        ("Officials said it had cracked.", False),
    ],
)
def test_what_points_back(second: str, pointing: bool) -> None:
    """Pronouns, behind a conjunction too, and a bare noun that something before must have named."""
    first = "Nobody saw it."
    (found,) = quotes(analyse("What about the frost?"), [ranked(f"{first} {second}", [0.0, 9.0])], limit=1)

    assert found.text == second
    assert found.context == (first if pointing else "")


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("All was lost. They had ten minutes. Then it rained.", "All was lost. They had ten minutes."),
        ("All was lost. Olt had ten minutes. Then it rained.", "Olt had ten minutes."),
        (f"All was lost{' and gone' * 13}. They had ten minutes. Then it rained.", "They had ten minutes."),
        (f"All was lost. They had ten{' more' * 8} minutes. Then it rained.", f"They had ten{' more' * 8} minutes."),
        ("They had ten minutes. Then it rained.", "They had ten minutes."),
    ],
)
def test_a_brief_sentence_that_points_back_comes_with_the_one_before(text: str, context: str) -> None:
    """Where both are short, and not where it names somebody."""
    scores = [0.0] * (text.count(". ")) + [9.0]
    (found,) = quotes(analyse("What about the rain?"), [ranked(text, scores)], limit=1)

    assert (found.text, found.context) == ("Then it rained.", context)


def test_the_sentence_before_keeps_to_what_a_source_allows() -> None:
    """Where a source allows fewer words than others, it stays out, and the quote stays."""
    for most, context in ((60, "The bridge was closed on Monday."), (12, "The bridge was closed on Monday."), (11, "")):
        (found,) = quotes(
            analyse("Why did it crack?"), [ranked(BRIDGE, [0.0, 9.0, 1.0])], limit=1, max_words={"Harbour Post": most}
        )
        assert (found.text, found.context) == ("It had cracked after the frost.", context)


def test_near_copies_are_left_out() -> None:
    """Two passages that say the same give one quote, and the next one says something else."""
    same = ranked("The bridge was closed on Monday, police said.", [8.0], number=2)
    other = ranked("A ferry replaces it until the summer.", [7.0], number=3)
    found = quotes(analyse("When was the bridge closed?"), [ranked(BRIDGE, [9.0, 1.0, 0.0]), same, other], limit=3)

    assert [quote.hit.passage for quote in found][:2] == [1, 3]
    assert all(quote.hit.passage != 2 for quote in found)


@pytest.mark.parametrize("denied", ["did not recall its", "didn’t recall its", "never recalled its"])
def test_what_denies_says_not_the_same(denied: str) -> None:
    """It shares nearly all its words with what it denies, which is quoted beneath it."""
    short, lead = f"The dairy {denied} oat milk.", "The dairy recalled its oat milk because of metal in the cartons."
    found = quotes(analyse("why did the dairy recall oat milk"), [ranked(short, [9.0]), ranked(lead, [8.0], number=2)])
    assert [quote.text for quote in found] == [short, lead]
    same = "The dairy recalled its oat milk."
    found = quotes(analyse("why did the dairy recall oat milk"), [ranked(same, [9.0]), ranked(lead, [8.0], number=2)])
    assert [quote.text for quote in found] == [same]


@pytest.mark.parametrize(("figure", "quoted"), [("3.05 crowns", 2), ("2.40 crowns", 1), ("too much", 1)])
def test_what_has_other_figures_says_not_the_same(figure: str, quoted: int) -> None:
    """Of one outlet's reports of a price, though they share nearly all words, the newer is no copy of the older."""
    old, new = (f"A loaf of rye bread costs {each} on average, the guild said." for each in ("2.40 crowns", figure))
    found = quotes(analyse("how much is bread"), [ranked(old, [9.0]), ranked(new, [8.0], number=2)])
    assert [quote.text for quote in found] == [old, new][:quoted]


def test_quotes_of_one_passage_do_not_overlap() -> None:
    """A sentence is quoted once."""
    found = quotes(analyse("Why?"), [ranked(BRIDGE, [8.0, 9.0, 6.0])])

    assert [(quote.start, quote.end) for quote in found] == [(0, 64), (65, 98)]


@pytest.mark.parametrize("words", [60, 12, 4])
def test_long_sentence_is_cut_between_clauses(words: int) -> None:
    """No quote is longer than its source allows; what is kept is the part about the question."""
    clause = "the council of the old town met again in the hall"
    text = ", ".join([clause] * 6) + ", and the bridge was closed after frost, " + ", ".join([clause] * 2) + "."
    (found,) = quotes(
        analyse("Why was the bridge closed?"), [ranked(text, [9.0])], max_words={"Harbour Post": words}, limit=1
    )

    assert len(found.text.split()) <= words
    assert found.text == text[found.start : found.end]
    assert ("bridge was closed" in found.text) == (words >= 12)


LONG = (
    "The commission, which had met for the first time after the collapse of the bridge in which eleven people died "
    "and which had heard 212 witnesses over fourteen months in three towns, among them the engineers who had warned of "
    "rust and the mayor who had not read their letters, found that the collapse was caused by a bolt of the wrong "
    "steel that a supplier had delivered without papers, and that nobody had felt responsible."
)


@pytest.mark.parametrize(
    ("question", "begins", "ends", "marked"),
    [
        (
            "Why did the bridge collapse?",
            "found that",
            "felt responsible.",
            "found that the collapse was caused by a bolt",
        ),
        ("Warum?", "found that", "felt responsible.", "found that the collapse was caused"),
        ("How many witnesses were heard?", "The commission", "read their letters", "after the collapse"),
        ("How long did it hear witnesses?", "The commission", "read their letters", "after the collapse"),
    ],
)
def test_what_is_kept_of_a_long_sentence_answers(question: str, begins: str, ends: str, marked: str) -> None:
    """The clauses that are kept hold the one that could answer, and begin with it or with the sentence."""
    (found,) = quotes(analyse(question), [ranked(LONG, [9.0])])

    assert (found.text[: len(begins)], found.text[-len(ends) :]) == (begins, ends)
    assert found.emphasis is not None
    assert LONG[found.emphasis[0] :].startswith(marked)


def test_a_source_cannot_raise_the_limit() -> None:
    """Sixty words are the most for every source."""
    text = "word " * 99 + "word"
    (found,) = quotes(analyse("Which bridge?"), [ranked(text, [9.0])], max_words={"Harbour Post": 500}, limit=1)

    assert len(found.text.split()) == MAX_WORDS


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        (
            "Why was the bridge closed?",
            "The bridge over the river was closed, officials said, because frost had cracked two of its pillars.",
            "because frost had cracked two of its pillars.",
        ),
        (
            "When was the league formed?",
            "The league was formed in 2002 and, in addition to promising aid, keeps members out of other leagues.",
            "The league was formed in 2002 and",
        ),
        (
            "How many workers will go?",
            "Orders fell by a third, so 210 workers will go, said chief executive Nadia Kestler of the battery maker.",
            "so 210 workers will go",
        ),
        (
            "Who runs the ferry?",
            "A company of the harbour town, the ferry is run by Edwin Crane, which has cost it many a night of talks.",
            "the ferry is run by Edwin Crane",
        ),
        (
            "Which towns are in the league?",
            "Six towns pay into it: Kestrel, Selwick, Hadrow, Brennic, Dorn and Tarn, according to its last report.",
            "Six towns pay into it: Kestrel, Selwick, Hadrow, Brennic, Dorn and Tarn",
        ),
        (
            "What did the council promise?",
            "On Monday, the council promised new pumps and higher walls to the lower town, as it had in spring.",
            "the council promised new pumps and higher walls to the lower town",
        ),
        (
            "What was the price of the pump?",
            "The council voted 31 to 12 on Tuesday, buying the pump for 40,000 crowns, which it had long wanted.",
            "buying the pump for 40,000 crowns",
        ),
        (
            "How much does it cost to cross the bridge?",
            "From 9 May on the bridge is open to 300 cars an hour, and whoever crosses it pays €2 each time he does.",
            "and whoever crosses it pays €2 each time he does.",
        ),
        (
            "How long was the bridge closed?",
            "After 14 people had written letters to the council, the bridge was closed for three weeks in the autumn.",
            "the bridge was closed for three weeks in the autumn.",
        ),
        (
            "Wie viel kostet die Fahrt?",
            "Seit dem Beschluss mit 31 Stimmen im Mai, der lange umstritten war, zahlt man drei Kronen für die Fahrt.",
            "zahlt man drei Kronen für die Fahrt.",
        ),
    ],
)
def test_clause_that_answers_is_marked(question: str, text: str, marked: str) -> None:
    """In a lone sentence the clause that gives the reason, or the kind of answer that is asked for."""
    (found,) = quotes(analyse(question), [ranked(text, [9.0])])

    assert found.emphasis is not None
    assert text[slice(*found.emphasis)] == marked


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        ("How much will the tram cost?", "The council voted 31 to 12 for the tram. It will cost 9 million crowns.", 1),
        ("How many voted for the tram?", "The council voted 31 to 12 for the tram. It will cost 9 million crowns.", 0),
        ("How much time did Olt have?", "All was lost, said Olt in the evening. We had ten minutes.", 1),
        ("What did Olt say on it?", "All was lost, said Olt in the evening. We had ten minutes.", 0),
        ("When was the tram stopped?", "The tram has been stopped for good. It ran in May.", 0),
    ],
)
def test_sentence_that_answers_is_marked(question: str, text: str, marked: int) -> None:
    """Of two, the better one, unless the other alone could be the kind of answer."""
    one = ranked(text, [9.0, 7.5])
    (found,) = quotes(analyse(question), [one], limit=1)

    assert found.text == text
    assert found.emphasis == one.candidate.sentences[marked]


FROST = "The frost lasted a week.\n"
CRACK = "It cracked two pillars of the bridge.\n"


def test_quote_over_the_end_of_a_paragraph() -> None:
    """The last sentence of one passage and the first of the next make one quote, newline and all."""
    before = ranked(FROST, [6.0], number=1, start=100, revision=7)
    after = ranked(CRACK, [9.0], number=2, start=125, revision=7)
    (found,) = quotes(analyse("What happened to the bridge?"), [after, before])

    assert found.text == (FROST + CRACK).rstrip()
    assert (found.start, found.end, found.revision) == (100, 162, 7)
    assert found.hit.passage == 2
    assert found.emphasis == (125, 162)


def test_passages_apart_do_not_join() -> None:
    """Passages of two revisions, or with a passage between them, stay apart; so do those with a heading between."""
    after = ranked(CRACK, [9.0], number=2, start=125, revision=7)
    for other in (
        ranked(FROST, [6.0], number=1, start=100, revision=8),
        ranked(FROST, [6.0], number=1, start=90, revision=7),
    ):
        assert quotes(analyse("Which bridge?"), [after, other])[0].text == CRACK.rstrip()
    text = "Engineers\n" + CRACK
    headed = ranked(text, [9.0], number=2, start=125, revision=7)
    inner = Candidate(headed.candidate.passage, 0.5, 1.0, ((135, 172),), (0.5,))
    before = ranked(FROST, [6.0], number=1, start=100, revision=7)
    found = quotes(analyse("Which bridge?"), [Ranked(headed.hit, inner, (9.0,)), before])
    assert found[0].text == CRACK.rstrip()


def test_context_from_the_passage_before() -> None:
    """A pronoun that opens a passage points into the one before it."""
    before = ranked(FROST, [1.0], number=1, start=100, revision=7)
    after = ranked(CRACK, [9.0], number=2, start=125, revision=7)
    (found,) = quotes(analyse("What happened to the bridge?"), [after, before])

    assert found.text == CRACK.rstrip()
    assert found.context == FROST.rstrip()


def test_a_neighbour_of_the_best_may_be_quoted_however_low_it_ranks() -> None:
    """Beyond the best passages, only those that stand beside one of them are read for quotes."""
    best = [ranked(f"Ship number {number} sailed to port {number}.", [5.0], number=number) for number in range(1, 9)]
    beside = ranked("A storm kept the crews ashore.", [8.0], number=9, start=31, revision=10)
    apart = ranked("Nobody had warned the harbour.", [9.0], number=10)

    assert best[0].candidate.passage.end == 31
    assert quotes(analyse("Why?"), [*best, apart, beside])[0].text.endswith("A storm kept the crews ashore.")


def test_what_answers_far_worse_is_not_added() -> None:
    """A second quote has to come within the bar of the first."""
    first = ranked("The bridge was closed on Monday.", [9.0], number=1)
    close = ranked("Ferries replace the crossing until summer.", [9.0 - BAR], number=2)
    far = ranked("The mill makes paper.", [8.9 - BAR], number=3)

    assert [quote.hit.passage for quote in quotes(analyse("When?"), [first, close, far])] == [1, 2]


def test_another_outlet_goes_before_more_of_the_same() -> None:
    """Of two sentences about as good, the one of an outlet that was not quoted yet; not a copy of the same story."""
    first = ranked("The bridge was closed on Monday.", [9.0], number=1)
    same = ranked("Ferries replace the crossing until summer.", [8.0], number=2)
    copy = ranked("Two pillars are cracked.", [7.9], number=3, source="Evening Echo", story=1)
    other = ranked("Engineers blamed frost for the closure.", [7.8], number=4, source="Evening Echo")
    worse = ranked("A mason saw it first.", [7.0], number=5, source="Third Voice")

    found = quotes(analyse("When?"), [first, same, copy, other, worse])
    assert [quote.hit.passage for quote in found] == [1, 4, 2]


def test_who_says_the_same_or_otherwise_of_the_events_goes_first() -> None:
    """Another outlet's report on what the first quote says, within the bar; no copy, no satire, no other matter."""
    hurt = "Fourteen people were injured when two trams crashed in Brennic, the fire service said."
    first = ranked(hurt, [9.0], number=1, storyline=7)
    same = ranked("Line 4 will run again from Thursday, with older trams.", [8.5], number=2)
    copy = ranked(hurt.replace("fire", "rescue"), [8.4], number=3, source="Wire Copy", storyline=7)
    far = ranked(
        "Seventeen people were injured in the tram crash.", [8.9 - BAR], number=4, source="Far Voice", storyline=7
    )
    else_where = ranked(
        "Two trams crashed in Selwick, and people were injured.", [8.3], number=5, source="Else", storyline=8
    )
    aside = ranked("The mayor asked for an inquiry into the brakes.", [8.2], number=6, source="Aside", storyline=7)
    other = ranked(
        "Hospitals counted seventeen people injured in the crash.", [6.0], number=8, source="Echo", storyline=7
    )

    jest = ranked(
        "A hundred people were injured in the tram crash, all by boredom.", [7.0],
        number=9, source="Jester", storyline=7, kind=ArticleKind.SATIRE,
    )  # fmt: skip

    found = quotes(analyse("How many people were hurt?"), [first, same, copy, far, else_where, aside, other, jest])
    assert [quote.hit.passage for quote in found] == [1, 8, 6]
    assert found[1].score == 6.0
