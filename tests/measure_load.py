"""A crowd asks at once: ``.venv/bin/python tests/measure_load.py`` runs ``python -m bot`` on a Discord on loopback.

Members ask by command, by mention and by direct message, evenly over the time given, each within what one member may
ask. Afterwards every question is looked up in what the bot sent and in its log: how many were lost, or answered twice;
how long Discord waited for the acknowledgement and the member for the reply; the bot's memory; its heartbeats. The exit
status is 1 where a question was lost or doubled, an acknowledgement took a second, or a heartbeat was late by half its
interval. The Discord runs on the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from discord_server import Channel, DiscordServer, Interaction, Message, User
from test_wire import Bot, running, warm

from bot.journal import Journal
from bot.settings import ROOT
from corpus.sources import load_sources
from index.embedder import DEFAULT_MODEL, load
from index.prepare import prepare
from index.reindex import reindex

SAMPLE = ROOT / "corpus" / "sample"
HEARTBEAT_SECONDS = 1.0
"""Forty times as often as Discord asks for it, so that a minute shows many."""
PATIENCE = 180.0
WORST_ACKNOWLEDGEMENT = 1.0


@dataclass
class Question:
    """One question, and what became of it; seconds on the server's clock."""

    text: str
    asked_at: float
    command: Interaction | None = None
    message: Message | None = None
    replies: list[float] = field(default_factory=list)
    delay: float | None = None  # of the acknowledgement


@dataclass
class Load:
    """What is asked, by whom, and how fast."""

    questions: int
    members: int
    seconds: float
    asked: list[Question] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)  # seconds since the start, MB

    async def run(self, bot: Bot, texts: Sequence[str]) -> None:
        """Ask everything, and wait until nothing more comes."""
        server, chance = bot.server, random.Random(7)
        members = [server.add_member(f"member-{number}") for number in range(self.members)]
        channels = [server.add_channel(f"channel-{number}") for number in range(5)]
        began = time.monotonic()
        watching = asyncio.create_task(self._watch(bot.process.pid, began))
        for number in range(self.questions):
            await asyncio.sleep(max(0.0, began + self.seconds * number / self.questions - time.monotonic()))
            text = f"{chance.choice(texts)} ({number})"
            await self._ask(server, members[number % self.members], chance.choice(channels), text, number)
        quiet = 0
        before = -1
        while quiet < 3 and time.monotonic() < began + self.seconds + PATIENCE:
            await asyncio.sleep(1.0)
            quiet = quiet + 1 if len(server.requests) == before else 0
            before = len(server.requests)
        watching.cancel()

    async def _ask(self, server: DiscordServer, member: User, channel: Channel, text: str, number: int) -> None:
        asked = Question(text, time.monotonic())
        if number % 5 == 0:
            asked.message = await server.direct_message(member, text)
        elif number % 2:
            asked.message = await server.message(channel, member, text, mentions_bot=True)
        else:
            asked.command = await server.slash("ask", {"question": text}, member, channel)
        self.asked.append(asked)

    async def _watch(self, process: int, began: float) -> None:
        while True:
            self.memory.append((time.monotonic() - began, resident(process)))
            await asyncio.sleep(1.0)

    def look_up(self, server: DiscordServer) -> None:
        """Find what became of each question; once the bot has stopped, so that nothing comes any more."""
        by_token = {each.command.token: each for each in self.asked if each.command}
        by_message = {each.message.id: each for each in self.asked if each.message}
        for request in server.requests:
            if request.status != 200:
                continue
            parts = request.path.split("/")
            if request.method == "PATCH" and parts[1] == "webhooks" and parts[3] in by_token:
                by_token[parts[3]].replies.append(request.time)
            elif request.method == "POST" and parts[1] == "channels" and parts[-1] == "messages":
                answered = int((request.json.get("message_reference") or {}).get("message_id", 0))
                if answered in by_message:
                    by_message[answered].replies.append(request.time)
        for each in by_token.values():
            each.delay = each.command.acknowledgement.delay if each.command and each.command.acknowledgement else None


