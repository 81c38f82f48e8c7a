"""What members, admins and owners do on the stage, and which reply each page shows; for ``render_commands.py``."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
from reply_page import form_page
from stage import OWNER, SECRET, Stage, interactions_with

from bot import render
from bot.desk import Desk
from bot.journal import Exchange, Installation, Journal, Surface, member_key
from bot.journal_verdicts import Verdict
from bot.texts import load_catalogue
from index.records import Query

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from site_server import Site, a_feed, an_item

BARRIER = "Why did the flood barrier in Hadrow not work?"
QUESTIONS = (
    "Why did the Hadrow flood barrier not work?",
    "Why did the ferry crews vote to strike?",
    "Who spotted the new comet first?",
    "how many workers is brightmoor getting rid of",
    "Who designed the flood barrier in Hadrow?",
    "what caused the granary square tram accident",
    "Who's in charge of finance in the new government?",
    "How long does the ferry crossing to Skarrow take?",
    "what does edwin crane earn a year",
    "why does the comet look green",
)
ROOM = 12
"""Presses beyond those that one member has at once."""


@dataclasses.dataclass
class Town:
    """Where it plays, and who is there."""

    guild: Any
    channel: Any
    hall: Any
    ann: Any
    mira: Any
    owner: Any
    role: Any


def settle(at: Stage) -> Town:
    """A server with two channels, a member, an admin, and the bot's owner."""
    from simcord.backend.models.user import User
    from simcord.builders import UserHandle

    guild = at.env.create_guild(name="Brennic News Club")
    channel, hall = guild.create_text_channel("news"), guild.create_text_channel("town-hall")
    role = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True, manage_messages=True))
    ann = guild.add_member(at.env.create_user("ann"))
    mira = guild.add_member(at.env.create_user("mira"), roles=[role])
    user = User(id=OWNER, name="owner")
    at.env.backend.users[OWNER] = user
    owner = guild.add_member(UserHandle(at.env, user), roles=[role])
    me = at.parts.client.user
    at.names |= {me.id: "Newsdesk"} if me else {}
    at.names |= {channel.id: "news", hall.id: "town-hall", ann.id: "ann", mira.id: "mira", OWNER: "owner"}
    return Town(guild, channel, hall, ann, mira, owner, role)


async def play(at: Stage, site: Site) -> None:
    """Use every command, and keep what it is answered with."""
    town = settle(at)
    await at.parts.worker.keep(_past, at.desk, town.guild.id, town.channel.id)
    await _asking(at, town)
    await _speaking(at, town)
    await _browsing(at, town)
    await _following(at, town)
    await _administration(at, town)
    await _owning(at, town, site)
    await _rights(at, town)
    await _refusals(at, town)


async def _asking(at: Stage, town: Town) -> None:
    channel, ann = town.channel, town.ann
    await at.shown("ask", await ann.slash(channel, "ask", question=BARRIER))
    asked = await ann.slash(channel, "ask", question="Who won the women's cup final?")
    reply = await at.shown("ask-one-article", asked)
    await at.shown("context", await ann.click(reply, label="More context"))
    if _has(asked, "More sources"):
        await at.shown("more-sources", await ann.click(reply, label="More sources"))
    noted = await ann.click(reply, label="Not helpful")
    await at.shown("verdict", noted)
    form = await ann.click(noted.response.message, label="Say why")
    at.keep("reason", form_page(form.modal, at.reader()))
    await at.shown("verdict-reason", await ann.submit_modal(form, {"text": "It is about another final."}))
    await at.shown("verdict-wrong", await ann.click(reply, label="Wrong quote"))
    form = await ann.click(reply, label="Follow up")
    at.keep("follow-up-form", form_page(form.modal, at.reader()))
    await at.shown("follow-up", await ann.submit_modal(form, {"text": "And how did she save them?"}))
    await at.shown("ask-private", await ann.slash(channel, "ask", question=QUESTIONS[2], private=True))
    await at.shown("ask-narrowed", await ann.slash(channel, "ask", question=QUESTIONS[1], since="2025-03-01"))
    await at.shown("refused", await ann.slash(channel, "ask", question="What does Edwin Crane earn a year?"))
    await at.shown("newest", await ann.slash(channel, "ask", question="Any news?"))
    with interactions_with(locale="de"):
        other = town.mira
        await at.shown("ask-german", await other.slash(channel, "ask", question=QUESTIONS[5]), "de")
        await at.shown("refused-german", await other.slash(channel, "ask", question=QUESTIONS[8]), "de")


