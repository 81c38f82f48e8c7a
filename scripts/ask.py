"""Ask once in the terminal: ``.venv/bin/python scripts/ask.py "question" [--json]``.

Exit status: 0 answered, 3 not in the sources, 2 a usage or set-up error.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

import door

door.enter()

from bot.answer import open_newsroom
from bot.settings import load_settings
from bot.terminal import as_json, log_exchange, show_answer
from corpus.errors import NewsdeskError
from index.records import Query

ANSWERED, SETUP, NOT_IN_SOURCES = 0, 2, 3


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Ask a question of the indexed news.")
    parser.add_argument("question", nargs="+", help="the question; quotes around it are optional")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    wanted = parser.parse_args()
    question = door.typed(wanted.question)
    if not question:
        parser.error("the question is empty")
    try:
        settings = load_settings()
        newsroom = open_newsroom(settings)
        try:
            answer = newsroom.ask(Query(question, datetime.now(UTC)))
        finally:
            newsroom.close()
    except NewsdeskError as error:
        print(f"ask: {error}", file=sys.stderr)
        return SETUP
    try:
        if wanted.json:
            print(json.dumps(as_json(answer), ensure_ascii=False))
        else:
            show_answer(answer)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains of it at the end
        if not isinstance(error, BrokenPipeError):  # who reads has had enough, as head has
            print(f"ask: the answer cannot be written ({error.strerror}); check standard output", file=sys.stderr)
            return SETUP
    finally:
        log_exchange(settings, answer)
    return ANSWERED if answer.answered else NOT_IN_SOURCES


if __name__ == "__main__":
    sys.exit(main())