def resident(process: int) -> float:
    """The memory that a process holds, MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def report(run: Load, bot: Bot, beats: Sequence[float]) -> int:
    """Print the figures; the exit status."""
    counts = Counter(len(each.replies) for each in run.asked)
    logged = _logged(bot.data, {each.text for each in run.asked})
    waits = sorted(each.replies[0] - each.asked_at for each in run.asked if each.replies)
    delays = sorted(each.delay for each in run.asked if each.delay is not None)
    late = [second - first for first, second in pairwise(beats)]
    refused = Counter(request.status for request in bot.server.requests if request.status not in (200, 204))
    told = sum(1 for each in run.asked if each.replies and not logged[each.text])
    lost, doubled = counts[0], sum(count for replies, count in counts.items() if replies > 1)
    half = len(run.memory) // 2
    growth = statistics.mean(mb for _, mb in run.memory[-5:]) - statistics.mean(mb for _, mb in run.memory[half:][:5])
    lines = (
        f"asked {len(run.asked)} in {run.seconds:g} s by {run.members} members; lost {lost}, doubled {doubled}",
        f"answered and logged once: {sum(1 for count in logged.values() if count == 1)}; asked to come again: {told}",
        f"acknowledged after {_spread(delays)} ms ({len(delays)} commands)",
        f"answered after {_spread(waits)} ms",
        f"heartbeats every {HEARTBEAT_SECONDS:g} s: {len(late)}, longest pause {max(late):.2f} s",
        f"memory, MB: {', '.join(f'{mb:.0f} at {at:.0f} s' for at, mb in run.memory[:: len(run.memory) // 8 or 1])}",
        f"memory at the end against the middle: {growth:+.1f} MB",
        f"requests {len(bot.server.requests)}, not taken: {dict(refused) or 'none'}",
    )
    print(*lines, sep="\n")  # noqa: T201  # what this is run for
    slow = not delays or delays[-1] > WORST_ACKNOWLEDGEMENT
    return int(bool(lost or doubled or slow or max(late) > 1.5 * HEARTBEAT_SECONDS or _odd(logged, run)))


def _logged(data: Path, texts: set[str]) -> Counter[str]:
    journal = Journal(data / "journal.db")
    try:
        return Counter(str(row["question"]) for row in journal.recent(100_000) if row["question"] in texts)
    finally:
        journal.close()


def _odd(logged: Counter[str], run: Load) -> int:
    return sum(1 for each in run.asked if logged[each.text] != 1)


def _spread(values: Sequence[float]) -> str:
    at = [values[min(len(values) - 1, int(share * len(values)))] * 1000 for share in (0.5, 0.95, 0.99, 1.0)]
    return "{:.0f} (half), {:.0f} (95 %), {:.0f} (99 %), {:.0f} (all)".format(*at)


async def measured(run: Load, data: Path, texts: Sequence[str]) -> int:
    """Run the bot and the crowd."""
    async with DiscordServer(heartbeat_interval=HEARTBEAT_SECONDS) as server:
        async with running(server, data) as bot:
            await warm(bot)
            first = len(server.heartbeats)
            await run.run(bot, texts)
            beats = [beat.time for beat in server.heartbeats[first:]]
        run.look_up(server)
        return report(run, bot, beats)


def main() -> int:
    """Make a data folder with the sample corpus, and load a bot on it; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--models", type=Path, default=ROOT / "data" / "models", help="fast exports, made when missing")
    wanted = parser.parse_args()
    lines = (SAMPLE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["question"] for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        wanted.models.mkdir(parents=True, exist_ok=True)
        (data / "models").symlink_to(wanted.models.resolve())
        prepare(DEFAULT_MODEL, data / "models")
        reindex(
            data / "corpus.db",
            data / "index",
            lambda: load(DEFAULT_MODEL, data / "models"),
            who="the load run",
            sample=load_sources(SAMPLE / "sources.toml"),
        )
        return asyncio.run(measured(Load(wanted.questions, wanted.members, wanted.seconds), data, texts))


if __name__ == "__main__":
    sys.exit(main())