async def _speaking(at: Stage, town: Town) -> None:
    """By messages: a mention, a bare one, a reply, a direct message, and somebody's message checked."""
    channel, mira = town.channel, town.mira
    me = at.parts.client.user
    assert me is not None  # noqa: S101  # it is connected
    await mira.send(channel, f"{me.mention} {QUESTIONS[3]}")
    answer = channel.last_message
    at.stands("mention", answer)
    await mira.send(channel, f"{me.mention} and why?", reply_to=answer)
    at.stands("mention-follow-up", channel.last_message)
    await mira.send(channel, me.mention)
    at.stands("how-to", channel.last_message)
    await mira.send_dm("Wer hat den neuen Kometen zuerst entdeckt?")
    at.stands("direct-german", mira.user.dm_channel.last_message, "de")
    said = await mira.send(channel, "They say Brightmoor will cut 210 of its 640 jobs")
    await at.shown("check", await town.ann.context_menu(channel, "Check against the news", said))


async def _browsing(at: Stage, town: Town) -> None:
    channel, ann = town.channel, town.guild.add_member(at.env.create_user("jo"))
    story = "The ferry strike on Skarrow"
    latest = await ann.slash(channel, "latest")
    await at.shown("latest", latest)
    await at.shown("latest-next", await ann.click(latest.response.message, label="Next"))
    await at.shown("latest-topic", await ann.slash(channel, "latest", topic="science"))
    await at.shown("sources", await ann.slash(channel, "sources"))
    await at.shown("article", await ann.slash(channel, "article", article="Why Hadrow’s new flood barrier stayed open"))
    unfolded = await ann.slash(channel, "timeline", question=story)
    await at.shown("timeline", unfolded)
    if _has(unfolded, "As a picture"):
        await at.shown("timeline-picture", await ann.click(unfolded.response.message, label="As a picture"))
    await at.shown("timeline-none", await ann.slash(channel, "timeline", question="The price of tea in Lisbon"))
    with interactions_with(locale="de"):
        await at.shown("latest-german", await ann.slash(channel, "latest"), "de")
        await at.shown("sources-german", await ann.slash(channel, "sources"), "de")
        await at.shown("timeline-german", await ann.slash(channel, "timeline", question=story), "de")


async def _following(at: Stage, town: Town) -> None:
    channel, kim = town.channel, town.guild.add_member(at.env.create_user("kim"))
    await at.shown("following-none", await kim.slash(channel, "following"))
    asked = await kim.slash(channel, "ask", question=QUESTIONS[7])
    await at.shown("follow-button", await kim.click(asked.response.message, label="Tell me when this changes"))
    await at.shown("follow", await kim.slash(channel, "follow", question=BARRIER))
    await at.shown("follow-not-here", await kim.slash(channel, "follow", question=BARRIER, here=True))
    await at.shown("follow-here", await town.mira.slash(channel, "follow", question=QUESTIONS[1], here=True))
    listed = await kim.slash(channel, "following")
    await at.shown("following", listed)
    await at.shown("following-stopped", await kim.click(listed.response.message, label="Stop 1"))

    def long_ago(journal: Journal) -> None:
        """Of that question nothing was known yet."""
        journal.follows.add(
            member=member_key(SECRET, kim.id), sealed=at.vault.seal(kim.id, 0), question=QUESTIONS[1],
            understood=QUESTIONS[1], exchange=None, guild=town.guild.id, public=False, locale="en",
            now=datetime(2020, 1, 1, tzinfo=UTC), until=datetime.now(UTC) + timedelta(days=9), seen=0, known=[],
        )  # fmt: skip

    await at.write(long_ago)
    await at.tell()
    told = kim.user.dm_channel.last_message
    at.stands("follow-told", told)
    await at.shown("follow-stopped", await kim.user.click(told, label="Stop"))
    with interactions_with(locale="de"):
        await at.shown("following-german", await kim.slash(channel, "following"), "de")


