"""From an Answer to a message: what it says, and that nothing an article or a member writes can act in Discord."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bot_house
import pytest
from bot_house import QUOTE, shared_catalogue
from fluent.syntax import FluentParser, FluentSerializer, ast
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markdown import URL_LIMIT, link, plain, visible
from bot.records import Answer, Citation, Dispute, Match, Nearest
from bot.render import BLOCK_LIMIT, MESSAGE_LIMIT, QUESTION_LIMIT, pages, reply
from bot.texts import LOCALES
from index.records import Query

CATALOGUE = shared_catalogue()
ENGLISH = CATALOGUE.texts("en-US")
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)

# Pieces that mean something to Discord, so that chance puts them together often.
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "*",
                "**",
                "_",
                "__",
                "~~",
                "`",
                "```",
                "||",
                ">",
                ">>>",
                "#",
                "###",
                "-#",
                "-",
                "+",
                "1.",
                "[",
                "]",
                "(",
                ")",
            ]
        ),
        st.sampled_from(
            ["<@1>", "<@&2>", "<#3>", "<t:1:R>", "<:e:4>", "<a:e:5>", "</ask:6>", "<id:guide>", "@everyone", "@here"]
        ),
        st.sampled_from(
            [":smile:", "https://evil.example", "[a](http://evil.example)", "discord.gg/abc", "discord.com/invite/abc"]
        ),
        st.sampled_from(
            ["\\", "\n", "\r\n", "\t", "\u202e", "\u200b", "\u2066", "\u00ad", "\u2028", "\U000e0041", "\u0301"]
        ),
        st.text(max_size=8),
        st.sampled_from([" ", "word", "Ω", "\ud800", "\n# "]),
    ),
    max_size=30,
).map("".join)


make_citation = functools.partial(bot_house.make_citation, emphasis=None)


def make_answer(*citations: Citation, **changed: object) -> Answer:
    oldest = datetime(2024, 5, 1, tzinfo=UTC)
    answer = Answer(
        Query("q", NOW), bool(citations), 0.9, Match.STRONG, citations, None, 42, oldest, 5.0, {}, "mini", "v1"
    )
    return replace(answer, **changed)  # type: ignore[arg-type]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def shown(markdown: str) -> str:
    """What is left to read when escapes are taken away."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


def active(markdown: str) -> list[str]:
    """Everything in one line of escaped text that Discord would still act on."""
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "\x00", markdown)
    inline = r"[*_~`|\[\]<]|:[^\s:\x00]+:|@everyone|@here|\w+://|discord(?:app)?\.\w|[\r\n\u2028\u2029]"
    return re.findall(inline, bare) + re.findall(r"^(?:#{1,3}\s|-#\s|[-+]\s|>|\d+\.\s)", bare)


def test_a_heading_before_a_quote_does_not_read_on_from_the_sentence() -> None:
    """It stands behind a dash."""
    answer = make_answer(make_citation(context="It runs day and night.\nWhat it costs"))
    assert "-# Before it: It runs day and night. — What it costs\n" in reply(answer, "What?", ENGLISH).text


def test_three_quotes_with_everything_beside_them() -> None:
    """The sentence before stands outside the quote; a fresh article also says how long ago."""
    answer = make_answer(
        make_citation(emphasis=(24, 55), context="It was cold."),
        make_citation(2, published="2026-03-02T18:00:00+00:00", url=None),
        make_citation(3, published=None, title=""),
        match=Match.WEAK,
        demonstration=True,
        calibrated=False,
    )
    assert reply(answer, "Why was the ferry cancelled?", ENGLISH).blocks == (
        "-# You asked: Why was the ferry cancelled?\n"
        "**Demonstration** with made-up articles\n"
        "**Weak match** with your question. Read the article before you rely on it.",
        "-# Before it: It was cold.\n"
        "> The ferry was cancelled **because ice blocked the channel**.\n"
        "**1** The Harbour Post: [Ferry stays in port](<https://harbour.example/ferry>), <t:1769860800:D>",
        f"> {QUOTE}\n**2** The Harbour Post: Ferry stays in port, <t:1772474400:D> (<t:1772474400:R>)",
        f"> {QUOTE}\n**3** The Harbour Post: [untitled article](<https://harbour.example/ferry>)",
        "-# Quoted word for word. Bold was added by the bot.\n"
        "-# How well it matches is uncalibrated for this model, so take “strong”, “fair” and “weak” with caution.",
    )


