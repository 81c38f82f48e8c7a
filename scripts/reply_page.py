"""The page that shows a message as Discord's app does on a phone, from the components that the bot sends."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_date, format_timedelta

ROW, BUTTON, SELECT, INPUT, CHANNELS, TEXT, GALLERY, FILE, LABEL = 1, 2, 3, 4, 8, 10, 12, 13, 18
"""Types of components, as Discord numbers them."""

PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Newsdesk</title>
<style>
body {{ margin: 0; padding: 18px 16px; background: #1a1a1e; color: #dfe0e2;
  font: 16px/1.375 "gg sans", "Noto Sans", "Helvetica Neue", "DejaVu Sans", sans-serif; }}
article {{ display: grid; grid-template-columns: 40px 1fr; gap: 0 12px; }}
article > div {{ min-width: 0; overflow-wrap: break-word; }}
header {{ font-weight: 600; color: #fff; }}
header small {{ font-weight: 400; color: #96979e; font-size: 12px; margin-left: 6px; }}
header b {{ background: #5865f2; border-radius: 3px; padding: 0 4px; font-size: 11px; vertical-align: 2px; }}
.face {{ width: 40px; height: 40px; border-radius: 50%; background: #5865f2; display: grid; place-items: center; }}
.face span {{ width: 18px; height: 14px; border: solid #fff; border-width: 5px 0; box-sizing: border-box; }}
section {{ margin-top: 8px; }} section:first-of-type {{ margin-top: 2px; }}
p {{ margin: 0; }} .small {{ font-size: 13px; color: #96979e; }} p:empty {{ height: 22px; }}
ul {{ margin: 0; padding-left: 22px; }}
blockquote {{ margin: 4px 0; padding: 0 8px 0 12px; border-left: 4px solid #4e4f57; border-radius: 4px; }}
a, .mention {{ color: #8ab4ff; text-decoration: none; }}
time, .mention, code {{ background: #2d2d33; border-radius: 3px; padding: 0 2px; }}
code {{ font-size: 14px; }} strong {{ color: #fff; }}
nav {{ display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }}
button {{ font: inherit; font-size: 14px; font-weight: 500; color: #dfe0e2; background: #323239;
  border: 1px solid #3f3f47; border-radius: 8px; padding: 6px 14px; }} button:disabled {{ opacity: .5; }}
.menu, .input, .file {{ flex: 1; background: #222327; border: 1px solid #3f3f47; border-radius: 8px;
  padding: 7px 12px; margin-top: 2px; }}
.menu::after {{ content: "⌄"; float: right; color: #96979e; }} .input {{ min-height: 66px; }}
.file span {{ color: #8ab4ff; }} .hint {{ color: #96979e; }}
img {{ max-width: 100%; border-radius: 8px; display: block; }}
.form {{ background: #242429; border-radius: 12px; padding: 16px; }} .form h1 {{ font-size: 20px; margin: 0 0 12px; }}
</style>
{body}</html>
"""
MESSAGE = """<article><div class="face"><span></span></div><div>
<header>Newsdesk <b>APP</b><small>{clock}</small></header>
{body}
</div></article>
"""
TOKENS = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])|(?P<bold>\*\*)|(?P<struck>~~)|<t:(?P<time>-?\d+):(?P<style>[DRf])>|<(?P<mention>[#@])!?(?P<id>\d+)>"
    r"|\[(?P<words>(?:\\.|[^\]\\])*)\]\(<(?P<url>[^>]*)>\)|<(?P<bare>https?://[^>]+)>|`(?P<code>[^`]+)`|(?P<plain>.)"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the page.

    Attributes:
        language: code such as ``de``; dates are written in it, as Discord writes them.
        names: of channels and members, by id.
    """

    language: str
    now: datetime
    names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a message."""

    name: str
    content: bytes


def page(components: Sequence[Mapping[str, Any]], reader: Reader, files: Sequence[Attached] = ()) -> str:
    """The HTML of a message.

    Args:
        components: as Discord's API has them.
    """
    body = "\n".join(_component(each, reader, files) for each in components)
    body = MESSAGE.format(clock=reader.now.strftime("%H:%M"), body=body)
    return PAGE.format(language=reader.language, body=body)


def form_page(modal: Mapping[str, Any], reader: Reader) -> str:
    """The HTML of a form."""
    fields = "\n".join(_component(each, reader, ()) for each in modal["components"])
    body = f'<div class="form"><h1>{html.escape(modal["title"])}</h1>{fields}</div>'
    return PAGE.format(language=reader.language, body=body)


def _component(component: Mapping[str, Any], reader: Reader, files: Sequence[Attached]) -> str:
    kind = component["type"]
    if kind == TEXT:
        lines = _lines(component["content"], reader)
        return f"<section>{lines}</section>"
    if kind == ROW:
        return f"<nav>{''.join(_component(each, reader, files) for each in component['components'])}</nav>"
    if kind == BUTTON:
        return f"<button{' disabled' * bool(component.get('disabled'))}>{html.escape(component['label'])}</button>"
    if kind == SELECT:
        chosen = [option["label"] for option in component["options"] if option.get("default")]
        return _menu(chosen, component, reader)
    if kind == CHANNELS:
        chosen = [f"#{reader.names.get(int(each['id']), '…')}" for each in component.get("default_values", ())]
        return _menu(chosen, component, reader)
    if kind == GALLERY:
        return "".join(_picture(each, files) for each in component["items"])
    if kind == FILE:
        name = component["file"]["url"].removeprefix("attachment://").rpartition("/")[2]
        return f'<nav><div class="file"><span>{html.escape(name)}</span></div></nav>'
    if kind == LABEL:
        return f"<p>{html.escape(component['label'])}</p>{_component(component['component'], reader, files)}"
    if kind == INPUT:
        return '<div class="input"></div>'
    raise ValueError(f"no picture of components of type {kind} is known")


def _menu(chosen: Sequence[str], component: Mapping[str, Any], reader: Reader) -> str:
    placeholder = {"de": "Triff eine Auswahl"}.get(reader.language, "Make a selection")
    hint = f'<span class="hint">{html.escape(component.get("placeholder") or placeholder)}</span>'
    return f'<div class="menu">{html.escape(", ".join(chosen)) if chosen else hint}</div>'


def _picture(item: Mapping[str, Any], files: Sequence[Attached]) -> str:
    name = item["media"]["url"].removeprefix("attachment://").partition("?")[0].rpartition("/")[2]
    content = next(file.content for file in files if file.name == name)
    data = base64.b64encode(content).decode()
    alt = html.escape(item.get("description") or "")
    return f'<section><img alt="{alt}" src="data:image/png;base64,{data}"></section>'


def _lines(text: str, reader: Reader) -> str:
    lines = "".join(_line(each, reader) for each in text.split("\n"))
    return lines.replace("</blockquote><blockquote>", "<br>")


def _line(text: str, reader: Reader) -> str:
    """One line of the markdown that the bot writes."""
    if text.startswith("-# "):
        return f'<p class="small">{_inline(text[3:], reader)}</p>'
    if text.startswith("> "):
        return f"<blockquote>{_inline(text[2:], reader)}</blockquote>"
    if text.startswith("- "):
        return f"<ul><li>{_inline(text[2:], reader)}</li></ul>"
    return f"<p>{_inline(text, reader)}</p>"


def _inline(text: str, reader: Reader) -> str:
    """Bold, links, timestamps, mentions and escapes of one line."""
    parts: list[str] = []
    open_tags: set[str] = set()
    for token in TOKENS.finditer(text):
        if token["bold"] or token["struck"]:
            tag = "strong" if token["bold"] else "s"
            parts.append(f"</{tag}>" if tag in open_tags else f"<{tag}>")
            open_tags ^= {tag}
        elif token["time"]:
            moment = datetime.fromtimestamp(int(token["time"]), UTC)
            parts.append(f"<time>{_moment(moment, token['style'], reader)}</time>")
        elif token["mention"]:
            sign, name = token["mention"], reader.names.get(int(token["id"]), "…")
            parts.append(f'<span class="mention">{sign}{html.escape(name)}</span>')
        elif token["url"]:
            parts.append(f'<a href="{html.escape(token["url"])}">{_inline(token["words"], reader)}</a>')
        elif token["bare"]:
            parts.append(f'<a href="{html.escape(token["bare"])}">{html.escape(token["bare"])}</a>')
        elif token["code"]:
            parts.append(f"<code>{html.escape(token['code'])}</code>")
        else:
            parts.append(html.escape(token["escaped"] or token["plain"]))
    return "".join(parts)


def _moment(moment: datetime, style: str, reader: Reader) -> str:
    if style == "R":
        return format_timedelta(moment - reader.now, add_direction=True, locale=reader.language)
    if style == "D":
        return format_date(moment, "long", locale=reader.language)
    return f"{format_date(moment, 'long', locale=reader.language)} {moment:%H:%M}"