async def _administration(at: Stage, town: Town) -> None:
    channel, admin = town.channel, town.guild.add_member(at.env.create_user("sam"), roles=[town.role])
    setup = await at.shown("setup", await admin.slash(channel, "setup"))
    await admin.select(setup, [town.hall], custom_id="ndp:threads")
    await at.shown("setup-changed", await admin.slash(channel, "setup"))
    await at.shown("stats", await admin.slash(channel, "stats"))
    await at.shown("export", await admin.slash(channel, "export"))
    with interactions_with(locale="de"):
        await at.shown("setup-german", await admin.slash(channel, "setup"), "de")
        await at.shown("stats-german", await admin.slash(channel, "stats"), "de")
    without = discord.Permissions.all()
    without.attach_files = False
    with interactions_with(app_permissions=str(without.value)):
        await at.shown("error-attach", await admin.slash(channel, "export"))
    await at.shown("only-for-the-owner", await admin.slash(channel, "reindex"))
    (known,) = [each for each in await at.parts.client.tree.fetch_commands() if each.name == "stats"]
    town.guild.set_command_permissions(known, {town.ann: True})
    await at.shown("only-for-admins", await town.ann.slash(channel, "stats"))


async def _owning(at: Stage, town: Town, site: Site) -> None:
    channel, owner = town.channel, town.owner
    home = site.url("/", "mercury.example")
    at.shown_as[f".example:{site.port}"] = ".example"
    await at.shown("source-test", await owner.slash(channel, "source test", address=home))
    await at.shown("source-nothing", await owner.slash(channel, "source test", address=site.url("/", "empty.example")))
    await at.shown("source-unreachable", await owner.slash(channel, "source test", address="http://10.0.0.1/feed"))
    added = await owner.slash(channel, "source add", address=home, name="The Skarrow Mercury", topics="local, sea")
    await at.shown("source-add", added)
    await at.shown("source-there", await owner.slash(channel, "source add", address=home))
    name = "The Skarrow Mercury"
    await at.shown("source-pause", await owner.slash(channel, "source pause", source=name))
    await at.shown("source-resume", await owner.slash(channel, "source pause", source=name, resume=True))
    with interactions_with(locale="de"):
        await at.shown("source-test-german", await owner.slash(channel, "source test", address=home), "de")
    await at.shown("source-remove", await owner.slash(channel, "source remove", source=name))
    await at.shown("source-unknown", await owner.slash(channel, "source remove", source="The Moon Gazette"))


async def _rights(at: Stage, town: Town) -> None:
    channel, ann = town.channel, town.ann
    reply = (await ann.slash(channel, "ask", question=QUESTIONS[9])).response.message
    await at.shown("privacy-show", await ann.slash(channel, "privacy show"))
    await at.shown("privacy-export", await ann.slash(channel, "privacy export"))
    asked = await ann.slash(channel, "privacy delete")
    await at.shown("privacy-delete", asked)
    with interactions_with(locale="de"):
        await at.shown("privacy-german", await ann.slash(channel, "privacy show"), "de")
    await at.shown("privacy-deleted", await ann.click(asked.response.message, label="Delete everything"))
    await at.shown("privacy-nothing", await ann.slash(channel, "privacy show"))
    await at.shown("error-button-unknown", await ann.click(reply, label="Helpful"))