def test_a_quote_cut_from_a_sentence_says_so() -> None:
    """Marks outside of the quote and its bold, at the end that is cut; in an outlet that differs, too."""
    answer = make_answer(
        make_citation(emphasis=(0, 9), cut=(True, True)),
        disputes=(Dispute("number", "4", "5", make_citation(-1, quote="Five boats", cut=(False, True))),),
    )
    text = reply(answer, "q", ENGLISH).text
    assert r"> \[…\] **The ferry** was cancelled because ice blocked the channel. \[…\]" in text.split("\n")
    assert r"> Five boats \[…\]" in text.split("\n")


def test_without_emphasis_no_bold_is_explained() -> None:
    message = reply(make_answer(make_citation(), match=Match.FAIR), "Why?", ENGLISH)
    assert message.blocks[0].endswith("\n**Fair match** with your question. Check the article where it matters.")
    assert message.blocks[-1] == "-# Quoted word for word."


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "**Nicht in meinen Quellen.** Dazu habe ich in 42 Artikeln seit dem <t:1714521600:D> nichts gefunden."),
        (
            {"articles": 1, "oldest": None},
            "**Nicht in meinen Quellen.** Dazu habe ich in einem Artikel nichts gefunden.",
        ),
        (
            {"articles": 0, "oldest": None},
            "**Nicht in meinen Quellen.** Aus der Zeit und den Quellen, um die es geht, habe ich keine Artikel.",
        ),
    ],
)
def test_nothing_found(changed: dict[str, object], expected: str) -> None:
    message = reply(make_answer(**changed), "Warum?", CATALOGUE.texts("de"))
    assert message.blocks == ("-# Deine Frage: Warum?", expected)


def test_the_nearest_article_is_offered() -> None:
    nearest = Nearest(1, "Ferry", "Post", "https://harbour.example/", "2026-01-31T10:00:00")
    message = reply(make_answer(nearest=nearest, demonstration=True), "Who?", ENGLISH)
    assert message.blocks[1] == "**Demonstration** with made-up articles"
    assert message.blocks[-1] == (
        "The nearest article to read:\nPost: [Ferry](<https://harbour.example/>), <t:1769853600:D>"
    )


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("# Big", r"\# Big"),
        ("-# small", r"\-# small"),
        ("- item", r"\- item"),
        ("2024. A year", r"2024\. A year"),
        ("> quote", r"\> quote"),
        ("well-known #1 3.5 > 2 - fine", "well-known #1 3.5 > 2 - fine"),
        ("snake_case *bold* ||spoiler||", r"snake\_case \*bold\* \|\|spoiler\|\|"),
        ("[click](https://evil.example)", r"\[click\](https\://evil.example)"),
        ("@everyone and a@b.example", r"\@everyone and a@b.example"),
        ("<@1> <t:1:R> <:e:1>", r"\<@1> \<t\:1:R> \<\:e:1>"),
        (":smile: at 10:30", r"\:smile: at 10:30"),
        ("join discord.gg/abc", r"join discord\.gg/abc"),
        ("C:\\dir", r"C:\\dir"),
        ("two\nlines\u2028and\ttabs", "two lines and tabs"),
        ("a\u202eb\u200bc\u2066d\u00ade\x00f\U000e0041", "abcdef"),
        ("@\u200deveryone", r"\@everyone"),
        ("می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀"),
        ("e" + "\u0301" * 40, "e" + "\u0301" * 4),
        ("\ud800", "\ufffd"),
    ],
)
def test_text_is_shown_as_it_is_written(written: str, safe: str) -> None:
    assert plain(written, 100) == safe


def test_long_text_is_cut_at_a_word() -> None:
    assert plain("one two three four", 14) == "one two three…"
    assert plain("w" * 50, 10) == "w" * 9 + "…"
    assert plain("exactly", 7) == "exactly"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/b(c) d?e=<f>&g=é#h", "https://a.example/b%28c%29%20d?e=%3Cf%3E&g=%C3%A9#h"),
        ("http://a.example:8080/100%25", "http://a.example:8080/100%25"),
        ("https://zürich.example/ä", "https://xn--zrich-kva.example/%C3%A4"),
        ("HTTPS://A.example", "https://a.example"),
        ("https://a.example/\u202egpj.exe", "https://a.example/%E2%80%AEgpj.exe"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/b", None),
        ("https://bank.example@evil.example/", None),
        ("https:///nowhere", None),
        ("https://a b.example/", None),
        ("https://[::1]/", None),
        ("https://a.example:port/", None),
        ("https://a.example/\ud800", None),
        ("https://a.example/" + "x" * 500, None),
        ("", None),
        (None, None),
    ],
)
def test_only_plain_web_addresses_are_linked(url: str | None, safe: str | None) -> None:
    assert link(url) == safe


