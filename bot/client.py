"""The connection to Discord: what is asked for at identify, what is sent, and to whom events are passed on.

No privileged intent is needed: Discord sends a message's content to a bot that it mentions or writes to. The operator
may opt into Message Content, for channels where every question is answered.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.render import Button, Message
from bot.texts import Catalogue

log = logging.getLogger(__name__)

REMEMBERED = 10_000
"""Events remembered so that none is answered twice: hours of a busy bot, a megabyte of memory."""
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)

NOT_SENT = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What a request to Discord ends with that was refused, or whose connection broke."""
ALREADY_ACKNOWLEDGED = 40060
PAUSES = (0.2, 1.0, 3.0)
"""Before a request is sent again, seconds. discord.py itself does so for some of what can go wrong only."""

T = TypeVar("T")

PRESS = re.compile(r"nd:(?P<act>[a-z]+):(?P<argument>.{0,80})")
"""What a button or a form carries: the act, and the argument that the act needs."""

PressHandler = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, None]]
"""Answers the press of a button, or a submitted form; is given its argument."""
Admit = Callable[[discord.Interaction[Any]], Awaitable[bool]]
"""Whether an interaction is answered now; tells the member where it is not."""
MessageHandler = Callable[[discord.Message], Coroutine[Any, Any, None]]


def apply_addresses(api_base: str | None, gateway: str | None) -> None:
    """Point discord.py at a self-hosted, Discord-compatible server; None leaves Discord's own address.

    The gateway is used as given, for resuming too: what such a server says in READY is often meant for another network.
    """
    if api_base:
        Route.BASE = api_base
    if gateway:
        address = yarl.URL(gateway)
        DiscordWebSocket.DEFAULT_GATEWAY = address
        # discord.py overwrites the attribute with READY's resume_gateway_url and reconnects to what it reads here.
        DiscordWebSocket.gateway = property(lambda _: address, lambda _, __: None)  # type: ignore[assignment]


def layout(message: Message) -> discord.ui.LayoutView:
    """The view that shows ``message``: one text display a block, then the rows of buttons.

    The view is stopped, so that discord.py keeps nothing of it: a press is answered from what the button carries.
    """
    view = discord.ui.LayoutView(timeout=None)
    for block in message.blocks:
        view.add_item(discord.ui.TextDisplay(block))
    for row in message.rows:
        view.add_item(discord.ui.ActionRow(*(_button(button) for button in row)))
    view.stop()
    return view


def _button(button: Button) -> discord.ui.Button[Any]:
    return discord.ui.Button(
        label=button.label, custom_id=f"nd:{button.act}:{button.argument}", disabled=button.disabled
    )


def form(title: str, act: str, argument: str, label: str, limit: int, *, required: bool) -> discord.ui.Modal:
    """A form of one text field; what is submitted goes to the handler of ``act``, see ``submitted``."""
    modal = discord.ui.Modal(title=title, custom_id=f"nd:{act}:{argument}")
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="text", style=discord.TextStyle.paragraph, max_length=limit, required=required
    )
    modal.add_item(discord.ui.Label(text=label, component=field))
    modal.stop()
    return modal


def submitted(interaction: discord.Interaction[Any]) -> str:
    """What a member wrote into a ``form``."""
    data: Mapping[str, Any] = interaction.data or {}
    return next(_values(data.get("components", ())), "")


def _values(components: Sequence[Any]) -> Iterator[str]:
    for each in components:
        if "value" in each:
            yield str(each["value"])
        yield from _values([*each.get("components", ()), *([each["component"]] if "component" in each else ())])


async def acknowledge(interaction: discord.Interaction[Any], *, private: bool = False, update: bool = False) -> bool:
    """Tell Discord that an answer comes, as the first thing: it waits three seconds only. False if it came too late.

    Args:
        private: only the member sees the answer; cannot be changed afterwards.
        update: the answer takes the place of the message whose button was pressed.
    """
    try:
        await insistently(lambda: interaction.response.defer(thinking=not update, ephemeral=private))
    except (*NOT_SENT, discord.InteractionResponded) as error:
        code = getattr(error, "code", 0)
        if code == ALREADY_ACKNOWLEDGED and not interaction.client.newsdesk.stopping:
            # Discord took a request whose response was lost, and that was sent again; the member waits for the rest.
            return True
        # Unknown (10062) after three seconds: no reply is taken any more, Discord tells the member itself.
        log.warning("interaction %s could not be acknowledged: %s", interaction.id, error)
        return False
    return True


async def insistently(send: Callable[[], Awaitable[T]]) -> T:
    """Send again what did not reach Discord, or was lost in it: only for requests that may arrive twice.

    Raises:
        NOT_SENT: Discord refused it, or it was lost each time.
    """
    for pause in PAUSES:
        try:
            return await send()
        except (discord.DiscordServerError, aiohttp.ClientConnectionError, OSError) as error:
            log.info("a request is sent again: %s", error)
            await asyncio.sleep(pause)
    return await send()


class Press(discord.ui.DynamicItem[discord.ui.Button[Any]], template=PRESS):
    """Any button of the bot, on any message, however old."""

    def __init__(self, item: discord.ui.Button[Any], act: str, argument: str) -> None:
        super().__init__(item)
        self._act = act
        self._argument = argument

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See ``discord.ui.DynamicItem``."""
        del interaction
        assert isinstance(item, discord.ui.Button)  # noqa: S101  # no other component carries such an id
        return cls(item, match["act"], match["argument"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on, once."""
        await interaction.client.newsdesk.press(interaction, self._act, self._argument)