async def _refusals(at: Stage, town: Town) -> None:
    """What is read instead of an answer where all is well with the bot."""
    channel, pat = town.channel, town.guild.add_member(at.env.create_user("pat"))
    await at.shown("error-date", await pat.slash(channel, "ask", question=QUESTIONS[4], since="someday"))
    await at.shown("error-source", await pat.slash(channel, "ask", question=QUESTIONS[4], source="The Moon Gazette"))
    await at.shown("error-article", await pat.slash(channel, "article", article="999999"))
    await pat.send_dm("Why " + "and why " * 60 + "did the barrier not work?")
    at.stands("error-long", pat.user.dm_channel.last_message)
    quick = town.guild.add_member(at.env.create_user("quick"))
    asked = [await quick.slash(channel, "ask", question=BARRIER) for _ in range(ROOM)]
    await at.shown("error-too-many-questions", asked[-1])
    presses = [await quick.click(asked[0].response.message, label="More context") for _ in range(30)]
    await at.shown("error-too-many-presses", presses[-1])
    setup = (await town.mira.slash(channel, "setup")).response.message
    await town.mira.select(setup, [town.hall], custom_id="ndp:channels")
    await at.shown("error-elsewhere", await pat.slash(channel, "ask", question=BARRIER))


async def trouble(at: Stage, name: str, *commands: str) -> None:
    """What members read while something is wrong with the bot."""
    town = settle(at)
    options = {"ask": {"question": BARRIER}, "timeline": {"question": BARRIER}, "follow": {"question": BARRIER}}
    for command in commands:
        answered = await town.mira.slash(town.channel, command, **options.get(command, {}))
        await at.shown(f"error-{name}-{command.replace(' ', '-')}", answered)


def a_site() -> Site:
    """The site of a made-up paper, on this machine."""
    site = Site()
    feed = site.url("/feed.xml", "mercury.example")
    offered = f'<link rel="alternate" type="application/rss+xml" href="{feed}">'
    front = f"<!doctype html><title>The Skarrow Mercury</title>{offered}"
    site.put("/", front, host="mercury.example")
    site.put("/", "<!doctype html><title>Nothing</title><p>Nothing here.", host="empty.example")
    titles = (
        "Ferry crews and company agree on rest days",
        "Skarrow school gets its second bus",
        "Harbour master: “We counted nine seals”",
    )
    date = "<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate>"
    items = [an_item(site.url(f"/{number}", "mercury.example"), title, date) for number, title in enumerate(titles)]
    site.put("/feed.xml", a_feed(*items), host="mercury.example")
    return site


def _has(result: Any, label: str) -> bool:
    return label in json.dumps(result.response.components)


def _past(desk: Desk, guild: int, channel: int) -> None:
    """A month of questions in the log, answered as they would be today."""
    now = datetime.now(UTC)
    answers = [desk.ask(Query(question, now)) for question in QUESTIONS]
    texts = load_catalogue().texts("en")
    for day in range(30):
        for each in range((day * 7) % 5 + (day % 7 < 5)):
            answer = answers[(day * 3 + each) % len(answers)]
            asked = now - timedelta(days=day, minutes=7 * each)
            row = desk.journal().record(
                Exchange(
                    asked=asked,
                    surface=Surface.SLASH,
                    question=answer.query.text,
                    reply=render.reply(answer, answer.query.text, texts).text,
                    answer=dataclasses.replace(answer, query=dataclasses.replace(answer.query, now=asked)),
                    took_ms=answer.took_ms,
                    installation=Installation.GUILD,
                    guild=guild,
                    channel=channel,
                    member=member_key(SECRET, day + each),
                    locale="en-US",
                )
            )
            if answer.answered and (day + each) % 3:
                verdict = Verdict.UNHELPFUL if (day + each) % 7 == 1 else Verdict.HELPFUL
                desk.journal().verdicts.give(row, member_key(SECRET, day), verdict, "", now=asked)
