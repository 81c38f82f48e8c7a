"""corpus.plain: pages as people paste them, in the manners of other kinds of outlets."""

from __future__ import annotations

import pytest

from corpus.extract import extract
from corpus.records import Article, BlockKind

TABLOID = """Jump to navigation
THE DAILY ANCHOR
NEWS TV FOOTY MONEY
Hot topics
SEAL OF APPROVAL Rescued pup finds a home in a fire station
Mandy Price
16:20, 7 Feb 2026
Updated: 18:02, 7 Feb 2026
A SEAL pup rescued from a storm drain is living in a fire station's pool until it is strong enough.
Biscuit was found by postman Derek Holm on his round in Sandholt on Tuesday.
2
Biscuit weighed just nine kilos when he was found
Credit: Anchor Pictures
Firefighters feed him herring four times a day and have named a hose after him.
MORE ANIMAL NEWS
PAW SHOW Dog takes bus alone to the beach every day
Got a story? Call us on 0123 456 789
The drain has since been fitted with a grille at a cost of £340.
Topics
Animals
"""

WIRE = """Port workers vote to end blockade
By MIRA SOLTEN

PORT ARDEN (Northwire) — Dock workers in Port Arden voted 612 to 140 on
Thursday to end a three-week blockade after the government dropped plans
to sell the container terminal.

Transport Minister Halvard Brix said the sale "is off the table for this
parliament." The terminal handles 40 percent of the country's imports.

Copyright 2025 Northwire. All rights reserved. This material may not be published, broadcast or redistributed.
"""

DISCUSSED = """Cinema Lux to close after 94 years

The Lux will close on 30 June because its owner cannot pay for a new roof.

Accept cookies to see this content.

Comments (2)

BramleyBoy 2 hours ago
What a shame. I saw my first film there and I would have given money if anyone had asked!
Reply · 14 likes

tina_m 1 hour ago
They never fixed the seats, and nobody has gone there for years anyway.
Reply · 2 likes
"""

MARKED = """---
title: "We chose the well"
---
# "We chose the well"

*Words: Jonas Beck · Pictures: Ama Tull · 2 March 2025*

![A well](well.jpg)
*The well in August. (Ama Tull)*

The village of Tarn has spent its whole budget on water.

| Item | Cost |
|---|---|
| Well | 0.9 m |

Will it do so again?

The mayor hopes not.[^1]

[^1]: The text was shortened.
"""


def lines(article: Article) -> list[str]:
    return [article.text[block.start : block.end] for block in article.blocks]


def one(text: str, name: str) -> Article:
    (article,) = extract(text.encode(), name=name)
    return article


def test_a_tabloid_s_page_without_empty_lines() -> None:
    """Mastheads in capitals are no title; stamps that open with the clock, numbers and captions are no story."""
    article = one(TABLOID, "page.txt")
    assert article.title == "SEAL OF APPROVAL Rescued pup finds a home in a fire station"
    assert lines(article) == [
        "A SEAL pup rescued from a storm drain is living in a fire station's pool until it is strong enough.",
        "Biscuit was found by postman Derek Holm on his round in Sandholt on Tuesday.",
        "Firefighters feed him herring four times a day and have named a hose after him.",
        "The drain has since been fitted with a grille at a cost of £340.",
    ]
    assert (article.published, article.updated, article.notes) == ("2026-02-07", "2026-02-07", ())


def test_lines_broken_at_a_width_are_joined_beside_one_that_is_not() -> None:
    """A notice in one long line leaves the wrapped paragraphs whole."""
    article = one(WIRE, "page.txt")
    assert (article.title, article.authors) == ("Port workers vote to end blockade", ("MIRA SOLTEN",))
    assert lines(article) == [
        "PORT ARDEN (Northwire) — Dock workers in Port Arden voted 612 to 140 on Thursday to end a three-week blockade "
        "after the government dropped plans to sell the container terminal.",
        'Transport Minister Halvard Brix said the sale "is off the table for this parliament." '
        "The terminal handles 40 percent of the country's imports.",
    ]


def test_what_readers_wrote_is_never_the_article_s() -> None:
    """All below the heading over comments goes, whatever it says."""
    assert lines(one(DISCUSSED, "page.txt")) == [
        "The Lux will close on 30 June because its owner cannot pay for a new roof."
    ]


