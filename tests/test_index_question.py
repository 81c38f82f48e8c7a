"""What a question asks for."""

import pytest

from index.question import Expected, analyse, marked, spelled, stem, terms, tokens


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who opened the harbour?", Expected.PERSON),
        ("Which singer cancelled the tour?", Expected.PERSON),
        ("When did the ferry sink?", Expected.TIME),
        ("In what year was the mill built?", Expected.TIME),
        ("Where is the lighthouse?", Expected.PLACE),
        ("Which country sold the ferries?", Expected.PLACE),
        ("How many bridges were closed?", Expected.NUMBER),
        ("Why was the bridge closed?", Expected.REASON),
        ("What caused the flood?", Expected.REASON),
        ("What did the council decide?", Expected.OTHER),
    ],
)
def test_expected_answer(question: str, expected: Expected) -> None:
    """The question word, or the noun after it, says what kind of answer is wanted."""
    assert analyse(question).expected is expected


def test_terms_of_a_question() -> None:
    """Content words only, each once, with names, numbers and the question's frame marked."""
    question = analyse("In what year did Mayor Orla Brandt sell 1,200 boats to the boats museum?")

    stems = [term.stem for term in question.terms]
    assert stems == ["year", "mayor", "orla", "brandt", "sell", "1200", "boat", "museum"]
    assert question.names == ("mayor", "orla", "brandt")
    assert question.numbers == ("1200",)
    assert [term.stem for term in question.terms if term.asked] == ["year"]


def test_subject_adds_words() -> None:
    """The conversation's words are searched for, and do not change what is asked."""
    question = analyse("And when was that?", "Kestrel Bay storm")

    assert question.text == "And when was that?"
    assert question.expected is Expected.TIME
    assert [term.stem for term in question.terms] == ["kestrel", "bay", "storm"]


def test_question_without_content() -> None:
    """Stop words and marks leave nothing."""
    assert analyse("What is it?").terms == ()
    assert analyse("").terms == ()


def test_markup_is_not_read() -> None:
    """An address inside a tag is no word of the question."""
    found = analyse('Who paid <a href="https://example.org/mill">the miller</a>?')

    assert [term.stem for term in found.terms] == ["pay", "miller"]


@pytest.mark.parametrize("question", ["Why didn't the ferry sail?", "Who never paid?", "Why did it not open?"])
def test_negated(question: str) -> None:
    """Questions about what did not happen are marked."""
    assert analyse(question).negated


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("flood", "flooding"),
        ("city", "cities"),
        ("resign", "resigned"),
        ("stop", "stopped"),
        ("sink", "sinks"),
        ("rise", "rose"),
        ("child", "children"),
        ("evacuate", "evacuation"),
        ("happy", "happily"),
    ],
)
def test_forms_share_a_stem(one: str, other: str) -> None:
    """Plurals, verb forms and common derivations meet."""
    assert stem(one) == stem(other)


def test_short_words_and_names_keep_their_letters() -> None:
    """Stemming leaves nothing too short to tell apart."""
    assert stem("gas") == "gas"
    assert stem("bus") == "bus"
    assert stem("ring") == "ring"


def test_tokens_have_offsets() -> None:
    """Each token's offsets give back its letters; figures lose separators, abbreviations their dots."""
    text = "The U.S. bought 1,500 ferries’ engines."
    found = tokens(text)

    assert [term for term, _, _ in found] == ["the", "us", "buy", "1500", "ferri", "engin"]
    assert [text[start:end] for _, start, end in found] == ["The", "U.S.", "bought", "1,500", "ferries", "engines"]


def test_terms_leave_stop_words_out() -> None:
    """The keyword index stores content words, number words as figures."""
    assert terms("Three of the mills were sold.") == ["3", "mill", "sell"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("who is ada quill", "who is ada quill?"),
        ("what is “the pact” ", "what is “the pact”?"),
        ("did it rise by 40 %", "did it rise by 40 %?"),
        ("who is ada quill?", "who is ada quill?"),
        ("seit wann steht sie still", "seit wann steht sie still?"),
        ("tell me who won", "tell me who won?"),
        ("latest on the strike", "latest on the strike"),
        ("ferry end date", "ferry end date"),
        ("Ada Quill.", "Ada Quill."),
        ("really?!", "really?!"),
        ("谁是市长？", "谁是市长？"),
        ("", ""),
        ("…", "…"),
    ],
)
def test_a_question_gets_the_mark_it_lacks(text: str, read: str) -> None:
    """Another mark stays as it is."""
    assert marked(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("whos the mayor", "who's the mayor"),
        ("Whats new", "What's new"),
        ("why didnt it open", "why didn't it open"),
        ("cant it open, wont it", "can't it open, won't it"),
        ("WHERES THE WHALE", "WHERE'S THE WHALE"),
        ("who's the mayor, isn’t he", "who's the mayor, isn’t he"),
        ("whose shows were his", "whose shows were his"),
        ("", ""),
    ],
)
def test_contractions_get_the_apostrophe_they_lack(text: str, read: str) -> None:
    """Those that are no other common word."""
    assert spelled(text) == read
