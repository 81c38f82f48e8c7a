"""Browsing in a simulated Discord: lists paged after a restart too, and articles as far as they may be shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from admin_house import Bureau, buttons, open_bureau, text
from bot_house import make_citation
from fakes import an_article

from bot.guilds import GuildSettings
from corpus.passages import passages
from corpus.records import Source, SourceKind
from corpus.store import Store

LONG = " ".join(f"Sentence {number} is about the harbour." for number in range(1, 13))


def fill(folder: Path) -> None:
    """Twelve articles of the Post, one of the Wire that may be read whole, one that may not be quoted."""
    store = Store(folder / "corpus.db")
    post = store.put_source(
        Source("The Harbour Post", SourceKind.FOLDER, "", topics=("ships", "ice"), max_quote_words=20)
    )
    wire = store.put_source(Source("Ostrel Wire", SourceKind.FOLDER, "", topics=("ice",), full_text=True))
    mute = store.put_source(Source("Quiet Daily", SourceKind.FOLDER, ""))
    for day in range(1, 13):
        own = " ".join(f"word{day}of{number}" for number in range(40))  # or all were copies of one story
        article = an_article(
            LONG, own, title=f"Harbour day {day}", published=f"2026-01-{day:02}", url=f"https://harbour.example/{day}"
        )
        store.put(article, passages(article), key=f"p{day}", source=post)
    paragraphs = [f"Paragraph {number} " + "of the ice report. " * 30 for number in range(1, 9)]
    first = an_article(*paragraphs, title="The *ice* report", published="2026-02-01")
    store.put(first, passages(first), key="w1", source=wire)
    second = an_article(
        *paragraphs[:-1], "The end.", title="The *ice* report", published="2026-02-01", updated="2026-02-02T08:00:00Z",
        notes=("Correction: an earlier version named the wrong ship.",),
    )  # fmt: skip
    store.put(second, passages(second), key="w1", source=wire)
    hidden = an_article("Nobody may quote this.", title="Quiet", robots=("nosnippet",), url="https://quiet.example/1")
    store.put(hidden, passages(hidden), key="q1", source=mute)
    reserved = an_article("Not for machines.", title="Reserved", robots=("noai",))
    store.put(reserved, passages(reserved), key="q2", source=mute)
    store.close()


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    fill(tmp_path)
    async with open_bureau(tmp_path) as opened:
        yield opened


async def test_latest_lists_the_newest_first_and_turns_pages_after_a_restart(bureau: Bureau) -> None:
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))

    result = await ann.slash(channel, "latest")

    assert result.response is not None
    shown = result.response.components
    lines = text(shown).splitlines()
    assert lines[:3] == [
        "**Newest articles**, 14 in all",
        "The \\*ice\\* report",
        "-# Ostrel Wire, <t:1769947200:D> · changed once",
    ]
    assert lines[3] == "[Harbour day 12](<https://harbour.example/12>)"
    assert lines[-1] == "-# Page 1 of 2"
    assert "Reserved" not in text(shown)
    assert buttons(shown) == {"Next": "nd:latest:.2"}

    await bureau.restart()
    message = channel.last_message
    assert message is not None
    await ann.click(message, custom_id="nd:latest:.2")

    turned = result.response.components
    assert text(turned).splitlines()[1] == "[Harbour day 5](<https://harbour.example/5>)"
    assert text(turned).splitlines()[-1] == "-# Page 2 of 2"
    assert buttons(turned) == {"Previous": "nd:latest:.1"}


async def test_somebody_else_turns_pages_of_their_own(bureau: Bureau) -> None:
    """The list that another member asked for stays as it is."""
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
    ben = bureau.env.guild.add_member(bureau.env.create_user("ben"))
    result = await ann.slash(channel, "latest")
    assert result.response is not None

    pressed = await ben.click(result.response.message, label="Next")

    assert text(result.response.components).splitlines()[-1] == "-# Page 1 of 2"
    assert pressed.response is not None
    assert pressed.ephemeral
    assert text(pressed.response.components).splitlines()[-1] == "-# Page 2 of 2"


async def test_latest_by_source_and_by_topic(bureau: Bureau) -> None:
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))

    offered = await ann.autocomplete(channel, "latest", "source", "o")
    assert [each["value"] for each in offered] == ["Ostrel Wire", "The Harbour Post"]
    assert [each["value"] for each in await ann.autocomplete(channel, "latest", "topic", "")] == ["ice", "ships"]
    by_source = await ann.slash(channel, "latest", source="ostrel wire")
    by_topic = await ann.slash(channel, "latest", topic="ships")
    both = await ann.slash(channel, "latest", topic="ships", source="Ostrel Wire")
    unknown = await ann.slash(channel, "latest", topic="sh*ps")
    assert by_source.response is not None
    assert text(by_source.response.components).startswith("**Newest articles** by Ostrel Wire, 1 in all")
    assert by_topic.response is not None
    assert text(by_topic.response.components).startswith("**Newest articles** on ships, 12 in all")
    assert both.response is not None
    assert text(both.response.components) == "Please choose a source or a topic, not both."
    assert unknown.response is not None
    assert "“sh\\*ps”" in text(unknown.response.components)


async def test_a_guild_sees_only_its_sources(bureau: Bureau) -> None:
    """In lists, suggestions, articles, and on buttons of lists sent before the admins chose."""
    house, elsewhere = bureau.env.create_guild(), bureau.env.create_guild(name="Other")
    channel, other = house.create_text_channel("general"), elsewhere.create_text_channel("general")
    ann, ben = house.add_member(bureau.env.create_user("ann")), elsewhere.add_member(bureau.env.create_user("ben"))
    before = await ann.slash(channel, "latest")
    assert before.response is not None
    bureau.book.put(house.id, GuildSettings(sources=frozenset({"Ostrel Wire"})))

    listed = await ann.slash(channel, "latest")
    sources = await ann.slash(channel, "sources")
    article = await ann.slash(channel, "article", article="Harbour day 3")
    await ann.click(before.response.message, label="Next")

    assert listed.response is not None
    assert text(listed.response.components).startswith("**Newest articles**, 1 in all")
    assert sources.response is not None
    assert "Harbour Post" not in text(sources.response.components)
    assert article.response is not None
    assert text(article.response.components).startswith("I find no such article here.")
    assert text(before.response.components).startswith("**Newest articles**, 1 in all")
    assert await ann.autocomplete(channel, "latest", "source", "harb") == []
    assert await ann.autocomplete(channel, "article", "article", "harbour") == []
    theirs = await ben.slash(other, "latest")
    assert theirs.response is not None
    assert text(theirs.response.components).startswith("**Newest articles**, 14 in all")


async def test_sources_say_how_many_the_newest_and_how_they_fare(bureau: Bureau) -> None:
    channel = bureau.env.create_guild(preferred_locale="de").create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
    bureau.sources.write_text(
        '[[source]]\nname = "The Harbour Post"\nkind = "folder"\npath = "post"\ntopics = ["ships"]\npaused = true\n'
        '\n[[source]]\nname = "New Weekly"\nkind = "folder"\npath = "new"\n',
        encoding="utf-8",
    )

    result = await ann.slash(channel, "sources")

    assert result.response is not None
    assert text(result.response.components).splitlines() == [
        "**4 sources** with 14 articles",
        "**The Harbour Post**: 12 articles",
        "Newest: [Harbour day 12](<https://harbour.example/12>), <t:1768219200:D>",
        "-# Paused: nothing new is read · ships",
        "**New Weekly**: no articles yet",
        "-# Not read yet",
        "**Ostrel Wire**: one article",
        "Newest: The \\*ice\\* report, <t:1769947200:D>",
        "-# Kept, but nothing new is read · ice",
        "**Quiet Daily**: one article",
        "Newest: [Quiet](<https://quiet.example/1>)",
        "-# Kept, but nothing new is read",
    ]


async def test_an_article_in_full_is_paged_with_its_revisions(bureau: Bureau) -> None:
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
    (choice,) = await ann.autocomplete(channel, "article", "article", "ice")
    assert choice["name"] == "The *ice* report – Ostrel Wire"

    result = await ann.slash(channel, "article", article=choice["value"])

    assert result.response is not None
    first = text(result.response.components)
    assert first.startswith("**The \\*ice\\* report**\nOstrel Wire, <t:1769947200:D>\nParagraph 1 of the ice report.")
    assert "**2 revisions**\n**2** <t:1770019200:f>\n> Correction: an earlier version named the wrong ship." in first
    assert "**1** <t:1769947200:f>, the first" in first
    seen = first
    while "Next" in buttons(result.response.components):
        await bureau.restart()
        message = channel.last_message
        assert message is not None
        await ann.click(message, label="Next")
        seen += text(result.response.components)
    assert [f"Paragraph {number} " in seen for number in range(1, 8)] == [True] * 7
    assert "The end." in seen


async def test_an_article_is_quoted_within_its_sources_limit(bureau: Bureau) -> None:
    """The quote that was cited, with whole sentences around it: twenty words in all, and no more."""
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
    store = Store(bureau.folder / "corpus.db")
    number = store.shelf.titled("harbour day 3", ["The Harbour Post"], limit=1)[0].id
    kept = store.shelf.read(number, ["The Harbour Post"])
    store.close()
    assert kept is not None
    start = LONG.index("Sentence 5")
    end = LONG.index(" Sentence 6")
    bureau.newsroom.citations = (make_citation(article=number, revision=kept.revision, start=start, end=end),)
    await ann.slash(channel, "ask", question="What about the harbour?")

    cited = await ann.slash(channel, "article", article="1")
    opening = await ann.slash(channel, "article", article="Harbour day 3")
    offered = await ann.autocomplete(channel, "article", "article", "")

    assert cited.response is not None
    assert text(cited.response.components).splitlines()[2:5] == [
        "> Sentence 4 is about the harbour.",
        "> **Sentence 5 is about the harbour.**",
        "> Sentence 6 is about the harbour.",
    ]
    assert "Sentence 7" not in text(cited.response.components)
    assert opening.response is not None
    assert text(opening.response.components).splitlines()[2:4] == [
        "> Sentence 1 is about the harbour.",
        "> Sentence 2 is about the harbour.",
    ]
    assert offered[0] == {"name": "1: Harbour day 3 – The Harbour Post", "value": "1"}


async def test_a_private_answer_is_remembered_for_its_asker_alone(bureau: Bureau) -> None:
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
    ben = bureau.env.guild.add_member(bureau.env.create_user("ben"))
    bureau.newsroom.citations = (make_citation(article=3),)
    await ann.slash(channel, "ask", question="What about the harbour?", private=True)

    hers = await ann.autocomplete(channel, "article", "article", "1")
    his = await ben.autocomplete(channel, "article", "article", "1")

    assert hers[0]["value"] == "1"
    assert his[0]["value"].startswith("#")


async def test_what_may_not_be_quoted_is_named_with_its_link(bureau: Bureau) -> None:
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))

    result = await ann.slash(channel, "article", article="quiet")
    reserved = await ann.slash(channel, "article", article="reserved")

    assert result.response is not None
    assert text(result.response.components).splitlines()[:3] == [
        "**[Quiet](<https://quiet.example/1>)**",
        "Quiet Daily",
        "The source allows no quotation of this article. Please read it there.",
    ]
    assert "Nobody may" not in text(result.response.components)
    assert reserved.response is not None
    assert text(reserved.response.components).startswith("I find no such article here.")


async def test_in_a_channel_that_was_kept_free_only_the_member_sees_it(bureau: Bureau) -> None:
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    ann = guild.add_member(bureau.env.create_user("ann"))
    bureau.book.put(guild.id, GuildSettings(channels=frozenset({1}), language="de"))

    result = await ann.slash(channel, "latest")

    assert result.ephemeral
    bureau.book.put(guild.id, GuildSettings(language="de"))
    result = await ann.slash(channel, "latest")
    assert not result.ephemeral
    assert result.response is not None
    assert text(result.response.components).startswith("**Neueste Artikel**, insgesamt 14")


async def test_without_articles_a_plain_sentence(tmp_path: Path) -> None:
    async with open_bureau(tmp_path) as bureau:
        channel = bureau.env.create_guild().create_text_channel("general")
        ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
        result = await ann.slash(channel, "latest")
        assert result.response is not None
        assert text(result.response.components).startswith("I have nothing to search at the moment")
        fill(tmp_path)
        result = await ann.slash(channel, "latest")
        assert result.response is not None
        assert text(result.response.components).startswith("**Newest articles**, 14 in all")
