"""What Discord's own client lets a member do: which command shows up where, which values an option or a modal takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from discord_limits import ROW, TEXT, TEXT_INPUT, Json
from discord_things import (
    IN_BOT_DM,
    IN_GUILD,
    IN_PRIVATE_CHANNEL,
    Attachment,
    Channel,
    Role,
    User,
)
from discord_world import World

Installer = Literal["guild", "user"] | None

SUBCOMMANDS = (1, 2)
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER, FILE = 3, 4, 5, 6, 7, 8, 10, 11  # option types
OPTION_TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), USER: (User,), CHANNEL: (Channel,), ROLE: (Role,),
    NUMBER: (int, float), FILE: (Attachment,),
}  # fmt: skip


class NotOfferedError(LookupError):
    """A member could not do this: Discord would not show the command, the button or the option, or take the value."""


def owners_of(world: World, user: User, channel: Channel, installed_by: Installer) -> dict[str, str]:
    """authorizing_integration_owners: the guild ("0" in the bot's direct messages) or the user who installed it."""
    private = world.context(channel) == IN_PRIVATE_CHANNEL
    absent = channel.guild is not None and not channel.guild.joined
    if installed_by == "user" or (installed_by is None and (private or absent)):
        return {"1": str(user.id)}
    return {"0": str(channel.guild.id) if channel.guild else "0"}


def offered(
    world: World, commands: list[Json], name: str, kind: int, user: User, channel: Channel, installed_by: Installer
) -> Json:
    """The one of `commands` that Discord shows this member here; NotOfferedError says why there is none."""
    found = [one for one in commands if one["name"] == name and one["type"] == kind]
    if not found:
        raise NotOfferedError(f"no command {name!r} of type {kind}; synced are {[one['name'] for one in commands]}")
    command = found[0]
    installs = command["integration_types"]
    wanted = 1 if "1" in owners_of(world, user, channel, installed_by) else 0
    if not wanted and (world.context(channel) == IN_PRIVATE_CHANNEL or (channel.guild and not channel.guild.joined)):
        raise NotOfferedError(f"{name!r} can come here by a user's installation only")
    if wanted not in installs:
        raise NotOfferedError(f"{name!r} can be installed by {installs} only (0: guilds, 1: users)")
    contexts = command["contexts"]
    if contexts is None:
        contexts = [IN_GUILD] if command.get("dm_permission") is False else [IN_GUILD, IN_BOT_DM, IN_PRIVATE_CHANNEL]
    if world.context(channel) not in contexts:
        raise NotOfferedError(f"{name!r} is offered in contexts {contexts} only, not {world.context(channel)}")
    needed = int(command.get("default_member_permissions") or 0)
    if channel.guild and needed & ~world.permissions(user, channel):
        raise NotOfferedError(f"{user.name} lacks the permissions {needed} that {name!r} asks for")
    return command


def command_data(
    world: World,
    path: str,
    command: Json,
    given: Mapping[str, Any],
    channel: Channel,
    *,
    checked: bool,
    focused: str | None = None,
) -> Json:
    """INTERACTION_CREATE's data for a slash command; `path` names its subcommands, `focused` the option completed."""
    schema, wrappers = command.get("options") or [], []
    for word in path.split()[1:]:
        inner = next((one for one in schema if one["name"] == word), None)
        if inner is None:
            raise NotOfferedError(f"no subcommand {word!r} in {path!r}")
        wrappers.append({"name": word, "type": inner["type"]})
        schema = inner.get("options") or []
    if any(one["type"] in SUBCOMMANDS for one in schema):
        raise NotOfferedError(f"{path!r} needs a subcommand: {[one['name'] for one in schema]}")
    known = {one["name"]: one for one in schema}
    missing = [one["name"] for one in schema if one.get("required") and one["name"] not in given]
    if checked and ((missing and not focused) or set(given) - set(known)):
        raise NotOfferedError(f"{path!r} takes {sorted(known)}, requires {missing} too, was given {sorted(given)}")
    resolved: Json = {}
    options = []
    for name, value in given.items():
        option = known.get(name) or {"name": name, "type": _guessed_type(value)}
        if name == focused:
            if not option.get("autocomplete"):
                raise NotOfferedError(f"{path!r} completes no {name!r}")
            options.append({"name": name, "type": option["type"], "value": value, "focused": True})
            continue
        if checked:
            _check_value(option, value)
        options.append({"name": name, "type": option["type"], "value": _value(world, value, resolved, channel)})
    for wrapper in reversed(wrappers):
        options = [wrapper | {"options": options}]
    return identity(command) | {"options": options} | ({"resolved": resolved} if resolved else {})


def identity(command: Json) -> Json:
    """The fields by which an interaction names its command."""
    return {key: command[key] for key in ("id", "name", "type", "guild_id") if key in command}


def resolved_user(world: World, user: User, channel: Channel) -> Json:
    """A user and, in a guild of theirs, their membership as `resolved` carries them."""
    resolved: Json = {"users": {str(user.id): user.json()}}
    if channel.guild and user in channel.guild.members:
        member = world.member_json(channel.guild, user, channel)
        resolved["members"] = {str(user.id): {key: value for key, value in member.items() if key != "user"}}
    return resolved


def _value(world: World, value: Any, resolved: Json, channel: Channel) -> Any:
    """An option's value; things with ids go into `resolved` and are named by them."""
    if isinstance(value, User):
        for key, shown in resolved_user(world, value, channel).items():
            resolved.setdefault(key, {}).update(shown)
    elif isinstance(value, Channel):
        resolved.setdefault("channels", {})[str(value.id)] = world.channel_json(value, world.bot)
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = world.role_json(value, 1)
    elif isinstance(value, Attachment):
        world.upload(value)
        resolved.setdefault("attachments", {})[str(value.id)] = world.attachment_json(value)
    else:
        return value
    return str(value.id)


def _guessed_type(value: Any) -> int:
    """The option type of a value that no synced option describes."""
    order = (BOOLEAN, STRING, INTEGER, NUMBER, USER, CHANNEL, ROLE, FILE)  # bool first: it is an int as well
    return next(kind for kind in order if isinstance(value, OPTION_TYPES[kind]))


def _check_value(option: Json, value: Any) -> None:
    """Raise NotOfferedError for a value that Discord's client would not accept."""
    name, kind = option["name"], option["type"]
    if not isinstance(value, OPTION_TYPES[kind]) or (isinstance(value, bool) and kind != BOOLEAN):
        raise NotOfferedError(f"{name!r} is of option type {kind}, not {value!r}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise NotOfferedError(f"{name!r} offers {choices}, not {value!r}")
    size = len(value) if isinstance(value, str) else value
    least = option.get("min_length" if kind == STRING else "min_value")
    most = option.get("max_length" if kind == STRING else "max_value", 6000 if kind == STRING else None)
    if (least is not None and size < least) or (most is not None and size > most):
        raise NotOfferedError(f"{name!r} takes {least} to {most}, not {size}")


def submitted(component: Json, values: Mapping[str, Any]) -> Json:
    """One component of a modal as its submission carries it."""
    shown: Json = {"type": component["type"], "id": component.get("id", 0)}
    if component["type"] == ROW:
        return shown | {"components": [submitted(one, values) for one in component["components"]]}
    if component.get("component"):
        return shown | {"component": submitted(component["component"], values)}
    if component["type"] == TEXT:
        return shown
    custom_id = component["custom_id"]
    shown["custom_id"] = custom_id
    if component["type"] != TEXT_INPUT:
        return shown | {"values": list(values.get(custom_id, []))}
    text = values.get(custom_id, component.get("value") or "")
    least = component.get("min_length") or (1 if component.get("required", True) else 0)
    most = component.get("max_length") or 4000
    if not least <= len(text) <= most:
        raise NotOfferedError(f"{custom_id!r} takes {least} to {most} characters, not {len(text)}")
    return shown | {"value": text}
