"""What people see in a terminal: answers, progress and plain text that cannot steer the screen."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from bot.journal import Exchange, Journal, JournalError, Surface
from bot.records import Answer, Citation, Match, omissions, parted
from bot.remarks import ARTICLE, LANGUAGE, OUTSIDE, TIME, UNDATED
from bot.settings import Settings
from corpus.records import instant

MATCHES = {
    Match.NEWEST: ("The newest articles", "bold green", ", by how they open"),
    Match.STRONG: ("Strong match", "bold green", " with your question"),
    Match.FAIR: ("Fair match", "bold green", " with your question"),
    Match.WEAK: ("Weak match", "bold yellow", " with your question"),
}


def plain(text: str) -> str:
    """Text of an article or a file name without the characters that steer a terminal or turn a line around."""
    return "".join(
        letter if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"} else " " for letter in text
    )


def as_json(answer: Answer) -> dict[str, Any]:
    """The object that ``scripts/ask.py --json`` prints."""
    found: dict[str, Any] = {
        "question": answer.query.text,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "took_ms": round(answer.took_ms, 1),
        "citations": [
            {
                "number": citation.number,
                "quote": citation.quote,
                "passage": citation.passage,
                "title": citation.title,
                "source": citation.source,
                "url": citation.url,
                "published": citation.published,
                "article": citation.article,
            }
            for citation in answer.citations
        ],
    }
    if not answer.answered:
        nearest = answer.nearest
        found["nearest"] = nearest and {
            "title": nearest.title,
            "source": nearest.source,
            "url": nearest.url,
            "published": nearest.published,
        }
    if answer.disputes:
        found["differing"] = [
            {
                "on": each.on,
                "ours": each.ours,
                "theirs": each.theirs,
                "quote": each.citation.quote,
                "title": each.citation.title,
                "source": each.citation.source,
                "url": each.citation.url,
                "published": each.citation.published,
            }
            for each in answer.disputes
        ]
    if answer.demonstration:
        found["demonstration"] = True
    return found


def show_answer(answer: Answer, console: Console | None = None, understood: str = "") -> None:
    """Print an answer for reading, with colours where the terminal has them.

    Args:
        understood: what the question was understood as; empty where as it was asked.
    """
    console = console or Console(highlight=False)
    if understood:
        console.print(plain(f"Understood as: {understood}"), style="dim", markup=False)
    if answer.demonstration:
        console.print("Demonstration: these articles are made up.", style="magenta")
    for sentence in remarks(answer):
        console.print(sentence, style="yellow")
    if not answer.answered:
        _show_nothing(answer, console)
        return
    words, style, rest = MATCHES[answer.match]
    console.print(Text(words, style).append(rest, "default"))
    for citation in answer.citations:
        _show_citation(citation, console)
    for dispute in answer.disputes:
        ours, theirs = f"{answer.citations[0].source} says “{dispute.ours}”", f"“{dispute.theirs}”"
        console.print()
        console.print(plain(f"Outlets differ on a {dispute.on}: {ours}, {dispute.citation.source} says {theirs}:"))
        _show_citation(dispute.citation, console, numbered=False)
    if any(citation.emphasis for citation in answer.citations):
        console.print("Bold in quotes is the bot's emphasis.", style="dim")
    if not answer.calibrated:
        console.print("How well it matches is uncalibrated for this model.", style="dim")


def remarks(answer: Answer) -> list[str]:
    """What an answer says beside its quotes, in sentences."""
    found = []
    if LANGUAGE in answer.notices:
        found.append("My search model does not read the language of this question, so I may miss what answers it.")
    if TIME in answer.notices:
        found.append(f"I did not understand which time is meant: {plain(', '.join(answer.unresolved))}.")
    if UNDATED in answer.notices:
        found.append("The first article states no date, so it may be of another time than you mean.")
    if OUTSIDE in answer.notices and (published := instant(answer.citations[0].published)):
        found.append(f"The first article is of {published:%d %B %Y}, not of the time that you ask about.")
    if answer.as_of:
        found.append(f"As of {answer.as_of:%d %B %Y}, when the article was published.")
    return found


def _show_nothing(answer: Answer, console: Console) -> None:
    if answer.narrowed:
        console.print(
            Text("Not in my sources.", "bold yellow").append(
                " I have no articles of the time and the sources that were asked for.", "default"
            )
        )
        return
    if not answer.articles:
        console.print(
            Text("Not in my sources.", "bold yellow").append(
                " There is no article to answer from yet: add sources (docs/sources.md), or let the made-up sample"
                " answer with NEWSDESK_DEMO=1.",
                "default",
            )
        )
        return
    since = f" since {answer.oldest:%d %B %Y}" if answer.oldest else ""
    articles = "1 article" if answer.articles == 1 else f"{answer.articles} articles"
    console.print(
        Text("Not in my sources.", "bold yellow").append(f" I found nothing in {articles}{since}.", "default")
    )
    if answer.nearest:
        nearest = answer.nearest
        console.print(Text("Nearest article to read: ").append(plain(nearest.title or "untitled"), "italic"))
        console.print(_source(nearest.source, nearest.published, nearest.url, nearest.url), style="dim", soft_wrap=True)
        if ARTICLE in answer.notices:
            console.print(
                "My search model does not read the language of this article, so I may miss what answers in it and in"
                " others of its language.",
                style="yellow",
            )


def _show_citation(citation: Citation, console: Console, *, numbered: bool = True) -> None:
    if numbered:
        console.print()
    if citation.context:
        console.print(Padding(Text(f"(before it: {plain(parted(citation.context))})", "dim"), (0, 0, 0, 2)))
    quote = Text(plain(citation.quote))
    if citation.emphasis:
        quote.stylize("bold", *citation.emphasis)
    left, right = omissions(citation.cut)
    console.print(Padding(Text(f"“{left}").append_text(quote).append(f"{right}”"), (0, 0, 0, 2)))
    number = f"  [{citation.number}] " if numbered else "      "
    line = Text(number, "cyan").append(plain(citation.title or "untitled"), "italic")
    console.print(line)
    source = _source(citation.source, citation.published, citation.url, citation.link)
    console.print(Text("      ").append_text(source), style="dim", soft_wrap=True)


def _source(source: str, published: str | None, url: str | None, link: str | None) -> Text:
    """Where a quote stands; the address is shown whole, and opens the quoted words where the terminal has links."""
    moment = instant(published)
    line = Text(f"{plain(source)} · {f'{moment:%d %B %Y}' if moment else 'no date stated'}")
    if url:
        line.append(" · ").append(plain(url), Style(link=plain(link or url)))
    return line


def log_exchange(settings: Settings, answer: Answer, question: str = "", understood: str = "") -> None:
    """Write a question asked in the terminal to the journal; where that fails, say so and go on.

    Args:
        question: as it was asked, where something else was searched for, and what it was ``understood`` as.
    """
    reply = "\n".join(citation.quote for citation in answer.citations)
    try:
        journal = Journal(settings.journal_db)
        try:
            asked, as_what = question or answer.query.text, understood or None
            journal.record(
                Exchange(answer.query.now, Surface.TERMINAL, asked, reply, answer, answer.took_ms, understood=as_what)
            )
        finally:
            journal.close()
    except JournalError as error:
        print(f"not logged: {error}", file=sys.stderr)  # noqa: T201
