"""bot.fragments: addresses that open on the quoted words."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.fragments import LIMIT, finds, fragment_link
from corpus.sentences import sentences
from corpus.store import Store

URL = "https://news.example/story"
STORY = (
    "The mayor opened the bridge on Monday. It cost 4.5 million crowns.\n"
    "Protesters, some of them in boats, shouted “Shame!” from the river. It cost 4.5 million crowns.\n"
    "Why the old bridge fell\n"
    "The old bridge fell in a storm & nobody was hurt – a re-run of 1987's collapse, 50% worse.\n"
    "It cost 4.5 million crowns."
)


def linked(words: str, text: str = STORY, url: str = URL, nth: int = 0) -> str:
    """The link to the nth place of some words."""
    starts = [match.start() for match in re.finditer(re.escape(words), text)]
    return fragment_link(url, text, starts[nth], starts[nth] + len(words))


def test_a_sentence_that_stands_once_is_given_whole() -> None:
    """No context, no range: only the words, percent-encoded."""
    assert linked("The mayor opened the bridge on Monday.") == (
        f"{URL}#:~:text=The%20mayor%20opened%20the%20bridge%20on%20Monday."
    )


def test_what_the_syntax_uses_is_percent_encoded() -> None:
    """Hyphen, comma and ampersand divide a directive; the rest is encoded as any address is."""
    link = linked("Protesters, some of them in boats, shouted “Shame!” from the river.")
    assert link.endswith(
        "#:~:text=Protesters%2C%20some%20of%20them%20in%20boats%2C%20shouted%20%E2%80%9CShame%21%E2%80%9D%20from%20the%20river."
    )
    link = linked("The old bridge fell in a storm & nobody was hurt – a re-run of 1987's collapse, 50% worse.")
    directive = link.partition("text=")[2]
    assert "%26" in directive
    assert "re%2Drun" in directive
    assert "50%25%20worse" in directive
    assert set("-,&") & set(directive) == set()


def test_words_that_stand_three_times_get_the_context_that_tells_them_apart() -> None:
    """A prefix of three words, from the block before where the quote begins one; each link finds its own place."""
    words = "It cost 4.5 million crowns."
    links = [linked(words, nth=nth) for nth in range(3)]
    terms = "It%20cost%204.5%20million%20crowns."
    assert links[0] == f"{URL}#:~:text=bridge%20on%20Monday.-,{terms}"  # the first, too: it is to match nothing else
    assert links[1] == f"{URL}#:~:text=from%20the%20river.-,{terms}"
    assert links[2] == f"{URL}#:~:text=collapse%2C%2050%25%20worse.-,{terms}"
    starts = [match.start() for match in re.finditer(re.escape(words), STORY)]
    assert [finds(link, STORY) for link in links] == [(start, start + len(words)) for start in starts]


def test_what_cannot_be_told_apart_lands_on_the_first() -> None:
    """Where nothing around the words makes them the only ones, the plainest directive that a browser lands with."""
    text = "No. " * 30
    assert fragment_link(URL, text, 0, 3) == f"{URL}#:~:text=No."
    assert fragment_link(URL, "Ja. Nein. Ja.", 0, 3) == f"{URL}#:~:text=Ja.,-Nein.%20Ja."


def test_a_suffix_tells_apart_where_no_prefix_can() -> None:
    """The same words behind the same words: what follows is different."""
    text = "\n".join(["He said no. Then he left.", "He said no. Then he stayed."])
    assert linked("He said no.", text, nth=1) == f"{URL}#:~:text=Then%20he%20left.-,He%20said%20no."
    text = "He said no. He said no. He said no. He smiled."
    link = linked("He said no.", text, nth=2)
    assert finds(link, text) == (24, 35)


def test_a_quote_over_two_blocks_is_a_range() -> None:
    """No term may cross a block, so the first and last words are named."""
    words = "It cost 4.5 million crowns.\nProtesters, some of them in boats, shouted “Shame!”"
    link = linked(words)
    first, last = link.partition("text=")[2].split(",")
    assert unquote(first) == "It cost 4.5 million crowns."
    assert unquote(last) == "them in boats, shouted “Shame!”"
    assert finds(link, STORY) == (39, 39 + len(words))


def test_a_long_quote_is_a_range() -> None:
    """More than 300 characters are given by their edges, and the address stays short."""
    text = "Intro. " + " ".join(f"word{number}" for number in range(60)) + ". End."
    start, end = 7, text.index(". End.") + 1
    link = fragment_link(URL, text, start, end)
    assert link == f"{URL}#:~:text=word0%20word1%20word2%20word3%20word4,word55%20word56%20word57%20word58%20word59."
    assert finds(link, text) == (start, end)


def test_white_space_at_the_ends_and_inside_does_not_matter() -> None:
    """Spans are trimmed; runs of space count as one."""
    text = "One two.\n  Three \t four\u00a0five. \n"
    link = fragment_link(URL, text, 8, len(text))
    assert link == f"{URL}#:~:text=Three%20four%20five."
    assert finds(link, text) == (11, len(text) - 2)
    assert fragment_link(URL, text, 8, 10) == URL


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x#part", "https://a.example/x#part:~:text=Two%20words."),
        ("https://a.example/x#", "https://a.example/x#:~:text=Two%20words."),
        ("https://a.example/x#:~:text=old", "https://a.example/x#:~:text=Two%20words."),
        ("https://a.example/x#part:~:text=old", "https://a.example/x#part:~:text=Two%20words."),
        ("https://a.example/x?y=1&z=a-b", "https://a.example/x?y=1&z=a-b#:~:text=Two%20words."),
        ("https://a.example/#/story/7", "https://a.example/#/story/7"),
        ("https://a.example/#!story", "https://a.example/#!story"),
        ("ftp://a.example/x", "ftp://a.example/x"),
        ("mailto:news@a.example", "mailto:news@a.example"),
        ("https:///x", "https:///x"),
        ("https://a.example/a b", "https://a.example/a b"),
        ("https://[broken", "https://[broken"),
        (f"https://a.example/{'x' * LIMIT}", f"https://a.example/{'x' * LIMIT}"),
    ],
)
def test_what_the_publisher_s_address_can_carry(url: str, expected: str) -> None:
    """The publisher's fragment stays, an older directive goes; routes, other schemes and long addresses stay as is."""
    assert fragment_link(url, "First. Two words.", 7, 17) == expected


