"""``/stats`` in a simulated Discord: what counts, for whom, and the picture beside it."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
from admin_house import Bureau, everything, open_bureau, text
from bot_house import SECRET

from bot.chart import HEIGHT, WIDTH, Bar, draw
from bot.commands.reports import charted
from bot.journal import Installation, member_key
from bot.journal_reports import Figures
from bot.journal_verdicts import Verdict
from bot.topics import Topic, grouped

NOW = datetime.now(UTC)


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with open_bureau(tmp_path) as opened:
        yield opened


def judge(bureau: Bureau, exchange: int, *verdicts: Verdict) -> None:
    journal = bureau.journal()
    for number, verdict in enumerate(verdicts):
        journal.verdicts.give(exchange, member_key(SECRET, number), verdict, "", now=NOW)
    journal.close()


async def test_stats_count_what_the_viewer_can_see(bureau: Bureau) -> None:
    """Of this guild, in channels the viewer reads, not private, not older: three questions, one of them answered."""
    guild, other = bureau.env.create_guild(), bureau.env.create_guild(name="Other")
    channel, elsewhere = guild.create_text_channel("general"), other.create_text_channel("general")
    nobody = discord.PermissionOverwrite(view_channel=False)
    hidden = guild.create_text_channel("hidden", overwrites={guild.default_role: nobody})
    ann = bureau.admin(guild, bureau.env.create_user("ann"))
    answered = bureau.log(guild.id, channel.id, "Why was the ferry cancelled?", asked=NOW)
    judge(bureau, answered, Verdict.HELPFUL, Verdict.HELPFUL, Verdict.UNHELPFUL, Verdict.WRONG)
    bureau.log(guild.id, channel.id, "When does the *ferry* strike end?", answered=False, asked=NOW)
    bureau.log(guild.id, channel.id, "Is the ferry strike over?", answered=False, asked=NOW)
    bureau.log(guild.id, channel.id, "PRIVATE?", answered=False, private=True)
    bureau.log(guild.id, channel.id, "BROUGHT?", answered=False, installation=Installation.USER)
    bureau.log(guild.id, channel.id, "OLD?", answered=False, asked=NOW - timedelta(days=40))
    bureau.log(guild.id, hidden.id, "HIDDEN?", answered=False)
    bureau.log(guild.id, 123, "GONE?", answered=False)
    bureau.log(other.id, elsewhere.id, "ELSEWHERE?", answered=False)
    bureau.log(None, 5, "DIRECT?", answered=False, installation=Installation.DIRECT)
    await bureau.restart()

    result = await ann.slash(channel, "stats")

    assert result.ephemeral
    assert result.response is not None
    assert text(result.response.components).splitlines() == [
        "**Questions of the last 30 days**",
        "3 questions, 1 answered (33 %)",
        "4 verdicts, 2 helpful (50 %)",
        "**Not answered, by topic**",
        "- **ferry, strike**: 2, such as “Is the ferry strike over?”",
        "-# Without direct messages, private replies and channels you cannot see. Days are those of UTC.",
    ]
    (gallery,) = [each for each in everything(result.response.components) if each["type"] == 12]
    day = f"{NOW:%m-%d}"
    assert gallery["items"][0]["description"].endswith(f": 3 asked, 1 answered; most at {day} with 3.")
    (picture,) = result.response.attachments
    assert picture.filename == "stats.png"
    assert [(act.act, act.detail) for act in bureau.journal().acts.of(guild.id)] == [("stats", "30 days")]


async def test_an_owner_of_the_guild_sees_the_hidden_channel_too(bureau: Bureau) -> None:
    guild = bureau.env.create_guild()
    nobody = discord.PermissionOverwrite(view_channel=False)
    hidden = guild.create_text_channel("hidden", overwrites={guild.default_role: nobody})
    channel = guild.create_text_channel("general")
    role = guild.create_role("a", permissions=discord.Permissions(administrator=True))
    ann = guild.add_member(bureau.env.create_user("ann"), roles=[role])
    bureau.log(guild.id, hidden.id, "What of it?", answered=False)

    result = await ann.slash(channel, "stats", period=7)

    assert result.response is not None
    assert "- others: 1, such as “What of it?”" in text(result.response.components)


async def test_a_private_thread_is_seen_by_those_who_manage_threads(bureau: Bureau) -> None:
    """Discord does not tell a bot who else was let into one."""
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    ann = bureau.admin(guild, bureau.env.create_user("ann"))
    role = guild.create_role("keepers", permissions=discord.Permissions(manage_guild=True, manage_threads=True))
    ben = guild.add_member(bureau.env.create_user("ben"), roles=[role])
    mine = bureau.client.get_channel(channel.id)
    assert isinstance(mine, discord.TextChannel)
    thread = await mine.create_thread(name="secret", type=discord.ChannelType.private_thread)
    bureau.log(guild.id, thread.id, "What of it?", answered=False)
    for viewer, sees in ((ann, False), (ben, True)):
        result = await viewer.slash(channel, "stats")
        assert result.response is not None
        assert ("What of it?" in text(result.response.components)) is sees


async def test_nothing_asked_is_a_sentence_without_a_picture(bureau: Bureau) -> None:
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    ann = bureau.admin(guild, bureau.env.create_user("ann"))

    result = await ann.slash(channel, "stats", period=90)

    assert result.response is not None
    assert text(result.response.components).startswith("Nothing was asked in the last 90 days")
    assert result.response.attachments == []


def test_questions_are_grouped_by_the_words_they_share() -> None:
    questions = [
        "Who won the cup final?", "Wann endet der Streik der Fähren?", "When is the cup final?", "Streik?", "Hello?",
        "Was the Cup's final moved",
    ]  # fmt: skip
    assert grouped(questions, 5) == [
        Topic(("cup", "final"), (questions[0], questions[2], questions[5])),
        Topic(("Streik",), (questions[1], questions[3])),
        Topic((), (questions[4],)),
    ]
    assert grouped([], 5) == []
    assert [len(topic.questions) for topic in grouped(questions, 1)] == [3, 3]


def test_days_without_questions_are_bars_of_nothing_and_long_times_go_by_the_week() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC).date()
    figures = Figures({"2026-01-02": (3, 1), "2026-01-09": (2, 2)}, 0, 0, 0)
    days = charted(figures, first, first + timedelta(days=2))
    assert days == [Bar("01-01", 0, 0), Bar("01-02", 3, 1), Bar("01-03", 0, 0)]
    weeks = charted(figures, first, first + timedelta(days=89))
    assert weeks[:2] == [Bar("01-01", 3, 1), Bar("01-08", 2, 2)]
    assert len(weeks) == 13


def test_the_picture_shows_bars_as_high_as_their_numbers() -> None:
    from PIL import Image

    image = Image.open(io.BytesIO(draw([Bar("01-01", 4, 4), Bar("01-02", 4, 0), Bar("01-03", 0, 0)], "a", "b")))
    assert image.size == (WIDTH, HEIGHT)
    filled = sum(1 for y in range(80, 414) if image.getpixel((170, y)) == (0x8A, 0xB4, 0xFF))
    assert filled > 320
    assert not any(image.getpixel((800, y)) == (0x8A, 0xB4, 0xFF) for y in range(80, 414))


def test_importing_the_commands_loads_no_picture_library() -> None:
    """Pillow is loaded with the first chart, not before."""
    code = "import sys, bot.commands.admin; print('PIL' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