class Seen:
    """The latest ids, so that an event that Discord sends twice is handled once.

    Args:
        limit: ids remembered.
    """

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._ids: OrderedDict[Hashable, None] = OrderedDict()

    def first(self, event: Hashable) -> bool:
        """Whether ``event`` comes for the first time."""
        if event in self._ids:
            return False
        self._ids[event] = None
        if len(self._ids) > self._limit:
            self._ids.popitem(last=False)
        return True


class CatalogueTranslator(app_commands.Translator):
    """Names and descriptions of commands in every language of the catalogue, by the ``key`` of the locale_str."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The text in ``locale``; None where it is the command's own."""
        if "key" not in string.extras or not self._catalogue.knows(locale.value):
            return None
        text = self._catalogue.texts(locale.value)(string.extras["key"])
        return None if text == string.message else text


class Tree(app_commands.CommandTree[Any]):
    """The commands; an interaction that arrives twice runs once."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Whether to run the command, or to offer what fits to what was typed."""
        return bool(await interaction.client.newsdesk.admitted(interaction))

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """Tell the operator; the commands themselves tell the member whatever they can."""
        if isinstance(error, app_commands.CommandNotFound):
            log.warning("an old command was used, Discord offers it until it has the new ones: %s", error)
            return
        log.error("a command failed because of a bug", exc_info=error)


class Newsdesk:
    """What every command needs of the client: the tasks in flight, the events seen, the handlers of events.

    Attributes:
        on_message: is given every message.
        admit: is asked of every interaction whether it is answered now.
        presses: is given the presses of buttons and the submitted forms, by act.
        retired: is given those whose act nobody knows any more.
    """

    def __init__(self) -> None:
        self.seen = Seen()
        self.stopping = False
        self.on_message: MessageHandler | None = None
        self.admit: Admit | None = None
        self.presses: dict[str, PressHandler] = {}
        self.retired: PressHandler | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._over = False

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` as a task that a graceful stop waits for; once that is over, nothing is begun any more."""
        if self._over:
            work.close()
            return asyncio.create_task(_nothing())
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def admitted(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether an interaction is to be answered: it comes for the first time, and its member is not too fast."""
        return self.seen.first(interaction.id) and (self.admit is None or await self.admit(interaction))

    async def press(self, interaction: discord.Interaction[Any], act: str, argument: str) -> None:
        """Pass a press or a submitted form to its handler, once, as a task that a graceful stop waits for."""
        handler = self.presses.get(act, self.retired)
        if handler is not None and await self.admitted(interaction):
            await self.start(handler(interaction, argument))

    async def drain(self, seconds: float) -> None:
        """Wait until everything in flight is answered, ``seconds`` at most; what still comes in is asked to wait.

        What is not answered by then is given up, so that nothing uses the connection or the log once they are closed.
        """
        self.stopping = True
        end = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        if self._tasks:
            log.error("stopped with %d questions unanswered", len(self._tasks))
        self._over = True
        left_over = list(self._tasks)
        for task in left_over:
            task.cancel()
        await asyncio.gather(*left_over, return_exceptions=True)


async def _nothing() -> None:
    """What is begun in place of work that comes too late."""


class Client(discord.Client):
    """The connection: events go to their handlers once, commands are sent to Discord at every start.

    Args:
        message_content: whether to ask for the privileged intent that shows every message.
        options: further options of discord.py's client.
    """

    def __init__(self, catalogue: Catalogue, *, message_content: bool = False, **options: Any) -> None:
        super().__init__(
            intents=INTENTS | discord.Intents(message_content=message_content),
            allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=False, replied_user=False),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            **options,
        )
        self.newsdesk = Newsdesk()
        self.tree = Tree(self)
        self._catalogue = catalogue

    async def on_message(self, message: discord.Message) -> None:
        """Pass a message on; the handler remembers those that it answers, and nothing of the others."""
        handler = self.newsdesk.on_message
        if handler:
            await self.newsdesk.start(handler(message))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Pass a submitted form on; commands and buttons have their own ways."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Mapping[str, Any] = interaction.data or {}
        if match := PRESS.fullmatch(str(data.get("custom_id", ""))):
            await self.newsdesk.press(interaction, match["act"], match["argument"])

    async def on_ready(self) -> None:
        """Tell the operator."""
        log.info("connected as %s, in %d guilds", self.user, len(self.guilds))

    async def setup_hook(self) -> None:
        """Sync the commands; a failure leaves those that Discord knows and is tried again at the next start."""
        self.add_dynamic_items(Press)
        await self.tree.set_translator(CatalogueTranslator(self._catalogue))
        try:
            await self.tree.sync()
        except (discord.HTTPException, app_commands.AppCommandError) as error:
            log.error("commands could not be synced, Discord keeps the former ones: %s", error)


class ShardedClient(Client, discord.AutoShardedClient):
    """Several connections in one process."""


def connected(client: Client) -> bool:
    """Whether Discord knows the client, and each of its connections is live."""
    if not client.is_ready() or client.is_closed():
        return False
    if isinstance(client, ShardedClient):
        return bool(client.shards) and not any(shard.is_closed() for shard in client.shards.values())
    return client.ws is not None and client.ws.open


def make_client(catalogue: Catalogue, shards: int | None = None, *, message_content: bool = False) -> Client:
    """A client that knows no command yet, with ``shards`` connections where that is more than one."""
    if shards is not None and shards > 1:
        return ShardedClient(catalogue, message_content=message_content, shard_count=shards)
    return Client(catalogue, message_content=message_content)
