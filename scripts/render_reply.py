"""A page that shows a reply as a phone does: ``.venv/bin/python scripts/render_reply.py "question" > reply.html``.

The words and buttons are those of the bot, on the articles in the data folder; with ``--context`` or ``--sources`` what
the button of that name shows. A picture of it (docs/reply.png is one):
``chromium --headless --screenshot=reply.png --window-size=412,700 --hide-scrollbars reply.html``.
The pages of all commands: ``scripts/render_commands.py``.
Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

import door

door.enter()

from reply_page import Reader, page

from bot import panels
from bot.answer import open_newsroom
from bot.client import layout
from bot.records import Place
from bot.render import Message, pages
from bot.settings import load_settings
from bot.texts import load_catalogue
from corpus.errors import NewsdeskError
from index.records import Query


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
    print(page(layout(message).to_components(), Reader(texts.language, now)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