def test_a_date_that_is_none_is_left_out() -> None:
    message = reply(make_answer(make_citation(published="last Tuesday")), "Why?", ENGLISH)
    assert message.blocks[1].endswith("(<https://harbour.example/ferry>)")


def test_only_the_past_two_days_are_fresh() -> None:
    """A date in the future, and a day without a time, say no "ago"."""

    def line(published: str) -> str:
        return reply(make_answer(make_citation(published=published)), "Why?", ENGLISH).blocks[1]

    assert ":R>" in line((NOW - timedelta(hours=47)).isoformat())
    assert ":R>" not in line((NOW - timedelta(hours=49)).isoformat())
    assert ":R>" not in line((NOW + timedelta(hours=1)).isoformat())
    assert ":R>" not in line("2026-03-03")


def test_brackets_in_a_title_do_not_end_the_link() -> None:
    message = reply(make_answer(make_citation(title="[Update] Ferry ](https://evil.example)")), "Why?", ENGLISH)
    assert r"[(Update) Ferry )(https\://evil.example)](<https://harbour.example/ferry>)" in message.blocks[1]


def test_an_answer_too_long_for_one_message_is_paged_and_nothing_of_it_is_cut() -> None:
    """Each page says which it is; the question stands above every one, how well it matches above the first."""
    long = make_citation(quote="w" * 3000)
    first, second = pages(make_answer(long, make_citation(2, quote="v" * 3000), make_citation(3)), "Why?", ENGLISH)
    assert first.blocks[0] == "-# You asked: Why?\n**Strong match** with your question"
    assert first.blocks[1].startswith("> " + "w" * 3000 + "\n")
    assert first.blocks[2].splitlines()[-1] == "-# Page 1 of 2"
    assert second.blocks[0] == "-# You asked: Why?"
    assert second.blocks[1].startswith("> " + "v" * 3000 + "\n")
    assert second.blocks[2].startswith(f"> {QUOTE}\n")
    assert second.blocks[3].splitlines() == ["-# Quoted word for word.", "-# Page 2 of 2"]


def test_an_endless_word_is_cut_because_no_page_could_hold_it() -> None:
    (endless,) = pages(make_answer(make_citation(quote="w" * 9000)), "Why?", ENGLISH)
    assert re.fullmatch(r"> w{3000,}…\n\*\*1\*\* .*", endless.blocks[1])
    assert units(endless.text) <= MESSAGE_LIMIT


@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_no_text_acts_and_all_of_it_is_read(text: str) -> None:
    """Nothing active is left, and without the backslashes it reads as it was written."""
    safe = plain(text, 10_000)
    assert active(safe) == []
    assert shown(safe) == visible(text)


@given(HOSTILE, st.integers(2, 60))
@settings(max_examples=100, deadline=None)
def test_a_cut_text_fits_and_does_not_act(text: str, limit: int) -> None:
    safe = plain(text, limit)
    assert units(safe) <= limit
    assert active(safe) == []


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_no_address_ends_its_link(url: str) -> None:
    for candidate in (url, f"https://a.example/{url}", f"https://{url}"):
        address = link(candidate)
        if address is not None:
            assert re.fullmatch(r"https?://[a-z0-9._-]+(?::\d+)?[A-Za-z0-9%/?:@&=+$,;#!~'._-]*", address)
            assert len(address) <= URL_LIMIT


@given(
    st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE, st.integers(0, 90), st.integers(0, 90)), max_size=4),
    HOSTILE,
    st.booleans(),
    st.sampled_from(["en", "de"]),
)
@settings(max_examples=60, deadline=None)
def test_a_hostile_answer_makes_a_lawful_message(
    parts: list[tuple[str, str, str, str, int, int]], question: str, answered: bool, language: str
) -> None:
    """Within Discord's limits; every quote on one line behind "> ", its visible words unchanged."""
    citations = [
        make_citation(
            number, quote=quote, title=title, source=source, context=context, url=f"https://a.example/{title}"
        )
        for number, (quote, title, source, context, _, _) in enumerate(parts, 1)
    ]
    citations = [
        replace(citation, emphasis=(min(start, end), max(start, end)) if start != end else None)
        for citation, (*_, start, end) in zip(citations, parts, strict=True)
    ]
    nearest = Nearest(1, question, question, question, question)
    answer = make_answer(*citations, answered=answered, nearest=nearest)
    message = reply(answer, question[:QUESTION_LIMIT], CATALOGUE.texts(language))
    assert sum(units(block) for block in message.blocks) <= MESSAGE_LIMIT
    assert 1 <= len(message.blocks) <= BLOCK_LIMIT
    assert all(block.strip() for block in message.blocks)
    if answered and citations:
        quotes = [block.split("\n")[-2] for block in message.blocks[1:-1]]
        assert len(quotes) == len(citations)
        for line, citation in zip(quotes, citations, strict=True):
            assert line.startswith("> ")
            # Only the two marks of the emphasis are not escaped; what stands on both sides of one is apart.
            tokens = re.findall(r"\\.|\*\*|.", line[2:])
            assert active("".join("\x00" if token == "**" else token for token in tokens)) == []
            words = shown("".join(token for token in tokens if token != "**"))
            assert words.replace(" ", "") == visible(citation.quote).replace(" ", "")


