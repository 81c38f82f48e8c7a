"""A page that shows a reply as a phone does: ``.venv/bin/python scripts/render_reply.py "question" > reply.html``.

The words and buttons are those of the bot, on the articles in the data folder; with ``--context`` or ``--sources`` what
the button of that name shows below. A picture of it (docs/reply.png is one):
``chromium --headless --screenshot=reply.png --window-size=412,700 --hide-scrollbars reply.html``.
Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
from datetime import UTC, datetime

import door

door.enter()

from babel.dates import format_date, format_timedelta

from bot import panels
from bot.answer import open_newsroom
from bot.records import Place
from bot.render import Message, pages
from bot.settings import load_settings
from bot.texts import Texts, load_catalogue
from corpus.errors import NewsdeskError
from index.records import Query

PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Newsdesk</title>
<style>
body {{ margin: 0; padding: 18px 16px; background: #1a1a1e; color: #dfe0e2;
  font: 16px/1.375 "gg sans", "Noto Sans", "Helvetica Neue", "DejaVu Sans", sans-serif; }}
article {{ display: grid; grid-template-columns: 40px 1fr; gap: 0 12px; }}
header {{ font-weight: 600; color: #fff; }}
header small {{ font-weight: 400; color: #96979e; font-size: 12px; margin-left: 6px; }}
header b {{ background: #5865f2; border-radius: 3px; padding: 0 4px; font-size: 11px; vertical-align: 2px; }}
.face {{ width: 40px; height: 40px; border-radius: 50%; background: #5865f2; display: grid; place-items: center; }}
.face span {{ width: 18px; height: 14px; border: solid #fff; border-width: 5px 0; box-sizing: border-box; }}
section {{ margin-top: 8px; }} section:first-of-type {{ margin-top: 2px; }}
p {{ margin: 0; }} .small {{ font-size: 13px; color: #96979e; }}
blockquote {{ margin: 4px 0; padding: 0 8px 0 12px; border-left: 4px solid #4e4f57; border-radius: 4px; }}
a {{ color: #8ab4ff; text-decoration: none; }} time {{ background: #2d2d33; border-radius: 3px; padding: 0 2px; }}
strong {{ color: #fff; }}
nav {{ display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }}
button {{ font: inherit; font-size: 14px; font-weight: 500; color: #dfe0e2; background: #323239;
  border: 1px solid #3f3f47; border-radius: 8px; padding: 6px 14px; }} button:disabled {{ opacity: .5; }}
</style>
<article><div class="face"><span></span></div><div>
<header>Newsdesk <b>APP</b><small>{clock}</small></header>
{body}
</div></article></html>
"""
TOKENS = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])|(?P<bold>\*\*)|<t:(?P<time>-?\d+):(?P<style>[DR])>"
    r"|\[(?P<words>(?:\\.|[^\]\\])*)\]\(<(?P<url>[^>]*)>\)|(?P<plain>.)"
)


def page(message: Message, texts: Texts, now: datetime) -> str:
    """The HTML of a message."""
    body = "\n".join(
        f"<section>{''.join(line(each, texts, now) for each in block.splitlines())}</section>"
        for block in message.blocks
    )
    for row in message.rows:
        buttons = (f"<button{' disabled' * each.disabled}>{html.escape(each.label)}</button>" for each in row)
        body += f"\n<nav>{''.join(buttons)}</nav>"
    return PAGE.format(language=texts.language, clock=now.strftime("%H:%M"), body=body)


def line(text: str, texts: Texts, now: datetime) -> str:
    """One line of the markdown that the renderer writes."""
    if text.startswith("-# "):
        return f'<p class="small">{inline(text[3:], texts, now)}</p>'
    if text.startswith("> "):
        return f"<blockquote>{inline(text[2:], texts, now)}</blockquote>"
    return f"<p>{inline(text, texts, now)}</p>"


def inline(text: str, texts: Texts, now: datetime) -> str:
    """Bold, links, timestamps and escapes of one line."""
    parts: list[str] = []
    bold = False
    for token in TOKENS.finditer(text):
        if token["bold"]:
            parts.append("</strong>" if bold else "<strong>")
            bold = not bold
        elif token["time"]:
            moment = datetime.fromtimestamp(int(token["time"]), UTC)
            long = format_date(moment, "long", locale=texts.language)
            ago = format_timedelta(moment - now, add_direction=True, locale=texts.language)
            parts.append(f"<time>{long if token['style'] == 'D' else ago}</time>")
        elif token["url"]:
            parts.append(f'<a href="{html.escape(token["url"])}">{inline(token["words"], texts, now)}</a>')
        else:
            parts.append(html.escape(token["escaped"] or token["plain"]))
    return "".join(parts)


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Print a page that shows the reply to a question as a phone does.")
    parser.add_argument("question")
    parser.add_argument("--context", action="store_true", help="show what More context shows")
    parser.add_argument("--sources", action="store_true", help="show what More sources shows")
    parser.add_argument("--locale", default="en", help="the reader's language, such as de")
    wanted = parser.parse_args()
    now = datetime.now(UTC)
    texts = load_catalogue().texts(wanted.locale)
    try:
        newsroom = open_newsroom(load_settings())
    except NewsdeskError as error:
        print(f"render_reply: {error}", file=sys.stderr)
        return 2
    try:
        answer = newsroom.ask(Query(wanted.question, now))
        if wanted.context and answer.citations:
            cited = answer.citations[0]
            place = Place(cited.article, cited.revision, cited.passage_id, cited.start, cited.end)
            message = panels.context(newsroom.context(place), "", 1, len(answer.citations), now, texts)
        elif wanted.sources:
            message = panels.sources(newsroom.quoted(answer.further), wanted.question, "", 1, now, texts)
        else:
            made = pages(answer, wanted.question, texts)
            further = bool(answer.further)
            rows = panels.reply_rows(texts, "", answered=answer.answered, further=further, count=len(made))
            message = Message(made[0].blocks, rows)
    finally:
        newsroom.close()
    print(page(message, texts, now))
    return 0


if __name__ == "__main__":
    sys.exit(main())
