"""Discord's limits on what an application may send, as pure functions from a payload to its violations.

The numbers follow Discord's API reference for messages, embeds, components, modals and application commands. Lengths
are counted in code points.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

ROW, BUTTON, TEXT_INPUT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = (
    1, 2, 4, 9, 10, 11, 12, 13, 14, 17, 18,
)  # fmt: skip
SELECTS = (3, 5, 6, 7, 8)
INSIDE_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
LINK_STYLE, PREMIUM_STYLE = 5, 6


@dataclass(frozen=True)
class Violation:
    """One limit that was broken.

    `path` leads to the offending field (`embeds.0.title`), `code` and `message` are what Discord's error tree holds.
    """

    path: str
    code: str
    message: str


def message_violations(payload: Json) -> Iterator[Violation]:
    """Every limit that a message breaks; `payload` is the message as it would stand, all edits applied."""
    content = payload.get("content") or ""
    embeds = payload.get("embeds") or []
    components = payload.get("components") or []
    yield from _at_most("content", content, 2000)
    if len(embeds) > 10:
        yield _count("embeds", 0, 10)
    for index, embed in enumerate(embeds):
        yield from _embed_violations(f"embeds.{index}", embed)
    if sum(map(embed_length, embeds)) > 6000:
        yield Violation("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    if len(payload.get("attachments") or []) > 10:
        yield _count("attachments", 0, 10)
    if payload.get("flags", 0) & COMPONENTS_V2:
        yield from _components_v2_violations(content, embeds, components)
    else:
        yield from _classic_components_violations(components)
    yield from _shared_custom_ids(components)


def embed_length(embed: Json) -> int:
    """Characters that count towards the 6000 over all embeds of a message."""
    parts = [embed.get("title"), embed.get("description")]
    parts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for entry in embed.get("fields") or []:
        parts += [entry.get("name"), entry.get("value")]
    return sum(len(part or "") for part in parts)


def choice_violations(choices: list[Json], path: str = "data.choices") -> Iterator[Violation]:
    """Limits on autocomplete results and on a command option's fixed choices."""
    if len(choices) > 25:
        yield _count(path, 0, 25)
    for index, choice in enumerate(choices):
        yield from _between(f"{path}.{index}.name", choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            yield from _at_most(f"{path}.{index}.value", choice["value"], 100)


def modal_violations(modal: Json) -> Iterator[Violation]:
    """Limits on a modal: title 45, custom_id 100, one to five components."""
    yield from _between("data.title", modal.get("title"), 1, 45)
    yield from _between("data.custom_id", modal.get("custom_id"), 1, 100)
    components = modal.get("components") or []
    if not 1 <= len(components) <= 5:
        yield _count("data.components", 1, 5)
    for index, component in enumerate(components):
        path = f"data.components.{index}"
        if component["type"] == LABEL:
            yield from _between(f"{path}.label", component.get("label"), 1, 45)
            yield from _at_most(f"{path}.description", component.get("description"), 100)
            yield from _field_violations(f"{path}.component", component["component"])
        elif component["type"] == ROW:
            for inner, child in enumerate(component["components"]):
                yield from _between(f"{path}.components.{inner}.label", child.get("label"), 1, 45)
                yield from _field_violations(f"{path}.components.{inner}", child)
        elif component["type"] != TEXT:
            yield _not_allowed(path, component["type"])
    yield from _shared_custom_ids(components)


def command_violations(commands: list[Json]) -> Iterator[Violation]:
    """Limits on a whole set of commands: 100 slash and 15 of each context menu, and the limits of each."""
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        if sum(command.get("type", 1) == kind for command in commands) > most:
            yield Violation("", "APPLICATION_COMMAND_TOO_MANY", f"Maximum number of commands of type {kind} is {most}")
    seen: set[tuple[int, str]] = set()
    for index, command in enumerate(commands):
        key = (command.get("type", 1), command["name"])
        if key in seen:
            yield Violation(f"{index}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Command names must be unique")
        seen.add(key)
        if key[0] == 1:
            yield from _named_violations(str(index), command)
            if _command_length(command) > 8000:
                yield Violation(str(index), "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
        else:
            yield from _between(f"{index}.name", command["name"], 1, 32)


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, nested ones and accessories included, in the order in which Discord numbers them."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        if component.get("accessory"):
            yield from walk([component["accessory"]])
        if component.get("component"):
            yield from walk([component["component"]])


def _embed_violations(path: str, embed: Json) -> Iterator[Violation]:
    yield from _at_most(f"{path}.title", embed.get("title"), 256)
    yield from _at_most(f"{path}.description", embed.get("description"), 4096)
    yield from _at_most(f"{path}.footer.text", (embed.get("footer") or {}).get("text"), 2048)
    yield from _at_most(f"{path}.author.name", (embed.get("author") or {}).get("name"), 256)
    yield from _url(f"{path}.url", embed.get("url"), ("http://", "https://"))
    fields = embed.get("fields") or []
    if len(fields) > 25:
        yield _count(f"{path}.fields", 0, 25)
    for index, entry in enumerate(fields):
        yield from _between(f"{path}.fields.{index}.name", entry.get("name"), 1, 256)
        yield from _between(f"{path}.fields.{index}.value", entry.get("value"), 1, 1024)


def _classic_components_violations(components: list[Json]) -> Iterator[Violation]:
    if len(components) > 5:
        yield _count("components", 0, 5)
    for index, component in enumerate(components):
        if component["type"] == ROW:
            yield from _row_violations(f"components.{index}", component)
        else:
            yield _not_allowed(f"components.{index}", component["type"])


def _components_v2_violations(content: str, embeds: list[Json], components: list[Json]) -> Iterator[Violation]:
    if content:
        yield Violation("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "content cannot be used")
    if embeds:
        yield Violation("embeds", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "embeds cannot be used")
    everything = list(walk(components))
    if len(everything) > 40:
        yield Violation("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "Must have 40 or fewer components.")
    if sum(len(one["content"]) for one in everything if one["type"] == TEXT) > 4000:
        message = "The total displayable text exceeds 4000 characters"
        yield Violation("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
    for index, component in enumerate(components):
        path = f"components.{index}"
        if component["type"] == CONTAINER:
            if not component["components"]:
                yield _count(f"{path}.components", 1, 40)
            for inner, child in enumerate(component["components"]):
                yield from _layout_violations(f"{path}.components.{inner}", child)
        else:
            yield from _layout_violations(path, component)


def _layout_violations(path: str, component: Json) -> Iterator[Violation]:
    kind = component["type"]
    if kind not in INSIDE_CONTAINER:
        yield _not_allowed(path, kind)
    elif kind == ROW:
        yield from _row_violations(path, component)
    elif kind == TEXT:
        yield from _between(f"{path}.content", component.get("content"), 1, 4000)
    elif kind == GALLERY and not 1 <= len(component["items"]) <= 10:
        yield _count(f"{path}.items", 1, 10)
    elif kind == SECTION:
        if not 1 <= len(component["components"]) <= 3:
            yield _count(f"{path}.components", 1, 3)
        for inner, child in enumerate(component["components"]):
            yield from _between(f"{path}.components.{inner}.content", child.get("content"), 1, 4000)
        accessory = component.get("accessory") or {"type": 0}
        if accessory["type"] == BUTTON:
            yield from _button_violations(f"{path}.accessory", accessory)
        elif accessory["type"] != THUMBNAIL:
            yield _not_allowed(f"{path}.accessory", accessory["type"])


def _row_violations(path: str, row: Json) -> Iterator[Violation]:
    children = row.get("components") or []
    selects = [child for child in children if child["type"] in SELECTS]
    if not 1 <= len(children) <= 5:
        yield _count(f"{path}.components", 1, 5)
    elif selects and len(children) > 1:
        message = "The specified component exceeds the maximum width"
        yield Violation(f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
    for index, child in enumerate(children):
        if child["type"] == BUTTON:
            yield from _button_violations(f"{path}.components.{index}", child)
        elif child["type"] in SELECTS:
            yield from _field_violations(f"{path}.components.{index}", child)
        else:
            yield _not_allowed(f"{path}.components.{index}", child["type"])


def _button_violations(path: str, button: Json) -> Iterator[Violation]:
    yield from _at_most(f"{path}.label", button.get("label"), 80)
    if button["style"] == LINK_STYLE:
        yield from _between(f"{path}.url", button.get("url"), 1, 512)
        yield from _url(f"{path}.url", button.get("url"), ("http://", "https://", "discord://"))
    elif button["style"] != PREMIUM_STYLE:
        yield from _between(f"{path}.custom_id", button.get("custom_id"), 1, 100)
    if button["style"] != PREMIUM_STYLE and not button.get("label") and not button.get("emoji"):
        yield Violation(path, "BUTTON_COMPONENT_INVALID", "A button must have either a label or an emoji")


def _field_violations(path: str, component: Json) -> Iterator[Violation]:
    """Limits on what a member fills in: a select menu or a text input."""
    yield from _between(f"{path}.custom_id", component.get("custom_id"), 1, 100)
    if component["type"] == TEXT_INPUT:
        yield from _at_most(f"{path}.placeholder", component.get("placeholder"), 100)
        yield from _at_most(f"{path}.value", component.get("value"), 4000)
    elif component["type"] == SELECTS[0]:
        yield from _at_most(f"{path}.placeholder", component.get("placeholder"), 150)
        options = component.get("options") or []
        if not 1 <= len(options) <= 25:
            yield _count(f"{path}.options", 1, 25)
        for index, option in enumerate(options):
            yield from _between(f"{path}.options.{index}.label", option.get("label"), 1, 100)
            yield from _between(f"{path}.options.{index}.value", option.get("value"), 1, 100)
            yield from _at_most(f"{path}.options.{index}.description", option.get("description"), 100)


def _named_violations(path: str, named: Json) -> Iterator[Violation]:
    """Limits on a slash command or one of its options: their names, descriptions, options and choices."""
    if not re.fullmatch(r"[-_'\w]{1,32}", named["name"]) or named["name"] != named["name"].lower():
        yield Violation(f"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    yield from _between(f"{path}.description", named.get("description"), 1, 100)
    for locale, text in (named.get("description_localizations") or {}).items():
        yield from _between(f"{path}.description_localizations.{locale}", text, 1, 100)
    yield from choice_violations(named.get("choices") or [], f"{path}.choices")
    options = named.get("options") or []
    if len(options) > 25:
        yield _count(f"{path}.options", 0, 25)
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        message = "Required options must be placed before non-required options"
        yield Violation(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
    if len({option["name"] for option in options}) < len(options):
        yield Violation(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
    for index, option in enumerate(options):
        yield from _named_violations(f"{path}.options.{index}", option)


def _command_length(named: Json) -> int:
    """Characters of names, descriptions and values, as Discord adds them up over a command and its options."""
    own = len(named["name"]) + len(named.get("description") or "")
    own += sum(len(choice["name"]) + len(str(choice["value"])) for choice in named.get("choices") or [])
    return own + sum(map(_command_length, named.get("options") or []))


def _shared_custom_ids(components: list[Json]) -> Iterator[Violation]:
    ids = [one["custom_id"] for one in walk(components) if one.get("custom_id")]
    if len(set(ids)) < len(ids):
        yield Violation("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def _at_most(path: str, text: str | None, most: int) -> Iterator[Violation]:
    if len(text or "") > most:
        yield Violation(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def _between(path: str, text: str | None, least: int, most: int) -> Iterator[Violation]:
    if not text:
        yield Violation(path, "BASE_TYPE_REQUIRED", "This field is required")
    elif not least <= len(text) <= most:
        yield Violation(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _url(path: str, url: str | None, schemes: tuple[str, ...]) -> Iterator[Violation]:
    if url and not url.lower().startswith(schemes):
        yield Violation(path, "URL_TYPE_INVALID_SCHEME", f"Scheme must be one of {schemes}")


def _count(path: str, least: int, most: int) -> Violation:
    return Violation(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _not_allowed(path: str, kind: int) -> Violation:
    return Violation(path, "UNION_TYPE_CHOICES", f"A component of type {kind} is not allowed here")