@given(st.integers(1, 3), st.text(min_size=0, max_size=20))
@settings(max_examples=10, deadline=None)
def test_the_longest_answer_fits(count: int, seed: str) -> None:
    """All parts at their limits and made of characters whose escape or encoding doubles them."""
    filler = (seed + "*\U0001f600_") * 1200
    citation = make_citation(
        title=filler, source=filler, context=filler, quote=filler, url="https://a.example/" + "(" * 160
    )
    citations = [replace(citation, number=number) for number in range(1, count + 1)]
    answer = make_answer(*citations, demonstration=True, calibrated=False, match=Match.WEAK)
    for language in CATALOGUE.languages:
        shown_pages = pages(answer, filler[:QUESTION_LIMIT], CATALOGUE.texts(language), filler[:QUESTION_LIMIT])
        assert len(shown_pages) == count
        for message in shown_pages:
            assert sum(units(block) for block in message.blocks) <= MESSAGE_LIMIT
            assert len(message.blocks) == 3


def entries(language: str) -> dict[str, ast.Message]:
    resource = FluentParser(with_spans=False).parse((LOCALES / f"{language}.ftl").read_text(encoding="utf-8"))
    assert not [entry for entry in resource.body if isinstance(entry, ast.Junk)]
    return {entry.id.name: entry for entry in resource.body if isinstance(entry, ast.Message)}


def variables(entry: ast.Message) -> set[str]:
    return set(re.findall(r"\$(\w+)", FluentSerializer().serialize_entry(entry)))


def test_every_language_has_every_entry_with_the_same_values() -> None:
    assert CATALOGUE.languages == ("de", "en")
    english = entries("en")
    for language in CATALOGUE.languages:
        other = entries(language)
        assert list(other) == list(english)
        for key, entry in other.items():
            assert variables(entry) == variables(english[key]), key


def test_every_entry_is_used_and_every_used_entry_is_there() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in LOCALES.parent.rglob("*.py"))
    asked = set(re.findall(r"""(?:texts|words)\(\s*['"]([a-z-]+)['"]""", code))
    # ``Parts.command`` asks for the words of a command by its name.
    for name in re.findall(r"""arts\.command\(\s*['"]([a-z]+)['"]""", code):
        asked |= {f"command-{name}-name", f"command-{name}-description"}
    assert asked == set(entries("en"))


def test_commands_words_are_within_discords_limits() -> None:
    """Names 1 to 32 characters in lower case, descriptions 1 to 100."""
    for language in CATALOGUE.languages:
        texts = CATALOGUE.texts(language)
        for key in entries(language):
            if key.endswith("-name"):
                assert re.fullmatch(r"[\w-]{1,32}", texts(key)), key
                assert texts(key) == texts(key).lower()
            elif key.endswith("-description"):
                assert 1 <= len(texts(key)) <= 100, key


def test_everything_is_said_in_words() -> None:
    """No emoji, arrow or other sign stands for a word: a screen reader would name it, or leave it out."""
    for language in CATALOGUE.languages:
        said = (LOCALES / f"{language}.ftl").read_text(encoding="utf-8")
        assert {letter for letter in said if unicodedata.category(letter) in {"So", "Sm"}} <= set("<>|~+=")


def test_an_unknown_locale_reads_english_and_a_missing_value_is_a_bug() -> None:
    assert CATALOGUE.texts("fr").language == "en"
    assert CATALOGUE.texts(None).language == "en"
    assert CATALOGUE.texts("de").language == "de"
    with pytest.raises(LookupError):
        ENGLISH("no-such-entry")
    with pytest.raises(LookupError, match="reply-question"):
        ENGLISH("reply-question")


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Neither does rendering: no discord.py, no model, no database."""
    heavy = "{'discord', 'torch', 'faiss', 'sentence_transformers', 'sqlite_utils', 'transformers', 'numpy'}"
    code = f"import sys, bot, bot.render; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert done.stdout == "[]\n"