def test_a_heading_of_comments_over_no_comments_takes_nothing() -> None:
    """A link called Comments above the story is a menu's."""
    page = "The mill turns again\n\nComments\n\nThe mill at Orne turns again. It stood for 30 years.\n"
    assert lines(one(page, "page.txt")) == ["The mill at Orne turns again. It stood for 30 years."]


def test_markdown_tables_captions_and_footnotes() -> None:
    """Rows read as on a page, captions and marks go, the heading that repeats the title is the title."""
    article = one(MARKED, "page.md")
    assert article.title == '"We chose the well"'
    assert lines(article) == [
        "The village of Tarn has spent its whole budget on water.",
        "Item Cost",
        "Well 0.9 m",
        "Will it do so again?",
        "The mayor hopes not.",
    ]
    assert [block.kind for block in article.blocks][1] is BlockKind.ITEM
    assert article.published == "2025-03-02"


@pytest.mark.parametrize(
    ("stamp", "published"),
    [
        ("Published 14 January 2026 at 09:12 GMT", "2026-01-14T09:12:00Z"),
        ("Tuesday 3 March 2026, 08.00 CET", "2026-03-03"),
        ("Stand: 03.04.2026, 18:20 Uhr", "2026-04-03"),
        ("Posted on 2026-01-14T09:12:00+02:00", "2026-01-14T09:12:00+02:00"),
        ("In 2020 the river rose in 14 towns", None),
    ],
)
def test_the_stamp_under_the_title_says_when(stamp: str, published: str | None) -> None:
    """With the time where the zone is one that everybody reads alike, else the day."""
    assert one(f"The mill turns again\n{stamp}\n\nThe mill at Orne turns again.\n", "page.txt").published == published


def test_a_call_to_the_reader_at_a_paragraph_s_end_takes_the_call_alone() -> None:
    """The sentences of the story before it stay."""
    page = (
        "Dam fails inspection\n\nWater was found seeping through the foot of the dam on Wednesday, the district said. "
        "Got a tip? Write to our newsroom.\n\nSome 2,300 people live in the valley below.\n"
    )
    assert lines(one(page, "page.txt"))[0].endswith("the district said.")
    assert len(lines(one(page, "page.txt"))) == 2


def test_a_page_with_control_characters_is_read() -> None:
    """lxml refuses to move text that holds them."""
    assert lines(one("<p><script type='application/ld+json'></script>\x08The mill turns again.</p>", "a.html")) == [
        "The mill turns again."
    ]


LIVE = """Sverrholm Times | Tuesday 4 March 2025 | Log in | Subscribe for €1

World ▾   Business ▾   Culture ▾

Ministers quit in Orland: what we know

Karin Aas and Peter Lund
Tue 4 Mar 2025 21.05 CET

Share

Key points

• Four ministers of Orland's coalition resigned on Tuesday evening.
• The prime minister, Hanne Rask, says that she will stay in office.

The four belong to the Farmers' Union, which opposes a tax on fertiliser.

MORE ON THE CRISIS
Who leads the Farmers' Union
How long can she last?

Image caption,
Four empty chairs in parliament on Tuesday

If Rask loses on Friday, she has two weeks to form another government.

Hanne Orre can be reached at horre@times.example. Follow her on X: @horre.

Originally Published: March 4, 2025 at 9:00 p.m.
"""


def test_key_points_stay_and_what_leads_away_goes() -> None:
    """A masthead of labels is no title, a box ends where sentences begin, headlines that ask are no sentences."""
    article = one(LIVE, "page.txt")
    assert (article.title, article.published) == ("Ministers quit in Orland: what we know", "2025-03-04")
    assert lines(article) == [
        "Four ministers of Orland's coalition resigned on Tuesday evening.",
        "The prime minister, Hanne Rask, says that she will stay in office.",
        "The four belong to the Farmers' Union, which opposes a tax on fertiliser.",
        "If Rask loses on Friday, she has two weeks to form another government.",
    ]


def test_who_and_when_on_lines_of_one_markdown_paragraph() -> None:
    """Byline and date are read line by line, months by the names of several languages."""
    article = one(
        "# Le pont fermé jusqu'en juin\n\nPar **Lise Moreau**\nPublié le 12 février 2026 à 18h30\n"
        "Temps de lecture : 2 min.\n\nLe pont restera fermé, a annoncé le département.\n",
        "page.md",
    )
    assert (article.published, article.authors) == ("2026-02-12", ("Lise Moreau",))
    assert lines(article) == ["Le pont restera fermé, a annoncé le département."]
