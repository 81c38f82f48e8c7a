"""``/export``: the guild's log as a file, for spreadsheets without formulas, within Discord's size."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
from admin_house import Bureau, open_bureau, text
from bot_house import QUOTE, SECRET

from bot.export import COLUMNS, export, neutral
from bot.journal import Installation, member_key

ROW: dict[str, Any] = dict.fromkeys(COLUMNS) | {"answered": True, "confidence": 0.5, "citations": []}


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with open_bureau(tmp_path) as opened:
        yield opened


async def test_the_file_has_what_the_viewer_can_see_and_nobodys_key(bureau: Bureau) -> None:
    guild, other = bureau.env.create_guild(), bureau.env.create_guild(name="Other")
    channel, elsewhere = guild.create_text_channel("general"), other.create_text_channel("general")
    nobody = discord.PermissionOverwrite(view_channel=False)
    hidden = guild.create_text_channel("hidden", overwrites={guild.default_role: nobody})
    user = bureau.env.create_user("zebedee")
    ann = bureau.admin(guild, user)
    await ann.slash(channel, "ask", question='=HYPERLINK("https://evil.example")')
    await ann.slash(channel, "ask", question="Why, privately?", private=True)
    bureau.log(guild.id, hidden.id, "HIDDEN?")
    bureau.log(other.id, elsewhere.id, "ELSEWHERE?")
    bureau.log(None, 5, "DIRECT?", installation=Installation.DIRECT)

    result = await ann.slash(channel, "export")

    assert result.ephemeral
    assert result.response is not None
    assert text(result.response.components).startswith("One row, the newest first.")
    (file,) = result.response.attachments
    assert file.filename.endswith(".csv")
    content = (await file.read()).decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(content)))
    assert tuple(header) == COLUMNS
    found = dict(zip(header, row, strict=True))
    assert found["question"] == '\'=HYPERLINK("https://evil.example")'
    assert found["reply"].startswith("'-# You asked: =HYPERLINK")
    assert (found["channel"], found["channel_name"], found["answered"]) == (str(channel.id), "general", "true")
    assert json.loads(found["citations"].removeprefix("'"))[0] == {"number": 1, "article": 7, "quote": QUOTE}
    assert found["message"].startswith(f"https://discord.com/channels/{guild.id}/{channel.id}/")
    for secret in (member_key(SECRET, user.id), str(user.id), "zebedee", "HIDDEN", "ELSEWHERE", "DIRECT", "privately"):
        assert secret not in content

    result = await ann.slash(channel, "export", format="json")
    assert result.response is not None
    (row,) = json.loads(await result.response.attachments[0].read())
    assert row["question"] == '=HYPERLINK("https://evil.example")'
    assert row["citations"][0]["quote"] == QUOTE
    assert [(act.act, act.detail) for act in bureau.journal().acts.of(guild.id)] == [
        ("export", "json, 1 of 1 rows"),
        ("export", "csv, 1 of 1 rows"),
    ]


async def test_an_empty_log_is_a_sentence(bureau: Bureau) -> None:
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    ann = bureau.admin(guild, bureau.env.create_user("ann"))
    result = await ann.slash(channel, "export")
    assert result.response is not None
    assert text(result.response.components) == "There is nothing in the log of the channels you can see."
    assert result.response.attachments == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  ="])
def test_what_a_spreadsheet_might_run_is_text(start: str) -> None:
    """OWASP, "CSV Injection"; the other cells stay as they are."""
    assert neutral(f"{start}1+1") == f"'{start}1+1"
    assert neutral("Why = how?") == "Why = how?"


def test_what_is_too_large_is_compressed_and_then_cut_to_the_newest() -> None:
    rows = [{**ROW, "question": f"Question {number} " + "words " * 50} for number in range(500)]
    whole = export(rows, "csv", "log", 10_000_000)
    assert (whole.name, whole.rows, whole.total) == ("log.csv", 500, 500)
    packed = export(rows, "csv", "log", len(whole.content) - 1)
    assert (packed.name, packed.rows) == ("log.csv.gz", 500)
    assert gzip.decompress(packed.content) == whole.content
    cut = export(rows, "json", "log", 1_500)
    assert cut.name == "log.json.gz"
    assert len(cut.content) <= 1_500
    assert 0 < cut.rows < 500
    kept = json.loads(gzip.decompress(cut.content))
    assert [row["question"].split()[1] for row in kept] == [str(number) for number in range(cut.rows)]
    assert export([], "json", "log", 100).content == b"[]\n"