def test_words_that_no_context_tells_apart_get_no_fragment() -> None:
    """Better the top of the page than the wrong place."""
    text = "\n".join(["Again and again."] * 40)
    start = text.rindex("Again and")
    assert fragment_link(URL, text, start, start + 16) == URL


def test_a_browser_searches_without_case_and_accents() -> None:
    """What only differs by them is not a difference: the quote needs context."""
    text = "A RESUME was sent. His résumé was sent."
    start = text.index("résumé")
    link = fragment_link(URL, text, start, len(text))
    assert link == f"{URL}#:~:text=was%20sent.%20His-,r%C3%A9sum%C3%A9%20was%20sent."
    assert finds(link, text) == (start, len(text))
    assert finds(f"{URL}#:~:text=STRASSE", "Die Straße") == (4, 10)
    assert finds(f"{URL}#:~:text=%22Shame!%22", "He cried “Shame!” twice") == (9, 17)


@pytest.mark.parametrize(
    ("directive", "text", "found"),
    [
        ("range", "mountain range", (9, 14)),
        ("range", "color orange", None),
        ("range", "forest ranger", None),
        ("don", "I don't", None),
        ("3", "It is 3.5 m", None),
        ("a,c", "a b c", (0, 5)),
        ("x-,b", "a b x b", (6, 7)),
        ("b,-x", "a b y b x", (6, 7)),
        ("a,b,-x", "a b y b x", (0, 7)),
        ("p-,a,b,-x", "a b x p a b y b x", (8, 15)),
        ("a", "nothing here", None),
        ("a,b,c,d,e", "a b c d e", None),
        ("a-,-b", "a b", None),
        ("", "a", None),
        ("a%20b", "a\nb", None),  # a term does not cross a block
        ("a-,b", "a\nb", (2, 3)),  # its context may stand in the next one
    ],
)
def test_finding_follows_the_draft(directive: str, text: str, found: tuple[int, int] | None) -> None:
    """Word boundaries, context and ranges, case by case."""
    assert finds(f"{URL}#:~:text={directive}", text) == found


def test_only_the_directive_is_looked_for() -> None:
    """No directive, another directive, and two of them."""
    assert finds(URL, "a") is None
    assert finds(f"{URL}#text=a", "a") is None
    assert finds(f"{URL}#:~:selector=x&text=b&text=a", "a b") == (2, 3)


WORDS = st.sampled_from(
    "the The a of said yes Straße ﬁne é e\u0301 don't 3.5 1,000 “so” re-run , & - – … 東京 Ж x\u00ad_y 50%".split()
)
SPACES = st.sampled_from([" ", " ", " ", "\n", "  ", "\u00a0", "\t\n "])


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text of few different words, and two places in it."""
    text = "".join(draw(WORDS) + draw(SPACES) for _ in range(draw(st.integers(1, 60))))
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    return text, start, end


@given(spans())
@settings(max_examples=400, deadline=None)
def test_a_link_lands_exactly_on_the_quote_or_is_not_made(drawn: tuple[str, int, int]) -> None:
    """Whatever the text repeats and wherever the quote begins."""
    text, start, end = drawn
    link = fragment_link(URL, text, start, end)
    if link == URL:
        return
    inner = text[start:end]
    begin = start + len(inner) - len(inner.lstrip())
    assert finds(link, text) == (begin, begin + len(inner.strip()))
    assert len(link) <= LIMIT
    assert re.fullmatch(r"text=(?:[\w.~%]+-,)?[\w.~%]+(?:,[\w.~%]+)?(?:,-[\w.~%]+)?", link.partition(":~:")[2])
    assert urlsplit(link).geturl() == link


@given(st.text(max_size=80), st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_address_breaks_the_search(directive: str, text: str) -> None:
    """What is found lies inside the text, and reads like what was asked for."""
    assume("#" not in directive)
    try:
        found = finds(f"{URL}#:~:text={directive}", text)
    except ValueError:  # urlsplit's own, as for any address
        return
    assert found is None or 0 <= found[0] < found[1] <= len(text)


def test_every_sentence_of_the_sample_gets_a_link_that_lands_on_it(demo_data_dir: Path) -> None:
    """Real articles: no sentence is without its fragment."""
    store = Store(demo_data_dir / "corpus.db", readonly=True)
    count = 0
    for number in store.quotable_articles():
        article = store.article(number)
        assert article is not None
        text = store.revision_text(article.revision) or ""
        for start, end in sentences(text):
            link = fragment_link(URL, text, start, end)
            assert finds(link, text) == (start, end), text[start:end]
            count += 1
    store.close()
    assert count > 400
